"""The declarations on the real chassis: many operators at once, and corrections, on PostgreSQL."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from random import Random
from typing import Any
from uuid import UUID

import pytest
from contratti import giovani
from contratti.rete import Event
from giovani.service import servizio
from stack.databases import Databases
from telaio.testing.connected import Connected, connected

GIORNO = "2018-05-02"
LABORATORIO, PROPOSTA, EVENTO = (str(UUID(int=n)) for n in range(1, 4))
POSTI, PERSONE, OPERATORI, COMANDI = 3, 6, 4, 30


@pytest.fixture
async def linea(databases: Databases) -> AsyncIterator[Connected]:
    """The strand with a lab of three places and an offer of three places."""
    dsn = databases.fresh()
    async with connected(servizio, dsn) as strand:
        design = {"ambito": "sociale", "comune": "017113", "con": ["scuola"]}
        await strand.send("laboratorio", LABORATORIO, "coprogettazione", avvenuto_il=GIORNO, **design)
        await strand.send("laboratorio", LABORATORIO, "avvio", avvenuto_il=GIORNO, posti=POSTI)
        offer = {
            "ente": "consorzio-tenda", "ambito": "sociale", "comune": "017113", "posti": POSTI, "dal": "2018-06-11",
            "al": "2018-07-06", "competenze": [], "finalita": ["competenze"], "rischio": "alto", "tutor": 1,
        }  # fmt: skip
        await strand.send("proposta", PROPOSTA, "pubblicazione", avvenuto_il=GIORNO, **offer)
        yield strand
    databases.drop(dsn)


async def iscrivi(linea: Connected, persona: str) -> str:
    consent = {"fascia_eta": "14-17", "consenso_espresso_da": "un_genitore"}
    return await linea.tries("laboratorio", LABORATORIO, "iscrizione", avvenuto_il=GIORNO, persona=persona, **consent)


async def ritira(linea: Connected, persona: str) -> str:
    return await linea.tries("laboratorio", LABORATORIO, "ritiro", avvenuto_il=GIORNO, persona=persona)


async def registra(linea: Connected, incontro: int, *persone: str) -> str:
    meeting = {"incontro": incontro, "persone": list(persone)}
    return await linea.tries("laboratorio", LABORATORIO, "presenze", avvenuto_il=GIORNO, **meeting)


async def assegna(linea: Connected, persona: str) -> str:
    student = {"persona": persona, "istituto": "liceo-di-prova", "ore_previste": 40}
    return await linea.tries("proposta", PROPOSTA, "assegnazione", avvenuto_il=GIORNO, **student)


async def concludi(linea: Connected, persona: str, ore: int) -> str:
    hours = {"persona": persona, "ore_svolte": ore}
    return await linea.tries("proposta", PROPOSTA, "conclusione-percorso", avvenuto_il="2018-07-06", **hours)


# The independent calculation: from the journal alone, without the entities' code


def inside(told: Sequence[Event], places: int) -> set[str]:
    """Who is in the lab after this journal, which at every step kept its places and its people."""
    present, meetings = set[str](), set[int]()
    for event in told:
        match event:
            case giovani.IscrizioneRaccolta(persona=who):
                assert who not in present
                present.add(who)
            case giovani.IscrizioneRitirata(persona=who):
                present.remove(who)
            case giovani.PresenzeRegistrate(incontro=number, persone=who):
                assert number not in meetings
                meetings.add(number)
        assert len(present) <= places
    return present


async def operator(linea: Connected, random: Random, outcomes: Counter[str]) -> None:
    """One operator's day: enrols, withdraws, records attendance, assigns and concludes, with no regard for others."""
    for _ in range(COMANDI):
        who = f"p-persona{random.randrange(PERSONE)}"
        does: Sequence[Any] = (
            lambda who=who: iscrivi(linea, who),
            lambda who=who: iscrivi(linea, who),
            lambda who=who: ritira(linea, who),
            lambda who=who: registra(linea, random.randint(1, 40), who),
            lambda who=who: assegna(linea, who),
            lambda who=who: concludi(linea, who, random.randint(0, 40)),
        )
        which = random.randrange(len(does))
        outcomes[await does[which]()] += 1


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_whatever_operators_do_at_once_no_place_is_given_twice(linea: Connected, seed: int) -> None:
    outcomes = Counter[str]()
    await asyncio.gather(*[operator(linea, Random(f"{seed}/{n}"), outcomes) for n in range(OPERATORI)])
    lab, told = await linea.state("laboratorio", LABORATORIO), await linea.told("laboratorio", LABORATORIO)
    assert set(lab.iscritti) == inside(told, POSTI)
    offer, told = await linea.state("proposta", PROPOSTA), await linea.told("proposta", PROPOSTA)
    assigned = [e.persona for e in told if isinstance(e, giovani.StudenteAssegnato)]
    ended = [e for e in told if isinstance(e, giovani.AlternanzaConclusa)]
    assert len(set(assigned)) == len(assigned) == len(offer.percorsi) == POSTI
    assert len({e.persona for e in ended}) == len(ended)
    assert {e.persona for e in ended} <= set(assigned)
    assert all(e.valida == (e.ore_svolte >= 30) for e in ended)
    assert outcomes.keys() >= {"", "posti-esauriti", "persona-gia-iscritta", "persona-non-iscritta"}


async def test_of_eight_at_once_three_get_the_three_places(linea: Connected) -> None:
    labs = await asyncio.gather(*[iscrivi(linea, f"p-persona{n}") for n in range(8)])
    offers = await asyncio.gather(*[assegna(linea, f"p-persona{n}") for n in range(8)])
    assert Counter(labs) == Counter(offers) == {"": POSTI, "posti-esauriti": 8 - POSTI}


async def test_the_same_meeting_told_by_two_facilitators_at_once_is_recorded_once(linea: Connected) -> None:
    await iscrivi(linea, "p-anna01")
    said = await asyncio.gather(*[registra(linea, 1, "p-anna01") for _ in range(2)])
    assert sorted(said) == ["", "incontro-gia-registrato"]


async def test_the_rules_of_the_service_reach_the_decisions(linea: Connected) -> None:
    too_many = {
        "ente": "consorzio-tenda", "ambito": "industria", "comune": "017113", "posti": 6, "dal": "2018-06-11",
        "al": "2018-07-06", "competenze": [], "finalita": ["competenze"], "rischio": "alto", "tutor": 1,
    }  # fmt: skip
    assert await linea.tries("proposta", EVENTO, "pubblicazione", avvenuto_il=GIORNO, **too_many) == (
        "tutor-insufficienti"
    )


async def test_a_second_parent_s_consent_completes_the_enrolment_and_clears_the_list(linea: Connected) -> None:
    enrolment = {"persona": "p-anna01", "fascia_eta": "14-17", "consenso_espresso_da": "un_genitore"}
    enrolled = await linea.send("laboratorio", LABORATORIO, "iscrizione", avvenuto_il=GIORNO, **enrolment)
    today = linea.runtime.clock.today()
    assert len(await linea.rows("consensi-mancanti", today)) == 1
    correction = {"avvenuto_il": GIORNO, "rettifica": enrolled.events[0], "motivo": "dato_mancante"}
    alone = enrolment | {"avvenuto_il": GIORNO, "consenso_espresso_da": "persona_maggiorenne"}
    refused = await linea.tries("laboratorio", LABORATORIO, "rettifica", **correction, data=alone)
    assert refused == "consenso-mancante"
    both = enrolment | {"avvenuto_il": GIORNO, "consenso_espresso_da": "entrambi_i_genitori"}
    await linea.send("laboratorio", LABORATORIO, "rettifica", **correction, data=both)
    assert await linea.rows("consensi-mancanti", today) == []


async def test_a_correction_does_not_take_the_place_from_under_somebody(linea: Connected) -> None:
    for n in range(POSTI):
        assert await iscrivi(linea, f"p-persona{n}") == ""
    async with linea.runtime.pool.acquire() as connection:
        started = await connection.fetchval("select id::text from journal where type = 'giovani.LaboratorioAvviato'")
    fewer = {"avvenuto_il": GIORNO, "rettifica": started, "motivo": "errore_di_digitazione"}
    data = {"avvenuto_il": GIORNO, "posti": POSTI - 1}
    assert await linea.tries("laboratorio", LABORATORIO, "rettifica", **fewer, data=data) == "posti-esauriti"
    assert await linea.tries("laboratorio", LABORATORIO, "rettifica", **fewer, data=data | {"posti": POSTI}) == ""


async def test_an_event_that_ten_people_hold_and_cancel_at_once_ends_in_one_way(linea: Connected) -> None:
    programme = {"comune": "017113", "titolo": "Festa dei giovani", "previsto_il": "2018-05-20"}
    await linea.send("evento_territoriale", EVENTO, "programma", avvenuto_il=GIORNO, **programme)
    held = {"comune": "017113", "partecipanti": 80, "giovani_organizzatori": 5}
    said = await asyncio.gather(
        *[
            linea.tries("evento_territoriale", EVENTO, "svolgimento", avvenuto_il="2018-05-20", **held)
            for _ in range(5)
        ],
        *[
            linea.tries("evento_territoriale", EVENTO, "annullamento", avvenuto_il="2018-05-20", motivo="maltempo")
            for _ in range(5)
        ],
    )
    assert Counter(said)[""] == 1
    assert set(said) <= {"", "evento-gia-svolto", "evento-gia-annullato", "evento-svolto-e-annullato"}
