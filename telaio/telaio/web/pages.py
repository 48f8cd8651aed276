"""The operators' pages: home, lists, the cases of a kind, one case. Forms are in `desk`, the login in `login`."""

import re
from typing import Any

from contratti.rete import EventoRettificato
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from telaio.correction import CORRECTION, entity_commands
from telaio.entity import Entity
from telaio.journal import history
from telaio.service import Service, Vista
from telaio.web import cases, desk, formats, incoming, lists, login
from telaio.web.links import may, naming, next_steps, ways_in
from telaio.web.reads import find, reading
from telaio.web.routing import Guarded, Handler, here, page
from telaio.web.templates import render
from telaio.web.timeline import LATE_DAYS, moments, state_entries


def routes(service: Service) -> list[Guarded]:
    """The pages of every entity and list."""
    found = [*login.routes(), page("/", _home, action="lettura")]
    found += [page(f"/sportello/liste/{v.name}", _list(v), action="lettura") for v in service.lists]
    for entity in service.entities:
        found.append(page(f"/sportello/{entity.plural}", _cases(entity), action=entity.reading))
        found += desk.routes(entity)
        found.append(page(f"/sportello/{entity.plural}/{{id}}", _case(entity), action=entity.reading))
    return found


async def _home(request: Request) -> Response:
    service = here(request).runtime.service
    entities = [(entity, ways_in(request, entity)) for entity in service.entities]
    return render(request, "home.html", entities=entities)


def _list(vista: Vista) -> Handler:
    async def handle(request: Request) -> Response:
        runtime = here(request).runtime
        cursor = request.query_params.get("cursore")
        async with reading(runtime) as connection:
            found = await lists.read_page(connection, vista, runtime, cursor)
        columns = formats.columns(found.rows)
        rows = [
            (_link(vista, row), [formats.shown(c, row[c], runtime.district) for c in columns]) for row in found.rows
        ]
        heads = [(formats.heading(c), formats.is_number(c, found.rows)) for c in columns]
        return render(request, "lista.html", vista=vista, heads=heads, rows=rows, next=found.next, first=not cursor)

    return handle


def _link(vista: Vista, row: dict[str, Any]) -> tuple[str, str] | None:
    """Address and label of a row's case."""
    if vista.entity is None or not row.get("id"):
        return None
    return f"/sportello/{vista.entity.plural}/{row['id']}", formats.short(str(row["id"]))


def _cases(entity: Entity[Any]) -> Handler:
    async def handle(request: Request) -> Response:
        if entity.singleton:
            return RedirectResponse(f"/sportello/{entity.plural}/{entity.singleton}", 303)
        runtime = here(request).runtime
        sought, before = request.query_params.get("cerca", "").strip()[:100], _before(request)
        async with reading(runtime) as connection:
            found, after = await cases.find(connection, entity, runtime.district, sought, before)
        lines = [(case, case.caption(runtime.district), _event_title(case.last)) for case in found]
        return render(
            request,
            "schede.html",
            entity=entity,
            ways_in=ways_in(request, entity),
            sought=sought,
            lines=lines,
            next=after,
            first=before is None,
        )

    return handle


def _event_title(type: str) -> str:
    return CORRECTION.title if type == EventoRettificato.type_name else formats.title_of(type)


def _before(request: Request) -> int | None:
    """Where the page of cases begins; anything that is no number is the beginning."""
    sent = request.query_params.get("prima", "")
    return int(sent) if re.fullmatch(r"[0-9]{1,18}", sent) else None


def _case(entity: Entity[Any]) -> Handler:
    async def handle(request: Request) -> Response:
        runtime, id = here(request).runtime, incoming.entity_id(request, entity)
        async with reading(runtime) as connection:
            snapshot = await find(connection, runtime.service, entity, id)
            rows = await history(connection, entity.kind, id)
        assert snapshot.state is not None
        commands = [s for s in entity.commands.values() if may(request, s)]
        return render(
            request,
            "scheda.html",
            entity=entity,
            id=id,
            version=snapshot.version,
            state=state_entries(snapshot.state, runtime.service, runtime.district),
            commands=sorted(commands, key=lambda s: s.creates),
            next_steps=next_steps(request, runtime.service, entity, id),
            naming=naming(runtime.service, entity, id),
            moments=moments(rows, runtime.service, runtime.district),
            late_after=LATE_DAYS,
            may_correct=entity.correctable and may(request, CORRECTION),
            done=_done(request, entity),
        )

    return handle


def _done(request: Request, entity: Entity[Any]) -> str | None:
    """What was just recorded, to be told once: the title of the command named in the address."""
    spec = entity_commands(entity).get(request.query_params.get("fatto", ""))
    return spec.title if spec else None
