"""What an OpenID Connect provider says of itself: its discovery document and its public keys, fetched and kept."""

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable, Mapping
from functools import cached_property
from time import monotonic
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

import httpx2
from joserfc.jwk import KeySet

from telaio.web.problems import Problem
from telaio.web.signatures import WRONG

WELL_KNOWN = "/.well-known/openid-configuration"
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
TIMEOUT_S = 5.0
KEPT_S = 3600.0
AGAIN_S = 5.0
"""At least between two questions, so that made-up key ids and a provider that is away cost little."""

T = TypeVar("T")
log = logging.getLogger("telaio.web.discovery")


class Discovery:
    """Document and keys of one issuer. `insecure`: plain http is allowed, which is for development alone."""

    def __init__(self, issuer: str, *, insecure: bool) -> None:
        self.issuer, self._insecure = issuer.rstrip("/"), insecure
        self._document: Kept[Mapping[str, Any]] = Kept(self._fetch_document)
        self._keys: Kept[KeySet] = Kept(self._fetch_keys)

    async def document(self) -> Mapping[str, Any]:
        """The discovery document. Raises: Problem 503 where there never was one."""
        return await self._document.get()

    async def keys(self, kid: str | None = None) -> KeySet:
        """The public keys, asked for again when `kid` is not among them. Raises: Problem 503 without any."""
        return await self._keys.get(lambda keys: kid is None or kid in {key.kid for key in keys.keys})

    @cached_property
    def client(self) -> dict[str, Any]:
        """How to call the provider: the system's certificates, no proxy of the environment."""
        return {"trust_env": False, "timeout": TIMEOUT_S, "verify": ssl.create_default_context()}

    async def _fetch_document(self) -> Mapping[str, Any]:
        found = await self._json(self.issuer + WELL_KNOWN)
        if str(found["issuer"]).rstrip("/") != self.issuer:  # OpenID Connect Discovery 1.0, 4.3
            raise ValueError("another issuer")
        for name in NEEDED:
            self._require_secure(found[name])
        return found

    async def _fetch_keys(self) -> KeySet:
        return KeySet.import_key_set(await self._json((await self.document())["jwks_uri"]))  # type: ignore[arg-type]

    def _require_secure(self, address: Any) -> None:
        allowed = {"https", "http"} if self._insecure else {"https"}
        if not isinstance(address, str) or urlsplit(address).scheme not in allowed:
            raise ValueError(f"not https: {address}")

    async def _json(self, address: str) -> dict[str, Any]:
        async with httpx2.AsyncClient(**self.client) as client:
            answer = await client.get(address)
            answer.raise_for_status()
            found: dict[str, Any] = answer.json()
            return found


class Kept(Generic[T]):
    """Something fetched: an hour old at most, or older while the source is away."""

    def __init__(self, fetch: Callable[[], Awaitable[T]]) -> None:
        self._fetch, self._lock = fetch, asyncio.Lock()
        self._value: T | None = None
        self._fetched = self._tried = -KEPT_S

    async def get(self, good: Callable[[T], bool] = lambda value: True) -> T:
        """The value; fetched again where it is old or not `good`. Raises: Problem 503 where there never was one."""
        if self._value is None or not good(self._value):
            async with self._lock:
                if self._value is None or not good(self._value):
                    await self._try()
        elif monotonic() - self._fetched > KEPT_S and not self._lock.locked():
            async with self._lock:  # one asks; the others go on with what there is
                await self._try()
        if self._value is None:
            raise away()
        return self._value

    async def _try(self) -> None:
        if monotonic() - self._tried < AGAIN_S:
            return
        self._tried = monotonic()
        try:
            self._value = await self._fetch()
            self._fetched = monotonic()
        except (httpx2.HTTPError, httpx2.InvalidURL, Problem) as error:
            log.warning("identity provider away", extra={"cause": type(error).__name__})
        except WRONG as error:
            log.warning("identity provider not understood", extra={"cause": repr(error)[:200]})


def away() -> Problem:
    """503: the provider cannot be asked; whoever is already signed in goes on."""
    detail = "Il gestore delle identità non risponde: riprovare fra poco."
    return Problem(503, "identita-non-raggiungibile", detail, headers={"Retry-After": f"{AGAIN_S:.0f}"})
