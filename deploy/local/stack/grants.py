"""What the development identity provider has granted and not yet taken back: codes and refresh tokens, in memory."""

import hashlib
import hmac
import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Any

from stack.tokens import Issuer, by_id

CODE_LASTS_S = 60.0
MINUTES_10 = 600
MANY = 1000


class Refused(Exception):
    """An error of RFC 6749, 5.2, by its code."""


@dataclass(frozen=True)
class Grant:
    """What a user agreed to: for which client, coming back where."""

    user: str
    client: str
    redirect: str
    challenge: str
    nonce: str | None
    made: float = field(default_factory=time.monotonic)


class Grants:
    """Codes serve once and for a minute; a refresh token is replaced each time it is used."""

    def __init__(self, issuer: Issuer, url: str) -> None:
        self._issuer, self._url = issuer, url
        self._codes: dict[str, Grant] = {}
        self._refreshing: dict[str, Grant] = {}

    def code(self, grant: Grant) -> str:
        """A code for what was granted."""
        return _keep(self._codes, grant)

    def exchanged(self, asked: Mapping[str, str]) -> dict[str, Any]:
        """The tokens for a code. Raises: Refused, KeyError for what is missing."""
        grant = self._codes.pop(asked["code"], None)
        if grant is None or time.monotonic() - grant.made > CODE_LASTS_S:
            raise Refused("invalid_grant")
        if (grant.client, grant.redirect) != (asked["client_id"], asked["redirect_uri"]):
            raise Refused("invalid_grant")
        if not hmac.compare_digest(challenge(asked["code_verifier"]), grant.challenge):
            raise Refused("invalid_grant")
        return self._tokens(grant, nonce=grant.nonce)

    def refreshed(self, asked: Mapping[str, str]) -> dict[str, Any]:
        """New tokens for a refresh token. Raises: Refused, KeyError for what is missing."""
        grant = self._refreshing.pop(asked["refresh_token"], None)
        if grant is None or grant.client != asked["client_id"]:
            raise Refused("invalid_grant")
        return self._tokens(grant, nonce=None)

    def _tokens(self, grant: Grant, **claims: Any) -> dict[str, Any]:
        now, who = int(time.time()), by_id(grant.user)
        lasts = {"iss": self._url, "iat": now, "exp": now + MINUTES_10}
        return {
            "access_token": self._issuer.token(who, **lasts),
            "id_token": self._issuer.token(who, **lasts, aud=grant.client, **claims),
            "refresh_token": _keep(self._refreshing, grant),
            "token_type": "Bearer",
            "expires_in": MINUTES_10,
        }


def challenge(verifier: str) -> str:
    """The S256 challenge of a verifier (RFC 7636, 4.2)."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _keep(grants: dict[str, Grant], grant: Grant) -> str:
    """A name for the grant; the oldest is forgotten where there are too many."""
    if len(grants) >= MANY:
        grants.pop(next(iter(grants)))
    name = token_urlsafe(24)
    grants[name] = grant
    return name
