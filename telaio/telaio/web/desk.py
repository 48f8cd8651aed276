"""A command as a form: ask, check, execute, then back to the case."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from pydantic.fields import FieldInfo
from starlette.requests import Request
from starlette.responses import Response

from telaio.command import CommandSpec
from telaio.database import DEAD
from telaio.entity import Entity
from telaio.service import Service
from telaio.web import cases, correcting, forms, incoming, links
from telaio.web.commands import action_of
from telaio.web.fields import kind_of, of_field
from telaio.web.reads import find, reading
from telaio.web.routing import Guarded, Handler, here, page
from telaio.web.submitted import KEY, REFUSALS, done, form, hidden, refusal, run
from telaio.web.templates import render
from telaio.web.validation import Finding, Invalid

ID = "_id"


def routes(entity: Entity[Any]) -> list[Guarded]:
    """The forms of an entity. A command that creates has one more, which makes the id by itself."""
    found = correcting.routes(entity)
    for spec in entity.commands.values():
        paths = [f"/sportello/{entity.plural}/{{id}}/{spec.name}"]
        if spec.creates and not entity.singleton:
            paths.insert(0, f"/sportello/{entity.plural}/nuova/{spec.name}")
        for path in paths:
            found.append(page(path, _ask(entity, spec), action=action_of(spec)))
            found.append(page(path, _submit(entity, spec), action=action_of(spec), method="POST"))
    return found


@dataclass(frozen=True)
class Filling:
    """A form being filled in: whose, what was typed, what is wrong. `key`: makes a double click one command."""

    entity: Entity[Any]
    spec: CommandSpec
    id: str
    key: str
    new: bool
    typed: forms.Values = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    refusal: str | None = None
    status: int = 200


def _ask(entity: Entity[Any], spec: CommandSpec) -> Handler:
    async def handle(request: Request) -> Response:
        new = "id" not in request.path_params
        id = str(uuid4()) if new else incoming.entity_id(request, entity)
        runtime, known = here(request).runtime, dict[str, list[str]]()
        if not new and not spec.creates:
            async with reading(runtime) as connection:
                known = _references(spec, (await find(connection, runtime.service, entity, id)).state)
        known |= {n: request.query_params.getlist(n) for n in spec.model.model_fields if n in request.query_params}
        today = {"avvenuto_il": [runtime.clock.today().strftime("%d/%m/%Y")]}
        return await _page(request, Filling(entity, spec, id, str(uuid4()), new, {**today, **known}))

    return handle


def _references(spec: CommandSpec, state: Any) -> dict[str, list[str]]:
    """What the command asks for that the case already names: most often it is the same one again."""
    asked = [n for n, f in spec.model.model_fields.items() if kind_of(n, of_field(f)) == "id"]
    return {n: [named] for n in asked if (named := getattr(state, n, None))}


def _submit(entity: Entity[Any], spec: CommandSpec) -> Handler:
    async def handle(request: Request) -> Response:
        typed, new = await form(request), "id" not in request.path_params
        if new:
            request.path_params["id"] = hidden(typed, ID)
        id, key = incoming.entity_id(request, entity), hidden(typed, KEY)
        raw = json.dumps(forms.body(spec.model, typed)).encode()
        filling = Filling(entity, spec, id, key, new, typed)
        if forms.MORE_ROWS in typed:
            return await _page(request, filling)
        try:
            await run(request, entity, spec, id, key, raw)
        except Invalid as invalid:
            return await _page(request, filling, findings=invalid.findings, status=422)
        except REFUSALS as error:
            said, status = refusal(error)
            return await _page(request, filling, refusal=said, status=status)
        return done(entity, spec, id)

    return handle


async def _page(request: Request, filling: Filling, **changes: Any) -> Response:
    state = Filling(**{**filling.__dict__, **changes})
    runtime, model = here(request).runtime, state.spec.model
    options = await case_options(request, state.spec)
    questions = forms.inputs(model, runtime.district, runtime.clock.today(), options)
    return render(
        request,
        "modulo.html",
        status=state.status,
        form=state,
        title=links.new_label(state.entity, state.spec) if state.new else state.spec.title,
        questions=forms.filled(questions, state.typed, state.findings),
        others=[f for f in state.findings if not f.location or f.location[0] not in model.model_fields],
    )


async def case_options(request: Request, spec: CommandSpec) -> dict[str, Sequence[forms.Option]]:
    """The cases to choose from, for the fields that name cases of this service; none while the database is away."""
    runtime = here(request).runtime
    wanted = {n: named_kind(runtime.service, n, f) for n, f in spec.model.model_fields.items()}
    if not any(wanted.values()):
        return {}
    try:
        async with reading(runtime) as connection:
            return {n: await cases.choices(connection, e, runtime.district) for n, e in wanted.items() if e}
    except DEAD:
        return {}


def named_kind(service: Service, name: str, field: FieldInfo) -> Entity[Any] | None:
    """Whose cases a field names: one by the name of its kind, several by a plural, as in `con_gruppi`."""
    kind = kind_of(name, of_field(field))
    if kind == "ids":
        return service.by_plural.get(name.rpartition("_")[2])
    return service.by_kind.get(name) if kind == "id" else None
