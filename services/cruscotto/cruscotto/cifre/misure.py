"""Le misure lette dalla generazione servita, per comune e per mese."""

from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from telaio.database import Connection

from cruscotto.apporti.luoghi import COMUNE_DELLA_FAMIGLIA, DISTRETTO, Riga
from cruscotto.cifre import misure_della_rete
from cruscotto.cifre.indicatori import Registro
from cruscotto.cifre.valuta import Misure
from cruscotto.domande.filtro import Filtro
from cruscotto.proiezione.coinvolte import COLONNE, RAGGRUPPATE, luoghi
from cruscotto.proiezione.collocazione import Collocazione
from cruscotto.proiezione.passi_della_rete import DAL

PerMisura = dict[str, dict[str, int]]
UN_GIORNO = timedelta(days=1)

# Fino a `al` ($1): il totale, meno ciò che viene dopo; le misure a giorni ($2) contano anche in giorni a venire, e non
# prima che siano arrivati ($3). $4: le misure volute, o tutte.
_DOPO = "(month > $1 or (month > $3 and measure = any($2::text[])))"
_VOLUTE = "measure <> all($5::text[]) and ($4::text[] is null or measure = any($4::text[]))"
_FINO = f"""
select comune, measure, key, sum(value)::bigint from (
  select comune, measure, key, value from totale where {_VOLUTE}
  union all select comune, measure, split_part(key, '{DAL}', 1), -value from riepilogo where {_DOPO} and {_VOLUTE}
) t group by 1, 2, 3 having sum(value) <> 0
"""  # noqa: S608
# Da $6 ad `al`. Una chiave che dice il suo mese è di un periodo che comincia non dopo.
_NEL = f"""
select comune, measure, split_part(key, '{DAL}', 1), sum(value)::bigint from riepilogo
where month >= $6 and not {_DOPO} and {_VOLUTE}
and (strpos(key, '{DAL}') = 0 or split_part(key, '{DAL}', 2) >= to_char($6, 'YYYY-MM')) group by 1, 2, 3
having sum(value) <> 0
"""  # noqa: S608
_PER_MESE = f"""
select date_trunc('month', month)::date, comune, measure, split_part(key, '{DAL}', 1), sum(value)::bigint
from riepilogo where month >= $6 and not {_DOPO} and {_VOLUTE} group by 1, 2, 3, 4 having sum(value) <> 0
"""  # noqa: S608
_ULTIMO = "select max(month) from riepilogo where measure <> all($1::text[])"
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


@dataclass(frozen=True)
class Lettura:
    """Come si legge il riepilogo: fino a che mese, che cosa. `misure` None: tutte quelle di cui si fa una cifra."""

    connection: Connection
    registro: Registro
    fine: date
    giorno: date
    misure: Sequence[str] | None = None
    senza: Sequence[str] = misure_della_rete.NON_CIFRE

    async def da(self, dal: date | None) -> dict[str, PerMisura]:
        """Le somme per comune, di un periodo o dall'avvio."""
        return await self.somme(_FINO) if dal is None else await self.somme(_NEL, dal)

    async def somme(self, query: str, *altri: object) -> dict[str, PerMisura]:
        """Le somme per comune."""
        comuni: dict[str, PerMisura] = {}
        for comune, misura, chiave, valore in await self.righe(query, *altri):
            _aggiungi(comuni.setdefault(comune, {}), misura, self.registro.tipo(misura, chiave), valore)
        return comuni

    async def righe(self, query: str, *altri: object) -> Sequence[Any]:
        come = (self.fine, self.registro.a_giorni, self.giorno, self.misure, self.senza)
        return await self.connection.fetch(query, *come, *altri)


async def tabella(
    connection: Connection, registro: Registro, filtro: Filtro, oggi: date, misure: Collection[str] | None = None
) -> Tabella:
    """Le misure (tutte, se non si dice quali) dall'avvio ad `al`, e quelle da `dal` ad `al`. Una chiave distinta conta
    una volta in ciascuna."""
    volute = None if misure is None else misure_della_rete.con_le_loro(misure)
    fine = fine_del_mese(filtro.al)
    lettura = Lettura(connection, registro, fine, min(fine, oggi), volute)
    fino = misure_della_rete.con_la_mediana(await lettura.da(None), lettura.giorno)
    if filtro.dal is None:
        return Tabella(fino, fino, lettura.giorno, registro.in_piu_comuni)
    nel = misure_della_rete.con_la_mediana(await lettura.da(filtro.dal), lettura.giorno)
    distinte = [m for m in registro.distinte_nel_periodo if volute is None or m in volute]
    for misure_del_comune in nel.values():
        for contata in distinte:
            misure_del_comune.pop(contata, None)
    for comune, misura, chiave, quante in await _distinte(connection, registro, distinte, (filtro.dal, fine)):
        _aggiungi(nel.setdefault(comune, {}), misura, registro.tipo(misura, chiave), quante)
    return Tabella(fino, nel, lettura.giorno, registro.in_piu_comuni)


@dataclass(frozen=True)
class Mesi:
    """Le misure prima di un mese, e quelle di ciascun mese da quello in poi."""

    prima: PerMisura
    mesi: Mapping[date, PerMisura]


async def per_mese(
    connection: Connection, registro: Registro, misure: Collection[str], filtro: Filtro, oggi: date
) -> Mesi:
    """Le misure di ogni mese da `dal`, che ci deve essere, fino ad `al`, e di prima; una chiave distinta è nel mese in
    cui conta per la prima volta."""
    assert filtro.dal is not None
    fine = fine_del_mese(filtro.al)
    lettura = Lettura(connection, registro, fine, min(fine, oggi), misure_della_rete.con_le_loro(misure))
    prima = replace(lettura, fine=filtro.dal - UN_GIORNO, giorno=min(filtro.dal - UN_GIORNO, oggi))
    mesi: dict[date, dict[str, PerMisura]] = {}
    for mese, comune, misura, chiave, valore in await lettura.righe(_PER_MESE, filtro.dal):
        _aggiungi(mesi.setdefault(mese, {}).setdefault(comune, {}), misura, registro.tipo(misura, chiave), valore)
    trovate = _di_uno(await prima.da(None), filtro.comune, registro)
    suoi = {mese: _di_uno(comuni, filtro.comune, registro) for mese, comuni in mesi.items()}
    if misure_della_rete.MEDIANE.isdisjoint(misure):
        return Mesi(trovate, suoi)
    fini = [min(fine_del_mese(m), oggi) for m in mesi_fra(filtro.dal, min(fine, oggi))]
    return Mesi(*misure_della_rete.mediane_per_mese(trovate, suoi, prima.giorno, fini))


def _di_uno(comuni: Mapping[str, PerMisura], comune: str | None, registro: Registro) -> PerMisura:
    """Le misure di un comune; None: di tutto il distretto."""
    tabella = Tabella(comuni, comuni, date.max, registro.in_piu_comuni)
    misure = tabella.di(comune).fino
    return {misura: dict(chiavi) for misura, chiavi in misure.items()}


def mesi_fra(primo: date, ultimo: date) -> list[date]:
    """I mesi dal primo giorno all'ultimo."""
    quanti = range(primo.year * 12 + primo.month - 1, ultimo.year * 12 + ultimo.month)
    return [date(n // 12, n % 12 + 1, 1) for n in quanti]


def fine_del_mese(mese: date | None) -> date:
    """L'ultimo giorno del mese; senza, la fine dei tempi."""
    return mese.replace(day=monthrange(mese.year, mese.month)[1]) if mese else date.max


async def ultimo_mese(connection: Connection, registro: Registro) -> date | None:
    """L'ultimo mese con qualche fatto; None se non ce n'è."""
    trovato: date | None = await connection.fetchval(_ULTIMO, [*misure_della_rete.NON_CIFRE, *registro.dalla_rete])
    return trovato


async def _distinte(
    connection: Connection, registro: Registro, misure: Collection[str], periodo: tuple[date, date]
) -> list[tuple[str, str, str, int]]:
    """Comune, misura, chiave e quante: chi ha già contato prima del periodo conta anche qui, se qui è accaduto
    qualcosa."""
    righe = [Riga(*r) for r in await connection.fetch(_ENTITA_DEL_PERIODO, sorted(misure), *periodo)] if misure else []
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
