"""Le viste `rapporti.*`, per fogli di calcolo e strumenti di analisi: stabili, in sola lettura, sulla generazione
servita (`viste.sql`; chi la mette in servizio le fa puntare lì).

Le cifre correnti le scrive il servizio con lo stesso codice di pagine e API, così non possono differire: al più una
volta al minuto, e solo se qualcosa è cambiato.
"""

import asyncio
import logging
from collections.abc import Iterator
from decimal import Decimal

from telaio.database import ANY, Connection

from cruscotto.apporti.luoghi import DISTRETTO
from cruscotto.cifre.indicatori import Registro
from cruscotto.cifre.misure import Tabella, tabella
from cruscotto.cifre.valuta import Cifra, calcola
from cruscotto.contesto import Contesto
from cruscotto.domande import freschezza
from cruscotto.domande.filtro import Filtro
from cruscotto.proiezione import generation

OGNI_SECONDI = 60.0
Riga = tuple[str, str, Decimal | None, Decimal | None, Decimal | None]
log = logging.getLogger("cruscotto.viste")

_INDICATORE = "insert into registro_indicatore values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
_VALORE = "insert into valore_corrente values ($1, $2, $3, $4, $5)"
_AGGIORNATI = """
insert into valori_aggiornati (impronta, alle) values ($1, clock_timestamp())
on conflict (single) do update set impronta = excluded.impronta, alle = excluded.alle
"""


async def scrivi(c: Contesto) -> bool:
    """Scrive il registro e le cifre di adesso, se sono cambiati; dice se lo erano."""
    async with generation.in_served(c.runtime.pool) as connection:
        oggi = c.runtime.clock.today()
        impronta = f"{await freschezza.impronta(connection)}-{c.registro.impronta}-{oggi.isoformat()}"
        if await connection.fetchval("select impronta from public.valori_aggiornati") == impronta:
            return False
        tutte = await tabella(connection, c.registro, Filtro(), oggi)
        await connection.execute("set local search_path to public")
        await _riscrivi(connection, c.registro, tutte, impronta)
    return True


async def _riscrivi(connection: Connection, registro: Registro, tutte: Tabella, impronta: str) -> None:
    await connection.execute("delete from valore_corrente; delete from registro_indicatore")
    await connection.executemany(_INDICATORE, [
        (i.codice, i.linea, i.nome, i.definizione, i.unita, i.tipo, i.livello, i.direzione, i.base, i.obiettivo,
         i.implicito, i.di_distretto) for i in registro.indicatori
    ])  # fmt: skip
    await connection.executemany(_VALORE, list(_valori(registro, tutte)))
    await connection.execute(_AGGIORNATI, impronta)


def _valori(registro: Registro, tutte: Tabella) -> Iterator[Riga]:
    """Il distretto, e ogni comune di cui si sa qualcosa; di ciò che è di tutto il distretto, solo quello."""
    for i in registro.indicatori:
        for comune in (None, *(() if i.di_distretto else sorted(tutte.comuni))):
            cifra = calcola(i.formula, tutte.di(comune), i.finestra, i.scala)
            yield i.codice, DISTRETTO if comune is None else comune, *_numeri(cifra)


def _numeri(cifra: Cifra) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    return cifra.valore, cifra.numeratore, cifra.denominatore


async def tieni_aggiornate(c: Contesto) -> None:
    """Riscrive le cifre quando cambiano; non finisce. Un database lontano è riprovato."""
    while True:
        try:
            await scrivi(c)
        except ANY as lontano:
            log.warning("figures for spreadsheets not written", extra={"reason": type(lontano).__name__})
        await asyncio.sleep(OGNI_SECONDI)
