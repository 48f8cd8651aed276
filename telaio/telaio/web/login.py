"""Entering and leaving: a token, verified, becomes the cookie of the pages."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from telaio.web import session
from telaio.web.problems import Problem
from telaio.web.routing import Guarded, here, public
from telaio.web.submitted import form, one
from telaio.web.templates import render


def routes() -> list[Guarded]:
    """Public: who has no token yet must be able to enter."""
    return [
        public(session.LOGIN, _ask),
        public(session.LOGIN, _enter, method="POST"),
        public("/uscita", _leave, method="POST"),
    ]


async def _ask(request: Request) -> Response:
    return _page(request, session.local(request.query_params.get("poi", "/")))


async def _enter(request: Request) -> Response:
    found = here(request)
    session.require_same_origin(request, also=found.runtime.settings.identita)
    values = await form(request)
    after = session.local(one(values, "poi") or request.query_params.get("poi", "/"))
    token = one(values, "token").strip()
    try:
        found.verifier.verify(token)
    except Problem as problem:
        if problem.status != 401:
            raise
        return _page(request, after, error=problem.detail)
    return session.keep(RedirectResponse(after, 303), token, secure=not found.runtime.settings.sviluppo)


async def _leave(request: Request) -> Response:
    session.require_same_origin(request)
    return session.forget(RedirectResponse(session.LOGIN, 303))


def _page(request: Request, after: str, error: str | None = None) -> Response:
    status = 422 if error else 200
    return render(request, "accesso.html", status=status, after=after, error=error, identity=_identity(request, after))


def _identity(request: Request, after: str) -> str | None:
    """The development identity server's page, told where to come back; None elsewhere."""
    server = here(request).runtime.settings.identita
    if not server:
        return None
    back = f"{str(request.base_url).rstrip('/')}{session.LOGIN}" + ("" if after == "/" else f"?poi={quote(after)}")
    return f"{server.rstrip('/')}/accedi?ritorno={quote(back, safe='')}"
