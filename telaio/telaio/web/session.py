"""The browser's session: a cookie that holds the token, and forms that only our own pages may send."""

from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from telaio.web.access import refused
from telaio.web.problems import Problem

COOKIE = "genera_token"
LOGIN = "/accesso"


def token(request: Request) -> str:
    """The token in the cookie. Raises: Problem 401."""
    found = request.cookies.get(COOKIE)
    if not found:
        raise refused("token-mancante", "Per continuare occorre accedere.")
    return found


def keep(response: Response, value: str, *, secure: bool) -> Response:
    """Sets the cookie until the browser is closed; the token's own expiry still holds."""
    response.set_cookie(COOKIE, value, path="/", httponly=True, samesite="strict", secure=secure)
    return response


def forget(response: Response) -> Response:
    """Removes the cookie. Nothing else stays: pages are sent with no-store, and no script stores anything."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return response


def require_same_origin(request: Request, also: str | None = None) -> None:
    """Raises: Problem 403 unless one of our pages sent the form (or one of the origin of the address `also`)."""
    headers = request.headers
    origin = headers.get("origin")
    if also and origin and _authority(origin) == _authority(also) and urlsplit(also).scheme == urlsplit(origin).scheme:
        return
    site = headers.get("sec-fetch-site")
    ours = site == "same-origin" if site else bool(origin) and _authority(origin or "") == headers.get("host")
    if not ours:
        raise Problem(403, "origine-non-ammessa", "Il modulo non è stato inviato da una pagina di questo servizio.")


def _authority(address: str) -> str:
    """Host and port; the scheme may differ behind a proxy that ends TLS. Empty for a malformed address."""
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""


def local(path: str) -> str:
    """The path, where it is one of ours; the home page where it would lead elsewhere."""
    ok = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if ok else "/"


def login_address(request: Request) -> str:
    """The login page, with the way back."""
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return LOGIN if path == "/" else f"{LOGIN}?poi={quote(path)}"
