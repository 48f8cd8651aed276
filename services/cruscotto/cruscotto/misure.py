"""Le misure lette dalla generazione servita, per comune e per mese."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from telaio.database import Connection

from cruscotto.collocazione import COMUNE_DELLA_FAMIGLIA, Riga, colloca
from cruscotto.indicatori import Registro
from cruscotto.valuta import Misure

PerMisura = dict[str, dict[str, int]]

_SOMME = """
select comune, measure, key, sum(value)::bigint from riepilogo
where month between $1 and $2 group by comune, measure, key
"""
_PER_MESE = """
select month, measure, key, sum(value)::bigint from riepilogo
where measure = any($1::text[]) and month <= $2 and ($3::text is null or comune = $3) group by month, measure, key
"""
_ENTITA_DEL_PERIODO = """
select measure, comune, month, key, sum(value)::bigint from quota
where measure = any($1::text[]) and month between $2 and $3 group by measure, comune, month, key
"""
_FAMIGLIE = """
select measure, comune, month, key, sum(value)::bigint from quota
where measure = $1 and key = any($2::text[]) group by measure, comune, month, key
"""


@dataclass(frozen=True)
class Tabella:
    """Le misure di ogni comune; il distretto è la loro somma, «non rilevato» compreso."""

    fino: Mapping[str, PerMisura]
    nel: Mapping[str, PerMisura]

    @property
    def comuni(self) -> set[str]:
        return {*self.fino, *self.nel}

    def di(self, comune: str | None) -> Misure:
        """Le misure di un comune; None: di tutto il distretto."""
        if comune is None:
            return Misure(sommate(self.fino.values()), sommate(self.nel.values()))
        return Misure(self.fino.get(comune, {}), self.nel.get(comune, {}))


async def tabella(connection: Connection, registro: Registro, dal: date | None, al: date | None) -> Tabella:
    """Le misure dall'avvio ad `al`, e quelle da `dal` ad `al`. Una chiave distinta conta una volta in ciascuna."""
    fine = al or date.max
    fino = await _somme(connection, date.min, fine)
    if dal is None:
        return Tabella(fino, fino)
    nel = await _somme(connection, dal, fine)
    contate = registro.distinte_nel_periodo
    for misure in nel.values():
        for misura in contate:
            misure.pop(misura, None)
    for comune, misura, quante in await _distinte(connection, registro, contate, dal, fine):
        chiavi = nel.setdefault(comune, {}).setdefault(misura, {})
        chiavi[""] = chiavi.get("", 0) + quante
    return Tabella(fino, nel)


async def per_mese(
    connection: Connection, misure: Collection[str], comune: str | None, al: date | None
) -> dict[date, PerMisura]:
    """Le misure di ogni mese fino ad `al`; una chiave distinta è nel mese in cui conta per la prima volta."""
    mesi: dict[date, PerMisura] = {}
    for mese, misura, chiave, valore in await connection.fetch(_PER_MESE, sorted(misure), al or date.max, comune):
        mesi.setdefault(mese, {}).setdefault(misura, {})[chiave] = valore
    return mesi


async def ultimo_mese(connection: Connection) -> date | None:
    """L'ultimo mese con qualche fatto; None se non ce n'è."""
    trovato: date | None = await connection.fetchval("select max(month) from riepilogo")
    return trovato


async def _somme(connection: Connection, dal: date, al: date) -> dict[str, PerMisura]:
    comuni: dict[str, PerMisura] = {}
    for comune, misura, chiave, valore in await connection.fetch(_SOMME, dal, al):
        comuni.setdefault(comune, {}).setdefault(misura, {})[chiave] = valore
    return comuni


async def _distinte(
    connection: Connection, registro: Registro, misure: Collection[str], dal: date, al: date
) -> list[tuple[str, str, int]]:
    """Comune, misura e quante: chi ha già contato prima del periodo conta anche qui, se qui è accaduto qualcosa."""
    righe = [Riga(*r) for r in await connection.fetch(_ENTITA_DEL_PERIODO, sorted(misure), dal, al)]
    famiglie = sorted({r.chiave for r in righe if registro.misure[r.misura].famiglia})
    if famiglie:
        righe += [Riga(*r) for r in await connection.fetch(_FAMIGLIE, COMUNE_DELLA_FAMIGLIA, famiglie)]
    collocate = colloca(righe, registro.misure)
    return [(comune, misura, quante) for (misura, comune, _), quante in collocate.items()]


def sommate(tutte: Iterable[PerMisura]) -> PerMisura:
    """Le misure di più comuni, o di più mesi, insieme."""
    somma: PerMisura = {}
    for una in tutte:
        for misura, chiavi in una.items():
            sue = somma.setdefault(misura, {})
            for chiave, valore in chiavi.items():
                sue[chiave] = sue.get(chiave, 0) + valore
    return somma
