"""The fact table: every event as it came. Evidence of each figure, and the source of every refold."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO

from pydantic_core import from_json, to_json
from telaio.consumer.ingest import Version
from telaio.consumer.record import Received
from telaio.database import Connection

from cruscotto.fold import Fact, Subject

COLUMNS = (
    *("source", "subject", "version", "id", "type"),
    *("schema_version", "happened_on", "recorded_at", "data"),
)
_NULL = "\\N"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


async def write(connection: Connection, events: Sequence[Received]) -> None:
    """Adds the events, and moves the freshness of their sources. Raises: UniqueViolationError for a known version.

    The rows go as text: half the work of the binary form here, and PostgreSQL's parsing is the other processor's.
    """
    lines = "\n".join([_line(e) for e in events]).encode()
    await connection.copy_to_table("fact", source=BytesIO(lines), columns=COLUMNS)
    await _refresh(connection, events)


def _line(received: Received) -> str:
    """One row of COPY's text format. Only the data can hold a backslash; JSON writes tabs and line ends as escapes."""
    e = received.envelope
    assert e is not None
    event = received.event
    day = event.avvenuto_il.isoformat() if event is not None else _day(e.data.get("avvenuto_il"))
    data = to_json(e.data).decode().replace("\\", "\\\\")
    return f"{e.source}\t{e.subject}\t{e.entityversion}\t{e.id}\t{e.type}\t{e.schema_version}\t{day}\t{e.time}\t{data}"


def _day(value: object) -> str:
    """The civil date of an event whose type is not known; null where it has none."""
    text = str(value)
    try:
        return date.fromisoformat(text).isoformat() if _DAY.fullmatch(text) else _NULL
    except ValueError:
        return _NULL


async def _refresh(connection: Connection, events: Sequence[Received]) -> None:
    times: dict[str, list[str]] = {}
    for received in events:
        assert received.envelope is not None
        times.setdefault(received.envelope.source, []).append(received.envelope.time)
    latest = {source: max(map(datetime.fromisoformat, own)) for source, own in times.items()}
    sources = sorted(times)
    await connection.execute(
        "insert into freshness (source, events, last_recorded)"
        " select * from unnest($1::text[], $2::bigint[], $3::timestamptz[])"
        " on conflict (source) do update set events = freshness.events + excluded.events,"
        " last_recorded = greatest(freshness.last_recorded, excluded.last_recorded)",
        sources,
        [len(times[s]) for s in sources],
        [latest[s] for s in sources],
    )


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
