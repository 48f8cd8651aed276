"""The development identity server: a page of demo users, their tokens, the public key. Loopback only.

A development aid: whoever reaches it is whoever they like. Services refuse it outside development.
"""

import html
import json
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from stack.ports import HOST
from stack.tokens import UTENTI, Issuer

LOCAL = {"127.0.0.1", "localhost"}
LARGEST_FORM = 4096  # bytes

PAGE = """<!doctype html>
<html lang="it"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Accesso di prova</title>
<style>
 body {{ font: 1.1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 2rem auto; padding: 0 1rem }}
 button {{ font: inherit; width: 100%; text-align: left; padding: .8rem 1rem; margin: .3rem 0; cursor: pointer }}
 small {{ display: block }}
</style></head>
<body><main>
<h1>Accesso di prova</h1>
<p>Ambiente di sviluppo: le persone sono inventate e non serve una password. Scegli con chi entrare.</p>
{users}
</main></body></html>
"""
USER = """<form method="post" action="{target}"><input type="hidden" name="token" value="{token}">
<button>{name} <small>{work}</small></button></form>"""


def is_local(url: str) -> bool:
    """Return whether a token may be handed to `url`: http(s), and this machine by name or loopback address."""
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and parts.hostname in LOCAL and "@" not in parts.netloc


def page(issuer: Issuer, target: str) -> str:
    """Return the HTML page whose buttons POST a user's token to `target`."""
    users = (
        USER.format(
            target=html.escape(target), token=issuer.token(u), name=html.escape(u.nome), work=html.escape(u.mestiere)
        )
        for u in UTENTI
    )
    return PAGE.format(users="\n".join(users))


class Handler(BaseHTTPRequestHandler):
    """Answers `/.well-known/jwks.json`, `/accedi?ritorno=URL`, `/health/ready` and `POST /token`."""

    issuer: Issuer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        match asked.path:
            case "/.well-known/jwks.json":
                self._json(HTTPStatus.OK, self.issuer.public_keys())
            case "/health/ready":
                self._json(HTTPStatus.OK, {"stato": "pronto"})
            case "/accedi":
                self._sign_in(parse_qs(asked.query).get("ritorno", [""])[0])
            case _:
                self._json(HTTPStatus.NOT_FOUND, {"errore": "pagina inesistente"})

    def do_POST(self) -> None:
        body = self.rfile.read(min(int(self.headers.get("content-length") or 0), LARGEST_FORM)).decode(errors="replace")
        user = parse_qs(body).get("utente", [""])[0]
        if self.path != "/token":
            self._json(HTTPStatus.NOT_FOUND, {"errore": "pagina inesistente"})
        elif user not in {known.id for known in UTENTI}:
            self._json(HTTPStatus.BAD_REQUEST, {"errore": "utente sconosciuto"})
        else:
            self._json(HTTPStatus.OK, {"access_token": self.issuer.token(user), "token_type": "Bearer"})

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: tokens and names do not belong in logs."""

    def _sign_in(self, target: str) -> None:
        if is_local(target):
            self._answer(HTTPStatus.OK, "text/html; charset=utf-8", page(self.issuer, target))
        else:
            self._json(HTTPStatus.BAD_REQUEST, {"errore": "ritorno deve essere un indirizzo di questa macchina"})

    def _json(self, status: HTTPStatus, content: object) -> None:
        self._answer(status, "application/json", json.dumps(content))

    def _answer(self, status: HTTPStatus, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        for name, value in {
            "content-type": kind,
            "content-length": str(len(body)),
            "cache-control": "no-store",
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def server(issuer: Issuer, port: int) -> ThreadingHTTPServer:
    """Return the identity server, listening on the loopback interface and not yet serving."""
    handler = type("IssuerHandler", (Handler,), {"issuer": issuer})
    return ThreadingHTTPServer((HOST, port), handler)


if __name__ == "__main__":
    server(Issuer(Path(sys.argv[1])), int(sys.argv[2])).serve_forever()
