"""A partner's machine: an empty folder with the archive, a database, a network to join; the guide is followed there."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from bundle.assemble import archive as pack
from stack import wheel
from stack.broker import Broker
from stack.ports import free_ports
from stack.services import ServiceProcess, ServiceSpec
from stack.tokens import ISSUER, Issuer

from .guides import script
from .unpacked import Unpacked, unpack

CASA, CRUSCOTTO = ServiceSpec("casa", "consorzio-tenda"), ServiceSpec("cruscotto", "ambito")
PROGRAMS = (Path(sys.base_prefix) / "bin", wheel.binaries(), Path("/usr/bin"), Path("/bin"))


class Workshop:
    """`settings`: casa's, as the partner writes them; `took`, `healthy`: seconds to install, then to be ready."""

    def __init__(self, folder: Path, broker: Broker, dsns: tuple[str, str]) -> None:
        self.folder, self.broker, self.issuer = folder, broker, Issuer(_made(folder / "chiavi"))
        pages, measures = free_ports(2)
        self.settings = self._settings(dsns[0]) | {
            "GENERA_PARTNER": CASA.partner,
            "GENERA_PORT": str(pages),
            "GENERA_METRICS_PORT": str(measures),
        }
        (folder / "casa.env").write_text("".join(f'{name}="{value}"\n' for name, value in self.settings.items()))
        self.board = ServiceProcess(folder / "cruscotto", CRUSCOTTO, self._settings(dsns[1]))
        self.casa = _AsWritten(folder / "servizio", CASA, self.settings, folder / "casa/venv/bin/python")
        self.took = self.healthy = 0.0

    def receive(self, archive: Path) -> None:
        """Puts the archive in the folder, and the same as the release after it."""
        shutil.copy(archive, self.folder / "casa-0.1.0.tar.gz")
        later = unpack(archive, self.folder / "poi").rename(self.folder / "casa-0.2.0")
        pack(later)
        shutil.rmtree(later)

    def install(self) -> None:
        """The network first, then what the guide says, then the service."""
        self.board.run("topics")
        self.board.start()
        begun = time.monotonic()
        self.follow("installare")
        self.took = time.monotonic() - begun
        self.casa.start()
        self.healthy = time.monotonic() - begun - self.took

    def follow(self, page: str) -> str:
        """What a page's commands print. Raises: AssertionError with the last of it when one fails."""
        environment = {"PATH": os.pathsep.join(map(str, PROGRAMS)), "LANG": "C.UTF-8", "PIP_CONFIG_FILE": "/dev/null"}
        said = subprocess.run(
            ["bash", "-eux", "-o", "pipefail", "-c", script(page, "prova")],
            cwd=self.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            check=False, timeout=240,
        )  # fmt: skip
        assert said.returncode == 0, said.stdout[-3000:]
        return said.stdout

    def stop(self) -> None:
        """Stops the services."""
        self.casa.stop()
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
