"""Casa seen from outside, over its HTTP API: what is accepted once, what is refused and how it is said."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from casa.service import servizio
from stack.databases import Databases
from stack.tokens import ISSUER, Issuer
from telaio.migrate import migrate, migrations
from telaio.runtime import Runtime
from telaio.settings import Settings
from telaio.web import make_app

IN_CARICO = {"avvenuto_il": "2016-03-20", "comune": "017113", "componenti": ["p-aaaaaa"], "minori": 0}


class Sportello:
    """An operator's client, and the journal behind it."""

    def __init__(self, runtime: Runtime, client: httpx2.AsyncClient) -> None:
        self.runtime, self.client = runtime, client

    async def prendi(self, id: str | None = None, **body: Any) -> httpx2.Response:
        headers = body.pop("headers", {})
        path = f"/famiglie/{id or uuid4()}/presa-in-carico"
        return await self.client.post(path, json=IN_CARICO | body, headers=headers)

    async def journal(self) -> int:
        return int(await self.runtime.pool.fetchval("select count(*) from journal"))


@pytest.fixture
async def sportello(databases: Databases, tmp_path: Path) -> AsyncIterator[Sportello]:
    dsn = databases.fresh()
    await migrate(dsn, migrations(servizio.name, servizio.migrations))
    issuer = Issuer(tmp_path)
    settings = {"database": dsn, "kafka": "127.0.0.1:1", "partner": "ente-di-prova", "chiavi_file": issuer.keys_file}
    runtime = await Runtime.start(servizio, Settings.model_validate(settings | {"emittente": ISSUER}))
    transport = httpx2.ASGITransport(app=make_app(runtime))
    headers = {"Authorization": f"Bearer {issuer.token('anna.bianchi')}"}
    async with httpx2.AsyncClient(transport=transport, base_url="http://casa.test", headers=headers) as client:
        yield Sportello(runtime, client)
    await runtime.stop()
    databases.drop(dsn)


def said(answers: list[httpx2.Response]) -> list[tuple[int, str | None]]:
    return sorted((a.status_code, a.json().get("code")) for a in answers)


async def test_of_eight_simultaneous_first_commands_for_a_family_one_is_accepted(sportello: Sportello) -> None:
    id = str(uuid4())
    answers = await asyncio.gather(*[sportello.prendi(id) for _ in range(8)])
    assert said(answers) == [(201, None)] + [(409, "famiglia-gia-in-carico")] * 7
    assert await sportello.journal() == 1


async def test_of_eight_families_that_share_a_person_one_is_accepted(sportello: Sportello) -> None:
    answers = await asyncio.gather(*[sportello.prendi() for _ in range(8)])
    assert said(answers) == [(201, None)] + [(409, "persona-gia-in-famiglia")] * 7
    assert await sportello.journal() == 1


async def test_a_repeated_key_gets_the_same_answer_and_with_another_body_is_refused(sportello: Sportello) -> None:
    id, key = str(uuid4()), {"Idempotency-Key": "una-volta-sola"}
    first, again = await sportello.prendi(id, headers=key), await sportello.prendi(id, headers=key)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    other = await sportello.prendi(id, minori=1, componenti=["p-aaaaaa", "p-bbbbbb"], headers=key)
    assert said([other]) == [(422, "chiave-riusata")]
    assert await sportello.journal() == 1


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"comune": "015146"}, "/comune"),
        ({"comune": 17113}, "/comune"),
        ({"minori": -1}, "/minori"),
        ({"minori": "due"}, "/minori"),
        ({"avvenuto_il": "2999-01-01"}, "/avvenuto_il"),
        ({"avvenuto_il": "31/31/2016"}, "/avvenuto_il"),
        ({"componenti": [f"p-{n:06d}" for n in range(21)]}, "/componenti"),
        ({"componenti": ["Mario Rossi"]}, "/componenti/0"),
        ({"bisogni": ["fortuna"]}, "/bisogni/0"),
        ({"note": "abita da solo"}, "/note"),
    ],
)
async def test_bad_input_names_its_field_in_italian(sportello: Sportello, body: dict, pointer: str) -> None:
    answer = await sportello.prendi(**body)
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert [e["pointer"] for e in answer.json()["errors"]] == [pointer]
    assert await sportello.journal() == 0


@pytest.mark.parametrize("amount", [-100, 0, 10**12, 12.5, "100"])
async def test_money_is_whole_positive_cents_of_a_sane_size(sportello: Sportello, amount: object) -> None:
    body = {"avvenuto_il": "2016-03-20", "importo_centesimi": amount, "da": "fondazione"}
    answer = await sportello.client.post("/fondi/fondo-garanzia/versamento", json=body)
    assert answer.status_code == 422
    assert [e["pointer"] for e in answer.json()["errors"]] == ["/importo_centesimi"]


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"{", 400), (b"", 400), (b"[]", 422), (b"\xff\xfe", 400), (b'{"a": "' + b"x" * 2_000_000 + b'"}', 413)],
)
async def test_a_body_that_is_no_command_is_refused(sportello: Sportello, content: bytes, status: int) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await sportello.client.post(f"/famiglie/{uuid4()}/presa-in-carico", content=content, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert await sportello.journal() == 0


async def test_without_a_token_nothing_is_read_or_written(sportello: Sportello) -> None:
    sportello.client.headers.pop("Authorization")
    paths = ("/famiglie", f"/famiglie/{uuid4()}", "/liste/in-carico")
    answers = [await sportello.client.get(path) for path in paths] + [await sportello.prendi()]
    assert {a.status_code for a in answers} <= {401, 404}
    assert answers[-1].status_code == 401
    assert await sportello.journal() == 0
