"""Who sent a form: one of our own pages, and for the session it was made for."""

import hmac
from urllib.parse import urlsplit

from starlette.requests import Request

from telaio.web.incoming import form
from telaio.web.problems import Problem

FORM_TOKEN = "_modulo"  # noqa: S105  the name of a field
"""The hidden field that the template layer puts into every form sent by POST."""


def require_same_origin(request: Request) -> None:
    """Raises: Problem 403 unless one of our pages sent the form."""
    headers = request.headers
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    ours = site == "same-origin" if site else bool(origin) and _authority(origin or "") == headers.get("host")
    if not ours:
        raise Problem(403, "origine-non-ammessa", "Il modulo non è stato inviato da una pagina di questo servizio.")


async def require_form_token(request: Request, expected: str) -> None:
    """Raises: Problem 403 unless the form is one of this session's; 400, 413, 415 where it is no form."""
    sent = (await form(request)).get(FORM_TOKEN, [""])[0]
    if not hmac.compare_digest(sent.encode("utf-8", "replace"), expected.encode()):
        detail = "Il modulo è di un altro accesso: tornare alla pagina, ricaricarla e inviarlo di nuovo."
        raise Problem(403, "modulo-di-altri", detail)


def navigates(request: Request) -> bool:
    """Whether a person opened this address, and not a script of an open page."""
    return request.headers.get("sec-fetch-mode", "navigate") == "navigate"


def _authority(address: str) -> str:
    """Host and port; the scheme may differ behind a proxy that ends TLS. Empty for a malformed address."""
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""
