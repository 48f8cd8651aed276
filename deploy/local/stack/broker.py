"""The broker: what every kind of it offers, and which kind is used here."""

import sys
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stack import jars, places
from stack.server import Server


@dataclass(frozen=True)
class Features:
    """What a broker can do beyond carrying records."""

    idempotent: bool  # an idempotent producer
    transactions: bool
    delete_records: bool  # the head of a log can be deleted
    acls: bool


FULL = Features(idempotent=True, transactions=True, delete_records=True, acls=True)


class Broker(Server):
    """A broker that speaks Kafka's protocol."""

    features: Features

    @property
    @abstractmethod
    def address(self) -> str:
        """Return `host:port` for a client's bootstrap; the same over restarts."""


def chosen() -> str:
    """Return the kind of broker used here: "given", "docker", "apache" or "embedded", in this order of preference.

    `GENERA_BROKER` = apache | embedded decides where no address and no containers were asked for. May fetch jars.
    """
    return "given" if places.setting("GENERA_KAFKA") else _own_kind()


def broker(directory: Path) -> Broker:
    """Return the broker this machine uses, not started, and say which on standard error."""
    from stack.given import GivenBroker  # noqa: PLC0415

    address = places.setting("GENERA_KAFKA")
    found = GivenBroker(address) if address else private(directory)
    print(f"· broker: {found.kind}", file=sys.stderr)
    return found


def private(
    directory: Path, settings: Mapping[str, str] | None = None, users: Mapping[str, str] | None = None
) -> Broker:
    """Return a broker of one's own, not started, with all of its state under `directory`: never the given address.

    `settings` are further server properties; with `users` (name: password) there is a `secured_address` with ACLs.
    Only Apache Kafka obeys them.
    """
    from stack import docker, embedded, kafka  # noqa: PLC0415

    match _own_kind():
        case "docker":
            return docker.DockerKafka(settings, users)
        case "apache":
            return kafka.ApacheKafka(directory, settings, users)
        case _:
            return embedded.Tansu(directory)


def _own_kind() -> str:
    if places.on_docker():
        return "docker"
    wish = places.setting("GENERA_BROKER")
    return "apache" if wish != "embedded" and jars.ready() else "embedded"
