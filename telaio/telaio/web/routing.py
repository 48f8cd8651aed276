"""Routes that say who may use them, and how one is found. A route that does not say it is refused when the application
is made."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route, Router
from starlette.types import Receive, Scope, Send

from telaio.runtime import Runtime
from telaio.web.access import PUBLIC, WHO_MAY, Principal, permit
from telaio.web.cookies import session_cookie
from telaio.web.problems import Problem
from telaio.web.provider import Provider
from telaio.web.sender import navigates, require_form_token, require_same_origin
from telaio.web.session import Session, Sessions
from telaio.web.verifier import Verifier, bearer

Handler = Callable[[Request], Awaitable[Response]]
LOGIN = "/accesso"
PAGE, API = "pagina", "api"


@dataclass(frozen=True)
class Here:
    """What handlers find under `request.app.state.here`. `provider`: None where nobody can sign in to pages."""

    runtime: Runtime
    verifier: Verifier
    sessions: Sessions
    provider: Provider | None


def here(request: Request) -> Here:
    found: Here = request.app.state.here
    return found


def principal(request: Request) -> Principal:
    """Who calls; set by the guard of every route that is not public."""
    found: Principal = request.state.principal
    return found


class Guarded(Route):
    """A route with its action (a row of WHO_MAY, or PUBLIC), and whether it is a page or for programs."""

    def __init__(self, path: str, handler: Handler, *, action: str, method: str = "GET", door: str = PUBLIC) -> None:
        super().__init__(path, handler, methods=[method])
        self.action, self.door = action, door


def public(path: str, handler: Handler, *, method: str = "GET") -> Guarded:
    """A route without a token: it has no data of anybody."""
    return Guarded(path, handler, action=PUBLIC, method=method)


def api(path: str, handler: Handler, *, action: str, method: str = "GET") -> Guarded:
    """A route for programs: the token comes in the Authorization header, and only there, so no cookie can be abused."""

    async def guarded(request: Request) -> Response:
        found = here(request)
        _admit(request, await found.verifier.verify(bearer(request.headers)), action)
        return await handler(request)

    return Guarded(path, guarded, action=action, method=method, door=API)


def page(path: str, handler: Handler, *, action: str, method: str = "GET") -> Guarded:
    """A route for browsers: a cookie tells the session; without one the reader is sent to log in."""

    async def guarded(request: Request) -> Response:
        if method == "POST":
            require_same_origin(request)
        try:
            session = await _session(request)
        except Problem as problem:
            if problem.status == 401 and method == "GET" and navigates(request):
                return RedirectResponse(login_address(request), 303)
            raise
        _admit(request, session.principal, action)
        if method == "POST":
            await require_form_token(request, session.form_token)
        return await handler(request)

    return Guarded(path, guarded, action=action, method=method, door=PAGE)


async def _session(request: Request) -> Session:
    """The session of who asks; pages find its token for their forms. Raises: Problem 401, 503."""
    found = here(request)
    value = session_cookie(found.runtime).read(request)
    session = await found.sessions.find(value, used=navigates(request))
    request.state.form_token = session.form_token
    return session


def _admit(request: Request, principal: Principal, action: str) -> None:
    """Raises: Problem 403."""
    request.state.principal = principal
    permit(principal, action, here(request).runtime.service.name)


def login_address(request: Request) -> str:
    """The login page, with the way back."""
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return LOGIN if path == "/" else f"{LOGIN}?poi={quote(path)}"


class ByFirstStep(Router):
    """A router that tries only the routes whose path begins with the same step as the request's: of two hundred, ten.

    Nothing is redirected: a redirected POST is a lost POST.
    """

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        super().__init__(routes, redirect_slashes=False)
        by_step = defaultdict[str, list[BaseRoute]](list)
        for route in routes:
            by_step[_first_step(getattr(route, "path", ""))].append(route)
        self._sections = {step: Router(own, redirect_slashes=False) for step, own in by_step.items()}

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers, or raises HTTPException 404 or 405, as any router."""
        section = self._sections.get(_first_step(scope["path"])) if scope["type"] == "http" else None
        await (section.app if section else super().app)(scope, receive, send)


def _first_step(path: str) -> str:
    return path.partition("/")[2].partition("/")[0]


def require_actions(routes: Iterable[BaseRoute]) -> None:
    """Raises: TypeError for a route that does not say who may use it."""
    for route in routes:
        action = getattr(route, "action", None)
        if action != PUBLIC and action not in WHO_MAY:
            raise TypeError(f"{getattr(route, 'path', route)}: says not who may use it (action={action!r})")
