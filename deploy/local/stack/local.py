"""The whole local stack as one object: broker, database, identity, services; and the file with their addresses."""

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from stack import broker, postgres
from stack.databases import Databases
from stack.server import Server
from stack.services import IdentityProcess, ServiceProcess, ServiceSpec
from stack.tokens import ISSUER, UTENTI, Issuer

Say = Callable[[str], None]


class LocalStack:
    """Starts everything in order, and stops it in the opposite order."""

    def __init__(self, files: Path, specs: Sequence[ServiceSpec], extra: Mapping[str, str] | None = None) -> None:
        self.files = files
        self.broker = broker.broker(files / "kafka")
        self.postgres = postgres.postgres(files / "postgres")
        self.identity = IdentityProcess(files / "identity")
        self._specs = [spec for spec in specs if spec.installed]
        self.missing = [spec.name for spec in specs if not spec.installed]
        self._extra = extra or {}
        self.services: dict[str, ServiceProcess] = {}
        self._running: list[Server] = []

    def start(self, say: Say) -> None:
        """Return when every service is ready and `addresses.json` is written; `stop` afterwards, also if this fails."""
        self._start((self.broker, self.postgres, self.identity), say)
        self.services = {spec.name: self._service(spec) for spec in self._specs}
        for name in self.missing:
            say(f"  {name}: non installato")
        for service in list(self.services.values())[:1]:
            service.run("topics")
        self._start(list(self.services.values()), say)
        self._write_addresses()

    def stop(self) -> None:
        """Stop everything that was started, services first."""
        self.addresses_file.unlink(missing_ok=True)
        while self._running:
            self._running.pop().stop()

    @property
    def addresses_file(self) -> Path:
        """Return the file that says where everything is; it exists while the stack is up."""
        return self.files / "addresses.json"

    def addresses(self) -> dict[str, Any]:
        """Return where everything is, and a token for each demo user."""
        issuer = Issuer(self.identity.files)
        return {
            "broker": {"address": self.broker.address, "kind": self.broker.kind},
            "postgres": {"dsn": self.postgres.dsn(), "kind": self.postgres.kind},
            "identity": self.identity.url,
            "services": {
                name: {"url": service.url, "metrics": service.metrics, "database": self.postgres.dsn(name)}
                for name, service in self.services.items()
            },
            "tokens": {user.id: issuer.token(user) for user in UTENTI},
            "utenti": [
                {
                    "id": user.id,
                    "nome": user.nome,
                    "mestiere": user.mestiere,
                    "ruoli": user.ruoli,
                    "servizi": user.servizi,
                }
                for user in UTENTI
            ],
        }

    def _start(self, servers: Sequence[Server], say: Say) -> None:
        self._running += servers
        with ThreadPoolExecutor(len(servers) or 1) as threads:
            for server, _ in zip(servers, threads.map(lambda server: server.start(), servers), strict=True):
                say(f"  {server.kind}")

    def _service(self, spec: ServiceSpec) -> ServiceProcess:
        settings = {
            "GENERA_DATABASE": Databases(self.postgres).ensure(spec.name),
            "GENERA_KAFKA": self.broker.address,
            "GENERA_CHIAVI_FILE": str(Issuer(self.identity.files).keys_file),
            "GENERA_EMITTENTE": ISSUER,
            "GENERA_OIDC": self.identity.url,
            "GENERA_OIDC_CLIENTE": f"genera-{spec.name}",
            "GENERA_SVILUPPO": "1",
            **({} if self.broker.features.idempotent else {"GENERA_IDEMPOTENTE": "0"}),
            **self._extra,
        }
        return ServiceProcess(self.files / spec.name, spec, settings)

    def _write_addresses(self) -> None:
        beside = self.addresses_file.with_suffix(".new")
        beside.touch(mode=0o600)
        beside.write_text(json.dumps(self.addresses(), indent=1, ensure_ascii=False))
        beside.replace(self.addresses_file)
