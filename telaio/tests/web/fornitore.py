"""An identity provider that a test tells what to answer: a real HTTP server with made-up manners."""

import json
import threading
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from joserfc import jwt
from joserfc.jwk import ECKey

CLIENTE = "orti-di-prova"
Answer = Callable[[dict[str, str]], tuple[int, Any]]


@dataclass
class Fornitore:
    """What the provider says, and what it was asked. `token`: the answer to the token endpoint, by default one with
    the nonce of the last authorization; `away`: it answers 500 to everything."""

    url: str = ""
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"alg": "ES256"}, auto_kid=True))
    document: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=lambda: {"refresh_token": "r1"})
    nonce: str | None = None
    token: Answer | None = None
    away: bool = False
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def times(self, path: str) -> int:
        """How often it was asked this."""
        return sum(p == path for p, _ in self.asked)

    def id_token(self, key: ECKey | None = None, **changes: Any) -> str:
        """An id token of Anna, as the test changes it; None takes a claim away."""
        now, key = int(time.time()), key or self.key
        who = {"sub": "anna", "name": "Anna Bianchi", "ruoli": ["operatore"], "servizi": ["orti"]}
        usual = {"iss": self.url, "aud": CLIENTE, "iat": now, "exp": now + 300, "nonce": self.nonce}
        claims = {n: v for n, v in {**usual, **who, **self.claims, **changes}.items() if v is not None}
        return jwt.encode({"alg": "ES256", "kid": self.key.kid}, claims, key)

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, Any]:
        """Status and body of the answer."""
        self.asked.append((path, form))
        usual = {f"{name}_endpoint": f"{self.url}/{name}" for name in ("authorization", "token", "end_session")}
        match path:
            case _ if self.away:
                return 500, {}
            case "/.well-known/openid-configuration":
                return 200, {"issuer": self.url, "jwks_uri": f"{self.url}/jwks", **usual, **self.document}
            case "/jwks":
                return 200, {"keys": [self.key.as_dict(private=False)]}
            case "/token" if self.token:
                return self.token(form)
            case "/token":
                return 200, {"token_type": "Bearer", "access_token": "a", "id_token": self.id_token(), **self.more}
        return 404, {}


@contextmanager
def serving() -> Iterator[Fornitore]:
    """A provider on a port of this machine, until the block ends."""
    fornitore = Fornitore()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            sent = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
            form, (scheme, _, secret) = dict(parse_qsl(sent)), self.headers.get("authorization", "").partition(" ")
            if scheme == "Basic":
                form["basic"] = b64decode(secret).decode()
            status, body = fornitore.answer(self.path, form)
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(body if isinstance(body, bytes) else json.dumps(body).encode())

        do_POST = do_GET  # noqa: N815  the name the server looks for

        def log_message(self, format: str, *args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fornitore.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield fornitore
    finally:
        server.shutdown()
        server.server_close()
