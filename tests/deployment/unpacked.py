"""A service installed from its bundle, with nothing of the checkout about it, as a process."""

import subprocess
import sys
import tarfile
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path

from stack.ports import HOST
from stack.services import ServiceProcess, ServiceSpec
from stack.waiting import NotReady


def unpack(archive: Path, into: Path) -> Path:
    """The one folder of an archive, unpacked and found whole."""
    with tarfile.open(archive) as tar:
        tar.extractall(into, filter="data")
    (folder,) = into.iterdir()
    subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=folder, check=True)
    return folder


def install(folder: Path) -> Path:
    """The Python of a new environment in which the bundle is installed, with neither network nor registry."""
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv/bin/python"
    words = ["-m", "pip", "install", "--quiet", "--no-index", "--find-links", "wheels", "--require-hashes"]
    nowhere = {"PATH": "/usr/bin:/bin", "PIP_CONFIG_FILE": "/dev/null", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    subprocess.run([str(python), *words, "-r", "requirements.txt"], cwd=folder, env=nowhere, check=True)
    return python


def this_python() -> str:
    """The version of Python that runs the tests, as bundles name it."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"


class Unpacked(ServiceProcess):
    """As the stack's services, but run by the bundle's own Python in the bundle's own environment."""

    def __init__(self, directory: Path, spec: ServiceSpec, settings: Mapping[str, str], python: Path) -> None:
        super().__init__(directory, spec, settings)
        self._python = python

    def environment(self) -> dict[str, str]:
        ports = {"GENERA_HOST": HOST, "GENERA_PORT": str(self.ports[0]), "GENERA_METRICS_PORT": str(self.ports[1])}
        return {"PATH": "/usr/bin:/bin", "GENERA_PARTNER": self.spec.partner, **ports, **self._settings}

    def command(self) -> Sequence[str]:
        return [str(self._python), "-m", self.spec.package, "api"]

    def run(self, *words: str) -> None:
        command = [str(self._python), "-m", self.spec.package, *words]
        done = subprocess.run(command, env=self.environment(), cwd="/", capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise NotReady(f"{' '.join(words)}: {(done.stderr or done.stdout).strip()[-1500:]}")
