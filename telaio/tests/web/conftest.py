"""A client of the made-up strand's application: with a database of its own, or with one that never answers."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from stack.tokens import Issuer, User
from telaio.runtime import Runtime
from telaio.web import make_app

from ..conftest import Start, settings
from .orti import strand

TODAY = "2016-03-01"
OPERATORE = User("anna", "Anna Bianchi", "operatrice", ("operatore",), ("orti",), "consorzio-tenda")
APERTURA = {
    "avvenuto_il": "2016-02-20",
    "comune": "017113",
    "ortolani": ["p-aaaaaa", "p-bbbbbb"],
    "posti": 12,
    "canone_centesimi": 4500,
    "irriguo": True,
    "terreno": "ente_pubblico",
}


@dataclass
class Web:
    """The application and what tests need around it."""

    runtime: Runtime
    issuer: Issuer
    client: httpx2.AsyncClient
    app: Any

    def token(self, **changes: Any) -> str:
        who = User(**{**OPERATORE.__dict__, **{k: v for k, v in changes.items() if k in ("ruoli", "servizi")}})
        return self.issuer.token(who, **{k: v for k, v in changes.items() if k not in ("ruoli", "servizi")})

    async def count(self, table: str) -> int:
        found: int = await self.runtime.pool.fetchval(f"select count(*) from {table}")
        return found

    async def post(self, path: str, body: Any = None, **more: Any) -> httpx2.Response:
        return await self.client.post(path, json=body, headers=self.bearer(**more.pop("headers", {})), **more)

    async def get(self, path: str, **headers: str) -> httpx2.Response:
        return await self.client.get(path, headers=self.bearer(**headers))

    def bearer(self, **headers: str) -> dict[str, str]:
        plain = {n.replace("_", "-"): v for n, v in headers.items()}
        return {"Authorization": f"Bearer {self.token()}", **plain}

    async def open_garden(self, number: int = 1, **changes: Any) -> str:
        """Opens a garden; returns its id."""
        answer = await self.post(f"/orti/{orto(number)}/apertura", {**APERTURA, **changes})
        assert answer.status_code == 201, answer.text
        return orto(number)


def orto(number: int) -> str:
    """The id of a garden."""
    return f"00000000-0000-4000-8000-{number:012x}"


@pytest.fixture
def issuer(tmp_path: Path) -> Issuer:
    return Issuer(tmp_path)


def changes(issuer: Issuer) -> dict[str, Any]:
    return {"chiavi_file": issuer.keys_file, "emittente": "genera-sviluppo", "adesso": f"{TODAY}T10:00:00+01:00"}


def client_of(runtime: Runtime, app: Any = None) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=app or make_app(runtime))
    return httpx2.AsyncClient(transport=transport, base_url="http://orti.test")


@pytest.fixture
async def web(start: Start, issuer: Issuer) -> AsyncIterator[Web]:
    """The application on a real database."""
    runtime = await start(strand(), **changes(issuer))
    app = make_app(runtime)
    async with client_of(runtime, app) as client:
        yield Web(runtime, issuer, client, app)


@pytest.fixture
async def offline(issuer: Issuer) -> AsyncIterator[Web]:
    """The application whose database does not answer."""
    dsn = "postgresql://nobody@127.0.0.1:1/none"
    runtime = await Runtime.start(strand(), settings(database=dsn, **changes(issuer)))
    app = make_app(runtime)
    async with client_of(runtime, app) as client:
        yield Web(runtime, issuer, client, app)
    await runtime.stop()
