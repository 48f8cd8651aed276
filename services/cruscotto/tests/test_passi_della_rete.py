"""Le cifre della rete lette a passi sono quelle che si hanno rileggendo tutti gli invii, a ogni data e periodo."""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from cruscotto.apporti import invii
from cruscotto.apporti.luoghi import DISTRETTO
from cruscotto.cifre.indicatori import Registro
from cruscotto.cifre.letture import andamento
from cruscotto.cifre.misure import fine_del_mese, mesi_fra, tabella
from cruscotto.domande.filtro import Filtro
from cruscotto.proiezione import generation
from cruscotto.rete import rete_letta
from cruscotto.rete.catene import attese, mediana_di_attesa
from cruscotto.rete.flussi import fermi, fra_i_nodi, rete
from cruscotto.rete.legami import tempi_dei_nodi, tempi_di_risposta
from cruscotto.rete.percorsi import dal, per_famiglia
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from telaio.consumer.record import Received
from telaio.database import Connection
from telaio.invii.termini import Termini

from .conftest import Cruscotto, Make
from .riferimento_della_rete import DELLA_RETE, leggi
from .storie_della_rete import COMUNI, NODI, della_rete
from .test_confluence import interleaved, made_anew, svuota

REGISTRO = Registro.carica()
OGGI = st.dates(date(2016, 3, 1), date(2016, 9, 30))
MESI = st.none() | st.sampled_from([date(2016, mese, 1) for mese in range(3, 10)])
DI_TUTTI = {"persone_collegate", "persone_fra_linee"}


def senza_zeri(misure: Mapping[str, Any]) -> dict[str, Any]:
    """Solo ciò che conta: una misura a zero e una che non c'è sono lo stesso."""
    return {m: {k: n for k, n in chiavi.items() if n} for m, chiavi in misure.items() if any(chiavi.values())}


def della_rete_in(comuni: Mapping[str, Mapping[str, Any]], quali: set[str]) -> dict[str, Any]:
    trovate = {c: senza_zeri({m: k for m, k in misure.items() if m in quali}) for c, misure in comuni.items()}
    return {comune: misure for comune, misure in trovate.items() if misure}


async def come_rileggendo(connection: Connection, filtro: Filtro, oggi: date) -> None:
    """Confronta ciò che si legge con ciò che si ha rileggendo tutto."""
    rete, giorno = await leggi(connection), min(fine_del_mese(filtro.al), oggi)
    lette = await tabella(connection, REGISTRO, filtro, oggi)
    assert della_rete_in(lette.fino, set(DELLA_RETE)) == della_rete_in(rete.misure(date.min, giorno), set(DELLA_RETE))
    if filtro.dal:
        quali = set(DELLA_RETE) - DI_TUTTI  # dall'avvio, comunque sia il periodo
        assert della_rete_in(lette.nel, quali) == della_rete_in(rete.misure(filtro.dal, giorno), quali)
    for codice in ("RE01", "RE03", "RE04"):
        indicatore = REGISTRO.per_codice[codice]
        mesi = (await andamento(connection, REGISTRO, [indicatore], filtro, oggi))[codice]
        misure = {t.misura for t in indicatore.formula.termini}
        passi = dict(rete.passi([min(fine_del_mese(m), oggi) for m in mesi_fra(date(2016, 2, 1), oggi)], None, misure))
        detti = {m.mese: m.a_fine_mese.denominatore for m in mesi}
        sotto = [t.misura for t in indicatore.formula.termini][-1]
        for mese, detto in detti.items():
            atteso = sum(p.get(sotto, {}).get("", 0) for m, p in passi.items() if m <= mese)
            assert detto == atteso, (codice, mese)


async def gli_stessi_flussi(connection: Connection, filtro: Filtro, oggi: date) -> None:
    """Confronta ciò che la pagina della rete legge con ciò che dicono tutti gli invii."""
    ogni = [i for i in await invii.leggi(connection) if filtro.comune in (None, i.spedito.comune)]
    primo, ultimo = filtro.dal or date.min, min(filtro.ultimo_giorno, oggi)
    letta = await rete_letta.leggi(connection, REGISTRO, filtro, oggi)
    mese = [i for i in ogni if primo <= i.spedito.richiesto_il <= filtro.ultimo_giorno]
    assert fra_i_nodi(letta.flussi, {}) == rete(mese, {})
    assert tempi_dei_nodi(letta.attese, NODI) == tempi_di_risposta(ogni, primo, ultimo, NODI)
    assert mediana_di_attesa(letta.tutte_le_attese) == mediana_di_attesa(attese(ogni, primo, ultimo))
    in_mano = await rete_letta.in_mano(connection, filtro.comune)
    assert fermi(in_mano, Termini(), oggi) == fermi(ogni, Termini(), oggi)


async def test_what_is_read_in_steps_is_what_reading_every_invio_again_gives(make: Make) -> None:
    one, other = await make(), await make()
    loop = asyncio.get_running_loop()

    async def compare(storie: list[list[Received]], filtro: Filtro, oggi: date, seed: int) -> None:
        for cruscotto in (one, other):
            await svuota(cruscotto)
        await one.feed([record for storia in storie for record in storia])
        await other.feed(*interleaved(storie, random.Random(seed)))
        assert (await one.rows())["riepilogo"] == (await other.rows())["riepilogo"]
        await _confronta(one, filtro, oggi)
        rows = await one.rows()
        assert rows["riepilogo"] == await made_anew(one)
        assert rows == await one.rows()

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
    @given(della_rete(), st.builds(Filtro, st.none(), MESI, MESI), OGGI, st.integers(0, 2**32))
    def every(storie: list[list[Received]], filtro: Filtro, oggi: date, seed: int) -> None:
        if not (filtro.dal and filtro.al and filtro.dal > filtro.al):
            asyncio.run_coroutine_threadsafe(compare(storie, filtro, oggi, seed), loop).result(30)

    await asyncio.to_thread(every)


async def _confronta(cruscotto: Cruscotto, filtro: Filtro, oggi: date) -> None:
    async with generation.reading_served(cruscotto.pool) as connection:
        await come_rileggendo(connection, filtro, oggi)
        for comune in (None, *COMUNI):
            await gli_stessi_flussi(connection, replace(filtro, comune=comune), oggi)
        assert set(await dal(connection)) >= {p for sue in (await per_famiglia(connection)).values() for p in sue}
        fuori = "select count(*) from riepilogo where comune = $1 and measure like 'catene%'"
        assert await connection.fetchval(fuori, DISTRETTO) == 0
