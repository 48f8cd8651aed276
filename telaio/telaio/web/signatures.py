"""Signed tokens: which signatures are accepted, and what a token says once its signature has been checked."""

import json
import warnings
from base64 import urlsafe_b64decode
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

ALGORITHMS = ("ES256", "RS256", "EdDSA", "Ed25519")  # one signature under its old and its new name
LEEWAY_S = 30
MAX_TOKEN = 8192
WRONG: tuple[type[Exception], ...] = (
    JoseError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    RecursionError,
)
"""What a malformed or unsigned token leads to, wherever it is wrong."""

_JWS = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
_JWS.max_header_length = 2048


def claims_of(token: str, keys: KeySet) -> dict[str, Any]:
    """What the token claims, its signature checked, its claims not yet. Raises: one of WRONG."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)  # "EdDSA" is an old name, not a weakness
        claims: dict[str, Any] = jwt.decode(token, keys, registry=_JWS).claims
    return claims


def key_id(token: str) -> str | None:
    """Which key the token says it was signed with; None where it does not say so legibly."""
    head = token.partition(".")[0]
    try:
        kid = json.loads(urlsafe_b64decode(head + "=" * (-len(head) % 4))).get("kid")
    except WRONG:
        return None
    return kid if isinstance(kid, str) else None
