"""Whatever the interleaving and repetition the bus permits, the read models end the same, row for row."""

import asyncio
import random
from datetime import date
from typing import Any

from contratti import casa
from contratti.rete import Event, EventoRettificato
from cruscotto.proiezione import generation, riepilogo
from cruscotto.proiezione.projection import Projection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from telaio.consumer.ingest import ingest
from telaio.consumer.record import Received

from .conftest import Cruscotto, Make, event_id, on_the_wire
from .storie_di_linee import schede

COMUNI = ("017113", "017032", "017039")


@st.composite
def family(draw: st.DrawFn, number: int) -> tuple[str, list[Event]]:
    """A family's history, with late dates and corrections."""
    subject = f"famiglia/00000000-0000-4000-8000-{number:012x}"
    day = st.dates(date(2016, 2, 1), date(2016, 12, 31))
    start = casa.FamigliaPresaInCarico(
        avvenuto_il=draw(day), comune=draw(st.sampled_from(COMUNI)), componenti=(f"p-{number:06d}",), minori=0
    )
    amount = st.integers(1, 3).map(lambda n: n * 100)
    step = st.one_of(
        st.builds(casa.MorositaRilevata, avvenuto_il=day, importo_centesimi=amount, mensilita=st.just(1)),
        st.builds(casa.MorositaSanata, avvenuto_il=day, importo_centesimi=amount),
        st.builds(casa.SfrattoIntimato, avvenuto_il=day),
        st.builds(casa.SfrattoPrevenuto, avvenuto_il=day, come=st.just("altro")),
        st.builds(casa.PresaInCaricoConclusa, avvenuto_il=day, esito=st.just("altro")),
    )
    events: list[Event] = [start, *draw(st.lists(step, max_size=5))]
    if draw(st.booleans()):
        wrong = draw(st.integers(1, len(events)))
        data = draw(st.sampled_from([None, events[wrong - 1].model_dump(mode="json") | {"avvenuto_il": "2016-06-06"}]))
        events.append(
            EventoRettificato(
                avvenuto_il=date(2016, 12, 31), rettifica=event_id(subject, wrong), motivo="altro", data=data
            )
        )
    return subject, events


@st.composite
def guarantee(draw: st.DrawFn, number: int) -> tuple[str, list[Event]]:
    day = st.dates(date(2016, 2, 1), date(2016, 12, 31))
    home = f"00000000-0000-4000-8000-{number:012x}"
    whose = f"00000000-0000-4000-8000-{draw(st.integers(1, 3)):012x}"
    granted = casa.GaranziaConcessa(
        avvenuto_il=draw(day), famiglia=whose, alloggio=home, massimale_centesimi=500, mesi=6
    )
    claims = st.builds(casa.GaranziaEscussa, avvenuto_il=day, importo_centesimi=st.just(100), motivo=st.just("altro"))
    released = casa.GaranziaSvincolata(avvenuto_il=draw(day), motivo="scadenza")
    return f"garanzia/{home}", [granted, *draw(st.lists(claims, max_size=3)), *([released] * draw(st.booleans()))]


@st.composite
def histories(draw: st.DrawFn) -> list[list[Received]]:
    families = [draw(family(n)) for n in range(1, draw(st.integers(1, 4)))]
    guarantees = [draw(guarantee(n)) for n in range(10, 10 + draw(st.integers(0, 3)))]
    return [on_the_wire(subject, events) for subject, events in families + guarantees]


def of_all_strands() -> st.SearchStrategy[list[list[Received]]]:
    """Histories of one strand or of several together."""
    return st.one_of(histories(), schede(), st.builds(list.__add__, histories(), schede()))


def interleaved(histories: list[list[Received]], chance: random.Random) -> list[list[Received]]:
    """One permitted delivery: each history in order, mixed with the others, with repeats, cut into batches."""
    left = [list(h) for h in histories if h]
    stream: list[Received] = []
    while left:
        chosen = chance.choice(left)
        stream.append(chosen.pop(0))
        if stream and chance.random() < 0.3:
            stream.append(chance.choice(stream))
        left = [h for h in left if h]
    batches: list[list[Received]] = [[]]
    for record in stream:
        if chance.random() < 0.3:
            batches.append([])
        batches[-1].append(record)
    return [b for b in batches if b]


async def svuota(cruscotto: Cruscotto) -> None:
    """Empties the first generation."""
    tables = (*generation.KEPT, *generation.DERIVED, *generation.TOLD, "gate", "waiting", "consumer_offset")
    async with cruscotto.pool.acquire() as connection:
        await connection.execute("truncate " + ", ".join(f"g1.{table}" for table in tables))


async def made_anew(cruscotto: Cruscotto) -> list[tuple[Any, ...]]:
    """The riepilogo as a rebuild makes it."""
    async with generation.in_served(cruscotto.pool) as connection:
        await riepilogo.ricostruisci(connection)
    return (await cruscotto.rows())["riepilogo"]


async def test_every_permitted_delivery_ends_in_the_same_rows(make: Make) -> None:
    one, other = await make(), await make()
    loop = asyncio.get_running_loop()

    async def compare(histories: list[list[Received]], seed: int) -> None:
        for cruscotto in (one, other):
            await svuota(cruscotto)
        await one.feed([record for history in histories for record in history])
        await other.feed(*interleaved(histories, random.Random(seed)))
        rows = await one.rows()
        assert rows == await other.rows()
        assert rows["riepilogo"] == await made_anew(one)
        assert rows == await one.rows()

    @settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
    @given(of_all_strands(), st.integers(0, 2**32))
    def every(histories: list[list[Received]], seed: int) -> None:
        asyncio.run_coroutine_threadsafe(compare(histories, seed), loop).result(30)

    await asyncio.to_thread(every)


async def test_batches_that_see_not_each_other_agree_on_where_a_family_belongs(make: Make) -> None:
    """A presa in carico whose transaction is still open, and a guarantee of the same family meanwhile.

    Another partner's: batches of one source wait for each other anyway, at its row of `freshness`.
    """
    cruscotto = await make()
    whose = "00000000-0000-4000-8000-000000000001"
    day = date(2016, 5, 1)
    taken = casa.FamigliaPresaInCarico(avvenuto_il=day, comune=COMUNI[0], componenti=("p-aaaaaa",), minori=0)
    async with generation.in_served(cruscotto.pool) as connection:
        effect = Projection(riepilogo.aggiorna)
        await ingest(connection, effect, on_the_wire(f"famiglia/{whose}", [taken]))
        granted = on_the_wire("garanzia/1", [_granted(day, whose)], source="/casa/altro-ente")
        guarantee = asyncio.create_task(cruscotto.feed(granted))
        await asyncio.wait([guarantee], timeout=0.5)
    await guarantee
    rows = (await cruscotto.rows())["riepilogo"]
    assert [row[1] for row in rows if row[0] == "famiglie_garantite"] == [COMUNI[0]]
    assert rows == await made_anew(cruscotto)


def _granted(day: date, whose: str) -> casa.GaranziaConcessa:
    home = "00000000-0000-4000-8000-0000000000aa"
    return casa.GaranziaConcessa(avvenuto_il=day, famiglia=whose, alloggio=home, massimale_centesimi=500, mesi=6)
