"""The lists, on PostgreSQL: who belongs in each, in which order."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from contratti import lavoro
from lavoro.abbinamento import Abbinamento
from lavoro.aderente import Aderente
from lavoro.candidato import Candidato
from lavoro.fondo import Fondo
from lavoro.inserimento import Inserimento
from lavoro.offerta import Offerta
from lavoro.service import servizio
from lavoro.tirocinio import Tirocinio
from lavoro.viste import LISTE
from stack.databases import Databases
from telaio.testing.connected import Connected, connected

OGGI = date(2016, 10, 31)
AZIENDA = Aderente(id="azienda", comune="017113", in_rete=1)
USCITA = Aderente(id="uscita", comune="017032", cessata_il=OGGI)


@pytest.fixture
async def linea(databases: Databases) -> AsyncIterator[Connected]:
    """The strand, without any case."""
    dsn = databases.fresh()
    async with connected(servizio, dsn) as strand:
        yield strand
    databases.drop(dsn)


def candidato(id: str, **fields: Any) -> Candidato:
    known = {"id": id, "comune": "017113", "in_carico": 1, "in_carico_dal_il": "2016-10-01"}
    return Candidato.model_validate(known | fields)


def offerta(id: str, **fields: Any) -> Offerta:
    known = {"id": id, "aderente": "azienda", "tipo": "tirocinio", "posti": 3, "comune": "017113"}
    return Offerta.model_validate(known | {"pubblicata_il": "2016-10-01"} | fields)


def abbinamento(id: str, **fields: Any) -> Abbinamento:
    known = {"id": id, "candidato": "c", "offerta": "o", "punteggio": 70, "proposto_il": "2016-10-21"}
    return Abbinamento.model_validate(known | fields)


def tirocinio(id: str, **fields: Any) -> Tirocinio:
    known = {"id": id, "candidato": "c", "aderente": "azienda", "categoria": "ordinario", "dal": "2016-04-01"}
    known |= {"al": "2016-11-30", "ore_settimanali": 30, "indennita_centesimi": 0, "tutor_aziendale": "p-aaaaaa"}
    return Tirocinio.model_validate(known | fields)


def inserimento(id: str, avviato_il: str, **fields: Any) -> Inserimento:
    known = {"id": id, "candidato": "c", "aderente": "azienda", "contratto": "altro", "avviato_il": avviato_il}
    return Inserimento.model_validate(known | fields)


def ids(rows: list[dict[str, Any]]) -> list[str]:
    return [row["id"] for row in rows]


async def test_every_list_is_empty_where_nothing_happened(linea: Connected) -> None:
    for vista in LISTE:
        assert await linea.rows(vista.name, OGGI) == []


async def test_candidates_without_a_proposal_the_longest_waiting_first(linea: Connected) -> None:
    both = ("candidato", "aderente")
    ended = {"stato": "interrotto", "finito_il": "2016-10-25"}
    waiting = ("nuovo", "vecchio", "rifiutato", "interrotto", "licenziato")
    served = ("proposto", "accettato", "in-tirocinio", "al-lavoro", "riproposto")
    await linea.store(
        *[candidato(id) for id in (*waiting, *served)],
        candidato("primo", in_carico_dal_il="2016-09-01", competenze=("cucina",), disponibilita=("sera",)),
        candidato("concluso", in_carico=0),
        abbinamento("1", candidato="proposto"),
        abbinamento("2", candidato="accettato", accettato_da=both),
        abbinamento("3", candidato="rifiutato", rifiutato_da="aderente"),
        abbinamento("4", candidato="interrotto", accettato_da=both),
        tirocinio("t4", candidato="interrotto", **ended),
        tirocinio("t5", candidato="in-tirocinio"),
        inserimento("i6", "2016-09-01", candidato="al-lavoro"),
        inserimento("i7", "2016-09-01", candidato="licenziato", cessato_il="2016-10-25"),
        tirocinio("t8", candidato="riproposto", **ended),
        abbinamento("8", candidato="riproposto", proposto_il="2016-10-25"),
    )
    found = await linea.rows("candidati-senza-proposta", OGGI)
    assert ids(found) == ["primo", *sorted(waiting)]
    assert found[0] == {
        "id": "primo", "comune": "017113", "competenze": ["cucina"], "disponibilita": ["sera"],
        "in_carico_dal_il": date(2016, 9, 1), "giorni_di_attesa": 60,
    }  # fmt: skip


async def test_open_offers_those_with_more_places_first(linea: Connected) -> None:
    await linea.store(
        AZIENDA,
        USCITA,
        offerta("quasi", posti=2, occupati=1, competenze=("cucina",)),
        offerta("nuova", pubblicata_il="2016-10-02"),
        offerta("vecchia"),
        offerta("piena", occupati=3),
        offerta("chiusa", chiusa_il="2016-10-30"),
        offerta("di-chi-e-uscito", aderente="uscita"),
        abbinamento("1", offerta="quasi", accettato_da=("candidato", "aderente")),
        abbinamento("2", offerta="quasi", accettato_da=("candidato",)),
        abbinamento("3", offerta="quasi"),
        abbinamento("4", offerta="quasi", rifiutato_da="candidato"),
    )
    found = await linea.rows("offerte-aperte", OGGI)
    assert [(r["id"], r["posti_liberi"], r["da_decidere"]) for r in found] == [
        ("vecchia", 3, 0),
        ("nuova", 3, 0),
        ("quasi", 1, 2),
        ("piena", 0, 0),
    ]


async def test_matches_to_be_decided_the_oldest_first(linea: Connected) -> None:
    await linea.store(
        offerta("o"),
        offerta("chiusa", chiusa_il="2016-10-30"),
        abbinamento("nuovo", proposto_il="2016-10-30", ragioni=("stesso_comune",)),
        abbinamento("a-meta", accettato_da=("aderente",)),
        abbinamento("da-chiudere", proposto_il="2016-10-22", offerta="chiusa"),
        abbinamento("altri", accettato_da=("aderente", "altro"), proposto_il="2016-10-23"),
        abbinamento("deciso", accettato_da=("aderente", "candidato")),
        abbinamento("rifiutato", rifiutato_da="candidato"),
    )
    found = await linea.rows("abbinamenti-da-decidere", OGGI)
    assert [(r["id"], r["giorni_di_attesa"], r["offerta_chiusa_il"]) for r in found] == [
        ("a-meta", 10, None),
        ("da-chiudere", 9, date(2016, 10, 30)),
        ("altri", 8, None),
        ("nuovo", 1, None),
    ]
    assert (found[3]["comune"], found[3]["ragioni"], found[0]["accettato_da"]) == (
        "017113", ["stesso_comune"], ["aderente"],
    )  # fmt: skip


async def test_internships_that_end_within_thirty_days_or_should_have(linea: Connected) -> None:
    await linea.store(
        AZIENDA,
        tirocinio("fra-30", al="2016-11-30"),
        tirocinio("fra-31", al="2016-12-01"),
        tirocinio("passato", al="2016-10-30", aderente="ignoto"),
        tirocinio("concluso", al="2016-10-30", stato="concluso", finito_il="2016-10-30"),
    )
    found = await linea.rows("tirocini-in-scadenza", OGGI)
    assert [(r["id"], r["comune"], r["giorni_al_termine"]) for r in found] == [
        ("passato", None, -1),
        ("fra-30", "017113", 30),
    ]


def verificato(a_mesi: int) -> lavoro.InserimentoVerificato:
    return lavoro.InserimentoVerificato(avvenuto_il=OGGI, a_mesi=a_mesi, ancora_occupato=True)


async def test_checks_due_after_one_three_and_six_months(linea: Connected) -> None:
    await linea.store(
        AZIENDA,
        inserimento("un-mese", "2016-09-30"),
        inserimento("un-giorno-meno", "2016-10-01"),
        inserimento("tre-mesi", "2016-07-31", verifiche=(verificato(1),)),
        inserimento("sei-mesi", "2016-04-30", verifiche=(verificato(3),), cessato_il="2016-08-01"),
        inserimento("in-pari", "2016-07-31", verifiche=(verificato(3), verificato(1))),
    )
    found = await linea.rows("verifiche", OGGI)
    assert [(r["id"], r["da_fare_a_mesi"], r["da_fare_dal_il"]) for r in found] == [
        ("sei-mesi", [1, 6], date(2016, 5, 30)),
        ("un-mese", [1], date(2016, 10, 30)),
        ("tre-mesi", [3], date(2016, 10, 31)),
    ]
    assert (found[0]["cessato_il"], found[1]["cessato_il"]) == (date(2016, 8, 1), None)


async def test_the_fund_s_position(linea: Connected) -> None:
    await linea.store(Fondo(id="fondo-esperienze", versato_centesimi=1000, speso_centesimi=300, impegni_centesimi=500))
    assert await linea.rows("posizione-del-fondo", OGGI) == [
        {
            "id": "fondo-esperienze", "versato_centesimi": 1000, "speso_centesimi": 300, "saldo_centesimi": 700,
            "impegni_centesimi": 500, "disponibile_centesimi": 200,
        }
    ]  # fmt: skip
