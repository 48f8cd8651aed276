"""Sessions of the pages: in the service's own database; the browser holds a random value that only we can look up.

A session ends after 30 minutes without a page being opened, and 12 hours after it began. Every 10 minutes the identity
provider is asked again, so that a role taken away there is gone here; while the provider is away, or where it gives no
refresh token, a session goes on for an hour at most. Time is the database's real time.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from secrets import token_urlsafe
from time import monotonic
from typing import Any

from joserfc import jwe
from joserfc.jwk import OctKey

from telaio.database import DEAD, Pool
from telaio.runtime import Runtime
from telaio.web.access import Principal
from telaio.web.problems import Problem
from telaio.web.provider import Identity, NotConfirmed, Provider
from telaio.web.signatures import WRONG
from telaio.web.verifier import refused

CHECKED_EVERY_S = 600.0
UNCHECKED_AT_MOST_S = 3600.0
SEEN_EVERY_S = 60.0
KNOWN_FOR_S = 3.0
UNREADABLE_FOR_S = 600.0
MANY = 1000

_READ = """
select principal, form_token, sealed, extract(epoch from now() - seen_at)::float8 as idle,
       extract(epoch from now() - checked_at)::float8 as unchecked
from session where id = $1 and seen_at > now() - interval '30 minutes' and made_at > now() - interval '12 hours'
"""
# The same person in the same browser keeps the token of the forms: what was typed before an idle session ended can
# still be sent. The id is always new.
_BEGIN = """
with before as (delete from session where id = $2 returning principal, form_token)
insert into session (id, principal, form_token, sealed) values ($1, $3::jsonb, coalesce(
    (select form_token from before where before.principal->>'subject' = $3::jsonb->>'subject'), $4), $5)
"""
# Who read the session before another confirmed it must not ask again: its refresh token may be spent.
_CLAIM = """
update session set checking_at = now()
where id = $1 and checked_at < now() - make_interval(secs => $2)
    and (checking_at is null or checking_at < now() - interval '30 seconds') returning true
"""
_CONFIRM = "update session set principal = $2, sealed = $3, checked_at = now(), checking_at = null where id = $1"


@dataclass(frozen=True)
class Session:
    """Who reads, and what their forms must carry. `idle`, `unchecked`: seconds, as of when it was read."""

    principal: Principal
    form_token: str
    sealed: str
    idle: float
    unchecked: float


class Sessions:
    """The sessions of a service."""

    def __init__(self, runtime: Runtime, provider: Provider | None) -> None:
        self._runtime, self._provider = runtime, provider
        self._known: dict[str, tuple[Session, float]] = {}

    @property
    def _pool(self) -> Pool:
        return self._runtime.pool

    async def begin(self, identity: Identity, previous: str | None = None) -> str:
        """A new session in the place of the previous one; returns what the browser is to keep."""
        value = token_urlsafe(32)
        who, sealed = _written(identity.principal), _seal(value, identity.tokens)
        await self._pool.execute(_BEGIN, _id(value), _id(previous or ""), who, token_urlsafe(32), sealed)
        self._known.pop(previous or "", None)
        return value

    async def find(self, value: str | None, *, used: bool = True) -> Session:
        """The session; `used`: somebody opened a page, which keeps it from becoming idle. Raises: Problem 401, 503."""
        if not value or not value.isascii():
            raise refused("token-mancante", "Per continuare occorre accedere.")
        known, read = self._known.get(value, (None, 0.0))
        if known and monotonic() - read < KNOWN_FOR_S:
            return known
        try:
            row = await self._pool.fetchrow(_READ, _id(value))
        except DEAD:
            if known and monotonic() - read < UNREADABLE_FOR_S:
                return known  # so that a form keeps what was typed, and says itself that the database is away
            raise
        if row is None:
            raise refused("accesso-scaduto", "L'accesso è scaduto: occorre accedere di nuovo.")
        session = Session(**{**row, "principal": _read(row["principal"])})
        if used and session.idle > SEEN_EVERY_S:
            await self._pool.execute("update session set seen_at = now() where id = $1", _id(value))
        if session.unchecked > CHECKED_EVERY_S and self._provider:
            session = await self._confirmed(value, session, self._provider)
        self._remember(value, session)
        return session

    async def end(self, value: str) -> Mapping[str, str]:
        """Deletes the session; returns the provider's tokens it held."""
        self._known.pop(value, None)
        sealed = await self._pool.fetchval("delete from session where id = $1 returning sealed", _id(value))
        return _unseal(value, sealed) if sealed else {}

    async def _confirmed(self, value: str, session: Session, provider: Provider) -> Session:
        """The session as the provider now confirms it. Raises: Problem 401, and 503 where it was away for too long."""
        late = session.unchecked > UNCHECKED_AT_MOST_S
        tokens = _unseal(value, session.sealed)
        if "refresh_token" not in tokens:
            return session if not late else await self._ended(value)
        if not late and not await self._pool.fetchval(_CLAIM, _id(value), CHECKED_EVERY_S):
            return session  # another request is asking
        try:
            identity = await provider.renewed(tokens["refresh_token"])
        except NotConfirmed:
            return await self._ended(value)
        except Problem:
            if late:
                raise
            return session
        if identity.principal.subject != session.principal.subject:
            return await self._ended(value)
        sealed = _seal(value, {**tokens, **identity.tokens})
        await self._pool.execute(_CONFIRM, _id(value), _written(identity.principal), sealed)
        return replace(session, principal=identity.principal, sealed=sealed, unchecked=0.0)

    async def _ended(self, value: str) -> Session:
        await self.end(value)
        raise refused("accesso-scaduto", "L'accesso non è più confermato: occorre accedere di nuovo.")

    def _remember(self, value: str, session: Session) -> None:
        """For a moment: a page with its parts is one question to the database."""
        if len(self._known) >= MANY:
            self._known.clear()
        self._known[value] = (session, monotonic())


async def forget_old(pool: Pool) -> None:
    """Deletes sessions a day old; until then an ended one still tells which forms are its person's."""
    await pool.execute("delete from session where made_at < now() - interval '1 day'")


def _id(value: str) -> bytes:
    return hashlib.sha256(value.encode()).digest()


def _written(principal: Principal) -> str:
    words = {name: sorted(v) if isinstance(v, frozenset) else v for name, v in asdict(principal).items()}
    return json.dumps(words)


def _read(principal: str) -> Principal:
    found: dict[str, Any] = json.loads(principal)
    return Principal(**{**found, "roles": frozenset(found["roles"]), "services": frozenset(found["services"])})


def _key(value: str) -> OctKey:
    return OctKey.import_key(hashlib.sha256(b"seal" + value.encode()).digest())


def _seal(value: str, tokens: Mapping[str, str]) -> str:
    """The tokens, legible only to who has the cookie: the database and its backups hold none in clear."""
    return jwe.encrypt_compact({"alg": "dir", "enc": "A256GCM"}, json.dumps(dict(tokens)).encode(), _key(value))


def _unseal(value: str, sealed: str) -> dict[str, str]:
    """The tokens; none where they cannot be read."""
    try:
        return json.loads(jwe.decrypt_compact(sealed, _key(value)).plaintext or b"{}")  # type: ignore[no-any-return]
    except WRONG:
        return {}
