"""The services of the local stack: which there are, and how each one is started."""

import http.client
import importlib.util
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

from stack import places
from stack.ports import HOST
from stack.server import LocalServer
from stack.waiting import NotReady


@dataclass(frozen=True)
class ServiceSpec:
    """A service: run as `python -m <module> api`; `partner` owns it; `environment` is added to its settings."""

    name: str
    partner: str
    module: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def package(self) -> str:
        """Return the Python module to run."""
        return self.module or self.name

    @property
    def installed(self) -> bool:
        """Return whether the module can be run here."""
        return importlib.util.find_spec(self.package) is not None and (
            importlib.util.find_spec(f"{self.package}.__main__") is not None
        )


# Who runs what is the demo's assignment, an example.
SERVICES = (
    ServiceSpec("casa", "consorzio-tenda"),
    ServiceSpec("lavoro", "cooperativa-la-sorgente"),
    ServiceSpec("giovani", "cooperativa-la-nuvola-del-sacco"),
    ServiceSpec("punti", "ama-brescia"),
    ServiceSpec("cruscotto", "ambito"),
)


def wanted() -> Sequence[ServiceSpec]:
    """Return the services to start: all, or those that `GENERA_SERVIZI` names, separated by commas."""
    names = places.setting("GENERA_SERVIZI")
    if names is None:
        return SERVICES
    known = {spec.name: spec for spec in SERVICES}
    return [known.get(name, ServiceSpec(name, "ambito")) for name in names.split(",")]


class ServiceProcess(LocalServer):
    """A service as a process: its HTTP port, then its metrics port. It is ready when `/health/ready` says 200."""

    ports_needed = 2

    def __init__(self, directory: Path, spec: ServiceSpec, settings: Mapping[str, str]) -> None:
        super().__init__(directory)
        self.spec, self.name, self.kind = spec, spec.name, f"service {spec.name}"
        self._settings = settings

    @property
    def url(self) -> str:
        """Return the address of pages and API."""
        return f"http://{HOST}:{self.ports[0]}"

    @property
    def metrics(self) -> str:
        """Return the address of the metrics."""
        return f"http://{HOST}:{self.ports[1]}/metrics"

    def prepare(self) -> None:
        """Bring the service's database up to date."""
        self.run("migrate")

    def command(self) -> Sequence[str]:
        return [sys.executable, "-m", self.spec.package, "api"]

    def answers(self) -> bool:
        return says_ready(self.ports[0])

    def environment(self) -> dict[str, str]:
        """Return the whole environment: ours without its GENERA_ settings, which a service would refuse as unknown."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("GENERA_")}
        ports = {"GENERA_HOST": HOST, "GENERA_PORT": str(self.ports[0]), "GENERA_METRICS_PORT": str(self.ports[1])}
        own = {"GENERA_PARTNER": self.spec.partner, **self._settings, **self.spec.environment}
        return {**inherited, **ports, **own}

    def run(self, *words: str) -> None:
        """Run one of the service's commands to its end. Raises: NotReady with what it said when it fails."""
        command = [sys.executable, "-m", self.spec.package, *words]
        done = subprocess.run(command, env=self.environment(), capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise NotReady(f"{self.name} {' '.join(words)}: {(done.stderr or done.stdout).strip()[-1500:]}")


class IdentityProcess(LocalServer):
    """The development identity provider as a process; `files` holds its key."""

    name = "identity"
    kind = "development identity server"

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.files = directory / "chiavi"

    @property
    def url(self) -> str:
        """Return its address, which is its issuer too."""
        return f"http://{HOST}:{self.ports[0]}"

    def prepare(self) -> None:
        """Nothing to write: the key is made at first use."""

    def command(self) -> Sequence[str]:
        return [sys.executable, "-m", "stack.identity", str(self.files), str(self.ports[0])]

    def answers(self) -> bool:
        return says_ready(self.ports[0])


def says_ready(port: int) -> bool:
    """Return whether `/health/ready` on a port of this machine is answered with 200 now."""
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
