"""Dovunque si tagli qualunque storia, l'istantanea ha le righe di un cruscotto che ha sentito solo quella parte."""

import asyncio
import random
from datetime import UTC, datetime
from typing import Any

from cruscotto.domande.istantanea import Taglio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from telaio.consumer.record import Received

from .conftest import Make
from .test_confluence import of_all_strands, svuota
from .test_istantanea import differenze, registrato, righe, ritagliate, versioni

PRIMA, POI = datetime(2017, 1, 1, tzinfo=UTC), datetime(2017, 6, 1, tzinfo=UTC)
Storie = list[list[Received]]


def tagliate(storie: Storie, caso: random.Random) -> tuple[list[Received], list[Received]]:
    """L'inizio di ciascuna storia, a volte tutta o niente, e il resto."""
    prima: list[Received] = []
    poi: list[Received] = []
    for storia in storie:
        quanti = caso.choice((0, len(storia), len(storia), caso.randint(0, len(storia))))
        prima += [registrato(r, PRIMA) for r in storia[:quanti]]
        poi += [registrato(r, POI) for r in storia[quanti:]]
    return prima, poi


def tagli(prima: list[Received], poi: list[Received]) -> list[tuple[Taglio, list[Received]]]:
    """Ogni modo di tagliare, con ciò che lascia."""
    tutte = [*prima, *poi]
    fonti = sorted({r.envelope.source for r in tutte if r.envelope})[:1]
    della_fonte = [r for r in tutte if r.envelope and r.envelope.source in fonti]
    return [
        (Taglio(registrato_entro=PRIMA), prima),
        (Taglio(versioni=versioni(prima)), prima),
        (Taglio(fonti=frozenset(fonti)), della_fonte),
        (Taglio(), tutte),
    ]


async def test_un_taglio_qualunque_e_la_storia_fino_a_li(make: Make) -> None:
    intero, parte = await make(), await make()
    loop = asyncio.get_running_loop()

    async def confronta(storie: Storie, seme: int) -> None:
        prima, poi = tagliate(storie, random.Random(seme))
        await svuota(intero)
        await intero.feed(prima, poi)
        for taglio, lascia in tagli(prima, poi):
            await svuota(parte)
            await parte.feed(lascia)
            async with parte.pool.acquire() as connection:
                await connection.execute("set search_path to g1")
                attese: Any = await righe(connection)
                await connection.execute("reset search_path")
            assert differenze(await ritagliate(intero, taglio), attese) == {}, taglio

    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
    @given(of_all_strands(), st.integers(0, 2**32))
    def ogni(storie: Storie, seme: int) -> None:
        asyncio.run_coroutine_threadsafe(confronta(storie, seme), loop).result(60)

    await asyncio.to_thread(ogni)
