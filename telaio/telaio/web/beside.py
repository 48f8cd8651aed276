"""The cases that go with another one, as a strand ranks them: a page reached from that case, and the same as API."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from telaio.database import Connection
from telaio.entity import Entity
from telaio.runtime import Runtime
from telaio.web import formats, incoming
from telaio.web.answers import json
from telaio.web.links import Link, may
from telaio.web.reads import find, reading
from telaio.web.routing import Guarded, api, here, page
from telaio.web.templates import render

API = "/api/v1"
Row = dict[str, Any]
Rows = Callable[[Connection, Runtime, str], Awaitable[Sequence[Row]]]
"""Reads the cases that go with the one of this id, the best first; `id` is the other case's, the rest what is shown."""


def routes(
    entity: Entity[Any], step: str, other: Entity[Any], rows: Rows, join: tuple[Entity[Any], str]
) -> list[Guarded]:
    """Page and API of what goes with a case of `entity`, under its address and one more `step` (see `Entity.pages`).
    `join`: the command that brings two cases together; its form comes with both filled in."""

    async def read(request: Request) -> tuple[str, Sequence[Row]]:
        runtime, id = here(request).runtime, incoming.entity_id(request, entity)
        async with reading(runtime) as connection:
            await find(connection, runtime.service, entity, id)
            return id, await rows(connection, runtime, id)

    async def tell(request: Request) -> Response:
        id, found = await read(request)
        return json({"id": id, step: [{other.kind: row["id"], **_shown(row)} for row in found]})

    async def show(request: Request) -> Response:
        id, found = await read(request)
        district, columns = here(request).runtime.district, formats.columns(list(found))
        lines = [
            (
                _case(other, row),
                [formats.shown(c, row[c], district) for c in columns],
                _join(join, entity, id, other, row),
            )
            for row in found
        ]
        return render(
            request,
            "accanto.html",
            entity=entity,
            id=id,
            title=entity.pages[step],
            heads=[formats.heading(c) for c in columns],
            lines=lines,
            may_join=may(request, join[0].commands[join[1]]),
        )

    path = f"/{entity.plural}/{{id}}/{step}"
    return [api(API + path, tell, action="lettura"), page(f"/sportello{path}", show, action="lettura")]


def _shown(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "id"}


def _case(other: Entity[Any], row: Row) -> Link:
    return Link(f"/sportello/{other.plural}/{row['id']}", f"{other.title} {formats.short(row['id'])}")


def _join(join: tuple[Entity[Any], str], entity: Entity[Any], id: str, other: Entity[Any], row: Row) -> Link:
    kind, command = join
    address = f"/sportello/{kind.plural}/nuova/{command}?{entity.kind}={id}&{other.kind}={row['id']}"
    return Link(address, kind.commands[command].title)
