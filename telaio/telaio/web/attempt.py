"""One attempt to enter: its state, nonce and PKCE verifier, all made from one random value that the browser keeps.

Nothing is stored until somebody has entered, so that nobody can fill a table by asking for the login page.
"""

import hashlib
import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Self

from telaio.web.problems import Problem

SEED = re.compile(r"[A-Za-z0-9_-]{43}")
LASTS_S = 600


@dataclass(frozen=True)
class Attempt:
    """What ties the provider's answer to the browser that asked."""

    seed: str

    @classmethod
    def of(cls, cookie: str | None) -> Self | None:
        """The attempt whose seed a cookie holds; None for anything else."""
        return cls(cookie) if cookie and SEED.fullmatch(cookie) else None

    @classmethod
    def new(cls) -> Self:
        return cls(token_urlsafe(32))

    @property
    def nonce(self) -> str:
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        """The PKCE code verifier (RFC 7636)."""
        return self._derived("verifier")

    def state(self, after: str) -> str:
        """The state to send along: it carries where to go afterwards, and cannot be made without the seed."""
        path = urlsafe_b64encode(after.encode("utf-8", "replace")).decode()
        return f"{self._derived('state' + path)}.{path}"

    def after(self, state: str) -> str:
        """Where the state says to go. Raises: Problem 400 for a state that this attempt did not make."""
        mac, _, path = state.partition(".")
        if not hmac.compare_digest(mac.encode(), self._derived("state" + path).encode()):
            raise foreign()
        return urlsafe_b64decode(path).decode()

    def _derived(self, use: str) -> str:
        made = hmac.digest(self.seed.encode(), use.encode("utf-8", "replace"), hashlib.sha256)
        return urlsafe_b64encode(made).decode().rstrip("=")


def foreign() -> Problem:
    """400: an answer nobody here asked for."""
    detail = "L'accesso è scaduto, oppure è cominciato in un altro browser: occorre ricominciare."
    return Problem(400, "accesso-non-cominciato-qui", detail)
