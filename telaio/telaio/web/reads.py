"""GET of one entity: its state, and its history with every correction in sight."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from contratti.rete import EventoRettificato
from starlette.requests import Request
from starlette.responses import Response

from telaio.database import Connection
from telaio.entity import Entity
from telaio.journal import Recorded, Snapshot, corrections, history, load_many
from telaio.runtime import Runtime
from telaio.service import Service
from telaio.web import incoming
from telaio.web.answers import json
from telaio.web.problems import Problem
from telaio.web.routing import Guarded, Handler, api, here


def routes(service: Service) -> list[Guarded]:
    """State and history of each entity."""
    found = []
    for entity in service.entities:
        found.append(api(f"/{entity.plural}/{{id}}/eventi", _events(entity), action=entity.reading))
        found.append(api(f"/{entity.plural}/{{id}}", _state(entity), action=entity.reading))
    return found


@asynccontextmanager
async def reading(runtime: Runtime) -> AsyncIterator[Connection]:
    """A connection for reading. Raises: TimeoutError where none is free in ten seconds."""
    async with runtime.pool.acquire(timeout=10) as connection:
        yield connection


async def find(connection: Connection, service: Service, entity: Entity[Any], id: str) -> Snapshot:
    """The entity. Raises: Problem 404."""
    found = (await load_many(connection, service.by_kind, [(entity.kind, id)])).get((entity.kind, id))
    if found is not None and found.state is not None:
        return found
    if entity.singleton is None:
        raise Problem(404, "non-trovato", f"{entity.title}: non esiste in questo servizio.")
    return Snapshot(id, found.version if found else 0, entity.initial)


def etag(entity: Entity[Any], snapshot: Snapshot, body: bytes) -> str:
    """The version; with a hash of the content where the state can change without it: ledgers, and newer folds."""
    if entity.fold == 1 and not entity.summed:
        return f'"{snapshot.version}"'
    return f'"{snapshot.version}-{hashlib.sha256(body).hexdigest()[:16]}"'


def _state(entity: Entity[Any]) -> Handler:
    async def handle(request: Request) -> Response:
        runtime, id = here(request).runtime, incoming.entity_id(request, entity)
        async with reading(runtime) as connection:
            snapshot = await find(connection, runtime.service, entity, id)
        assert snapshot.state is not None
        state = snapshot.state.model_dump(mode="json", exclude={"id"})
        response = json({"id": id, "version": snapshot.version, "stato": state}, Cache_Control="private, no-cache")
        response.headers["ETag"] = tag = etag(entity, snapshot, bytes(response.body))
        if incoming.seen(request.headers, tag):
            return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "private, no-cache"})
        return response

    return handle


def _events(entity: Entity[Any]) -> Handler:
    async def handle(request: Request) -> Response:
        runtime, id = here(request).runtime, incoming.entity_id(request, entity)
        async with reading(runtime) as connection:
            snapshot = await find(connection, runtime.service, entity, id)
            rows = await history(connection, entity.kind, id)
        return json({"id": id, "version": snapshot.version, "eventi": [told.entry() for told in tell(rows)]})

    return handle


@dataclass(frozen=True)
class Told:
    """One event of a history. `correction`: the row that corrects it, with the right data or None for an annulment."""

    row: Recorded
    correction: Recorded | None = None

    @property
    def right(self) -> dict[str, Any] | None:
        """The data as they should have been; None where the event is annulled."""
        data: dict[str, Any] | None = self.correction.data.get("data") if self.correction else self.row.data
        return data

    def entry(self) -> dict[str, Any]:
        row = self.row
        entry = {
            "id": row.id,
            "version": row.version,
            "tipo": row.type,
            "versione_schema": row.schema_version,
            "avvenuto_il": row.data["avvenuto_il"],
            "registrato_alle": row.recorded_at.isoformat(),
            "autore": row.author,
            "dati": row.data,
        }
        if self.correction:
            by = {"da": self.correction.id, "motivo": self.correction.data["motivo"], "annullato": self.right is None}
            entry["rettificato"] = {**by, "dati": self.right}
        return entry


def tell(rows: list[Recorded]) -> list[Told]:
    """The history, each event with the correction in force."""
    in_force = {wrong: _row_of(rows, wrong) for wrong in corrections(rows)}
    return [Told(row, in_force.get(row.id)) for row in rows]


def _row_of(rows: list[Recorded], wrong: str) -> Recorded:
    """The last correction of the event `wrong`."""
    return [r for r in rows if r.type == EventoRettificato.type_name and r.data["rettifica"] == wrong][-1]
