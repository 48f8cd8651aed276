"""Servers whose address was given in the environment: used, never started, stopped or mistreated."""

from typing import NoReturn
from urllib.parse import urlsplit, urlunsplit

from stack import waiting
from stack.broker import FULL, Broker
from stack.postgres import Postgres, answers
from stack.probe import brokers_known
from stack.server import Server


class NotOurs(RuntimeError):
    """Someone else runs this server: it can be used and nothing more."""


class Given(Server):
    """A server at a given address: `start` only waits for it, `stop` does nothing."""

    def stop(self) -> None:
        """Leave it running."""

    def kill(self) -> NoReturn:
        raise NotOurs(f"{self.kind} is not ours to kill")

    def pause(self) -> NoReturn:
        raise NotOurs(f"{self.kind} is not ours to pause")

    def resume(self) -> NoReturn:
        raise NotOurs(f"{self.kind} is not ours to resume")

    def wipe(self) -> NoReturn:
        raise NotOurs(f"{self.kind} is not ours to wipe")

    def restart(self) -> NoReturn:
        raise NotOurs(f"{self.kind} is not ours to restart")


class GivenBroker(Given, Broker):
    """A broker at a given bootstrap address (the first of a list is probed); taken to be Kafka in full."""

    features = FULL

    def __init__(self, address: str) -> None:
        self._address = address
        self.kind = f"broker at the given address {address}"

    @property
    def address(self) -> str:
        return self._address

    def start(self) -> None:
        host, _, port = self.address.split(",")[0].rpartition(":")
        waiting.until(lambda: brokers_known(host, int(port)) > 0, self.kind, within=30)


class GivenPostgres(Given, Postgres):
    """A PostgreSQL at a given connection string, whose user may create databases."""

    def __init__(self, dsn: str) -> None:
        self._dsn = urlsplit(dsn)
        self.kind = f"PostgreSQL at the given address {self._dsn.hostname}:{self._dsn.port or 5432}"

    def dsn(self, database: str | None = None) -> str:
        return urlunsplit(self._dsn if database is None else self._dsn._replace(path=f"/{database}"))

    def start(self) -> None:
        waiting.until(lambda: answers(self.dsn()), self.kind, within=30)
