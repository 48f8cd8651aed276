"""One command, one transaction: lock, recognise a repeat, load, decide, append. The only way into the journal."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contratti.rete import UnknownEvent
from pydantic import BaseModel

from telaio import claims, idempotency
from telaio.command import CommandSpec
from telaio.correction import CORRECTION, correct
from telaio.database import DEAD, RETRY, Connection, Unavailable, transaction
from telaio.decide import Context, Key, addressed, check, decide, fold
from telaio.entity import Addressed, Entity, State
from telaio.identity import new_event_id
from telaio.invii import opening
from telaio.journal import Snapshot, Writing, append, load_many
from telaio.locks import begin_locked
from telaio.runtime import Runtime

ATTEMPTS = 5
SECONDS = 30
AWAY: tuple[type[Exception], ...] = (*DEAD, UnknownEvent)


@dataclass(frozen=True)
class Call:
    """A command on its way in. `key` is the Idempotency-Key, scoped by `author` and `scope` (the path); `digest` is
    that of the body; `if_match` the version the caller has seen."""

    entity: Entity[Any]
    id: str
    command: CommandSpec
    model: BaseModel
    author: str
    key: str | None = None
    scope: str = ""
    digest: bytes = b""
    if_match: int | None = None
    correlation: str | None = None
    traceparent: str | None = None


@dataclass(frozen=True)
class Accepted:
    """The answer to a command: the entity's version after it and the ids of its events; `replayed` for a repeat."""

    version: int
    events: list[str]
    replayed: bool = False


class VersionMismatch(Exception):
    """The entity is not at the version the caller has seen."""

    def __init__(self, current: int) -> None:
        super().__init__(f"version {current}")
        self.current = current


class _MoreToLock(Exception):
    """Loading named entities that are not locked yet: start again with them."""

    def __init__(self, keys: set[Key]) -> None:
        super().__init__(str(keys))
        self.keys = keys


async def execute(runtime: Runtime, call: Call) -> Accepted:
    """The command's answer, once its events are committed.

    Raises: Rejected, idempotency.KeyReused, VersionMismatch, Unavailable (database away, or a history that this
    release cannot read).
    """
    if runtime.recovering:
        raise Unavailable("ripristino in corso")
    keys, attempts = _own_keys(runtime, call), 0
    seconds = max([SECONDS, *(view.seconds for view in call.command.views.values())])
    while True:
        try:
            async with asyncio.timeout(seconds), transaction(runtime.pool, begin_locked(keys)) as connection:
                accepted = await _run(runtime, connection, call, keys)
            runtime.committed.set()
            return accepted
        except _MoreToLock as more:
            keys = keys | more.keys
        except RETRY as lost_race:
            attempts += 1
            if attempts == ATTEMPTS:
                raise Unavailable("troppa concorrenza") from lost_race
        except AWAY as away:
            raise Unavailable(type(away).__name__) from away


def _own_keys(runtime: Runtime, call: Call) -> set[Key]:
    """What is known to be touched before anything is loaded: the entity, the ledgers that sum all of its kind, and the
    invio it comes from."""
    invio = opening.key_of(runtime.service.by_kind, call.model)
    keys = {(call.entity.kind, call.id), *([invio] if invio else [])}
    keys |= {(ledger.kind, ledger.singleton) for ledger in call.entity.followers if ledger.singleton}
    return keys


async def _run(runtime: Runtime, connection: Connection, call: Call, locked: set[Key]) -> Accepted:
    repeat = await idempotency.find(connection, call)
    if repeat is not None:
        return Accepted(*repeat, replayed=True)
    entities = runtime.service.by_kind
    loaded = await load_many(connection, entities, sorted(locked))
    own = loaded.get((call.entity.kind, call.id))
    others = await _others(connection, runtime, call, own)
    missing = set(others.values()) - locked - {None}
    if missing:
        raise _MoreToLock({k for k in missing if k})
    if call.if_match is not None and call.if_match != (own.version if own else 0):
        raise VersionMismatch(own.version if own else 0)
    before = {key: _state(entities, loaded, key) for key in locked}
    events, after = await _decide(runtime, connection, call, before, others)
    more = {k for k in after if k not in locked}
    if more:
        raise _MoreToLock(more)
    check(entities, after)
    touched = {key: state for key, state in after.items() if state != before.get(key) or _has_event(key, events)}
    await claims.move(connection, entities, before, touched)
    versions = {key: snapshot.version for key, snapshot in loaded.items()}
    ids, reached = await append(connection, entities, events, versions, touched, _writing(runtime, call))
    version = reached.get((call.entity.kind, call.id), 0)
    await idempotency.keep(connection, call, version, ids, runtime.clock.now())
    return Accepted(version, ids)


def _state(entities: Mapping[str, Entity[Any]], loaded: Mapping[Key, Snapshot], key: Key) -> State | None:
    snapshot = loaded.get(key)
    return snapshot.state if snapshot else entities[key[0]].initial


def _has_event(key: Key, events: list[Addressed]) -> bool:
    return any((e.kind, e.id) == key for e in events)


async def _others(connection: Connection, runtime: Runtime, call: Call, own: Snapshot | None) -> dict[str, Key | None]:
    """The key of each entity the decision asked for, by parameter; None where nothing names one."""
    found: dict[str, Key | None] = {}
    for parameter, state_type in call.command.needs.items():
        entity = runtime.service.by_state[state_type]
        if parameter in call.command.holders:
            found[parameter] = await claims.holder(connection, call.command.holders[parameter], call.id)
            continue
        named = getattr(call.model, parameter, None) or getattr(own and own.state, parameter, None) or entity.singleton
        found[parameter] = (entity.kind, named) if named else None
    return found


async def _decide(
    runtime: Runtime,
    connection: Connection,
    call: Call,
    before: Mapping[Key, State | None],
    others: Mapping[str, Key | None],
) -> tuple[list[Addressed], dict[Key, State | None]]:
    """The events, and the states after them."""
    entities, today = runtime.service.by_kind, runtime.clock.today()
    if call.command is CORRECTION:
        return await correct(connection, entities, (call.entity.kind, call.id), call.model, before, today)
    states = {parameter: before[key] if key else None for parameter, key in others.items()}
    state = before[call.entity.kind, call.id]
    views = {p: await v.load_in(runtime, connection, call.id, state, call.model) for p, v in call.command.views.items()}
    context = Context(today, runtime.rules, runtime.here, views)
    events = addressed(call.entity, call.id, decide(call.entity, call.command, state, call.model, states, context))
    invio = opening.key_of(entities, call.model)
    if invio is not None:
        events += await opening.begun(connection, invio, before[invio], call.model)
    return events, fold(entities, before, events)


def _writing(runtime: Runtime, call: Call) -> Writing:
    correlation = call.correlation or new_event_id()
    return Writing(call.author, runtime.clock.now(), correlation, call.key, call.traceparent)
