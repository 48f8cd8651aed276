"""Signing in to a service's pages as a browser does, for programs and tests: through the identity provider and back."""

import re
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from http.cookiejar import CookieJar
from urllib.parse import urlencode, urljoin

Form = Mapping[str, str | Sequence[str]]
"""The fields of a form; several values where several boxes are ticked."""
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@dataclass
class Visitor:
    """Somebody signed in to the pages of one service."""

    url: str
    opener: urllib.request.OpenerDirector
    jar: CookieJar

    def page(self, path: str) -> str:
        """Return the text of a page. Raises: urllib.error.HTTPError."""
        return _read(self.opener, self.url + path)[1]

    def send(self, path: str, form: Form) -> str:
        """Fill in the form at `path` and send it; return the page that answers. Raises: urllib.error.HTTPError."""
        origin = {"Origin": self.url}
        return _read(self.opener, self.url + path, {**hidden(self.page(path)), **form}, origin)[1]


def enter(url: str, user: str) -> Visitor:
    """Sign in to the service at `url` as a demo user. Raises: urllib.error.HTTPError."""
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(jar))
    address, page = _read(opener, f"{url}/accesso?poi=/health/live")  # a place where everybody may be
    _read(opener, urljoin(address, "/authorize"), hidden(page) | {"utente": user})
    return Visitor(url, opener, jar)


def hidden(page: str) -> dict[str, str]:
    """Return the hidden fields of a page's forms."""
    return {name: unescape(value) for name, value in HIDDEN.findall(page)}


def _read(
    opener: urllib.request.OpenerDirector,
    address: str,
    form: Form | None = None,
    headers: dict[str, str] | None = None,
) -> tuple[str, str]:
    """Return where we ended, and what is there."""
    body = urlencode(form, doseq=True).encode() if form is not None else None
    sent = {"Accept": "text/html", **(headers or {})}
    with opener.open(urllib.request.Request(address, body, sent), timeout=20) as answer:  # noqa: S310
        return answer.geturl(), answer.read().decode()
