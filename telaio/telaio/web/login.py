"""Entering and leaving: to the identity provider and back, and a session of our own in between."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from telaio.web.attempt import LASTS_S, Attempt, foreign
from telaio.web.cookies import attempt_cookie, session_cookie
from telaio.web.problems import Problem
from telaio.web.provider import Provider
from telaio.web.routing import LOGIN, Guarded, here, public
from telaio.web.sender import require_form_token, require_same_origin
from telaio.web.templates import render

BACK, LEFT = f"{LOGIN}/ritorno", "/uscita"


def routes() -> list[Guarded]:
    """Public: who has no session yet must be able to enter."""
    return [public(LOGIN, _ask), public(BACK, _return), public(LEFT, _left), public(LEFT, _leave, method="POST")]


async def _ask(request: Request) -> Response:
    """To the provider. An attempt under way is gone on with: several pages may have been opened at once."""
    cookie = attempt_cookie(here(request).runtime, LASTS_S)
    attempt = Attempt.of(cookie.read(request)) or Attempt.new()
    after = local(request.query_params.get("poi", "/"))
    response = RedirectResponse(await _provider(request).authorization(attempt, after, own(request, BACK)), 303)
    cookie.keep(response, attempt.seed)
    return response


async def _return(request: Request) -> Response:
    found, cookie = here(request), session_cookie(here(request).runtime)
    trying = attempt_cookie(found.runtime, LASTS_S)
    attempt, previous = Attempt.of(trying.read(request)), cookie.read(request)
    try:
        if attempt is None:
            raise foreign()
        after = local(attempt.after(request.query_params.get("state", "")))
        identity = await _provider(request).identity(_code(request), attempt, own(request, BACK))
    except Problem as problem:
        if problem.status == 400 and await _inside(request, previous):
            return RedirectResponse("/", 303)  # another page of this browser was faster
        raise
    response = RedirectResponse(after, 303)
    cookie.keep(response, await found.sessions.begin(identity, previous))
    trying.forget(response)
    return response


def _code(request: Request) -> str:
    """The code in the provider's answer. Raises: Problem 400, 403, 503."""
    asked = request.query_params
    issuer = asked.get("iss", "").rstrip("/")
    if issuer and issuer != _provider(request).discovery.issuer:  # RFC 9207
        raise foreign()
    if asked.get("error") in ("temporarily_unavailable", "server_error"):
        raise Problem(503, "identita-non-raggiungibile", "Il gestore delle identità non può rispondere ora.")
    if "error" in asked:
        raise Problem(403, "accesso-negato", "Il gestore delle identità non ha concesso l'accesso.")
    if not asked.get("code"):
        raise foreign()
    return asked["code"]


async def _inside(request: Request, value: str | None) -> bool:
    try:
        await here(request).sessions.find(value)
    except Problem:
        return False
    return True


async def _leave(request: Request) -> Response:
    """Ends the session here, then at the provider. A page leads there and not a redirect: the policy of our pages lets
    forms go to ourselves alone, redirects included."""
    require_same_origin(request)
    found, cookie = here(request), session_cookie(here(request).runtime)
    value, after = cookie.read(request), None
    if value and await _inside(request, value):
        await require_form_token(request, (await found.sessions.find(value)).form_token)
        tokens = await found.sessions.end(value)
        after = await found.provider.leaving(tokens, own(request, LEFT)) if found.provider else None
    response = render(request, "uscita.html", after=after)
    cookie.forget(response)
    return response


async def _left(request: Request) -> Response:
    return render(request, "uscita.html", after=None)


def _provider(request: Request) -> Provider:
    """Raises: Problem 503 where the service was given none."""
    found = here(request).provider
    if found is None:
        raise Problem(
            503, "accesso-non-configurato", "Questo servizio non ha un gestore delle identità: manca GENERA_OIDC."
        )
    return found


def own(request: Request, path: str) -> str:
    """The address of one of our pages as a browser sees it."""
    return (here(request).runtime.settings.indirizzo or str(request.base_url)).rstrip("/") + path


def local(path: str) -> str:
    """The path, where it is one of ours; the home page where it would lead elsewhere."""
    ok = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if ok else "/"
