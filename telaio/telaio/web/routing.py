"""Routes that say who may use them. A route that does not is refused when the application is made."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from telaio.runtime import Runtime
from telaio.web import session
from telaio.web.access import PUBLIC, WHO_MAY, Principal, Verifier, bearer, permit
from telaio.web.problems import Problem

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Here:
    """What handlers find under `request.app.state.here`."""

    runtime: Runtime
    verifier: Verifier


def here(request: Request) -> Here:
    found: Here = request.app.state.here
    return found


def principal(request: Request) -> Principal:
    """Who calls; set by the guard of every route that is not public."""
    found: Principal = request.state.principal
    return found


class Guarded(Route):
    """A route with its action: a row of WHO_MAY, or PUBLIC."""

    def __init__(self, path: str, handler: Handler, *, action: str, method: str = "GET") -> None:
        super().__init__(path, handler, methods=[method])
        self.action = action


def public(path: str, handler: Handler, *, method: str = "GET") -> Guarded:
    """A route without a token: it has no data of anybody."""
    return Guarded(path, handler, action=PUBLIC, method=method)


def api(path: str, handler: Handler, *, action: str, method: str = "GET") -> Guarded:
    """A route for programs: the token comes in the Authorization header, and only there, so no cookie can be abused."""

    async def guarded(request: Request) -> Response:
        _admit(request, bearer(request.headers), action)
        return await handler(request)

    return Guarded(path, guarded, action=action, method=method)


def page(path: str, handler: Handler, *, action: str, method: str = "GET") -> Guarded:
    """A route for browsers: the token comes in a cookie; without one the reader is sent to log in."""

    async def guarded(request: Request) -> Response:
        if method == "POST":
            session.require_same_origin(request)
        try:
            _admit(request, session.token(request), action)
        except Problem as problem:
            if problem.status == 401 and method == "GET":
                return RedirectResponse(session.login_address(request), 303)
            raise
        return await handler(request)

    return Guarded(path, guarded, action=action, method=method)


def _admit(request: Request, token: str, action: str) -> None:
    """Raises: Problem 401, 403, 503."""
    found = here(request)
    request.state.principal = found.verifier.verify(token)
    permit(request.state.principal, action, found.runtime.service.name)


def require_actions(routes: Iterable[BaseRoute]) -> None:
    """Raises: TypeError for a route that does not say who may use it."""
    for route in routes:
        action = getattr(route, "action", None)
        if action != PUBLIC and action not in WHO_MAY:
            raise TypeError(f"{getattr(route, 'path', route)}: says not who may use it (action={action!r})")
