"""Apache Kafka on this machine: one KRaft node that is both broker and controller."""

import contextlib
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from stack import jars, places
from stack.broker import FULL, Broker
from stack.ports import HOST
from stack.probe import brokers_known
from stack.server import LocalServer

CLUSTER = "genera-azioni-local-00"  # 22 characters, as Kafka's own ids
JVM = "-Xms256m -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1"
# A small broker: one replica of everything, groups that form at once, sessions as short as a test wants.
SMALL = {
    "auto.create.topics.enable": "false",
    "group.initial.rebalance.delay.ms": "0",
    "group.min.session.timeout.ms": "500",
    "offsets.topic.num.partitions": "4",
    "offsets.topic.replication.factor": "1",
    "transaction.state.log.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    # After -9 the node may register again only when its former session has expired: by default 9 s.
    "broker.session.timeout.ms": "2000",
    "broker.heartbeat.interval.ms": "400",
    "num.network.threads": "2",
    "num.io.threads": "4",
    "log.cleaner.dedupe.buffer.size": "8388608",
    "log.segment.delete.delay.ms": "1000",
}


def properties(data: Path, ports: tuple[int, int], more: Mapping[str, str]) -> str:
    """Return the text of `server.properties`; `ports` are broker's and controller's, `more` wins over everything."""
    port, controller_port = ports
    node = {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@{HOST}:{controller_port}",
        "controller.listener.names": "CONTROLLER",
        "listeners": f"PLAINTEXT://{HOST}:{port},CONTROLLER://{HOST}:{controller_port}",
        "advertised.listeners": f"PLAINTEXT://{HOST}:{port}",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        "log.dirs": str(data),
    }
    return "".join(f"{name}={value}\n" for name, value in {**node, **SMALL, **more}.items())


def authorizing(bound: Sequence[str], told: Sequence[str], users: Mapping[str, str]) -> dict[str, str]:
    """Return the properties that add a SASL listener, where users (name: password) need ACLs; `bound` are the addresses
    of the plain, the controller's and this listener, `told` those by which clients find the first and the last.

    The plain listener stays: who comes in there has no name and may do everything, which is how ACLs are set.
    """
    passwords = " ".join(f'user_{name}="{password}"' for name, password in users.items())
    return {
        "listeners": f"PLAINTEXT://{bound[0]},CONTROLLER://{bound[1]},PARTNER://{bound[2]}",
        "advertised.listeners": f"PLAINTEXT://{told[0]},PARTNER://{told[1]}",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,PARTNER:SASL_PLAINTEXT",
        "sasl.enabled.mechanisms": "PLAIN",
        "listener.name.partner.plain.sasl.jaas.config": (
            f"org.apache.kafka.common.security.plain.PlainLoginModule required {passwords};"
        ),
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:ANONYMOUS",
    }


class ApacheKafka(LocalServer, Broker):
    """Apache Kafka, from jars. `settings` are further server properties; `users` (name: password) bring ACLs."""

    name = "kafka"
    features = FULL
    ports_needed = 3

    def __init__(
        self, directory: Path, settings: Mapping[str, str] | None = None, users: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(directory)
        self.settings, self.users = dict(settings or {}), dict(users or {})
        self.kind = f"Apache Kafka {jars.version()} (KRaft)"

    @property
    def address(self) -> str:
        return f"{HOST}:{self.ports[0]}"

    @property
    def secured_address(self) -> str:
        """Return `host:port` where `users` sign in (SASL PLAIN) and are held to their ACLs."""
        return f"{HOST}:{self.ports[2]}"

    def prepare(self) -> None:
        data = self.directory / "data"
        bound = [f"{HOST}:{port}" for port in self.ports]
        signed = authorizing(bound, (self.address, self.secured_address), self.users) if self.users else {}
        more = {**signed, **self.settings}
        (self.directory / "server.properties").write_text(properties(data, (self.ports[0], self.ports[1]), more))
        if not (data / "meta.properties").exists():
            shutil.copytree(_formatted(), data, dirs_exist_ok=True)

    def command(self) -> Sequence[str]:
        return [*_java(self._classes()), "kafka.Kafka", str(self.directory / "server.properties")]

    def answers(self) -> bool:
        return brokers_known(HOST, self.ports[0]) > 0

    def stop(self) -> None:
        super().stop()
        written = self.directory / "classes.jsa"
        if written.exists():
            beside = _class_archive().with_suffix(f".{os.getpid()}")
            shutil.move(written, beside)  # the cache may be on another device
            beside.replace(_class_archive())

    def _classes(self) -> list[str]:
        """Return the JVM's options for its class archive: use it, or write it at the end (start 2.1 s, then 0.9 s)."""
        if _class_archive().exists():
            return [f"-XX:SharedArchiveFile={_class_archive()}", "-Xlog:cds=off", "-Xlog:cds+dynamic=off"]
        return [f"-XX:ArchiveClassesAtExit={self.directory / 'classes.jsa'}", "-Xlog:cds=off", "-Xlog:cds+dynamic=off"]


def _java(more: Sequence[str] = ()) -> list[str]:
    options = shlex.split(places.setting("GENERA_KAFKA_JVM") or JVM)
    log = f"-Dlog4j2.configurationFile={places.KAFKA_FILES / 'log4j2.xml'}"
    return ["java", *options, *more, log, "-cp", jars.classpath()]


def _class_archive() -> Path:
    return jars.home() / f"classes-{os.getuid()}.jsa"


def _formatted() -> Path:
    """Return a formatted, empty data directory to copy: formatting takes a second JVM, so it is done once."""
    ready = jars.home() / "formatted"
    if not ready.is_dir():
        with tempfile.TemporaryDirectory(dir=jars.home()) as directory:
            target = Path(directory) / "data"
            config = Path(directory) / "server.properties"
            config.write_text(properties(target, (20_001, 20_002), {}))
            tool = [*_java(), "kafka.tools.StorageTool", "format", "--cluster-id", CLUSTER, "--config", str(config)]
            subprocess.run(tool, check=True, capture_output=True)
            with contextlib.suppress(OSError):  # another process was faster
                target.rename(ready)
    return ready
