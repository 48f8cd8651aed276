"""A partner's machine: an empty folder with the archive, a database, a network to join; the guide is followed there."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from bundle.assemble import archive as pack
from stack import waiting, wheel
from stack.broker import Broker
from stack.ports import free_ports
from stack.services import SERVICES, ServiceProcess, ServiceSpec
from stack.tokens import ISSUER, Issuer
from telaio.topics import create_topics, manifest

from .guides import script
from .unpacked import Unpacked, unpack

CRUSCOTTO = SERVICES[-1]
PROGRAMS = (Path(sys.base_prefix) / "bin", wheel.binaries(), Path("/usr/bin"), Path("/bin"))


class Workshop:
    """`settings`: the service's, as the partner writes them; `took`, `healthy`: seconds to install, then to be ready;
    board: the dashboard, which runs from the checkout unless it is what is installed."""

    def __init__(self, folder: Path, broker: Broker, spec: ServiceSpec, dsns: Mapping[str, str]) -> None:
        self.folder, self.broker, self.issuer, self._spec = folder, broker, Issuer(_made(folder / "chiavi")), spec
        pages, measures = free_ports(2)
        self.settings = self._settings(dsns[spec.name]) | {
            "GENERA_PARTNER": spec.partner,
            "GENERA_PORT": str(pages),
            "GENERA_METRICS_PORT": str(measures),
        }
        (folder / f"{spec.name}.env").write_text(
            "".join(f'{name}="{value}"\n' for name, value in self.settings.items())
        )
        self.python = folder / spec.name / "venv/bin/python"
        self.service = _AsWritten(folder / "servizio", spec, self.settings, self.python)
        checkout = ServiceProcess(folder / "distretto", CRUSCOTTO, self._settings(dsns["cruscotto"]))
        self.board: ServiceProcess = self.service if spec == CRUSCOTTO else checkout
        self.took = self.healthy = 0.0

    def receive(self, archive: Path) -> None:
        """The network has its topics; puts the archive in the folder, and the same as the release after it."""
        waiting.run(create_topics(self.broker.address, manifest([spec.name for spec in SERVICES])))
        shutil.copy(archive, self.folder / f"{self._spec.name}-0.1.0.tar.gz")
        later = unpack(archive, self.folder / "poi").rename(self.folder / f"{self._spec.name}-0.2.0")
        pack(later)
        shutil.rmtree(later)

    def install(self) -> None:
        """The dashboard first, then what the guide says, then the service."""
        if self.board is not self.service:
            self.board.start()
        begun = time.monotonic()
        self.follow("installare")
        self.took = time.monotonic() - begun
        self.service.start()
        self.healthy = time.monotonic() - begun - self.took

    def follow(self, page: str) -> str:
        """What a page's commands print, with the service's name where the page says casa, as the guide has it. Raises:
        AssertionError with the last of it when one fails."""
        environment = {"PATH": os.pathsep.join(map(str, PROGRAMS)), "LANG": "C.UTF-8", "PIP_CONFIG_FILE": "/dev/null"}
        said = subprocess.run(
            ["bash", "-eux", "-o", "pipefail", "-c", script(page, "prova").replace("casa", self._spec.name)],
            cwd=self.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            check=False, timeout=240,
        )  # fmt: skip
        assert said.returncode == 0, said.stdout[-3000:]
        return said.stdout

    def stop(self) -> None:
        """Stops the services."""
        self.service.stop()
        self.board.stop()

    def _settings(self, dsn: str) -> dict[str, str]:
        return {
            "GENERA_DATABASE": dsn,
            "GENERA_KAFKA": self.broker.address,
            "GENERA_CHIAVI_FILE": str(self.issuer.keys_file),
            "GENERA_EMITTENTE": ISSUER,
            **({} if self.broker.features.idempotent else {"GENERA_IDEMPOTENTE": "0"}),
        }


class _AsWritten(Unpacked):
    """On the ports that the settings say."""

    @property
    def ports(self) -> list[int]:
        return [int(self._settings["GENERA_PORT"]), int(self._settings["GENERA_METRICS_PORT"])]


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder
