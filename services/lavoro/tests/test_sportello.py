"""The ranking as people and programs ask for it, and the way from there to a proposal."""

from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
from lavoro.service import servizio
from stack.databases import Databases
from stack.tokens import ISSUER, Issuer
from telaio.testing.connected import connected
from telaio.testing.entering import enter
from telaio.web import make_app

ANNA, BRUNO, AZIENDA, CUOCA, MAGAZZINO = (str(UUID(int=n)) for n in range(1, 6))
MATCH = str(UUID(int=9))
GIORNO = {"avvenuto_il": "2016-03-20"}
SITE = "http://lavoro.test"


class Sportello:
    """An operator's client."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self.client = client

    async def does(self, path: str, **fields: Any) -> None:
        answer = await self.client.post(path, json=GIORNO | fields)
        assert answer.status_code in (200, 201), answer.text

    async def ranked(self, path: str) -> list[tuple[str, int]]:
        """The ids and scores told by the API."""
        answer = await self.client.get(f"/api/v1/{path}/abbinamenti")
        assert answer.status_code == 200, answer.text
        kind = "offerta" if path.startswith("candidati") else "candidato"
        return [(line[kind], line["punteggio"]) for line in answer.json()["abbinamenti"]]

    async def page(self, path: str) -> str:
        answer = await self.client.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 200, answer.text
        return unescape(answer.text)


@pytest.fixture
async def sportello(databases: Databases, tmp_path: Path) -> AsyncIterator[Sportello]:
    """Two candidates, one company of Montichiari with two offers; Marta at her desk."""
    issuer, dsn = Issuer(tmp_path), databases.fresh()
    keys = {"chiavi_file": issuer.keys_file, "emittente": ISSUER, "sviluppo": True}
    async with connected(servizio, dsn, **keys) as strand:
        assert servizio.routes is not None
        transport = httpx2.ASGITransport(app=make_app(strand.runtime, servizio.routes(strand.runtime)))
        token = issuer.token("marta.villa")
        async with httpx2.AsyncClient(transport=transport, base_url=SITE) as client:
            client.headers["Authorization"] = f"Bearer {token}"
            client.headers.update((await enter(strand.runtime, "marta.villa", ["operatore"])).cookie)
            desk = Sportello(client)
            await begin(desk)
            yield desk
    databases.drop(dsn)


async def begin(desk: Sportello) -> None:
    cook = {"competenze": ["cucina"], "disponibilita": ["mattina"], "persona": "p-anna01", "comune": "017113"}
    await desk.does(f"/candidati/{ANNA}/presa-in-carico", **cook)
    driver = {"competenze": ["patente_auto"], "disponibilita": ["sera"], "persona": "p-bruno1", "comune": "017160"}
    await desk.does(f"/candidati/{BRUNO}/presa-in-carico", **driver)
    company = {"tipo": "azienda", "comune": "017113", "dipendenti": 12}
    await desk.does(f"/aderenti/{AZIENDA}/sottoscrizione", **company)
    place = {"aderente": AZIENDA, "tipo": "tirocinio", "comune": "017113", "posti": 1, "orario": ["mattina"]}
    await desk.does(f"/offerte/{CUOCA}/pubblicazione", competenze=["cucina"], **place)
    await desk.does(f"/offerte/{MAGAZZINO}/pubblicazione", competenze=["magazzino"], **place)


async def propose(desk: Sportello) -> None:
    await desk.does(f"/abbinamenti/{MATCH}/proposta", candidato=ANNA, offerta=CUOCA)


async def test_the_offers_fit_for_a_candidate_and_the_candidates_fit_for_an_offer(sportello: Sportello) -> None:
    assert await sportello.ranked(f"candidati/{ANNA}") == [(CUOCA, 100), (MAGAZZINO, 40)]
    assert await sportello.ranked(f"offerte/{CUOCA}") == [(ANNA, 100), (BRUNO, 10)]


async def test_what_was_proposed_is_not_proposed_again_until_it_is_refused(sportello: Sportello) -> None:
    await propose(sportello)
    assert await sportello.ranked(f"candidati/{ANNA}") == [(MAGAZZINO, 40)]
    assert await sportello.ranked(f"offerte/{CUOCA}") == [(BRUNO, 10)]
    await sportello.does(f"/abbinamenti/{MATCH}/rifiuto", da="candidato", motivo="orario")
    assert await sportello.ranked(f"candidati/{ANNA}") == [(CUOCA, 100), (MAGAZZINO, 40)]


async def test_full_offers_closed_offers_and_those_of_who_left_are_not_ranked(sportello: Sportello) -> None:
    await propose(sportello)
    for side in ("candidato", "aderente"):
        await sportello.does(f"/abbinamenti/{MATCH}/accettazione", da=side)
    assert await sportello.ranked(f"candidati/{BRUNO}") == [(MAGAZZINO, 10)]
    await sportello.does(f"/offerte/{MAGAZZINO}/chiusura", motivo="ritirata")
    assert await sportello.ranked(f"candidati/{BRUNO}") == []
    await sportello.does(f"/abbinamenti/{MATCH}/rifiuto", da="candidato", motivo="orario")
    assert await sportello.ranked(f"candidati/{BRUNO}") == [(CUOCA, 10)]
    await sportello.does(f"/aderenti/{AZIENDA}/cessazione")
    assert await sportello.ranked(f"candidati/{BRUNO}") == []


async def test_who_is_not_in_charge_or_is_in_an_internship_is_not_ranked(sportello: Sportello) -> None:
    stage = {"candidato": ANNA, "aderente": AZIENDA, "dal": "2016-04-01", "al": "2016-09-30", "ore_settimanali": 30}
    money = {"indennita_centesimi": 40000, "tutor_aziendale": "p-tutor1"}
    await sportello.does(f"/tirocini/{UUID(int=8)}/attivazione", **stage, **money)
    await sportello.does(f"/candidati/{BRUNO}/conclusione", esito="rinuncia")
    assert await sportello.ranked(f"offerte/{CUOCA}") == []


async def test_from_the_candidate_s_case_to_the_offers_to_the_proposal(sportello: Sportello) -> None:
    case = await sportello.page(f"/sportello/candidati/{ANNA}")
    assert f'href="/sportello/candidati/{ANNA}/abbinamenti">Offerte adatte' in case
    fit = await sportello.page(f"/sportello/candidati/{ANNA}/abbinamenti")
    assert "Tutte le competenze, Stesso comune, Orario compatibile" in fit
    form = f"/sportello/abbinamenti/nuova/proposta?candidato={ANNA}&offerta={CUOCA}"
    assert f'href="{form}"' in fit
    asked = await sportello.page(form)
    assert f'value="{ANNA}" selected' in asked
    assert f'value="{CUOCA}" selected' in asked
    assert "unteggio" not in asked


async def test_the_ranking_has_nothing_of_a_person(sportello: Sportello) -> None:
    answer = await sportello.client.get(f"/api/v1/offerte/{CUOCA}/abbinamenti")
    assert answer.json()["abbinamenti"][0] == {
        "candidato": ANNA, "comune": "017113", "punteggio": 100,
        "ragioni": ["tutte_le_competenze", "stesso_comune", "orario_compatibile"],
    }  # fmt: skip
    fit = await sportello.page(f"/sportello/offerte/{CUOCA}/abbinamenti")
    assert "p-anna01" not in answer.text + fit
    assert "Montichiari" in fit


async def test_an_event_of_another_id_is_not_ranked(sportello: Sportello) -> None:
    for path in (f"/api/v1/candidati/{CUOCA}/abbinamenti", f"/api/v1/offerte/{ANNA}/abbinamenti"):
        assert (await sportello.client.get(path)).status_code == 404


async def test_a_refusal_by_a_rule_cites_its_source(sportello: Sportello) -> None:
    stage = {"candidato": ANNA, "aderente": AZIENDA, "dal": "2016-04-01", "al": "2016-09-30", "ore_settimanali": 30}
    money = {"indennita_centesimi": 100, "tutor_aziendale": "p-tutor1"}
    answer = await sportello.client.post(f"/tirocini/{UUID(int=8)}/attivazione", json=GIORNO | stage | money)
    assert (answer.status_code, answer.json()["code"]) == (409, "indennita-sotto-il-minimo")
    assert "400,00 € al mese (DGR Lombardia X/825/2013" in answer.json()["detail"]


async def test_the_agent_s_form_comes_with_the_punto_of_the_charge(sportello: Sportello) -> None:
    punto = str(UUID(int=77))
    await sportello.does(f"/agenti/{AZIENDA}/incarico", comuni=["017113"], punto=punto)
    assert f'value="{punto}"' in await sportello.page(f"/sportello/agenti/{AZIENDA}/servizio")
