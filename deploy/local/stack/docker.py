"""The same servers in containers, by testcontainers (`TEST_BACKEND=docker`), on ports that a restart keeps."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from stack import places, waiting
from stack.broker import FULL, Broker
from stack.kafka import CLUSTER, SMALL
from stack.ports import free_ports
from stack.postgres import Postgres, answers
from stack.probe import brokers_known
from stack.server import Server

if TYPE_CHECKING:
    from testcontainers.core.container import DockerContainer

KAFKA_IMAGE, POSTGRES_IMAGE = "apache/kafka:4.3.1", "postgres:18"


class DockerServer(Server):
    """A container on a fixed port of this machine. It is removed by testcontainers' reaper if this process dies."""

    inner_port: int

    def __init__(self) -> None:
        self.host, self.port = _host(), free_ports(1)[0]
        self._container: DockerContainer | None = None

    @abstractmethod
    def container(self) -> "DockerContainer":
        """Return the container to run, with `inner_port` published on `port`."""

    @abstractmethod
    def answers(self) -> bool:
        """Return whether the server does real work for a client now."""

    def start(self) -> None:
        if self._container is None:
            self._container = self.container().start()
        else:
            self._docker.start()
        waiting.until(self.answers, f"{self.kind} ready", within=120, every=0.2)

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

    @property
    def _docker(self) -> Any:
        if self._container is None:
            raise RuntimeError(f"{self.kind} is not running")
        return self._container.get_wrapped_container()


def _host() -> str:
    from testcontainers.core.docker_client import DockerClient  # noqa: PLC0415

    return str(DockerClient().host())


class DockerKafka(DockerServer, Broker):
    """Apache's own image: testcontainers' Kafka class knows Confluent images only."""

    features = FULL
    inner_port = 9092

    def __init__(self, settings: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.settings = dict(settings or {})
        self.image = places.setting("GENERA_KAFKA_IMAGE") or KAFKA_IMAGE
        self.kind = f"Apache Kafka (container {self.image})"

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"

    def container(self) -> "DockerContainer":
        from testcontainers.core.container import DockerContainer  # noqa: PLC0415

        node = DockerContainer(self.image, env=environment(self.address, self.settings))
        return node.with_bind_ports(self.inner_port, self.port)

    def answers(self) -> bool:
        return brokers_known(self.host, self.port) > 0


def environment(address: str, settings: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that the image turns into server properties: `a.b` is `KAFKA_A_B`."""
    properties = {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": "1@localhost:29093",
        "controller.listener.names": "CONTROLLER",
        "listeners": f"PLAINTEXT://:{DockerKafka.inner_port},CONTROLLER://:29093",
        "advertised.listeners": f"PLAINTEXT://{address}",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        **SMALL,
        **settings,
    }
    named = {"KAFKA_" + name.upper().replace(".", "_"): value for name, value in properties.items()}
    return {"CLUSTER_ID": CLUSTER, **named}


class DockerPostgres(DockerServer, Postgres):
    """The official image. `settings` are server settings."""

    inner_port = 5432

    def __init__(self, settings: Mapping[str, str]) -> None:
        super().__init__()
        self.settings = dict(settings)
        self.image = places.setting("GENERA_POSTGRES_IMAGE") or POSTGRES_IMAGE
        self.kind = f"PostgreSQL (container {self.image})"

    def dsn(self, database: str = "postgres") -> str:
        return f"postgresql://postgres:prova@{self.host}:{self.port}/{database}"

    def container(self) -> "DockerContainer":
        from testcontainers.core.container import DockerContainer  # noqa: PLC0415

        options = [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]
        server = DockerContainer(self.image, env={"POSTGRES_PASSWORD": "prova"}, command=" ".join(options))
        return server.with_bind_ports(self.inner_port, self.port)

    def answers(self) -> bool:
        return answers(self.dsn())
