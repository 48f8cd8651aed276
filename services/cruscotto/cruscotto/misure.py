"""Le misure lette dalla generazione servita, per comune e per mese."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from telaio.database import Connection

from cruscotto import misure_della_rete
from cruscotto.coinvolte import COLONNE, RAGGRUPPATE, luoghi
from cruscotto.collocazione import Collocazione
from cruscotto.filtro import Filtro
from cruscotto.indicatori import Registro
from cruscotto.luoghi import COMUNE_DELLA_FAMIGLIA, DISTRETTO, Riga
from cruscotto.valuta import Misure

PerMisura = dict[str, dict[str, int]]

# Le misure a giorni ($4) contano anche in giorni a venire: non prima che siano arrivati ($3).
_SOMME = """
select comune, measure, key, sum(value)::bigint from riepilogo
where month between $1 and $2 and (month <= $3 or measure <> all($4::text[])) group by comune, measure, key
"""
_PER_MESE = f"""
select date_trunc('month', month)::date, measure, key, sum(value)::bigint from riepilogo
where measure = any($1::text[]) and month <= $2 and (month <= $3 or measure <> all($4::text[]))
and case when $5::text is not null then comune = $5
    when measure = any($6::text[]) then comune = '{DISTRETTO}' else true end group by 1, measure, key
"""  # noqa: S608
_ENTITA_DEL_PERIODO = f"""
select {COLONNE} from quota where measure = any($1::text[]) and month between $2 and $3 {RAGGRUPPATE}
"""  # noqa: S608
_FAMIGLIE = f"""
select {COLONNE} from quota where measure = $1 and key = any($2::text[]) {RAGGRUPPATE}
"""  # noqa: S608


@dataclass(frozen=True)
class Tabella:
    """Le misure di ogni comune; il distretto è la loro somma, «non rilevato» compreso, o è una riga sua per ciò che può
    stare in più comuni. `giorno`: quello a cui stanno le cifre."""

    fino: Mapping[str, PerMisura]
    nel: Mapping[str, PerMisura]
    giorno: date
    in_piu_comuni: frozenset[str] = frozenset()

    @property
    def comuni(self) -> set[str]:
        return {*self.fino, *self.nel} - {DISTRETTO}

    def di(self, comune: str | None) -> Misure:
        """Le misure di un comune; None: di tutto il distretto."""
        if comune is None:
            return Misure(self._intero(self.fino), self._intero(self.nel), self.giorno)
        return Misure(self.fino.get(comune, {}), self.nel.get(comune, {}), self.giorno)

    def _intero(self, comuni: Mapping[str, PerMisura]) -> PerMisura:
        somma = sommate(sue for comune, sue in comuni.items() if comune != DISTRETTO)
        di_tutti = comuni.get(DISTRETTO, {})
        return somma | {misura: di_tutti.get(misura, {}) for misura in self.in_piu_comuni}


async def tabella(connection: Connection, registro: Registro, filtro: Filtro, oggi: date) -> Tabella:
    """Le misure dall'avvio ad `al`, e quelle da `dal` ad `al`. Una chiave distinta conta una volta in ciascuna."""
    fine, giorno = fine_del_mese(filtro.al), min(fine_del_mese(filtro.al), oggi)
    fino = await _somme(connection, registro, date.min, fine, giorno)
    rete = await misure_della_rete.leggi(connection)
    _unisci(fino, rete.misure(date.min, giorno))
    if filtro.dal is None:
        return Tabella(fino, fino, giorno, registro.in_piu_comuni)
    nel = await _somme(connection, registro, filtro.dal, fine, giorno)
    for misure in nel.values():
        for contata in registro.distinte_nel_periodo:
            misure.pop(contata, None)
    for comune, misura, chiave, quante in await _distinte(connection, registro, filtro.dal, fine):
        _aggiungi(nel.setdefault(comune, {}), misura, registro.tipo(misura, chiave), quante)
    _unisci(nel, rete.misure(filtro.dal, giorno))
    return Tabella(fino, nel, giorno, registro.in_piu_comuni)


def _unisci(comuni: dict[str, PerMisura], altre: Mapping[str, PerMisura]) -> None:
    for comune, misure in altre.items():
        comuni.setdefault(comune, {}).update(misure)


async def per_mese(
    connection: Connection, registro: Registro, misure: Iterable[str], filtro: Filtro, oggi: date
) -> dict[date, PerMisura]:
    """Le misure di ogni mese fino ad `al`; una chiave distinta è nel mese in cui conta per la prima volta."""
    mesi: dict[date, PerMisura] = {}
    fine = fine_del_mese(filtro.al)
    misure = sorted(misure)
    chieste: tuple[Any, ...] = (misure, fine, min(fine, oggi), registro.a_giorni, filtro.comune)
    for mese, misura, chiave, valore in await connection.fetch(_PER_MESE, *chieste, sorted(registro.in_piu_comuni)):
        _aggiungi(mesi.setdefault(mese, {}), misura, registro.tipo(misura, chiave), valore)
    if misure_della_rete.DELLA_RETE & set(misure):
        rete = await misure_della_rete.leggi(connection)
        fini = [min(fine_del_mese(m), oggi) for m in _fino_a(registro.avvio, min(fine, oggi))]
        for mese, sue in rete.passi(fini, filtro.comune, misure):
            mesi.setdefault(mese, {}).update(sue)
    return mesi


def _fino_a(primo: date, ultimo: date) -> list[date]:
    """I mesi dal primo giorno all'ultimo."""
    quanti = range(primo.year * 12 + primo.month - 1, ultimo.year * 12 + ultimo.month)
    return [date(n // 12, n % 12 + 1, 1) for n in quanti]


def fine_del_mese(mese: date | None) -> date:
    """L'ultimo giorno del mese; senza, la fine dei tempi."""
    return mese.replace(day=monthrange(mese.year, mese.month)[1]) if mese else date.max


async def ultimo_mese(connection: Connection) -> date | None:
    """L'ultimo mese con qualche fatto; None se non ce n'è."""
    trovato: date | None = await connection.fetchval("select max(month) from riepilogo")
    return trovato


async def _somme(connection: Connection, registro: Registro, dal: date, al: date, giorno: date) -> dict[str, PerMisura]:
    comuni: dict[str, PerMisura] = {}
    for comune, misura, chiave, valore in await connection.fetch(_SOMME, dal, al, giorno, registro.a_giorni):
        _aggiungi(comuni.setdefault(comune, {}), misura, registro.tipo(misura, chiave), valore)
    return comuni


async def _distinte(connection: Connection, registro: Registro, dal: date, al: date) -> list[tuple[str, str, str, int]]:
    """Comune, misura, chiave e quante: chi ha già contato prima del periodo conta anche qui, se qui è accaduto
    qualcosa."""
    misure = sorted(registro.distinte_nel_periodo)
    righe = [Riga(*r) for r in await connection.fetch(_ENTITA_DEL_PERIODO, misure, dal, al)]
    famiglie = sorted({r.chiave for r in righe if registro.misure[r.misura].famiglia})
    if famiglie:
        righe += [Riga(*r) for r in await connection.fetch(_FAMIGLIE, COMUNE_DELLA_FAMIGLIA, famiglie)]
    righe += await luoghi(connection, righe)
    collocate = Collocazione(registro.misure).colloca(righe)
    return [(comune, misura, chiave, quante) for (misura, comune, _, chiave), quante in collocate.items()]


def _aggiungi(misure: PerMisura, misura: str, chiave: str, valore: int) -> None:
    chiavi = misure.setdefault(misura, {})
    chiavi[chiave] = chiavi.get(chiave, 0) + valore


def sommate(tutte: Iterable[PerMisura]) -> PerMisura:
    """Le misure di più comuni, o di più mesi, insieme."""
    somma: PerMisura = {}
    for una in tutte:
        for misura, chiavi in una.items():
            for chiave, valore in chiavi.items():
                _aggiungi(somma, misura, chiave, valore)
    return somma
