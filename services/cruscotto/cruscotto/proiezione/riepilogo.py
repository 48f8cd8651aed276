"""Il riepilogo: le quote già al loro posto, e i passi della rete, sommati. Le pagine leggono questo e il suo totale:
crescono con i mesi, non con i fatti.

È una funzione di `quota` e degli invii: dopo ogni lotto si aggiorna per ciò che il lotto tocca, dopo una ricostruzione
si rifà tutto.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from telaio.database import Connection

from cruscotto.apporti.luoghi import CHI_REGISTRA, LUOGO, Riga, chi_registra, rimanda
from cruscotto.proiezione import rete_toccata
from cruscotto.proiezione.coinvolte import COLONNE, PER_ENTITA, RAGGRUPPATE, coinvolte, luoghi
from cruscotto.proiezione.collocazione import Posto
from cruscotto.proiezione.fold import Change
from cruscotto.proiezione.passi_della_rete import DAL

A_BLOCCHI = 20_000

# Due lotti che toccano la stessa famiglia ne calcolerebbero il posto ciascuno senza l'altro: si aspettano, e dopo
# l'attesa l'istruzione seguente vede ciò che l'altro ha confermato.
_UNO_ALLA_VOLTA = "select pg_advisory_xact_lock(hashtext('cruscotto.riepilogo'))"
_AGGIUNGI = """
insert into riepilogo (measure, comune, month, key, value)
select * from unnest($1::text[], $2::text[], $3::date[], $4::text[], $5::bigint[])
on conflict (measure, comune, month, key) do update set value = riepilogo.value + excluded.value returning value
"""
_AGGIUNGI_AL_TOTALE = """
insert into totale (measure, comune, key, value)
select * from unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
on conflict (measure, comune, key) do update set value = totale.value + excluded.value returning value
"""
_TOGLI_DAL_TOTALE = """
delete from totale r using unnest($1::text[], $2::text[], $3::text[]) as t (measure, comune, key)
where (r.measure, r.comune, r.key) = (t.measure, t.comune, t.key) and r.value = 0
"""
_TOTALE = f"""
insert into totale select measure, comune, split_part(key, '{DAL}', 1), sum(value) from riepilogo
group by 1, 2, 3 having sum(value) <> 0
"""  # noqa: S608
_TOGLI_GLI_ZERI = """
delete from riepilogo r using unnest($1::text[], $2::text[], $3::date[], $4::text[]) as t (measure, comune, month, key)
where (r.measure, r.comune, r.month, r.key) = (t.measure, t.comune, t.month, t.key) and r.value = 0
"""
_SEMPLICI = """
insert into riepilogo select measure, comune, month, key, sum(value) from quota
where measure <> all($1::text[]) and comune not like '%/%'
group by measure, comune, month, key having sum(value) <> 0
"""
_LE_ALTRE = f"""
select {COLONNE} from quota where measure <> $2 and measure <> all($3::text[])
and (measure = any($1::text[]) or comune like '%/%') {RAGGRUPPATE} order by 4
"""  # noqa: S608


async def aggiorna(connection: Connection, change: Change) -> None:
    """Aggiunge al riepilogo ciò che un lotto ha appena cambiato, nella stessa transazione."""
    voci: Counter[Posto] = Counter()
    lotto: Counter[tuple[str, str, date, str]] = Counter()
    for (misura, fonte, comune, mese, chiave), valore in change.cells.items():
        if PER_ENTITA.semplice(misura) and not rimanda(comune):
            voci[misura, comune, mese, chiave] += valore
        elif misura not in PER_ENTITA.taciute:
            lotto[misura, comune, mese, chi_registra(fonte) if chiave == CHI_REGISTRA else chiave] += valore
    della_rete = rete_toccata.tocca(change)
    if lotto or della_rete:
        await connection.execute(_UNO_ALLA_VOLTA)
    if lotto:
        await _sposta(connection, [Riga(*cella, valore) for cella, valore in lotto.items() if valore], voci)
    if della_rete:
        voci.update(await rete_toccata.cambiati(connection, change))
    await _scrivi(connection, voci)


async def _sposta(connection: Connection, lotto: list[Riga], voci: Counter[Posto]) -> None:
    """Toglie le entità toccate da dov'erano prima del lotto e le mette dove sono ora."""
    ora = await coinvolte(connection, lotto)
    tolto = [riga._replace(valore=-riga.valore) for riga in lotto]
    for righe, segno in ((ora, 1), (ora + tolto, -1)):
        for posto, valore in PER_ENTITA.colloca(_sommate(righe)).items():
            voci[posto] += segno * valore


def _sommate(righe: Iterable[Riga]) -> Iterator[Riga]:
    """Una riga per misura, comune, mese e chiave; quelle a zero non ci sono."""
    somme: Counter[tuple[str, str, date, str]] = Counter()
    for riga in righe:
        somme[riga[:4]] += riga.valore
    return (Riga(*cella, valore) for cella, valore in somme.items() if valore)


async def _scrivi(connection: Connection, voci: Counter[Posto]) -> None:
    """Somma le voci al riepilogo e al totale."""
    await _somma(connection, _AGGIUNGI, _TOGLI_GLI_ZERI, voci)
    totali: Counter[tuple[str, str, str]] = Counter()
    for (misura, comune, _, chiave), valore in voci.items():
        totali[misura, comune, chiave.partition(DAL)[0]] += valore
    await _somma(connection, _AGGIUNGI_AL_TOTALE, _TOGLI_DAL_TOTALE, totali)


async def _somma(connection: Connection, aggiungi: str, togli: str, voci: Mapping[Any, int]) -> None:
    """Somma le voci, in un ordine solo per tutti; ciò che arriva a zero non lascia riga."""
    chiavi = sorted(k for k, valore in voci.items() if valore)
    if not chiavi:
        return
    colonne = [list(colonna) for colonna in zip(*chiavi, strict=True)]
    valori = await connection.fetch(aggiungi, *colonne, [voci[k] for k in chiavi])
    if any(valore == 0 for (valore,) in valori):
        await connection.execute(togli, *colonne)


async def ricostruisci(connection: Connection) -> None:
    """Rifà tutto ciò che segue da `quota` e dagli invii, il riepilogo e il totale, leggendo le entità a blocchi."""
    await connection.execute("delete from riepilogo")
    await connection.execute("delete from totale")
    di_entita, taciute = sorted(PER_ENTITA.per_entita), sorted(PER_ENTITA.taciute)
    await connection.execute(_SEMPLICI, di_entita)
    voci = await rete_toccata.tutti(connection)
    righe: list[Riga] = []
    async for riga in connection.cursor(_LE_ALTRE, di_entita, LUOGO, taciute, prefetch=A_BLOCCHI):
        nuova = Riga(*riga)
        if len(righe) >= A_BLOCCHI and _chi(nuova) != _chi(righe[-1]):
            await _colloca_in(connection, voci, righe)
            righe = []
        righe.append(nuova)
    await _colloca_in(connection, voci, righe)
    await _somma(connection, _AGGIUNGI, _TOGLI_GLI_ZERI, voci)
    await connection.execute(_TOTALE)


def _chi(riga: Riga) -> str:
    """L'entità di una riga: quelle di una stanno tutte in un blocco."""
    return riga.chiave.partition("|")[0]


async def _colloca_in(connection: Connection, voci: Counter[Posto], righe: list[Riga]) -> None:
    dove = await luoghi(connection, righe)
    voci.update(PER_ENTITA.colloca([*righe, *dove]))
