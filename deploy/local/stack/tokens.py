"""The demo users (invented) and their tokens, signed with a development key that never leaves the state directory."""

import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

ISSUER = "genera-sviluppo"
AUDIENCE = "genera"
ALGORITHM = "ES256"
TWELVE_HOURS = 12 * 3600


@dataclass(frozen=True)
class User:
    """Someone who can sign in to the local stack. `servizi`: where the roles hold, `*` for everywhere."""

    id: str
    nome: str
    mestiere: str
    ruoli: tuple[str, ...]
    servizi: tuple[str, ...]
    ente: str


LA_SORGENTE, LA_NUVOLA = "cooperativa-la-sorgente", "cooperativa-la-nuvola-del-sacco"

UTENTI = (
    User("anna.bianchi", "Anna Bianchi", "operatrice di casa", ("operatore",), ("casa",), "consorzio-tenda"),
    User("paolo.ferrari", "Paolo Ferrari", "responsabile di casa", ("responsabile",), ("casa",), "consorzio-tenda"),
    User("marta.villa", "Marta Villa", "Agente Sviluppo Lavoro", ("operatore",), ("lavoro",), LA_SORGENTE),
    User("davide.moretti", "Davide Moretti", "responsabile di lavoro", ("responsabile",), ("lavoro",), LA_SORGENTE),
    User("sara.greco", "Sara Greco", "facilitatrice di giovani", ("operatore",), ("giovani",), LA_NUVOLA),
    User("marco.leali", "Marco Leali", "responsabile di giovani", ("responsabile",), ("giovani",), LA_NUVOLA),
    User("chiara.fontana", "Chiara Fontana", "facilitatrice dei Punti", ("operatore",), ("punti",), "ama-brescia"),
    User("roberto.zani", "Roberto Zani", "responsabile dei Punti", ("responsabile",), ("punti",), "ama-brescia"),
    User("giulia.rossi", "Giulia Rossi", "coordinatrice del distretto", ("coordinatore",), ("*",), "ambito"),
    User("luca.conti", "Luca Conti", "amministratore tecnico", ("amministratore_tecnico",), ("*",), "ambito"),
    User("elena.galli", "Elena Galli", "responsabile protezione dati", ("protezione_dati",), ("*",), "ambito"),
)


class Issuer:
    """Signs tokens with the key under `files`, made at first use; the public half is `files/chiavi.json` (a JWKS)."""

    def __init__(self, files: Path) -> None:
        self.keys_file = files / "chiavi.json"
        self._key = _key(files / "chiave-privata.json")
        self.keys_file.write_text(json.dumps(self.public_keys(), indent=1))

    def public_keys(self) -> dict[str, Any]:
        """Return the JWKS with which a service verifies tokens."""
        return {"keys": [self._key.as_dict(private=False)]}

    def token(self, user: str | User, **claims: Any) -> str:
        """Return a token of twelve hours for a user (by id, or invented). `claims` replace; a `None` removes one.

        Raises: KeyError when no demo user has that id.
        """
        who = user if isinstance(user, User) else by_id(user)
        return _signed({**_claims(who), **claims}, self._key)

    def expired_token(self, user: str) -> str:
        """Return a token that ran out a minute ago."""
        now = int(time.time())
        return self.token(user, iat=now - TWELVE_HOURS - 60, exp=now - 60)

    def wrong_audience_token(self, user: str) -> str:
        """Return a good token meant for another system."""
        return self.token(user, aud="altro-sistema")

    def foreign_token(self, user: str) -> str:
        """Return a token with our key's id and somebody else's signature."""
        stranger = ECKey.generate_key("P-256", {"kid": self._key.kid or "", "alg": ALGORITHM, "use": "sig"})
        return _signed(_claims(by_id(user)), stranger)


def by_id(user: str) -> User:
    """Return the demo user with that id. Raises: KeyError."""
    return {known.id: known for known in UTENTI}[user]


def verified(token: str, keys: dict[str, Any]) -> dict[str, Any]:
    """Return the claims of a token after checking signature, issuer, audience and time. Raises: joserfc's JoseError."""
    found = jwt.decode(token, KeySet.import_key_set(keys), algorithms=[ALGORITHM])  # type: ignore[arg-type]
    rules = jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": ISSUER},
        aud={"essential": True, "value": AUDIENCE},
        exp={"essential": True},
    )
    rules.validate(found.claims)
    return found.claims


def _claims(user: User) -> dict[str, Any]:
    now = int(time.time())
    return {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": user.id,
        "name": user.nome,
        "iat": now,
        "exp": now + TWELVE_HOURS,
        "ruoli": list(user.ruoli),
        "servizi": list(user.servizi),
        "ente": user.ente,
    }


def _signed(claims: dict[str, Any], key: ECKey) -> str:
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid}, kept, key)


def _key(file: Path) -> ECKey:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        made = ECKey.generate_key("P-256", {"alg": ALGORITHM, "use": "sig"}, auto_kid=True)
        beside = file.with_suffix(f".{os.getpid()}")
        beside.touch(mode=0o600)
        beside.write_text(json.dumps(made.as_dict(private=True)))
        beside.replace(file)
    return ECKey.import_key(json.loads(file.read_text()))
