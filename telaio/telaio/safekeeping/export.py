"""Leaving: all of a service's data in open formats, for who goes on with another program or none."""

import csv
import io
import json
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from telaio.database import Connection, transaction
from telaio.entity import Entity
from telaio.runtime import Runtime
from telaio.safekeeping.backup import ONE_INSTANT
from telaio.service import OwnCommand

_JOURNAL = """
select id::text, kind || '/' || entity as subject, version, type, schema_version, data::text,
       to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as time,
       author, correlation, causation from journal order by seq
"""
_STATES = "select id, version, state from snapshot where kind = $1 and state is not null order by id"
README = """Dati di {titolo} ({servizio}/{partner}), com'erano il {quando}.

eventi.jsonl   il diario intero: un evento per riga, nella busta CloudEvents 1.0 in cui è stato pubblicato, più chi l'ha
               registrato (autore). Le rettifiche sono eventi: il tipo rete.EventoRettificato dice quale correggono.
schede/*.csv   lo stato di ogni scheda dopo quegli eventi, un file per genere; UTF-8, virgola, prima riga i nomi.
               Un campo che contiene più cose è in JSON.
schemi/*.json  lo schema JSON di ogni tipo di evento.
Le persone sono pseudonimi: i nomi non sono mai stati nel diario.
"""


async def export(runtime: Runtime, path: Path) -> dict[str, int]:
    """Writes the zip; returns how many rows each file has. Raises: OSError, and what the database does."""
    rows: dict[str, int] = {}
    async with transaction(runtime.pool, ONE_INSTANT) as connection:
        with ZipFile(path, "w", ZIP_DEFLATED) as archive:
            rows["eventi.jsonl"] = await _events(connection, runtime, archive)
            for entity in runtime.service.entities:
                rows[f"schede/{entity.plural}.csv"] = await _cases(connection, entity, archive)
            for model in runtime.service.events.values():
                schema = json.dumps(model.model_json_schema(), ensure_ascii=False, indent=1)
                archive.writestr(f"schemi/{model.type_name}.{model.schema_version}.json", schema)
            archive.writestr("LEGGIMI.txt", _readme(runtime))
    return rows


async def _events(connection: Connection, runtime: Runtime, archive: ZipFile) -> int:
    count = 0
    with archive.open("eventi.jsonl", "w", force_zip64=True) as file:
        async for row in connection.cursor(_JOURNAL, prefetch=1000):
            file.write(json.dumps(_envelope(row, runtime.source), ensure_ascii=False).encode() + b"\n")
            count += 1
    return count


def _envelope(row: Any, source: str) -> dict[str, Any]:
    """As it was published, and who recorded it."""
    return {
        "specversion": "1.0",
        "id": row["id"],
        "source": source,
        "type": row["type"],
        "subject": row["subject"],
        "time": row["time"],
        "dataschema": f"/schemas/{row['type']}/{row['schema_version']}",
        "datacontenttype": "application/json",
        "entityversion": row["version"],
        "correlationid": row["correlation"],
        "causationid": row["causation"],
        "autore": row["author"],
        "data": json.loads(row["data"]),
    }


async def _cases(connection: Connection, entity: Entity[Any], archive: ZipFile) -> int:
    """One row a case: the columns are the fields of its state."""
    fields = [name for name in entity.state.model_fields if name != "id"]
    count = 0
    with archive.open(f"schede/{entity.plural}.csv", "w") as file:
        file.write(_line(["id", "versione", *fields]))
        async for id, version, state in _states(connection, entity.kind):
            file.write(_line([id, version, *(_cell(state.get(name)) for name in fields)]))
            count += 1
    return count


async def _states(connection: Connection, kind: str) -> AsyncIterator[tuple[str, int, dict[str, Any]]]:
    async for id, version, state in connection.cursor(_STATES, kind, prefetch=1000):
        yield id, version, json.loads(state)


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def _line(cells: Iterable[Any]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()


def _readme(runtime: Runtime) -> str:
    return README.format(
        titolo=runtime.service.title,
        servizio=runtime.service.name,
        partner=runtime.settings.partner,
        quando=f"{runtime.clock.now():%d/%m/%Y alle %H:%M UTC}",
    )


async def _run(runtime: Runtime, arguments: Namespace) -> int:
    for name, count in (await export(runtime, arguments.file)).items():
        print(f"{name}: {count} righe")
    print(f"scritto {arguments.file}")
    return 0


def _arguments(word: ArgumentParser) -> None:
    word.add_argument("file", type=Path, help="dove scrivere (.zip)")


ESPORTA = OwnCommand("scrive tutti i dati del servizio in formati aperti", _run, _arguments)
