"""The oracle: when all is quiet, do journal, Kafka and dashboard say exactly what the ledger says? (I1 to I6)"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import asyncpg
from cruscotto.proiezione import generation, rebuild
from cruscotto.service import servizio
from telaio.runtime import Runtime
from telaio.settings import Settings

from .ledger import MEASURES, Cell, Entry, cells
from .network import Network
from .topic import TOPIC, raw_records

Place = tuple[str, int]
"""Subject and version."""
Events = dict[str, Place]
"""Events by id."""
Order = Literal["always", "in the end", "never"]
"""Always, as promised. In the end: in a log made again, what was on its way came first, and comes again in its turn, so
that who keeps no early record gets everything. Never: the test itself delivers as it likes."""


@dataclass
class Verdict:
    """What was found. `wrong` is empty when every promise was kept."""

    events: int
    lost: int = 0
    doubled: int = 0
    wrong: list[str] = field(default_factory=list)

    def differ(self, what: str, too_few: Iterable[object], too_many: Iterable[object]) -> None:
        """Notes what is missing and what should not be there."""
        few, many = list(too_few), list(too_many)
        if few or many:
            self.wrong.append(f"{what}: {len(few)} missing {few[:3]}, {len(many)} too many {many[:3]}")


async def judge(
    network: Network,
    *,
    sent: Sequence[Entry] | None = None,
    shown: Sequence[Entry] | None = None,
    order: Order = "always",
    rebuilt: bool = True,
) -> Verdict:
    """The verdict on a network at rest. `sent`, `shown`: what Kafka and the dashboard must hold, where that is not the
    whole ledger; `order`: whether first deliveries come in order (I2)."""
    ledger = network.ledger.entries()
    sent = ledger if sent is None else sent
    verdict = Verdict(len(sent))
    _same_events(verdict, "journal (I1, I4)", _events(ledger), await _journal(network.casa_dsn))
    _topic(verdict, _events(sent), await raw_records(network.broker.address), order)
    await _dashboard(verdict, network, sent if shown is None else shown)
    if rebuilt:
        for table, rows in (await rebuilt_differs(network)).items():
            verdict.wrong.append(f"rebuilt {table} (I6): {rows} rows differ")
    return verdict


async def shows(network: Network, entries: Sequence[Entry]) -> None:
    """Raises: AssertionError where the dashboard does not show exactly these entries."""
    verdict = Verdict(len(entries))
    await _dashboard(verdict, network, entries)
    assert not verdict.wrong, "\n".join(verdict.wrong)


def _events(entries: Sequence[Entry]) -> Events:
    return {e.id: (e.subject, e.version) for e in entries}


def _same_events(verdict: Verdict, what: str, expected: Events, found: Events) -> None:
    verdict.differ(what, expected.items() - found.items(), found.items() - expected.items())


async def _journal(dsn: str) -> Events:
    connection = await asyncpg.connect(dsn)
    try:
        rows = await connection.fetch("select id::text, kind || '/' || entity, version from journal")
    finally:
        await connection.close()
    return {id: (subject, version) for id, subject, version in rows}


def _topic(verdict: Verdict, committed: Events, records: Iterable[Any], order: Order) -> None:
    """I1, I4: the same events; I2: when a version of an entity is delivered first, the one before has been."""
    found, reached, early = Events(), Counter[str](), list[str]()
    for record in records:
        event = _event(record)
        if event is None:
            continue
        id, subject, version = event
        found[id] = (subject, version)
        if version > reached[subject] + 1:
            early.append(f"order (I2): {subject} {version} after {reached[subject]}")
            continue
        reached[subject] = max(reached[subject], version)
    if order == "always":
        verdict.wrong += early
    if order != "never":
        verdict.differ("order in the end (I2)", _last(committed).items() - reached.items(), ())
    verdict.lost += len(committed.keys() - found.keys())
    _same_events(verdict, "Kafka (I1, I4)", committed, found)


def _last(events: Events) -> Counter[str]:
    """The last version of each entity."""
    last = Counter[str]()
    for subject, version in events.values():
        last[subject] = max(last[subject], version)
    return last


def _event(record: Any) -> tuple[str, str, int] | None:
    """Id, subject, version; None for bytes that are no event of ours (the poison a test put there)."""
    try:
        value = json.loads(record.value)
        id, subject, version = value["id"], value["subject"], value["entityversion"]
    except (ValueError, TypeError, KeyError):
        return None
    return (id, subject, version) if record.key == str(subject).encode() else None


async def _dashboard(verdict: Verdict, network: Network, entries: Sequence[Entry]) -> None:
    """I3, I4: facts, gates and sums are those of the entries."""
    expected = _events(entries)
    shown = await _shown(network)
    verdict.lost += len(expected.keys() - shown.facts.keys())
    verdict.doubled += shown.applied - len(shown.facts)
    if shown.applied != len(shown.facts):
        verdict.wrong.append(f"applied {shown.applied} times, {len(shown.facts)} facts (I3)")
    _same_events(verdict, "facts (I3, I4)", expected, shown.facts)
    last = _last(expected)
    verdict.differ("gates (I3)", last.items() - shown.gates.items(), shown.gates.items() - last.items())
    right = cells(entries)
    verdict.differ("sums (I3)", right.items() - shown.sums.items(), shown.sums.items() - right.items())


@dataclass
class Shown:
    """What the served read models say."""

    facts: Events
    gates: dict[str, int]
    sums: dict[Cell, int]
    applied: int


async def _shown(network: Network) -> Shown:
    connection = await asyncpg.connect(network.cruscotto_dsn)
    try:
        await connection.execute("select set_config('search_path', name, false) from served")
        facts = await connection.fetch("select id::text, subject, version from fact")
        gates = await connection.fetch("select subject, version from gate")
        sums = await connection.fetch(
            "select measure, comune, to_char(month, 'YYYY-MM'), key, value from quota where measure = any($1)", MEASURES
        )
        applied = await connection.fetchval("select coalesce(sum(events), 0)::int from freshness")
    finally:
        await connection.close()
    return Shown(
        facts={id: (subject, version) for id, subject, version in facts},
        gates={subject: version for subject, version in gates if version},
        sums={(measure, comune, month, key): value for measure, comune, month, key, value in sums},
        applied=applied,
    )


async def rebuilt_differs(network: Network) -> dict[str, int]:
    """I6: the tables in which a generation filled from Kafka alone differs from the served one, with how many rows."""
    settings = {"database": network.cruscotto_dsn, "kafka": network.broker.address, "partner": "ambito"}
    own = Settings.model_validate(settings | {"chiavi_file": "/dev/null", "emittente": "prova"})
    runtime = await Runtime.start(servizio, own)
    try:
        served = await generation.ensure_served(runtime.pool)
        name = await generation.create(runtime.pool)
        await rebuild.fill(runtime, name, [TOPIC])
        different = await rebuild.compare(runtime.pool, served, name)
        await generation.drop_others(runtime.pool, served)
        return different
    finally:
        await runtime.stop()
