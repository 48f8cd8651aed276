"""The development identity provider: OpenID Connect with demo users and no passwords. Loopback only.

A development aid: whoever reaches it is whoever they like. It speaks plain http, which services refuse outside
development.
"""

import json
import sys
from base64 import b64decode
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from stack.grants import Grant, Grants, Refused
from stack.identity_pages import left_page, sign_in_page
from stack.ports import HOST
from stack.tokens import ALGORITHM, UTENTI, Issuer

LOCAL = {"127.0.0.1", "localhost"}
LARGEST_FORM = 8192  # bytes
HTML, JSON = "text/html; charset=utf-8", "application/json"
Asked = dict[str, str]


def is_local(url: str) -> bool:
    """Return whether a code may be sent to `url`: http(s), and this machine by name or loopback address."""
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and parts.hostname in LOCAL and "@" not in parts.netloc


def discovery(url: str) -> dict[str, Any]:
    """Return the discovery document (OpenID Connect Discovery 1.0) of the provider at `url`."""
    return {
        "issuer": url,
        "authorization_endpoint": f"{url}/authorize",
        "token_endpoint": f"{url}/token",
        "jwks_uri": f"{url}/jwks",
        "end_session_endpoint": f"{url}/logout",
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none", "client_secret_basic"],
        "authorization_response_iss_parameter_supported": True,
    }


class Handler(BaseHTTPRequestHandler):
    """Answers discovery, `/authorize`, `/token`, `/jwks`, `/logout`; and `POST /token utente=…` for programs."""

    issuer: Issuer
    grants: Grants
    url: str
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        query = dict(parse_qsl(asked.query, keep_blank_values=True))
        match asked.path:
            case "/.well-known/openid-configuration":
                self._json(HTTPStatus.OK, discovery(self.url))
            case "/jwks" | "/.well-known/jwks.json":
                self._json(HTTPStatus.OK, self.issuer.public_keys())
            case "/health/ready":
                self._json(HTTPStatus.OK, {"stato": "pronto"})
            case "/authorize":
                self._authorize(query, lambda: self._answer(HTTPStatus.OK, HTML, sign_in_page(query)))
            case "/logout":
                self._leave(query)
            case _:
                self._json(HTTPStatus.NOT_FOUND, {"errore": "pagina inesistente"})

    def do_POST(self) -> None:
        body = self.rfile.read(min(int(self.headers.get("content-length") or 0), LARGEST_FORM)).decode(errors="replace")
        form = dict(parse_qsl(body, keep_blank_values=True))
        match self.path:
            case "/authorize":
                self._authorize(form, lambda: self._grant(form))
            case "/token":
                self._token(form)
            case _:
                self._json(HTTPStatus.NOT_FOUND, {"errore": "pagina inesistente"})

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: tokens and names do not belong in logs."""

    def _authorize(self, asked: Asked, go_on: Callable[[], None]) -> None:
        """Only a code, only with PKCE, and only back to this machine."""
        if not is_local(asked.get("redirect_uri", "")):
            self._json(HTTPStatus.BAD_REQUEST, {"errore": "redirect_uri deve essere un indirizzo di questa macchina"})
        elif asked.get("response_type") != "code" or not asked.get("client_id"):
            self._json(HTTPStatus.BAD_REQUEST, {"errore": "servono response_type=code e client_id"})
        elif asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge"):
            self._json(HTTPStatus.BAD_REQUEST, {"errore": "serve PKCE con S256"})
        else:
            go_on()

    def _grant(self, asked: Asked) -> None:
        if asked.get("utente") not in {known.id for known in UTENTI}:
            self._json(HTTPStatus.BAD_REQUEST, {"errore": "utente sconosciuto"})
            return
        nonce = asked.get("nonce")
        made = Grant(asked["utente"], asked["client_id"], asked["redirect_uri"], asked["code_challenge"], nonce)
        answer = {"code": self.grants.code(made), "state": asked.get("state", ""), "iss": self.url}
        separator = "&" if urlsplit(made.redirect).query else "?"
        self._redirect(f"{made.redirect}{separator}{urlencode(answer)}")

    def _token(self, form: Asked) -> None:
        try:
            self._json(HTTPStatus.OK, self._granted({**form, **self._client(form)}))
        except Refused as refusal:
            self._json(HTTPStatus.BAD_REQUEST, {"error": str(refusal)})
        except KeyError as missing:
            self._json(HTTPStatus.BAD_REQUEST, {"error": "invalid_request", "error_description": f"manca {missing}"})

    def _granted(self, form: Asked) -> dict[str, Any]:
        if "utente" in form:
            if form["utente"] not in {known.id for known in UTENTI}:
                raise Refused("utente sconosciuto")
            return {"access_token": self.issuer.token(form["utente"]), "token_type": "Bearer"}
        if form["grant_type"] == "authorization_code":
            return self.grants.exchanged(form)
        if form["grant_type"] == "refresh_token":
            return self.grants.refreshed(form)
        raise Refused("unsupported_grant_type")

    def _client(self, form: Asked) -> Asked:
        """The client as its Authorization header says, where it sends one; any secret will do here."""
        scheme, _, sent = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return {}
        try:
            return {"client_id": unquote(b64decode(sent).decode().partition(":")[0])}
        except ValueError as error:
            raise Refused("invalid_client") from error

    def _leave(self, asked: Asked) -> None:
        back = asked.get("post_logout_redirect_uri", "")
        if is_local(back):
            self._redirect(back)
        else:
            self._answer(HTTPStatus.OK, HTML, left_page())

    def _redirect(self, address: str) -> None:
        self._answer(HTTPStatus.SEE_OTHER, HTML, "", location=address)

    def _json(self, status: HTTPStatus, content: object) -> None:
        self._answer(status, JSON, json.dumps(content))

    def _answer(self, status: HTTPStatus, kind: str, text: str, **more: str) -> None:
        body = text.encode()
        headers = {"content-type": kind, "content-length": str(len(body)), "cache-control": "no-store"}
        self.send_response(status)
        for name, value in {**headers, **more}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def server(issuer: Issuer, port: int) -> ThreadingHTTPServer:
    """Return the identity provider, listening on the loopback interface and not yet serving."""
    url = f"http://{HOST}:{port}"
    handler = type("IssuerHandler", (Handler,), {"issuer": issuer, "grants": Grants(issuer, url), "url": url})
    return ThreadingHTTPServer((HOST, port), handler)


if __name__ == "__main__":
    server(Issuer(Path(sys.argv[1])), int(sys.argv[2])).serve_forever()
