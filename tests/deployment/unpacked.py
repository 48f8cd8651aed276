"""A service installed from its bundle, with nothing of the checkout about it, as a process."""

import subprocess
import sys
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from stack.ports import HOST
from stack.services import ServiceProcess, ServiceSpec
from stack.waiting import NotReady


def unpack(archive: Path, into: Path) -> Path:
    """The one folder of an archive, unpacked in a new folder."""
    into.mkdir()
    with tarfile.open(archive) as tar:
        tar.extractall(into, filter="data")
    (folder,) = into.iterdir()
    return folder


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
