"""The lists, on PostgreSQL: who belongs in each, in which order."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from giovani.evento_territoriale import Evento
from giovani.laboratorio import Laboratorio
from giovani.proposta import Proposta
from giovani.service import servizio
from giovani.viste import LISTE
from stack.databases import Databases
from telaio.testing.connected import Connected, connected

OGGI = date(2016, 5, 20)


@pytest.fixture
async def linea(databases: Databases) -> AsyncIterator[Connected]:
    """The strand, without any case."""
    dsn = databases.fresh()
    async with connected(servizio, dsn) as strand:
        yield strand
    databases.drop(dsn)


def iscrizione(persona: str, dal_il: str = "2016-04-01", **fields: Any) -> dict[str, Any]:
    consent = {"fascia_eta": "14-17", "consenso_espresso_da": "entrambi_i_genitori"}
    return {"persona": persona, "dal_il": dal_il} | consent | fields


def incontro(numero: int, svolto_il: str, *persone: str) -> dict[str, Any]:
    return {"incontro": numero, "svolto_il": svolto_il, "persone": persone}


def laboratorio(id: str, *iscrizioni: dict[str, Any], **fields: Any) -> Laboratorio:
    known = {"id": id, "ambito": "sportivo", "comune": "017113", "posti": 15, "avviato": 1, "iscrizioni": iscrizioni}
    return Laboratorio.model_validate(known | fields)


def proposta(id: str, *percorsi: dict[str, Any], **fields: Any) -> Proposta:
    known = {
        "id": id, "etichetta": "PCTO", "ente": "consorzio-tenda", "ambito": "sociale", "comune": "017113", "posti": 3,
        "dal": "2016-05-02", "al": "2016-06-30", "rischio": "basso", "tutor": 1, "percorsi": percorsi,
    }  # fmt: skip
    return Proposta.model_validate(known | fields)


def percorso(persona: str, **fields: Any) -> dict[str, Any]:
    known = {"istituto": "liceo", "ore_previste": 80, "ore_minime_nel_triennio": 200, "assegnato_il": "2016-05-02"}
    return {"persona": persona} | known | fields


def evento(id: str, previsto_il: str | None, **fields: Any) -> Evento:
    return Evento.model_validate({"id": id, "comune": "017113", "titolo": id, "previsto_il": previsto_il} | fields)


@pytest.mark.parametrize("name", [vista.name for vista in LISTE])
async def test_every_list_is_empty_where_nothing_happened_or_all_was_annulled(linea: Connected, name: str) -> None:
    assert await linea.rows(name, OGGI) == []
    await linea.store(laboratorio("l", avviato=0), proposta("p", ritirata_il=OGGI), evento("e", "2016-06-01", svolto=1))
    assert await linea.rows(name, OGGI) == []


async def test_who_is_enrolled_in_the_labs_under_way_and_how_often_they_came(linea: Connected) -> None:
    await linea.store(
        laboratorio(
            "seguito", iscrizione("p-anna01"), iscrizione("p-bruno1"), iscrizione("p-carla1", al_il="2016-05-01"),
            incontri=[
                incontro(1, "2016-04-10", "p-anna01", "p-carla1"), incontro(3, "2016-05-08", "p-anna01"),
                incontro(2, "2016-04-20", "p-anna01", "p-bruno1"),
            ],
        ),
        laboratorio("nuovo"),
        laboratorio("progettato", avviato=0, posti=0),
        laboratorio("concluso", concluso=1),
    )  # fmt: skip
    nuovo, seguito = await linea.rows("iscritti-e-presenze", OGGI)
    assert nuovo["id"] == "nuovo"
    assert (nuovo["iscritti"], nuovo["ultimo_incontro_il"], nuovo["presenze_di_ognuno"]) == (0, None, None)
    assert seguito == {
        "id": "seguito", "comune": "017113", "ambito": "sportivo", "posti": 15, "iscritti": 2, "liberi": 13,
        "incontri": 3, "ultimo_incontro_il": date(2016, 5, 8), "presenze_di_ognuno": ["p-bruno1: 1", "p-anna01: 3"],
    }  # fmt: skip


async def test_missing_consents_are_those_of_the_other_parent_the_oldest_first(linea: Connected) -> None:
    solo = {"consenso_espresso_da": "un_genitore"}
    await linea.store(
        laboratorio("recente", iscrizione("p-anna01", "2016-05-18", **solo)),
        laboratorio(
            "vecchio",
            iscrizione("p-zoe001", "2016-04-20", **solo),
            iscrizione("p-bruno1", "2016-04-25", **solo),
            iscrizione("p-ritirato", "2016-04-01", al_il="2016-04-02", **solo),
            iscrizione("p-due001"),
            iscrizione("p-solo01", consenso_espresso_da="genitore_unico"),
            iscrizione("p-tutore", consenso_espresso_da="tutore"),
            iscrizione("p-adulta", fascia_eta="18-29", consenso_espresso_da="persona_maggiorenne"),
        ),
        laboratorio("completo", iscrizione("p-due001")),
        laboratorio("concluso", iscrizione("p-anna01", **solo), concluso=1),
    )
    found = await linea.rows("consensi-mancanti", OGGI)
    assert [(r["id"], r["mancanti"], r["giorni_trascorsi"]) for r in found] == [("vecchio", 2, 30), ("recente", 1, 2)]
    assert found[0]["manca_il_secondo_genitore_di"] == ["p-zoe001", "p-bruno1"]


async def test_the_catalogue_s_places_by_when_the_offer_begins_and_where_there_is_room(linea: Connected) -> None:
    finished = percorso("p-anna01", concluso_il="2016-05-10")
    await linea.store(
        proposta("piena", percorso("p-bruno1"), finished, posti=2),
        proposta("libera", percorso("p-bruno1")),
        proposta("prossima", dal="2016-09-01", al="2016-09-30"),
        proposta("ultimo-giorno", dal="2016-05-01", al="2016-05-20"),
        proposta("finita", al="2016-05-19"),
        proposta("ritirata", ritirata_il="2016-05-01"),
    )
    found = await linea.rows("posti-del-catalogo", OGGI)
    assert [(r["id"], r["posti"], r["assegnati"], r["liberi"]) for r in found] == [
        ("ultimo-giorno", 3, 0, 3), ("libera", 3, 1, 2), ("piena", 2, 2, 0), ("prossima", 3, 0, 3),
    ]  # fmt: skip
    assert (found[0]["percorso"], found[0]["dal_il"], found[0]["al_il"]) == ("PCTO", date(2016, 5, 1), OGGI)


async def test_paths_to_close_are_those_whose_period_is_over_also_where_the_offer_was_withdrawn(
    linea: Connected,
) -> None:
    await linea.store(
        proposta("oggi", percorso("p-anna01"), al="2016-05-20"),
        proposta("domani", percorso("p-anna01"), al="2016-05-21"),
        proposta(
            "ritirata", percorso("p-zoe001"), percorso("p-anna01"), percorso("p-bruno1", concluso_il="2016-05-01"),
            al="2016-05-01", ritirata_il="2016-04-01",
        ),
        proposta("chiusa", percorso("p-anna01", concluso_il="2016-05-01"), al="2016-05-01"),
        proposta("deserta", al="2016-05-01"),
    )  # fmt: skip
    found = await linea.rows("percorsi-da-chiudere", OGGI)
    assert [(r["id"], r["giorni_trascorsi"], r["da_chiudere"]) for r in found] == [("ritirata", 19, 2), ("oggi", 0, 1)]
    assert found[0]["studenti"] == ["p-anna01", "p-zoe001"]


async def test_next_events_and_those_of_which_nobody_said_how_it_went(linea: Connected) -> None:
    await linea.store(
        evento("domani", "2016-05-21"),
        evento("passato", "2016-05-01"),
        evento("svolto", "2016-05-21", svolto=1),
        evento("annullato", "2016-05-21", annullato=1),
        evento("mai in programma", None, svolto=1),
    )
    found = await linea.rows("prossimi-eventi", OGGI)
    assert [(r["id"], r["titolo"], r["giorni_mancanti"]) for r in found] == [
        ("passato", "passato", -19), ("domani", "domani", 1),
    ]  # fmt: skip
