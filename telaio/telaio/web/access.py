"""Who calls, and what they may do: bearer tokens verified here against the issuer's public keys, deny by default."""

import json
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError, SecurityWarning
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from telaio.settings import Settings
from telaio.web.problems import Problem, unavailable

ALGORITHMS = ("ES256", "RS256", "EdDSA", "Ed25519")  # one signature under its old and its new name
LEEWAY_S = 30
MAX_TOKEN = 8192
MANY_TOKENS = 500
SUBJECT = re.compile(r"[!-~]{1,128}")

PUBLIC = "pubblico"
WHO_MAY: dict[str, frozenset[str]] = {
    "comando": frozenset({"operatore", "responsabile"}),
    "rettifica": frozenset({"operatore", "responsabile"}),
    "lettura": frozenset({"operatore", "responsabile", "coordinatore", "protezione_dati"}),
    "percorsi": frozenset({"coordinatore"}),
    "rendicontazione": frozenset({"coordinatore"}),
    "approvazione": frozenset({"coordinatore"}),
    "pubblicazione": frozenset({"coordinatore"}),
    "stato": frozenset({"coordinatore", "amministratore_tecnico", "responsabile"}),
    "ops": frozenset({"amministratore_tecnico"}),
}
"""The roles that may, by action. What is not here nobody may."""


@dataclass(frozen=True)
class Principal:
    """Who a token speaks for. `services`: names, or `*` for all; `ente`: the partner they work for."""

    subject: str
    name: str
    roles: frozenset[str]
    services: frozenset[str]
    ente: str | None = None

    def may(self, action: str, service: str) -> bool:
        """Whether one of the roles may do this here."""
        return bool(self.roles & WHO_MAY.get(action, frozenset())) and bool(self.services & {service, "*"})


class Verifier:
    """Turns a token into its principal. The key file is read again when it changes, so that keys can rotate."""

    def __init__(self, settings: Settings) -> None:
        self._path: Path = settings.chiavi_file
        self._stamp: tuple[int, int] | None = None
        self._keys: KeySet | None = None
        self._signed: dict[str, dict[str, Any]] = {}
        self._jws = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        self._jws.max_header_length = 2048
        self._claims = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_S,
            iss={"essential": True, "value": settings.emittente},
            aud={"essential": True, "value": settings.destinatario},
            exp={"essential": True},
            sub={"essential": True},
        )

    def verify(self, token: str) -> Principal:
        """Whose token it is. Time is real time, whatever the simulated clock says. Raises: Problem 401, 503."""
        if not token.isascii() or len(token) > MAX_TOKEN:
            raise refused("token-non-valido", "Il token di accesso non è valido.")
        keys = self.keys()
        try:
            claims = self._signed.get(token) or self._checked(token, keys)
            self._claims.validate(claims)
            return _principal(claims)
        except ExpiredTokenError as expired:
            raise refused("token-scaduto", "L'accesso è scaduto: accedere di nuovo.") from expired
        except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as wrong:
            raise refused("token-non-valido", "Il token di accesso non è valido.") from wrong

    def _checked(self, token: str, keys: KeySet) -> dict[str, Any]:
        """What the token claims, its signature checked; remembered as long as the keys are these. Raises: JoseError."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SecurityWarning)  # "EdDSA" is an old name, not a weakness
            claims = jwt.decode(token, keys, registry=self._jws).claims
        if len(self._signed) >= MANY_TOKENS:
            self._signed.clear()
        self._signed[token] = claims
        return claims

    def keys(self) -> KeySet:
        """The keys in the file; those read before where it is unreadable now. Raises: Problem 503 without any."""
        try:
            found = self._path.stat()
            stamp = (found.st_mtime_ns, found.st_size)
            if stamp != self._stamp:
                self._keys = KeySet.import_key_set(json.loads(self._path.read_bytes()))
                self._stamp = stamp
                self._signed.clear()
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


def permit(principal: Principal, action: str, service: str) -> None:
    """Raises: Problem 403 where none of the principal's roles may do this in this service."""
    if not principal.may(action, service):
        raise Problem(403, "non-permesso", "Il ruolo di chi accede non permette questa operazione in questo servizio.")


def _principal(claims: Mapping[str, Any]) -> Principal:
    """Raises: ValueError for claims of another shape."""
    subject, name, ente = claims["sub"], claims.get("name"), claims.get("ente")
    if not SUBJECT.fullmatch(subject):
        raise ValueError("sub")
    return Principal(
        subject=subject,
        name=name if isinstance(name, str) and name.isprintable() else subject,
        roles=_words(claims, "ruoli"),
        services=_words(claims, "servizi"),
        ente=ente if isinstance(ente, str) else None,
    )


def _words(claims: Mapping[str, Any], name: str) -> frozenset[str]:
    """A claim that is a list of words; nothing where it is missing. Raises: ValueError."""
    words = claims.get(name, [])
    if not isinstance(words, list) or not all(isinstance(w, str) for w in words):
        raise ValueError(name)
    return frozenset(words)
