"""The projection: each batch is folded in memory and written with set-based statements, in the caller's transaction."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from contratti.rete import EventoRettificato
from pydantic_core import from_json, to_json
from telaio.consumer.ingest import Version
from telaio.consumer.record import Received
from telaio.database import Connection

from cruscotto.fold import Cells, Fact, Subject, fold, genere_of, refold
from cruscotto.quota import Stato

FACT_COLUMNS = (
    "source", "subject", "version", "id", "type", "schema_version", "happened_on", "recorded_at", "data",
)  # fmt: skip
Batch = dict[Subject, list[Received]]


class Projection:
    """The effect of an event on the read models. One subject's rows, or a sum: never an order between subjects."""

    async def apply(self, connection: Connection, events: Sequence[Received]) -> None:
        """Writes facts, subjects, quotas and freshness of a batch."""
        await connection.copy_records_to_table("fact", columns=FACT_COLUMNS, records=[_fact_row(e) for e in events])
        cells: Cells = Counter()
        batch = _by_subject(events)
        corrections = {s: own for s, own in batch.items() if any(type(e.event) is EventoRettificato for e in own)}
        states = await self._fold(connection, cells, {s: own for s, own in batch.items() if s not in corrections})
        for subject, own in corrections.items():
            states |= await self._correct(connection, cells, subject, own)
        await _save_states(connection, states)
        await _add(connection, cells)
        await _refresh(connection, events)

    async def known(self, connection: Connection, versions: Sequence[Version]) -> dict[Version, str]:
        """The ids of facts, by source, subject and version."""
        rows = await connection.fetch(
            "select source, subject, version, id::text from fact"
            " join unnest($1::text[], $2::text[], $3::int[]) as v (source, subject, version)"
            " using (source, subject, version)",
            [source for source, _, _ in versions],
            [subject for _, subject, _ in versions],
            [version for _, _, version in versions],
        )
        return {(source, subject, version): id for source, subject, version, id in rows}

    async def _fold(self, connection: Connection, cells: Cells, batch: Batch) -> dict[Subject, Stato]:
        """Folds subjects without corrections from where they are."""
        states = await _load_states(connection, list(batch))
        for subject, own in batch.items():
            genere = genere_of(subject)
            if genere is None:
                continue
            state = states.get(subject) or states.setdefault(subject, genere.stato())
            for received in own:
                if received.event is not None:
                    fold(cells, genere, subject, state, received.event)
        return states

    async def _correct(
        self, connection: Connection, cells: Cells, subject: Subject, own: list[Received]
    ) -> dict[Subject, Stato]:
        """Folds a corrected subject from its facts, and replaces what it contributed before this batch."""
        genere = genere_of(subject)
        if genere is None:
            return {}
        facts = await _facts(connection, subject)
        new = {e.envelope.id for e in own if e.envelope}
        before, _ = refold(genere, subject, [f for f in facts if f.id not in new])
        after, state = refold(genere, subject, facts)
        cells.update(after)
        cells.subtract(before)
        return {subject: state}


def _by_subject(events: Iterable[Received]) -> Batch:
    batch: Batch = {}
    for event in events:
        assert event.envelope is not None
        batch.setdefault((event.envelope.source, event.envelope.subject), []).append(event)
    return batch


def _fact_row(received: Received) -> tuple[Any, ...]:
    e = received.envelope
    assert e is not None
    happened = received.event.avvenuto_il if received.event else _date(e.data.get("avvenuto_il"))
    recorded = datetime.fromisoformat(e.time)
    data = to_json(e.data).decode()
    return (e.source, e.subject, e.entityversion, e.id, e.type, e.schema_version, happened, recorded, data)


def _date(value: object) -> date | None:
    """The civil date of an event whose type is not known; None where it has none."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


async def _facts(connection: Connection, subject: Subject) -> list[Fact]:
    rows = await connection.fetch(
        "select id::text, type, schema_version, data from fact where source = $1 and subject = $2 order by version",
        *subject,
    )
    return [Fact(id, type, version, from_json(data)) for id, type, version, data in rows]


async def _load_states(connection: Connection, subjects: Sequence[Subject]) -> dict[Subject, Stato]:
    rows = await connection.fetch(
        "select source, subject, state from folded"
        " join unnest($1::text[], $2::text[]) as s (source, subject) using (source, subject)",
        [source for source, _ in subjects],
        [subject for _, subject in subjects],
    )
    found: dict[Subject, Stato] = {}
    for source, subject, state in rows:
        genere = genere_of((source, subject))
        if genere is not None:
            found[source, subject] = genere.stato.model_validate_json(state)
    return found


async def _save_states(connection: Connection, states: dict[Subject, Stato]) -> None:
    keys = sorted(states)
    await connection.execute(
        "insert into folded (source, subject, state) select * from unnest($1::text[], $2::text[], $3::jsonb[])"
        " on conflict (source, subject) do update set state = excluded.state",
        [source for source, _ in keys],
        [subject for _, subject in keys],
        [states[k].model_dump_json() for k in keys],
    )


async def _add(connection: Connection, cells: Cells) -> None:
    """Adds to the sums, in one order for everybody; a sum that comes to nothing leaves no row."""
    keys = sorted(k for k, value in cells.items() if value)
    columns = [[k[i] for k in keys] for i in range(5)]
    rows = await connection.fetch(
        "insert into quota (measure, source, comune, month, key, value)"
        " select * from unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::text[], $6::bigint[])"
        " on conflict (measure, source, comune, month, key) do update set value = quota.value + excluded.value"
        " returning value",
        *columns,
        [cells[k] for k in keys],
    )
    if any(value == 0 for (value,) in rows):
        await connection.execute(
            "delete from quota using unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::text[])"
            " as touched (measure, source, comune, month, key)"
            " where (quota.measure, quota.source, quota.comune, quota.month, quota.key)"
            " = (touched.measure, touched.source, touched.comune, touched.month, touched.key) and value = 0",
            *columns,
        )


async def _refresh(connection: Connection, events: Sequence[Received]) -> None:
    latest: dict[str, tuple[int, datetime]] = {}
    for received in events:
        assert received.envelope is not None
        source, recorded = received.envelope.source, datetime.fromisoformat(received.envelope.time)
        count, last = latest.get(source, (0, recorded))
        latest[source] = (count + 1, max(last, recorded))
    sources = sorted(latest)
    await connection.execute(
        "insert into freshness (source, events, last_recorded)"
        " select * from unnest($1::text[], $2::bigint[], $3::timestamptz[])"
        " on conflict (source) do update set events = freshness.events + excluded.events,"
        " last_recorded = greatest(freshness.last_recorded, excluded.last_recorded)",
        sources,
        [latest[s][0] for s in sources],
        [latest[s][1] for s in sources],
    )
