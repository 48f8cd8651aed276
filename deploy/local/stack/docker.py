"""The same servers in containers, by testcontainers (`TEST_BACKEND=docker`), on ports that a restart keeps."""

import atexit
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from stack import places, waiting
from stack.broker import FULL, Broker
from stack.kafka import CLUSTER, SMALL, authorizing
from stack.ports import free_ports
from stack.postgres import Postgres, answers
from stack.probe import brokers_known
from stack.server import Server

if TYPE_CHECKING:
    from testcontainers.core.container import DockerContainer

KAFKA_IMAGE, POSTGRES_IMAGE = "apache/kafka:4.3.1", "postgres:18"
PLAIN, CONTROLLER, SECURED = 9092, 29093, 9094
BOUND = f":{PLAIN}", f":{CONTROLLER}", f":{SECURED}"
"""What Kafka listens on inside its container."""


class DockerServer(Server):
    """A container on fixed ports of this machine. It goes with this process: testcontainers' reaper removes it if the
    process dies, and where there is no reaper it is removed at the end."""

    image: str
    inner_ports: Sequence[int]

    def __init__(self) -> None:
        self.host, self.ports = _host(), free_ports(len(self.inner_ports))
        self._container: DockerContainer | None = None
        atexit.register(self.wipe)

    @abstractmethod
    def environment(self) -> dict[str, str]:
        """Return the variables the image is set with."""

    def arguments(self) -> str:
        """Return what follows the image's entry point."""
        return ""

    @abstractmethod
    def answers(self) -> bool:
        """Return whether the server does real work for a client now."""

    def start(self) -> None:
        if self._container is None:
            self._container = self._made().start()
        else:
            self._docker.start()
        waiting.until(self._ready, f"{self.kind} ready", within=120, every=0.2)

    def _ready(self) -> bool:
        """Return whether it answers. Raises: NotReady, with what it said, once its program has ended."""
        self._docker.reload()
        if self._docker.status == "exited":
            raise waiting.NotReady(f"{self.kind} ended: {self._docker.logs(tail=20).decode(errors='replace')}")
        return self.answers()

    def stop(self) -> None:
        if self._container is not None:
            self._docker.stop(timeout=30)

    def kill(self) -> None:
        if self._container is not None:
            self._docker.kill()

    def pause(self) -> None:
        self._docker.pause()

    def resume(self) -> None:
        self._docker.unpause()

    def wipe(self) -> None:
        if self._container is not None:
            self._container.stop(force=True, delete_volume=True)
            self._container = None

    def _made(self) -> "DockerContainer":
        from testcontainers.core.container import DockerContainer  # noqa: PLC0415

        made = DockerContainer(self.image, env=self.environment(), command=self.arguments() or None)
        for inner, outer in zip(self.inner_ports, self.ports, strict=True):
            made.with_bind_ports(inner, outer)
        return made

    @property
    def _docker(self) -> Any:
        if self._container is None:
            raise RuntimeError(f"{self.kind} is not running")
        return self._container.get_wrapped_container()


def _host() -> str:
    from testcontainers.core.docker_client import DockerClient  # noqa: PLC0415

    return str(DockerClient().host())


class DockerKafka(DockerServer, Broker):
    """Apache's own image: testcontainers' Kafka class knows Confluent images only. `users` (name: password) bring
    ACLs, at `secured_address`."""

    features = FULL
    inner_ports = PLAIN, SECURED

    def __init__(self, settings: Mapping[str, str] | None = None, users: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.settings, self.users = dict(settings or {}), dict(users or {})
        self.image = places.setting("GENERA_KAFKA_IMAGE") or KAFKA_IMAGE
        self.kind = f"Apache Kafka (container {self.image})"

    @property
    def address(self) -> str:
        return f"{self.host}:{self.ports[0]}"

    @property
    def secured_address(self) -> str:
        """Return `host:port` where `users` sign in (SASL PLAIN) and are held to their ACLs."""
        return f"{self.host}:{self.ports[1]}"

    def environment(self) -> dict[str, str]:
        told = (self.address, self.secured_address)
        signed = authorizing(BOUND, told, self.users) if self.users else {}
        return environment(self.address, {**signed, **self.settings})

    def answers(self) -> bool:
        return brokers_known(self.host, self.ports[0]) > 0


def environment(address: str, settings: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that the image turns into server properties: `a.b` is `KAFKA_A_B`."""
    properties = {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@localhost:{CONTROLLER}",
        "controller.listener.names": "CONTROLLER",
        "listeners": f"PLAINTEXT://{BOUND[0]},CONTROLLER://{BOUND[1]}",
        "advertised.listeners": f"PLAINTEXT://{address}",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        **SMALL,
        **settings,
    }
    named = {"KAFKA_" + name.upper().replace(".", "_"): value for name, value in properties.items()}
    return {"CLUSTER_ID": CLUSTER, **named}


class DockerPostgres(DockerServer, Postgres):
    """The official image. `settings` are server settings."""

    inner_ports = (5432,)

    def __init__(self, settings: Mapping[str, str]) -> None:
        super().__init__()
        self.settings = dict(settings)
        self.image = places.setting("GENERA_POSTGRES_IMAGE") or POSTGRES_IMAGE
        self.kind = f"PostgreSQL (container {self.image})"

    def dsn(self, database: str = "postgres") -> str:
        return f"postgresql://postgres:prova@{self.host}:{self.ports[0]}/{database}"

    def environment(self) -> dict[str, str]:
        return {"POSTGRES_PASSWORD": "prova"}

    def arguments(self) -> str:
        return " ".join(f"-c {name}={value}" for name, value in self.settings.items())

    def answers(self) -> bool:
        return answers(self.dsn())
