"""Bearer tokens, verified here with the issuer's public keys: those of a file, or those the provider publishes."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import KeySet

from telaio.settings import Settings
from telaio.web.access import Principal, principal_of
from telaio.web.discovery import Discovery
from telaio.web.problems import Problem, unavailable
from telaio.web.signatures import LEEWAY_S, MAX_TOKEN, WRONG, claims_of, key_id

MANY_TOKENS = 500


class Verifier:
    """Turns a token into its principal."""

    def __init__(self, settings: Settings, discovery: Discovery | None = None) -> None:
        self._settings = settings
        self._file = KeyFile(settings.chiavi_file) if settings.chiavi_file else None
        self._discovery = discovery
        self._keys: KeySet | None = None
        self._signed: dict[str, dict[str, Any]] = {}
        self._claims = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_S,
            iss={"essential": True, "value": settings.emittente},
            aud={"essential": True, "value": settings.destinatario},
            exp={"essential": True},
            sub={"essential": True},
        )

    async def verify(self, token: str) -> Principal:
        """Whose token it is. Time is real time, whatever the simulated clock says. Raises: Problem 401, 503."""
        if not token.isascii() or len(token) > MAX_TOKEN:
            raise refused("token-non-valido", "Il token di accesso non è valido.")
        keys = await self._known(token)
        try:
            claims = self._signed.get(token) or self._checked(token, keys)
            self._claims.validate(claims)
            return principal_of(claims, self._settings)
        except ExpiredTokenError as expired:
            raise refused("token-scaduto", "L'accesso è scaduto: accedere di nuovo.") from expired
        except WRONG as wrong:
            raise refused("token-non-valido", "Il token di accesso non è valido.") from wrong

    async def _known(self, token: str) -> KeySet:
        """The keys of now; what was signed with others is forgotten. Raises: Problem 503 without any."""
        if self._file:
            keys = self._file.keys()
        else:
            assert self._discovery is not None  # settings ask for one of the two
            keys = await self._discovery.keys(key_id(token))
        if keys is not self._keys:
            self._keys = keys
            self._signed.clear()
        return keys

    def _checked(self, token: str, keys: KeySet) -> dict[str, Any]:
        """What the token claims; remembered as long as the keys are these. Raises: one of WRONG."""
        claims = claims_of(token, keys)
        if len(self._signed) >= MANY_TOKENS:
            self._signed.clear()
        self._signed[token] = claims
        return claims


class KeyFile:
    """A JWKS file, read again when it changes, so that keys can rotate."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._keys: KeySet | None = None

    def keys(self) -> KeySet:
        """The keys in the file; those read before where it is unreadable now. Raises: Problem 503 without any."""
        try:
            found = self._path.stat()
            stamp = (found.st_mtime_ns, found.st_size)
            if stamp != self._stamp:
                self._keys = KeySet.import_key_set(json.loads(self._path.read_bytes()))
                self._stamp = stamp
        except (OSError, ValueError, KeyError, TypeError, JoseError) as error:
            if self._keys is None:
                raise unavailable("Le chiavi che verificano gli accessi non sono leggibili.") from error
        assert self._keys is not None
        return self._keys


def refused(code: str, detail: str) -> Problem:
    """401, saying how to authenticate."""
    error = ', error="invalid_token"' if code != "token-mancante" else ""
    return Problem(401, code, detail, headers={"WWW-Authenticate": f'Bearer realm="genera"{error}'})


def bearer(headers: Mapping[str, str]) -> str:
    """The token of the Authorization header. Raises: Problem 401."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise refused("token-mancante", "Serve un token di accesso (Authorization: Bearer …).")
    return token.strip()
