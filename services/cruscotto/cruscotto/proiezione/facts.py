"""The fact table: every event as it came. Evidence of each figure, and the source of every refold."""

import re
from collections.abc import Sequence
from datetime import date

from contratti.rete import EventoRettificato
from pydantic_core import from_json
from telaio.columns import columns
from telaio.consumer.ingest import Version
from telaio.consumer.record import Received
from telaio.database import Connection

from cruscotto.cifre.indicatori import Registro
from cruscotto.proiezione.fold import Fact, Subject

LATE = Registro.carica().giorni_di_ritardo
"""Days after which a registration is late; as for all that is counted, another number asks for a rebuild."""
RETTIFICA = EventoRettificato.type_name
WRITE = f"""
facts as (
    insert into fact (source, subject, version, id, type, schema_version, happened_on, recorded_at, data)
    select said->>'source', said->>'subject', (said->>'entityversion')::int, (said->>'id')::uuid, said->>'type',
        split_part(said->>'dataschema', '/', 4)::int, day::date, (said->>'time')::timestamptz, said->'data'
    from rows from (jsonb_array_elements($1::jsonb), jsonb_array_elements_text($2::jsonb -> 0)) as t (said, day)
    returning source, recorded_at, happened_on, type, data
), heard as (
    insert into freshness (source, events, last_recorded)
    select source, count(*), max(recorded_at) from facts group by source order by source
    on conflict (source) do update set events = freshness.events + excluded.events,
    last_recorded = greatest(freshness.last_recorded, excluded.last_recorded)
), judged as (
    insert into qualita (source, month, eventi, tardivi, rettifiche, annullamenti, senza_comune)
    select source, date_trunc('month', registrato)::date, count(*),
        count(*) filter (where registrato - happened_on > {LATE}),
        count(*) filter (where rettifica and data->'data' <> 'null'),
        count(*) filter (where rettifica and data->'data' = 'null'), count(*) filter (where data->'comune' = 'null')
    from (
        select *, (recorded_at at time zone 'Europe/Rome')::date as registrato, type = '{RETTIFICA}' as rettifica
        from facts
    ) f group by 1, 2 order by 1, 2
    on conflict (source, month) do update set eventi = qualita.eventi + excluded.eventi,
        tardivi = qualita.tardivi + excluded.tardivi, rettifiche = qualita.rettifiche + excluded.rettifiche,
        annullamenti = qualita.annullamenti + excluded.annullamenti,
        senza_comune = qualita.senza_comune + excluded.senza_comune
)
"""  # noqa: S608
"""Adds the events of `$1` and `$2`, see `rows`, moves the freshness of their sources and counts how they were
registered: a part of the projection's statement.

Raises UniqueViolationError for a known version.
"""
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def rows(events: Sequence[Received]) -> tuple[str, str]:
    """The events as facts: the records as they came, and the day of each.

    (The database takes a record apart itself: to write anew what was just read cost a tenth of a rebuild. As quick as
    COPY for thousands, and for a few one round trip where COPY takes two.)
    """
    said = b"[" + b",".join([e.value or b"" for e in events]) + b"]"
    return said.decode(), columns([e.event.avvenuto_il if e.event is not None else _day(e) for e in events])


def _day(unknown: Received) -> date | None:
    """The civil date of an event whose type is not known; None where it has none."""
    text = str(unknown.envelope and unknown.envelope.data.get("avvenuto_il"))
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


async def ids(connection: Connection, versions: Sequence[Version]) -> dict[Version, str]:
    """The ids of the facts at these versions; those that are not there are left out."""
    rows = await connection.fetch(
        "select source, subject, version, id::text from fact"
        " join unnest($1::text[], $2::text[], $3::int[]) as v (source, subject, version)"
        " using (source, subject, version)",
        [source for source, _, _ in versions],
        [subject for _, subject, _ in versions],
        [version for _, _, version in versions],
    )
    return {(source, subject, version): id for source, subject, version, id in rows}


async def of(connection: Connection, subject: Subject) -> list[Fact]:
    """The facts of one subject, in version order."""
    rows = await connection.fetch(
        "select id::text, type, schema_version, data from fact where source = $1 and subject = $2 order by version",
        *subject,
    )
    return [Fact(id, type, version, from_json(data)) for id, type, version, data in rows]


def of_record(received: Received) -> Fact:
    """The fact that a record becomes."""
    e = received.envelope
    assert e is not None
    return Fact(e.id, e.type, e.schema_version, e.data)
