"""The code flow with the identity provider (OpenID Connect Core 1.0, PKCE of RFC 7636) and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx2
from joserfc import jwt

from telaio.settings import Settings
from telaio.web.access import Principal, principal_of
from telaio.web.attempt import Attempt
from telaio.web.discovery import Discovery, away
from telaio.web.problems import Problem
from telaio.web.signatures import LEEWAY_S, MAX_TOKEN, WRONG, claims_of, key_id


@dataclass(frozen=True)
class Identity:
    """Who entered, and the provider's tokens: `id_token`, and `refresh_token` where it gives one."""

    principal: Principal
    tokens: Mapping[str, str]


class NotConfirmed(Exception):
    """The provider no longer vouches for somebody."""


class Provider:
    """The identity provider, as one of its clients sees it. Raises everywhere: Problem 503 while it is away."""

    def __init__(self, settings: Settings, discovery: Discovery) -> None:
        assert settings.oidc_cliente is not None
        self.discovery, self._settings, self._id = discovery, settings, settings.oidc_cliente
        self._claims = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_S,
            iss={"essential": True},
            aud={"essential": True, "value": self._id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
        )

    async def authorization(self, attempt: Attempt, after: str, back: str) -> str:
        """The address where the browser is sent to sign in."""
        document = await self.discovery.document()
        async with self._client(document, redirect_uri=back) as client:
            address, _ = client.create_authorization_url(
                document["authorization_endpoint"],
                state=attempt.state(after),
                code_verifier=attempt.verifier,
                nonce=attempt.nonce,
            )
        return str(address)

    async def identity(self, code: str, attempt: Attempt, back: str) -> Identity:
        """Who the code speaks of. Raises: Problem 502 for an answer that does not hold."""
        sent = {"grant_type": "authorization_code", "code": code, "code_verifier": attempt.verifier}
        try:
            return await self._identity(await self._tokens(back, **sent), attempt.nonce)
        except NotConfirmed as wrong:
            detail = "La risposta del gestore delle identità non è valida: ricominciare l'accesso."
            raise Problem(502, "accesso-non-riuscito", detail) from wrong

    async def renewed(self, refresh_token: str) -> Identity:
        """Who somebody is now. Raises: NotConfirmed where the provider no longer says so."""
        answer = await self._tokens(None, grant_type="refresh_token", refresh_token=refresh_token)
        return await self._identity({"refresh_token": refresh_token, **answer}, None)

    async def leaving(self, tokens: Mapping[str, str], back: str) -> str | None:
        """The address where the browser leaves the provider too; None where it has none, or is away."""
        try:
            address = (await self.discovery.document()).get("end_session_endpoint")
        except Problem:
            return None
        hint = {"id_token_hint": tokens["id_token"]} if "id_token" in tokens else {}
        asked = urlencode({**hint, "client_id": self._id, "post_logout_redirect_uri": back})
        return f"{address}{'&' if '?' in address else '?'}{asked}" if isinstance(address, str) else None

    async def _tokens(self, back: str | None, **sent: str) -> dict[str, Any]:
        """The answer of the token endpoint. Raises: NotConfirmed where it refuses."""
        from authlib.common.errors import AuthlibBaseError  # noqa: PLC0415  12 MB that only a login needs

        document = await self.discovery.document()
        try:
            async with self._client(document, redirect_uri=back) as client:
                return dict(await client.fetch_token(document["token_endpoint"], **sent))
        except AuthlibBaseError as refusal:
            raise NotConfirmed from refusal
        except httpx2.HTTPError as error:
            raise away() from error
        except WRONG as malformed:
            raise NotConfirmed from malformed

    async def _identity(self, answer: Mapping[str, Any], nonce: str | None) -> Identity:
        """Raises: NotConfirmed for an id token that is missing, not for us, or of another attempt."""
        token = answer.get("id_token")
        if not isinstance(token, str) or len(token) > MAX_TOKEN:
            raise NotConfirmed
        keys = await self.discovery.keys(key_id(token))
        try:
            claims = claims_of(token, keys)
            self._claims.validate(claims)
            self._require_ours(claims, nonce)
            kept = {n: answer[n] for n in ("id_token", "refresh_token") if isinstance(answer.get(n), str)}
            return Identity(principal_of(claims, self._settings), kept)
        except WRONG as wrong:
            raise NotConfirmed from wrong

    def _require_ours(self, claims: Mapping[str, Any], nonce: str | None) -> None:
        """Raises: ValueError. OpenID Connect Core 1.0, 3.1.3.7."""
        if str(claims["iss"]).rstrip("/") != self.discovery.issuer:
            raise ValueError("iss")
        if nonce is not None and claims.get("nonce") != nonce:
            raise ValueError("nonce")
        if claims.get("azp", self._id) != self._id:
            raise ValueError("azp")

    def _client(self, document: Mapping[str, Any], **more: Any) -> Any:
        from authlib.integrations.httpx_client import AsyncOAuth2Client  # noqa: PLC0415

        secret, known = self._settings.oidc_segreto, document.get("token_endpoint_auth_methods_supported")
        basic = not known or "client_secret_basic" in known
        return AsyncOAuth2Client(
            self._id,
            secret,
            token_endpoint_auth_method="none" if not secret else f"client_secret_{'basic' if basic else 'post'}",
            scope=self._settings.oidc_ambiti,
            code_challenge_method="S256",
            **more,
            **self.discovery.client,
        )
