"""POST /{plural}/{id}/{command}: from a body to an executed command."""

import hashlib
from typing import Any

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from telaio import tracing
from telaio.command import CommandSpec
from telaio.correction import CORRECTION, entity_commands
from telaio.entity import Entity
from telaio.execute import Accepted, Call, execute
from telaio.service import Service
from telaio.web import incoming
from telaio.web.answers import json
from telaio.web.routing import Guarded, Handler, api, here, principal
from telaio.web.validation import validated


def routes(service: Service) -> list[Guarded]:
    """One route for each command of each entity."""
    return [
        api(f"/{entity.plural}/{{id}}/{name}", handler(entity, spec), action=action_of(spec), method="POST")
        for entity in service.entities
        for name, spec in entity_commands(entity).items()
    ]


def action_of(spec: CommandSpec) -> str:
    """The row of WHO_MAY for a command."""
    return "rettifica" if spec is CORRECTION else spec.action


def handler(entity: Entity[Any], spec: CommandSpec) -> Handler:
    """Answers a command sent as JSON."""

    async def handle(request: Request) -> Response:
        id, key = incoming.entity_id(request, entity), incoming.idempotency_key(request.headers)
        if_match = incoming.expected_version(request.headers)
        raw = await incoming.body(request, "application/json")
        found = here(request).runtime
        model = validated(spec.model, raw, found.clock.today(), found.district)
        call = make_call(request, entity, spec, id, model, key=key, digest=digest(raw), if_match=if_match)
        return _accepted(entity, spec, id, await execute(found, call))

    return handle


def digest(raw: bytes) -> bytes:
    """What makes two bodies under one key the same request."""
    return hashlib.sha256(raw).digest()


def make_call(request: Request, entity: Entity[Any], spec: CommandSpec, id: str, model: BaseModel, **more: Any) -> Call:
    """The call of a validated command. Page and API share the scope, so that a key is one request on both."""
    return Call(
        entity=entity,
        id=id,
        command=spec,
        model=model,
        author=principal(request).subject,
        scope=f"/{entity.plural}/{id}/{spec.name}",
        correlation=request.state.correlation,
        traceparent=tracing.current() or incoming.traceparent(request.headers),
        **more,
    )


def _accepted(entity: Entity[Any], spec: CommandSpec, id: str, accepted: Accepted) -> Response:
    body = {"id": id, "version": accepted.version, "eventi": accepted.events}
    headers = {"ETag": f'"{accepted.version}"', "Location": f"/{entity.plural}/{id}"}
    if accepted.replayed:
        headers["Idempotency_Replayed"] = "true"
    return json(body, 201 if spec.creates else 200, **headers)
