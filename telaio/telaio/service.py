"""The declaration of a service: the one object from which the chassis derives API, pages, imports and tests."""

from argparse import ArgumentParser, Namespace
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contratti.rete import Event

from telaio.consumer.ingest import Effect
from telaio.consumer.record import RawRecord
from telaio.database import Connection
from telaio.entity import Entity, State
from telaio.here import Here
from telaio.rules import Rules

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from telaio.runtime import Runtime


@dataclass(frozen=True)
class Vista:
    """A question the strand's own people ask: SQL over `snapshot`, one row a line of the list.

    Column aliases are the Italian headings (suffixes `_il`, `_centesimi`, `comune` choose the format); an `id` column
    links each row to its `entity`; `$1` is today's date and `$2` (jsonb) the strand's rules, by name a list of
    validities, where the query names them. Where what is in the list is not for SQL to say, `rows` takes its place.
    """

    name: str
    title: str
    sql: str = ""
    entity: Entity[Any] | None = None
    empty: str = "Nessuna riga."
    rows: "Callable[[Connection, Here, date], Awaitable[list[dict[str, Any]]]] | None" = None


@dataclass(frozen=True)
class Consumption:
    """What a service reads: topics into an effect, in the transactions where its consumer's tables are found.

    kinds: of which entities, where not of all; of the others nothing is read nor remembered.
    committed: called after each batch that changed something.
    """

    topics: Sequence[str]
    transaction: Callable[[], AbstractAsyncContextManager[Connection]]
    effect: Effect
    committed: Callable[[], None] = lambda: None
    kinds: frozenset[str] = frozenset()

    def wanted(self, records: Iterable[RawRecord]) -> list[RawRecord]:
        """Those that are of interest, by their key, which is their subject."""
        return [r for r in records if _kind(r.key) in self.kinds] if self.kinds else list(records)


def _kind(key: bytes | None) -> str:
    return (key or b"").partition(b"/")[0].decode("ascii", "replace")


@dataclass(frozen=True)
class Offer:
    """A prestazione the strand offers to the network, and the command with which a case of its own begins, if any:
    its form comes filled in with what the invio says."""

    prestazione: str
    entity: Entity[Any] | None = None
    command: str = ""


@dataclass(frozen=True)
class OwnCommand:
    """A word of the service's own on its command line: what it does, its arguments, and the work."""

    help: str
    run: "Callable[[Runtime, Namespace], Awaitable[int]]"
    arguments: Callable[[ArgumentParser], object] = lambda _: None


@dataclass(frozen=True)
class Service:
    """A strand: its name (topic prefix and first half of `source`), its entities and its lists.

    rules: the model of its dated rules and the TOML file with their values; migrations: a folder of numbered SQL that
    adds to the chassis' tables; prepare: what is done once after migrating;
    consumer: what it reads from the others; offers: what others can ask of it; parts: what runs beside the API;
    routes and commands: what it adds of its own; remade: tables of its own that are made again, and in no backup.
    """

    name: str
    title: str
    entities: Sequence[Entity[Any]]
    lists: Sequence[Vista] = ()
    rules: type[Rules] | None = None
    rules_file: Path | None = None
    migrations: Path | None = None
    partitions: int = 6
    consumer: "Callable[[Runtime], Consumption] | None" = None
    prepare: "Callable[[Runtime], Awaitable[object]] | None" = None
    routes: "Callable[[Runtime], Sequence[BaseRoute]] | None" = None
    offers: Sequence[Offer] = ()
    parts: "Callable[[Runtime], Mapping[str, Callable[[], Awaitable[None]]]] | None" = None
    commands: "Mapping[str, OwnCommand]" = field(default_factory=dict)
    remade: frozenset[str] = frozenset()

    @cached_property
    def by_kind(self) -> dict[str, Entity[Any]]:
        return {e.kind: e for e in self.entities}

    @cached_property
    def by_plural(self) -> dict[str, Entity[Any]]:
        return {e.plural: e for e in self.entities}

    @cached_property
    def by_state(self) -> dict[type[State], Entity[Any]]:
        return {e.state: e for e in self.entities}

    @cached_property
    def events(self) -> dict[str, type[Event]]:
        """Every event type the service may publish, by type name."""
        return {m.type_name: m for e in self.entities for m in e.handlers}

    @property
    def topic(self) -> str:
        return f"{self.name}.eventi"
