"""The form of a correction: the wrong event's own form, filled in with what it says."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, get_args
from uuid import uuid4

from contratti.rete import Event, EventoRettificato
from starlette.requests import Request
from starlette.responses import Response

from telaio.correction import CORRECTION
from telaio.entity import Entity
from telaio.journal import history
from telaio.web import formats, forms, incoming
from telaio.web.problems import Problem
from telaio.web.reads import Told, reading, tell
from telaio.web.routing import Guarded, Handler, here, page
from telaio.web.submitted import KEY, REFUSALS, done, form, hidden, one, refusal, run
from telaio.web.templates import render
from telaio.web.validation import Finding, Invalid, validated

EVENT, REASON, ACTION = "_evento", "_motivo", "_azione"
REASONS = get_args(EventoRettificato.model_fields["motivo"].annotation)
CHOOSE = Finding((REASON,), "Motivo", "va scelto fra le voci proposte")


def routes(entity: Entity[Any]) -> list[Guarded]:
    """Ask and submit; nothing where events are not corrected."""
    if not entity.correctable:
        return []
    path = f"/sportello/{entity.plural}/{{id}}/{CORRECTION.name}"
    return [
        page(path, _ask(entity), action="rettifica"),
        page(path, _submit(entity), action="rettifica", method="POST"),
    ]


@dataclass(frozen=True)
class Correcting:
    """A correction being filled in. `typed` holds the event's fields, and our own under names that begin with _."""

    entity: Entity[Any]
    id: str
    told: Told
    key: str
    typed: forms.Values
    findings: Sequence[Finding] = field(default=())
    refusal: str | None = None
    status: int = 200

    @property
    def model(self) -> type[Event]:
        return Event.registro[self.told.row.type, self.told.row.schema_version]


def _ask(entity: Entity[Any]) -> Handler:
    async def handle(request: Request) -> Response:
        id = incoming.entity_id(request, entity)
        wrong = await _wrong(request, entity, id, request.query_params.get("evento", ""))
        model = Event.registro[wrong.row.type, wrong.row.schema_version]
        typed = forms.typed(model, wrong.right or wrong.row.data)
        return _page(request, Correcting(entity, id, wrong, str(uuid4()), {**typed, ACTION: ["correggi"]}))

    return handle


def _submit(entity: Entity[Any]) -> Handler:
    async def handle(request: Request) -> Response:
        typed, id = await form(request), incoming.entity_id(request, entity)
        wrong = await _wrong(request, entity, id, hidden(typed, EVENT))
        filling = Correcting(entity, id, wrong, hidden(typed, KEY), typed)
        if forms.MORE_ROWS in typed:
            return _page(request, filling)
        try:
            await run(request, entity, CORRECTION, id, filling.key, _body(request, filling))
        except Invalid as invalid:
            return _page(request, filling, findings=invalid.findings, status=422)
        except REFUSALS as error:
            said, status = refusal(error)
            return _page(request, filling, refusal=said, status=status)
        return done(entity, CORRECTION, id)

    return handle


def _body(request: Request, filling: Correcting) -> bytes:
    """The correction as JSON. Raises: Invalid, with the fields of the event that are wrong."""
    runtime, typed = here(request).runtime, filling.typed
    today, reason = runtime.clock.today(), one(typed, REASON)
    data = None
    if typed.get(ACTION) != ["annulla"]:
        data = forms.body(filling.model, typed)
        validated(filling.model, json.dumps(data).encode(), today, runtime.district)
    if reason not in REASONS:
        raise Invalid([CHOOSE])
    found = {"avvenuto_il": today.isoformat(), "rettifica": filling.told.row.id, "motivo": reason, "data": data}
    return json.dumps(found).encode()


async def _wrong(request: Request, entity: Entity[Any], id: str, event: str) -> Told:
    """The event to correct, with the correction it already has. Raises: Problem 404."""
    async with reading(here(request).runtime) as connection:
        rows = await history(connection, entity.kind, id)
    for told in tell(rows):
        known = (told.row.type, told.row.schema_version) in Event.registro
        if told.row.id == event and known and told.row.type != EventoRettificato.type_name:
            return told
    raise Problem(404, "evento-non-trovato", "L'evento da rettificare non è fra quelli di questa scheda.")


def _page(request: Request, filling: Correcting, **changes: Any) -> Response:
    state = Correcting(**{**filling.__dict__, **changes})
    runtime = here(request).runtime
    questions = forms.inputs(state.model, runtime.district, runtime.clock.today(), {})
    reasons = tuple(forms.Option(code, formats.words(code)) for code in REASONS)
    reason = forms.Input(REASON, "Motivo della rettifica", "", "scelta", True, reasons)
    return render(
        request,
        "rettifica.html",
        status=state.status,
        form=state,
        title=formats.title_of(state.told.row.type),
        action=one(state.typed, ACTION),
        reason=forms.filled([reason], state.typed, state.findings)[0],
        questions=forms.filled(questions, state.typed, state.findings),
    )
