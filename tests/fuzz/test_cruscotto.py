"""The cruscotto's OpenAPI document, asked for at random: what is promised is answered, and nothing breaks it.

schemathesis invents the questions, good and bad; they go to the application in this process, with a coordinator's
token.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
import schemathesis
from contratti import casa, invii, punti
from contratti.rete import Event
from cruscotto.proiezione import generation, riepilogo
from cruscotto.proiezione.projection import Projection
from cruscotto.service import servizio
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import checks
from schemathesis.generation import GenerationMode
from stack.databases import Databases
from stack.tokens import ISSUER, Issuer
from telaio.consumer.ingest import ingest
from telaio.consumer.record import receive
from telaio.migrate import migrate, migrations
from telaio.runtime import Runtime
from telaio.settings import Settings
from telaio.testing.wire import Raw
from telaio.web import make_app

QUESTIONS = 40
"""To each address, good and bad ones each."""
STREAMS = {"/api/v1/aggiornamenti"}
"""What never ends is asked by tests of its own."""
DAY = date(2016, 3, 1)
ID = str(UUID(int=7))


def told() -> list[Raw]:
    """A few events of several strands, so that answers are not empty."""
    opened = punti.PuntoDiComunitaAperto(
        avvenuto_il=DAY, denominazione="Punto di prova", comune="017113", indirizzo="Piazza 12", gestore="ama-brescia",
        contatti=(punti.Contatto(tipo="telefono", valore="030 0000000"),), facilitatore="p-facil1",
    )  # fmt: skip
    asked = invii.InvioRichiesto(
        avvenuto_il=DAY, da="punti/ama-brescia", a="casa/consorzio-tenda", persona="p-aaaaaa", comune="017113",
        prestazione="ascolto", rispondere_entro=DAY, segue=None,
    )  # fmt: skip
    places = invii.PostiDisponibiliAggiornati(avvenuto_il=DAY, prestazione="ascolto", posti_liberi=1, in_attesa=0)
    taken = casa.FamigliaPresaInCarico(avvenuto_il=DAY, comune="017113", componenti=("p-aaaaaa",), minori=0)
    granted = casa.GaranziaConcessa(avvenuto_il=DAY, famiglia=ID, alloggio=ID, massimale_centesimi=90_000, mesi=12)
    return [
        _raw("/punti/ama-brescia", f"punto/{ID}", opened), _raw("/punti/ama-brescia", f"invio/{ID}", asked),
        _raw("/punti/ama-brescia", "capienza/posti-disponibili", places),
        _raw("/casa/consorzio-tenda", f"famiglia/{ID}", taken),
        _raw("/casa/consorzio-tenda", f"garanzia/{ID}", granted),
    ]  # fmt: skip


def _raw(source: str, subject: str, event: Event) -> Raw:
    envelope = {
        "specversion": "1.0", "id": str(UUID(int=abs(hash((source, subject))))), "source": source, "subject": subject,
        "type": event.type_name, "time": "2016-03-02T09:00:00.000Z", "datacontenttype": "application/json",
        "dataschema": f"/schemas/{event.type_name}/{event.schema_version}", "entityversion": 1,
        "data": event.model_dump(mode="json"),
    }  # fmt: skip
    return Raw(f"{source.split('/')[1]}.eventi", 0, 1, subject.encode(), json.dumps(envelope).encode())


@pytest.fixture
async def client(databases: Databases, tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """The application on a database of its own, asked as a coordinator."""
    dsn, issuer = databases.fresh(), Issuer(tmp_path)
    await migrate(dsn, migrations(servizio.name, servizio.migrations))
    values = {
        "database": dsn, "kafka": "127.0.0.1:1", "partner": "ambito", "chiavi_file": issuer.keys_file,
        "emittente": ISSUER, "sviluppo": True, "adesso": "2016-12-15T10:00:00+01:00",
    }  # fmt: skip
    runtime = await Runtime.start(servizio, Settings.model_validate(values))
    await generation.ensure_served(runtime.pool)
    async with generation.in_served(runtime.pool) as connection:
        await ingest(connection, Projection(riepilogo.aggiorna), receive(told()))
    assert servizio.routes is not None
    transport = httpx2.ASGITransport(app=make_app(runtime, servizio.routes(runtime)), raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {issuer.token('giulia.rossi')}"}
    async with httpx2.AsyncClient(transport=transport, base_url="http://cruscotto.test", headers=headers) as asking:
        yield asking
    await runtime.stop()
    databases.drop(dsn)


CHECKED = [
    checks.not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
    checks.response_headers_conformance, checks.response_schema_conformance,
]  # fmt: skip


@pytest.mark.timeout(240)
async def test_whatever_is_asked_is_answered_as_the_document_promises(client: httpx2.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    document["servers"] = [{"url": "http://cruscotto.test"}]
    schema, loop = schemathesis.openapi.from_dict(document), asyncio.get_running_loop()
    reads = [found.ok() for found in schema.get_all_operations()]
    reads = [o for o in reads if o.method.upper() == "GET" and o.path not in STREAMS]
    assert len(reads) > 12

    async def send(case: Any) -> httpx2.Response:
        url = case.as_transport_kwargs(base_url="http://cruscotto.test")
        return await client.request(url["method"], url["url"], params=url.get("params"), headers=_own(url["headers"]))

    def ask(operation: Any) -> None:
        modes = [operation.as_strategy(generation_mode=mode) for mode in GenerationMode]

        @settings(
            max_examples=QUESTIONS,
            deadline=None,
            database=None,
            phases=(Phase.generate,),
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(st.one_of(modes))
        def each(case: Any) -> None:
            answer = asyncio.run_coroutine_threadsafe(send(case), loop).result(20)
            case.validate_response(answer, checks=CHECKED)
            if answer.status_code == 422:
                assert all(e["messaggio"] and e["campo"] for e in answer.json()["errors"])

        each()

    for operation in reads:
        await asyncio.to_thread(ask, operation)


def _own(headers: Any) -> dict[str, str]:
    """What the case says itself, of what can be sent at all; the token is the client's."""
    return {
        name: value for name, value in dict(headers or {}).items()
        if name.lower() not in ("authorization", "user-agent", "host") and _sendable(f"{name}{value}")
    }  # fmt: skip


def _sendable(text: str) -> bool:
    return text.isascii() and text.isprintable()


@pytest.mark.parametrize(
    ("question", "status", "said"),
    [
        ("indicatori?comune=015146", 422, "non è un comune del distretto"),
        ("indicatori?al=2016-02-30", 422, "AAAA-MM"),
        ("indicatori?dal=2016-09&al=2016-03", 422, "è dopo il mese finale"),
        ("indicatori?dal=2099-01", 422, "è nel futuro"),
        ("indicatori/ZZ99", 404, "Nessun indicatore ha questo codice."),
        ("indicatori/CA01/eventi?cursore=xyz", 400, "Il cursore non è fra quelli dati da questo elenco."),
        ("indicatori/CA01/eventi?limite=0", 400, "limite"),
        ("punti?comune=Roma", 422, "non è un comune del distretto"),
        ("qualita?comune=017113", 422, "non è ammesso a questo indirizzo"),
        ("nulla", 404, "A questo indirizzo non c'è nulla."),
    ],
)
async def test_a_wrong_question_is_told_in_italian(
    client: httpx2.AsyncClient, question: str, status: int, said: str
) -> None:
    answer = await client.get(f"/api/v1/{question}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert said in answer.text.encode().decode("unicode_escape")
