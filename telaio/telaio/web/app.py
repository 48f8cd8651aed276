"""The HTTP application of a service: every route comes from its declaration."""

from collections.abc import Awaitable, Callable, Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from telaio.runtime import Runtime
from telaio.service import Service
from telaio.web import commands, health, lists, openapi, pages, reads, static
from telaio.web.answers import json, on_http_exception
from telaio.web.discovery import Discovery
from telaio.web.edge import Edge
from telaio.web.provider import Provider
from telaio.web.routing import ByFirstStep, Guarded, Here, public, require_actions
from telaio.web.session import Sessions
from telaio.web.verifier import Verifier

TAKEN = frozenset({"liste", "sportello", "health", "status", "static", "accesso", "uscita", "openapi.json"})


def make_app(runtime: Runtime, extra_routes: Sequence[BaseRoute] = ()) -> Starlette:
    """The application. Extra routes come first, and say who may use them like all others (see `routing`).

    Raises: TypeError for a route without an action, ValueError for an entity whose path is already taken.
    """
    service = runtime.service
    _require_free_paths(service)
    routes = [*extra_routes, *derived_routes(service)]
    require_actions(routes)
    app = Starlette(middleware=[Middleware(Edge)], exception_handlers={HTTPException: on_http_exception})
    app.router = ByFirstStep(routes)
    app.state.here = _here(runtime)
    return app


def _here(runtime: Runtime) -> Here:
    """What the handlers need beside the runtime: who calls, by token or by session."""
    settings = runtime.settings
    discovery = Discovery(settings.oidc, insecure=settings.sviluppo) if settings.oidc else None
    provider = Provider(settings, discovery) if discovery and settings.oidc_cliente else None
    return Here(runtime, Verifier(settings, discovery), Sessions(runtime, provider), provider)


def derived_routes(service: Service) -> list[Guarded]:
    """All routes a declaration gives rise to."""
    return [
        *health.routes(),
        *static.routes(),
        public("/openapi.json", _openapi(service)),
        *lists.routes(service),
        *pages.routes(service),
        *commands.routes(service),
        *reads.routes(service),
    ]


def _openapi(service: Service) -> Callable[[Request], Awaitable[Response]]:
    """The document needs no token: it holds no data, and who writes a client or a gateway has none yet."""
    document = openapi.document(service)

    async def handle(request: Request) -> Response:
        return json(document, Cache_Control="public, max-age=300")

    return handle


def _require_free_paths(service: Service) -> None:
    clashes = sorted({e.plural for e in service.entities} & TAKEN)
    if clashes or len(service.by_plural) != len(service.entities):
        raise ValueError(f"{service.name}: paths already taken or given twice: {clashes}")
