"""Il riepilogo: le quote già al loro comune, sommate. Le pagine leggono questo: cresce con i mesi, non con i fatti.

È una funzione di `quota`: dopo ogni lotto si aggiorna per le sole entità toccate, dopo una ricostruzione si rifà tutto.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date

from telaio.database import Connection

from cruscotto.collocazione import COMUNE_DELLA_FAMIGLIA, Riga, colloca
from cruscotto.fold import Cells
from cruscotto.indicatori import Registro

PER_ENTITA = Registro.carica().misure
GUARDATE = sorted({*PER_ENTITA, COMUNE_DELLA_FAMIGLIA})
"""Le misure la cui chiave è un'entità."""
A_BLOCCHI = 20_000

Voce = tuple[str, str, date, str]
"""Misura, comune, mese, chiave."""

# Due lotti che toccano la stessa famiglia ne calcolerebbero il posto ciascuno senza l'altro: si aspettano, e dopo
# l'attesa l'istruzione seguente vede ciò che l'altro ha confermato.
_UNO_ALLA_VOLTA = "select pg_advisory_xact_lock(hashtext('cruscotto.riepilogo'))"
_DELLE_ENTITA = """
select measure, comune, month, key, sum(value)::bigint from quota
where measure = any($1::text[]) and key = any($2::text[]) group by measure, comune, month, key
"""
_AGGIUNGI = """
insert into riepilogo (measure, comune, month, key, value)
select * from unnest($1::text[], $2::text[], $3::date[], $4::text[], $5::bigint[])
on conflict (measure, comune, month, key) do update set value = riepilogo.value + excluded.value returning value
"""
_TOGLI_GLI_ZERI = """
delete from riepilogo r using unnest($1::text[], $2::text[], $3::date[], $4::text[]) as t (measure, comune, month, key)
where (r.measure, r.comune, r.month, r.key) = (t.measure, t.comune, t.month, t.key) and r.value = 0
"""
_SEMPLICI = """
insert into riepilogo select measure, comune, month, key, sum(value) from quota
where measure <> all($1::text[]) group by measure, comune, month, key having sum(value) <> 0
"""
_TUTTE_LE_ENTITA = """
select measure, comune, month, key, sum(value)::bigint from quota
where measure = any($1::text[]) group by key, measure, comune, month order by key
"""


async def aggiorna(connection: Connection, quote: Cells) -> None:
    """Aggiunge al riepilogo ciò che un lotto ha appena aggiunto a `quota`, nella stessa transazione."""
    voci: Counter[Voce] = Counter()
    toccate = set()
    for (misura, _, comune, mese, chiave), valore in quote.items():
        if misura in PER_ENTITA or misura == COMUNE_DELLA_FAMIGLIA:
            toccate.add(chiave)
        else:
            voci[misura, comune, mese, chiave] += valore
    if toccate:
        await _sposta(connection, quote, toccate, voci)
    await _scrivi(connection, voci)


async def _sposta(connection: Connection, quote: Cells, toccate: Collection[str], voci: Counter[Voce]) -> None:
    """Toglie le entità toccate da dov'erano prima del lotto e le mette dove sono ora."""
    await connection.execute(_UNO_ALLA_VOLTA)
    ora = [Riga(*riga) for riga in await connection.fetch(_DELLE_ENTITA, GUARDATE, sorted(toccate))]
    nel_lotto = [Riga(m, c, mese, k, -v) for (m, _, c, mese, k), v in quote.items() if k in toccate]
    for righe, segno in ((ora, 1), (ora + nel_lotto, -1)):
        for (misura, comune, mese), valore in colloca(_sommate(righe), PER_ENTITA).items():
            voci[misura, comune, mese, ""] += segno * valore


def _sommate(righe: Iterable[Riga]) -> Iterator[Riga]:
    """Una riga per misura, comune, mese e chiave; quelle a zero non ci sono."""
    somme: Counter[tuple[str, str, date, str]] = Counter()
    for riga in righe:
        somme[riga[:4]] += riga.valore
    return (Riga(*cella, valore) for cella, valore in somme.items() if valore)


async def _scrivi(connection: Connection, voci: Counter[Voce]) -> None:
    """Somma le voci, in un ordine solo per tutti; ciò che arriva a zero non lascia riga."""
    chiavi = sorted(k for k, valore in voci.items() if valore)
    if not chiavi:
        return
    colonne = [[k[i] for k in chiavi] for i in range(4)]
    valori = await connection.fetch(_AGGIUNGI, *colonne, [voci[k] for k in chiavi])
    if any(valore == 0 for (valore,) in valori):
        await connection.execute(_TOGLI_GLI_ZERI, *colonne)


async def ricostruisci(connection: Connection) -> None:
    """Rifà il riepilogo intero da `quota`, leggendo le entità a blocchi."""
    await connection.execute("delete from riepilogo")
    await connection.execute(_SEMPLICI, GUARDATE)
    voci: Counter[Voce] = Counter()
    righe: list[Riga] = []
    async for riga in connection.cursor(_TUTTE_LE_ENTITA, GUARDATE, prefetch=A_BLOCCHI):
        nuova = Riga(*riga)
        if len(righe) >= A_BLOCCHI and nuova.chiave != righe[-1].chiave:
            _colloca_in(voci, righe)
            righe = []
        righe.append(nuova)
    _colloca_in(voci, righe)
    await _scrivi(connection, voci)


def _colloca_in(voci: Counter[Voce], righe: list[Riga]) -> None:
    for (misura, comune, mese), valore in colloca(righe, PER_ENTITA).items():
        voci[misura, comune, mese, ""] += valore
