"""The declarations on the real chassis: many operators at once, corrections and claims, on PostgreSQL."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from random import Random
from typing import Any
from uuid import UUID

import pytest
from contratti import punti as contratto
from contratti.rete import Event, EventoRettificato
from punti.service import servizio
from stack.databases import Databases
from telaio.testing.connected import Connected, connected

GIORNO = "2016-06-01"
PUNTO, ASCOLTO = str(UUID(int=1)), str(UUID(int=2))
BANCA = "banca-del-tempo"
OPERATORI, COMANDI = 4, 20
PERSONE = [f"p-persona{n}" for n in range(6)]


@pytest.fixture
async def linea(databases: Databases) -> AsyncIterator[Connected]:
    """The strand with an open Punto."""
    dsn = databases.fresh()
    async with connected(servizio, dsn) as strand:
        place = {
            "denominazione": "Punto di prova", "comune": "017203", "indirizzo": "Via di prova 1",
            "contatti": [{"tipo": "telefono", "valore": "030 0000000"}], "gestore": "consorzio-tenda",
            "facilitatore": "p-facilita",
        }  # fmt: skip
        await strand.send("punto", PUNTO, "apertura", avvenuto_il=GIORNO, **place)
        yield strand
    databases.drop(dsn)


def parti(random: Random) -> list[dict[str, Any]]:
    """Anybody with anybody: one gives what the others receive."""
    giver, *takers = random.sample(PERSONE, random.randint(2, 4))
    received = [random.randint(1, 120) for _ in takers]
    gives = {"persona": giver, "dato_minuti": sum(received), "ricevuto_minuti": 0}
    return [
        gives,
        *({"persona": p, "dato_minuti": 0, "ricevuto_minuti": m} for p, m in zip(takers, received, strict=True)),
    ]


async def corregge(linea: Connected, random: Random, id: str, event: str) -> str:
    """Corrects an exchange, or says it never was."""
    right = {"avvenuto_il": GIORNO, "partecipanti": parti(random)} if random.random() < 0.6 else None
    why = {"rettifica": event, "motivo": "errore_di_digitazione", "data": right}
    return await linea.tries("scambio", id, "rettifica", avvenuto_il=GIORNO, **why)


async def operator(linea: Connected, random: Random, outcomes: Counter[str], known: list[tuple[str, str]]) -> None:
    """One facilitator's day: records exchanges, some of them twice, and corrects whoever's."""
    for _ in range(COMANDI):
        if known and random.random() < 0.4:
            outcomes[await corregge(linea, random, *random.choice(known))] += 1
            continue
        id = str(UUID(int=random.randint(1000, 1040)))
        told = {"avvenuto_il": GIORNO, "partecipanti": parti(random), "punto": PUNTO}
        outcome = await linea.tries("scambio", id, "registrazione", **told)
        if not outcome:
            known.append((id, (await recorded(linea, id))[-1]))
        outcomes[outcome] += 1


async def recorded(linea: Connected, id: str) -> list[str]:
    """The ids of an exchange's events."""
    found = await linea.runtime.pool.fetch("select id::text from journal where entity = $1 order by version", id)
    return [row["id"] for row in found]


# The independent calculation: from the journal alone, without the entities' code


def standing(told: Sequence[tuple[str, Event]]) -> list[contratto.ScambioAvvenuto]:
    """The exchanges of one case as their last corrections left them: never more than one."""
    found: dict[str, Any] = {}
    for id, event in told:
        if isinstance(event, EventoRettificato):
            found[event.rettifica] = contratto.ScambioAvvenuto.model_validate(event.data) if event.data else None
        else:
            found[id] = event
    return [exchange for exchange in found.values() if exchange is not None]


async def totals(linea: Connected, ids: set[str]) -> dict[str, tuple[int, int]]:
    """Minutes given and received by each, over the exchanges as they stand."""
    given, received = Counter[str](), Counter[str]()
    for id in ids:
        told = zip(await recorded(linea, id), await linea.told("scambio", id), strict=True)
        exchanges = standing(list(told))
        assert len(exchanges) <= 1
        for p in exchanges[0].partecipanti if exchanges else ():
            given[p.persona] += p.dato_minuti
            received[p.persona] += p.ricevuto_minuti
    return {p: (given[p], received[p]) for p in given | received}


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_whatever_operators_do_at_once_the_time_bank_balances(linea: Connected, seed: int) -> None:
    outcomes, known = Counter[str](), list[tuple[str, str]]()
    await asyncio.gather(*[operator(linea, Random(f"{seed}/{n}"), outcomes, known) for n in range(OPERATORI)])
    bank = await linea.state("banca", BANCA)
    assert {c.persona: (c.dato_minuti, c.ricevuto_minuti) for c in bank.conti} == await totals(
        linea, {id for id, _ in known}
    )
    assert sum(c.saldo_minuti for c in bank.conti) == 0
    assert min(c.saldo_minuti for c in bank.conti) < 0
    assert outcomes.keys() <= {"", "scambio-gia-registrato", "evento-non-trovato"}
    assert outcomes[""] > OPERATORI


async def test_of_eight_who_record_the_same_exchange_at_once_one_does(linea: Connected) -> None:
    told = {"avvenuto_il": GIORNO, "partecipanti": parti(Random(1))}
    said = await asyncio.gather(*[linea.tries("scambio", ASCOLTO, "registrazione", **told) for _ in range(8)])
    assert Counter(said) == {"": 1, "scambio-gia-registrato": 7}
    bank = await linea.state("banca", BANCA)
    assert sum(c.dato_minuti for c in bank.conti) == sum(p["dato_minuti"] for p in told["partecipanti"])


async def test_a_correction_that_does_not_balance_is_refused_and_changes_nothing(linea: Connected) -> None:
    await linea.send("scambio", ASCOLTO, "registrazione", avvenuto_il=GIORNO, partecipanti=parti(Random(1)))
    before, event = await linea.state("banca", BANCA), (await recorded(linea, ASCOLTO))[0]
    lame = [{"persona": p, "dato_minuti": 10, "ricevuto_minuti": 0} for p in PERSONE[:2]]
    why = {"rettifica": event, "motivo": "errore_di_digitazione"}
    wrong = {"avvenuto_il": GIORNO, "partecipanti": lame}
    assert await linea.tries("scambio", ASCOLTO, "rettifica", avvenuto_il=GIORNO, data=wrong, **why) == (
        "rettifica-non-valida"
    )
    assert await linea.state("banca", BANCA) == before


async def test_an_annulled_exchange_may_be_recorded_again_and_then_does_not_come_back_beside_it(
    linea: Connected,
) -> None:
    told = {"avvenuto_il": GIORNO, "partecipanti": parti(Random(1))}
    first = await linea.send("scambio", ASCOLTO, "registrazione", **told)
    why = {"avvenuto_il": GIORNO, "rettifica": first.events[0], "motivo": "fatto_non_avvenuto"}
    await linea.send("scambio", ASCOLTO, "rettifica", data=None, **why)
    assert (await linea.state("banca", BANCA)).conti == ()
    await linea.send("scambio", ASCOLTO, "registrazione", **told)
    assert await linea.tries("scambio", ASCOLTO, "rettifica", data=told, **why) == "scambio-gia-registrato"


async def test_of_eight_who_offer_the_same_skill_of_a_person_at_once_one_is_heard(linea: Connected) -> None:
    skill = {"avvenuto_il": GIORNO, "persona": PERSONE[0], "sapere": "cucito"}
    said = await asyncio.gather(*[linea.tries("sapere", str(UUID(int=n)), "offerta", **skill) for n in range(10, 18)])
    assert Counter(said) == {"": 1, "sapere-gia-offerto": 7}
    assert await linea.tries("sapere", str(UUID(int=20)), "richiesta", **skill) == ""


async def test_places_are_found_where_they_are_named(linea: Connected) -> None:
    asks = {"avvenuto_il": GIORNO, "comune": "017203", "bisogni": ["relazioni"]}
    nowhere = str(UUID(int=99))
    assert await linea.tries("ascolto", ASCOLTO, "richiesta", punto=nowhere, **asks) == "punto-non-trovato"
    assert await linea.tries("ascolto", ASCOLTO, "richiesta", punto=PUNTO, **asks) == ""
    exchange = {"avvenuto_il": GIORNO, "partecipanti": parti(Random(1))}
    assert await linea.tries("scambio", ASCOLTO, "registrazione", punto=nowhere, **exchange) == "punto-non-trovato"
    await linea.send("punto", PUNTO, "chiusura", avvenuto_il=GIORNO)
    late = exchange | {"avvenuto_il": "2016-06-02"}
    assert await linea.tries("scambio", ASCOLTO, "registrazione", punto=PUNTO, **late) == "punto-chiuso"
    assert await linea.tries("scambio", ASCOLTO, "registrazione", punto=PUNTO, **exchange) == ""
