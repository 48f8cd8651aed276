"""The declarations on the real chassis, many at once: places never oversold, quotas kept, the fund balances."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from datetime import date
from itertools import chain
from random import Random
from typing import Any
from uuid import UUID

import pytest
from contratti import lavoro
from lavoro.service import servizio
from stack.databases import Databases
from telaio.calendar import ONE_DAY, after_months
from telaio.execute import Accepted
from telaio.testing.connected import Connected, connected

GIORNO = "2016-03-20"
FONDO = "fondo-esperienze"
DAL, AL = "2016-04-01", "2016-09-30"


def uuid(kind: int, number: int) -> str:
    return str(UUID(int=kind << 64 | number))


def candidato(n: int) -> str:
    return uuid(1, n)


def offerta(n: int) -> str:
    return uuid(2, n)


def abbinamento(n: int) -> str:
    return uuid(3, n)


def tirocinio(n: int) -> str:
    return uuid(4, n)


def esperienza(n: int) -> str:
    return uuid(5, n)


AZIENDA = uuid(6, 1)


class Linea(Connected):
    """The strand, and the commands of these tests."""

    async def does(self, kind: str, id: str, name: str, **fields: Any) -> Accepted:
        return await self.send(kind, id, name, **{"avvenuto_il": GIORNO} | fields)

    async def may(self, kind: str, id: str, name: str, **fields: Any) -> str:
        return await self.tries(kind, id, name, **{"avvenuto_il": GIORNO} | fields)

    async def people(self, number: int) -> None:
        """A company of twelve, and as many candidates in charge."""
        await self.does("aderente", AZIENDA, "sottoscrizione", tipo="azienda", comune="017113", dipendenti=12)
        for n in range(number):
            known = {"persona": f"p-persona{n:03}", "comune": "017113", "disponibilita": ("mattina",)}
            await self.does("candidato", candidato(n), "presa-in-carico", **known)

    async def offer(self, n: int, posti: int) -> str:
        known = {"aderente": AZIENDA, "tipo": "tirocinio", "posti": posti, "comune": "017113"}
        return (await self.does("offerta", offerta(n), "pubblicazione", **known)).events[0]

    async def activate(self, n: int, **fields: Any) -> str:
        """The refusal of an internship of candidate n, or ""."""
        known = {"candidato": candidato(n), "aderente": AZIENDA, "dal": DAL, "al": AL, "ore_settimanali": 30}
        money = {"indennita_centesimi": 40000, "tutor_aziendale": "p-tutor1"}
        return await self.may("tirocinio", tirocinio(n), "attivazione", **known | money | fields)

    async def correct(self, kind: str, id: str, wrong: str, data: dict[str, Any] | None) -> str:
        right = None if data is None else {"avvenuto_il": GIORNO} | data
        return await self.may(kind, id, "rettifica", rettifica=wrong, motivo="errore_di_digitazione", data=right)


@pytest.fixture
async def linea(databases: Databases) -> AsyncIterator[Linea]:
    dsn = databases.fresh()
    async with connected(servizio, dsn) as strand:
        yield Linea(strand.runtime)
    databases.drop(dsn)


# Places


async def match(linea: Linea, n: int, offer: str) -> list[str]:
    """Candidate n proposed for the offer and accepted by both; the refusals on the way."""
    said = [await linea.may("abbinamento", abbinamento(n), "proposta", candidato=candidato(n), offerta=offer)]
    for side in ("candidato", "aderente"):
        said.append(await linea.may("abbinamento", abbinamento(n), "accettazione", da=side))
    return [code for code in said if code]


async def test_of_eight_who_are_accepted_at_once_for_three_places_three_have_one(linea: Linea) -> None:
    await linea.people(8)
    await linea.offer(1, posti=3)
    for n in range(8):
        await linea.does("abbinamento", abbinamento(n), "proposta", candidato=candidato(n), offerta=offerta(1))
        await linea.does("abbinamento", abbinamento(n), "accettazione", da="candidato")
    last = [linea.may("abbinamento", abbinamento(n), "accettazione", da="aderente") for n in range(8)]
    assert Counter(await asyncio.gather(*last)) == {"": 3, "posti-esauriti": 5}
    assert (await linea.state("offerta", offerta(1))).occupati == 3


async def test_a_match_tells_score_and_reasons_from_the_district_the_service_runs_in(linea: Linea) -> None:
    await linea.people(1)
    await linea.offer(1, posti=1)
    assert await match(linea, 0, offerta(1)) == []
    proposed = (await linea.told("abbinamento", abbinamento(0)))[0]
    assert isinstance(proposed, lavoro.AbbinamentoProposto)
    assert (proposed.punteggio, proposed.ragioni) == (
        92, ("nessuna_competenza_richiesta", "stesso_comune", "orario_da_concordare"),
    )  # fmt: skip


async def test_who_thinks_better_of_it_gives_the_place_to_the_next(linea: Linea) -> None:
    await linea.people(2)
    await linea.offer(1, posti=1)
    assert await match(linea, 0, offerta(1)) == []
    full = await linea.may("abbinamento", abbinamento(1), "proposta", candidato=candidato(1), offerta=offerta(1))
    assert full == "posti-esauriti"
    await linea.does("abbinamento", abbinamento(0), "rifiuto", da="candidato", motivo="altra_occupazione")
    assert await match(linea, 1, offerta(1)) == []


async def test_a_correction_neither_oversells_nor_keeps_a_place(linea: Linea) -> None:
    await linea.people(2)
    published = await linea.offer(1, posti=2)
    for n in range(2):
        assert await match(linea, n, offerta(1)) == []
    fewer = {"aderente": AZIENDA, "tipo": "tirocinio", "posti": 1, "comune": "017113"}
    assert await linea.correct("offerta", offerta(1), published, fewer) == "posti-esauriti"
    accepted = await linea.runtime.pool.fetchval(
        "select id::text from journal where entity = $1 order by version desc limit 1", abbinamento(1)
    )
    assert await linea.correct("abbinamento", abbinamento(1), accepted, None) == ""
    assert (await linea.state("offerta", offerta(1))).occupati == 1
    assert await linea.correct("offerta", offerta(1), published, fewer) == ""
    again = {"da": "aderente"}
    assert await linea.correct("abbinamento", abbinamento(1), accepted, again) == "posti-esauriti"


# Host quota


async def test_of_six_internships_activated_at_once_a_host_of_twelve_has_two(linea: Linea) -> None:
    await linea.people(6)
    assert Counter(await asyncio.gather(*[linea.activate(n) for n in range(6)])) == {
        "": 2, "tirocini-oltre-la-quota": 4,
    }  # fmt: skip


async def test_of_two_internships_of_one_candidate_at_once_one_is_activated(linea: Linea) -> None:
    await linea.people(1)
    both = [linea.activate(n, candidato=candidato(0)) for n in range(2)]
    assert Counter(await asyncio.gather(*both)) == {"": 1, "candidato-gia-in-tirocinio": 1}


async def test_an_interruption_makes_room_at_the_host_and_frees_the_candidate(linea: Linea) -> None:
    await linea.people(3)
    assert [await linea.activate(n) for n in range(3)] == ["", "", "tirocini-oltre-la-quota"]
    concluded = await linea.may("candidato", candidato(0), "conclusione", esito="rinuncia")
    assert concluded == "tirocinio-in-corso"
    await linea.does("tirocinio", tirocinio(0), "interruzione", motivo="rinuncia")
    await linea.does("candidato", candidato(0), "conclusione", esito="rinuncia")
    assert await linea.activate(2) == ""


async def test_an_internship_of_the_past_entered_late_is_judged_by_its_own_time(linea: Linea) -> None:
    await linea.people(3)
    assert [await linea.activate(n) for n in range(2)] == ["", ""]
    before = {"avvenuto_il": "2015-03-01", "dal": "2015-03-01", "al": "2015-08-31"}
    assert await linea.activate(2, **before) == "dipendenti-non-noti"
    await linea.does("aderente", AZIENDA, "aggiornamento-dipendenti", avvenuto_il="2015-01-01", dipendenti=3)
    assert await linea.activate(2, **before) == ""


# The fund


async def test_a_fund_pays_for_what_it_promised_and_a_correction_moves_it(linea: Linea) -> None:
    await linea.people(1)
    assert await linea.activate(0) == ""
    await linea.does("fondo", FONDO, "versamento", importo_centesimi=1000, da="fondazione")
    financed = {"tirocinio": tirocinio(0), "importo_centesimi": 1000}
    assert await linea.may("esperienza", esperienza(0), "finanziamento", **financed | {"importo_centesimi": 1001}) == (
        "fondo-incapiente"
    )
    await linea.does("esperienza", esperienza(0), "finanziamento", **financed)
    paid = await linea.does("esperienza", esperienza(0), "liquidazione", importo_centesimi=400)
    twice = await linea.may("esperienza", esperienza(1), "finanziamento", **financed | {"importo_centesimi": 1})
    assert twice in {"esperienza-gia-finanziata", "fondo-incapiente"}
    await linea.does("esperienza", esperienza(0), "storno")
    assert await ledger(linea) == (1000, 400, 0)
    assert await linea.correct("esperienza", esperienza(0), paid.events[0], {"importo_centesimi": 1000}) == ""
    assert await ledger(linea) == (1000, 1000, 0)
    over = await linea.correct("esperienza", esperienza(0), paid.events[0], {"importo_centesimi": 1001})
    assert over == "liquidazione-oltre-l-impegno"


async def test_of_four_commitments_at_once_the_fund_makes_those_it_can(linea: Linea) -> None:
    await linea.people(2)
    await linea.does("fondo", FONDO, "versamento", importo_centesimi=1000, da="comune")
    for n in range(4):
        known = {"candidato": candidato(n % 2), "aderente": AZIENDA, "contratto": "apprendistato"}
        await linea.does("inserimento", tirocinio(n), "avvio", **known)
    money = {"importo_centesimi": 300}
    all_four = [
        linea.may("esperienza", esperienza(n), "finanziamento", inserimento=tirocinio(n), **money) for n in range(4)
    ]
    assert Counter(await asyncio.gather(*all_four)) == {"": 3, "fondo-incapiente": 1}
    assert await ledger(linea) == (1000, 0, 900)


async def ledger(linea: Linea) -> tuple[int, int, int]:
    """Paid in, spent and committed, as stored."""
    fund = await linea.state("fondo", FONDO)
    return fund.versato_centesimi, fund.speso_centesimi, fund.impegni_centesimi


# Under a random load


async def places_step(linea: Linea, random: Random) -> str:
    n, side = random.randrange(12), random.choice(["candidato", "aderente"])
    step = random.choice(["proposta", "proposta", *["accettazione"] * 6, "rifiuto", "rettifica"])
    if step == "rettifica":
        return await correct_any(linea, random, "Abbinamento")
    fields: dict[str, dict[str, Any]] = {
        "proposta": {"candidato": candidato(n % 6), "offerta": offerta(n % 2)},
        "accettazione": {"da": side},
        "rifiuto": {"da": side, "motivo": "orario"},
    }
    return await linea.may("abbinamento", abbinamento(n), step, **fields[step])


async def fund_step(linea: Linea, random: Random) -> str:
    n, cents = random.randrange(12), random.randrange(1, 400)
    step = random.choice(["versamento", "storno", *["finanziamento", "liquidazione"] * 3, "rettifica"])
    if step == "rettifica":
        return await correct_any(
            linea, random, random.choice(["SpesaLiquidata", "ImpegnoStornato", "DotazioneVersata"])
        )
    if step == "versamento":
        return await linea.may("fondo", FONDO, step, importo_centesimi=cents // 4 + 1, da="cittadini")
    if step == "storno":
        return await linea.may("esperienza", esperienza(n), step)
    what = {"inserimento": tirocinio(n)} if step == "finanziamento" else {}
    return await linea.may("esperienza", esperienza(n), step, importo_centesimi=cents, **what)


async def correct_any(linea: Linea, random: Random, type: str) -> str:
    """Annuls an event that was no beginning, or says it once more as it was."""
    found = [r for r in await journal(linea) if r["type"].startswith(f"lavoro.{type}") and not r["begins"]]
    if not found:
        return ""
    wrong = random.choice(found)
    data = random.choice([None, {k: v for k, v in wrong["data"].items() if k != "avvenuto_il"}])
    return await linea.correct(wrong["kind"], wrong["entity"], wrong["id"], data)


async def journal(linea: Linea) -> list[dict[str, Any]]:
    """All rows, in the order in which they were written."""
    rows = await linea.runtime.pool.fetch(
        "select id::text, kind, entity, type, data::text, kind <> 'fondo' and version = 1 as begins from journal"
        " order by seq"
    )
    return [{**row, "data": json.loads(row["data"])} for row in rows]


def in_force(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events as they should have been, by their last correction; without the entities' code."""
    right = {r["data"]["rettifica"]: r["data"]["data"] for r in rows if r["type"] == "rete.EventoRettificato"}
    known = [r for r in rows if r["type"] != "rete.EventoRettificato"]
    return [{**r, "data": right.get(r["id"], r["data"])} for r in known if right.get(r["id"], r["data"]) is not None]


def taken(rows: list[dict[str, Any]]) -> Counter[str]:
    """Places taken by offer."""
    offers: dict[str, str] = {}
    sides: dict[str, set[str]] = {}
    for row in in_force(rows):
        match row["type"]:
            case "lavoro.AbbinamentoProposto":
                offers[row["entity"]] = row["data"]["offerta"]
            case "lavoro.AbbinamentoAccettato":
                sides.setdefault(row["entity"], set()).add(row["data"]["da"])
            case "lavoro.AbbinamentoRifiutato":
                sides.setdefault(row["entity"], set()).add("rifiuto")
    return Counter(offers[id] for id, said in sides.items() if said == {"candidato", "aderente"})


def sums(rows: list[dict[str, Any]]) -> tuple[int, int, int]:
    """Paid in, spent and committed."""
    paid_in, promised, paid, reversed_ = 0, Counter[str](), Counter[str](), set()
    for row in in_force(rows):
        cents = row["data"].get("importo_centesimi", 0)
        match row["type"]:
            case "lavoro.DotazioneVersata":
                paid_in += cents
            case "lavoro.EsperienzaFinanziata":
                promised[row["entity"]] += cents
            case "lavoro.SpesaLiquidata":
                paid[row["entity"]] += cents
            case "lavoro.ImpegnoStornato":
                reversed_.add(row["entity"])
    return paid_in, paid.total(), sum(promised[id] - paid[id] for id in promised if id not in reversed_)


async def load(linea: Linea, step: Any, seed: int) -> Counter[str]:
    """Four at once, forty steps each; what was said to them."""

    async def worker(number: int) -> list[str]:
        random = Random(seed * 10 + number)
        return [await step(linea, random) for _ in range(40)]

    return Counter(chain.from_iterable(await asyncio.gather(*[worker(n) for n in range(4)])))


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_under_any_load_no_offer_is_ever_beyond_its_places(linea: Linea, seed: int) -> None:
    await linea.people(6)
    for n in range(2):
        await linea.offer(n, posti=1)
    said = await load(linea, places_step, seed)
    rows = await journal(linea)
    for end in range(len(rows) + 1):
        assert max(taken(rows[:end]).values(), default=0) <= 1
    for n in range(2):
        assert (await linea.state("offerta", offerta(n))).occupati == taken(rows)[offerta(n)]
    assert said[""] > 10
    assert said["posti-esauriti"]


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_under_any_load_the_fund_balances_at_every_moment(linea: Linea, seed: int) -> None:
    await linea.people(1)
    for n in range(12):
        known = {"candidato": candidato(0), "aderente": AZIENDA, "contratto": "altro"}
        await linea.does("inserimento", tirocinio(n), "avvio", **known)
    await linea.does("fondo", FONDO, "versamento", importo_centesimi=600, da="fondazione")
    said = await load(linea, fund_step, seed)
    rows = await journal(linea)
    for end in range(len(rows) + 1):
        paid_in, spent, committed = sums(rows[:end])
        assert committed >= 0
        assert spent + committed <= paid_in
    assert await ledger(linea) == sums(rows)
    assert said[""] > 10
    assert said["fondo-incapiente"]


async def test_under_any_load_a_host_never_has_more_interns_than_its_staff_allows(linea: Linea) -> None:
    await linea.people(8)
    months = [date(2016, month, 1) for month in range(4, 13)]

    async def step(linea: Linea, random: Random) -> str:
        n, first = random.randrange(40), random.choice(months)
        if random.random() < 0.3:
            return await linea.may("tirocinio", tirocinio(n), "interruzione", avvenuto_il=first, motivo="salute")
        last = after_months(first, random.randrange(2, 7)) - ONE_DAY
        return await linea.activate(n, candidato=candidato(n % 8), dal=first, al=last)

    said = await load(linea, step, 7)
    host = await linea.state("aderente", AZIENDA)
    for day in (date(2016, 4, 1) + ONE_DAY * n for n in range(500)):
        assert sum(t.dal <= day <= t.al for t in host.ospitati) <= 2
    assert said[""] > 4
    assert said["tirocini-oltre-la-quota"]
