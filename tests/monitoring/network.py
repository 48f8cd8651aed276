"""A running network that is watched: services as processes, their servers, a Prometheus, an Alertmanager.

Every duration of the rules is shortened by one factor, and so is the pace of heartbeats and scrapes: what is shown is
the order and the addressees of the alerts, not their minutes.
"""

import json
import sys
import tomllib
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from stack.broker import Broker
from stack.databases import Databases
from stack.postgres import Postgres
from stack.server import Server
from stack.services import SERVICES, ServiceProcess, ServiceSpec
from stack.tokens import ISSUER, Issuer

from .rendered import Targets, sorveglianza
from .servers import Alertmanager, NodeExporter, Prometheus

DISTRICT = tomllib.loads(sorveglianza.DISTRICT.read_text())
BEAT_SECONDS = 60


class Watched(ServiceProcess):
    """A service that can be started again with other settings; its database is brought up to date once."""

    def __init__(self, directory: Path, spec: ServiceSpec, settings: Mapping[str, str]) -> None:
        super().__init__(directory, spec, settings)
        self.settings, self.more = settings, dict[str, str]()
        self._prepared = False

    def prepare(self) -> None:
        if not self._prepared:
            super().prepare()
        self._prepared = True

    def environment(self) -> dict[str, str]:
        return {**super().environment(), **self.more}


class RelayAlone(Watched):
    """Only the relay of a service, as `python -m casa relay` runs it; it is ready when it tells of itself."""

    def prepare(self) -> None:
        """Nothing: the service's database is there."""

    def command(self) -> Sequence[str]:
        return [sys.executable, "-m", self.spec.package, "relay"]

    def answers(self) -> bool:
        try:
            return "genera_database_up 1.0" in self.told()
        except OSError:
            return False

    def told(self) -> str:
        """Its metrics."""
        with urllib.request.urlopen(self.metrics, timeout=5) as answer:
            return str(answer.read().decode())


class Network:
    """Started servers in, watched services out. postgres: the one of a service by its name, `*` for the others."""

    def __init__(self, files: Path, broker: Broker, postgres: Mapping[str, Postgres], names: Sequence[str]) -> None:
        self.files, self._broker, self._postgres = files, broker, postgres
        self._specs = [spec for spec in SERVICES if spec.name in names]
        self._issuer = Issuer(files / "chiavi")
        self.services: dict[str, Watched] = {}
        self._running: list[Server] = []

    def start(self, recorder: str, factor: float) -> None:
        """Returns when everything is ready. recorder: where every receiver of alerts is told."""
        self.services = {spec.name: self._service(spec, max(BEAT_SECONDS / factor, 1)) for spec in self._specs}
        next(iter(self.services.values())).run("topics")
        self._begin(*self.services.values())
        self.alertmanager = Alertmanager(self.files / "alertmanager", DISTRICT, recorder, factor)
        self.disks = NodeExporter(self.files / "dischi")
        self._begin(self.alertmanager, self.disks)
        self.prometheus = Prometheus(self.files / "prometheus", self.targets(), self.alertmanager.ports[0], factor)
        self._begin(self.prometheus)

    def stop(self) -> None:
        """Stops what was started here."""
        with ThreadPoolExecutor(len(self._running) or 1) as threads:
            list(threads.map(lambda server: server.kill(), reversed(self._running)))
        self._running.clear()

    def targets(self) -> Targets:
        """What file_sd says of these services, and of this machine."""
        machine = sorveglianza.machines({"macchine": {"ambito": [self.disks.url.removeprefix("http://")]}})
        return {"servizi.json": self._services(), "macchine/dischi.json": machine}

    def _services(self) -> list[dict[str, Any]]:
        return [
            {
                "targets": [service.metrics.removeprefix("http://").removesuffix("/metrics")],
                "labels": {"service": service.name, "partner": service.spec.partner},
            }
            for service in self.services.values()
        ]

    def relay(self) -> RelayAlone:
        """One more relay of casa, not started."""
        casa = self.services["casa"]
        return RelayAlone(self.files / "relay", casa.spec, casa.settings)

    def something_happens(self) -> None:
        """An event in casa's journal: a home is offered."""
        yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
        body = {"avvenuto_il": yesterday, "comune": "017113", "vani": 3, "canone_centesimi": 40000,
                "locatore": "privato"}  # fmt: skip
        self.ask("casa", f"/alloggi/{uuid4()}/disponibilita", body)

    def ask(self, service: str, path: str, body: Mapping[str, Any] | None = None) -> int:
        """The status of an answer to a page asked for, or to a command."""
        headers = {"Authorization": f"Bearer {self._issuer.token('anna.bianchi')}", "Content-Type": "application/json"}
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.services[service].url + path, data, headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            return refused.code

    def _begin(self, *servers: Server) -> None:
        self._running += servers
        with ThreadPoolExecutor(len(servers)) as threads:
            list(threads.map(lambda server: server.start(), servers))

    def _service(self, spec: ServiceSpec, beat: float) -> Watched:
        postgres = self._postgres.get(spec.name, self._postgres["*"])
        settings = {
            "GENERA_DATABASE": Databases(postgres).fresh(),
            "GENERA_KAFKA": self._broker.address,
            "GENERA_CHIAVI_FILE": str(self._issuer.keys_file),
            "GENERA_EMITTENTE": ISSUER,
            "GENERA_SVILUPPO": "1",
            "GENERA_BATTITO": f"{beat:g}",
            "GENERA_IDEMPOTENTE": "1" if self._broker.features.idempotent else "0",
        }
        return Watched(self.files / spec.name, spec, settings)
