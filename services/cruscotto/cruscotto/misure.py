"""Le misure lette dalla generazione servita, per comune e mese."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from telaio.database import Connection

from cruscotto.collocazione import COMUNE_DELLA_FAMIGLIA, Riga, colloca
from cruscotto.indicatori import Misura
from cruscotto.valuta import Misure

PerMisura = dict[str, dict[str, int]]
DallAvvio, AdOggi = date.min, date.max

_SENZA_ENTITA = """
select measure, comune, month, key, sum(value)::bigint as value from quota
where measure <> all($1::text[]) and month between $2 and $3 group by measure, comune, month, key
"""
_PER_ENTITA = """
select measure, comune, month, key, sum(value)::bigint as value from quota
where measure = any($1::text[]) group by measure, comune, month, key
"""


class Quanto(NamedTuple):
    """Una quota già al suo comune; `chiave` distingue i tipi, mai le persone."""

    misura: str
    comune: str
    mese: date
    chiave: str
    valore: int


async def quote(
    connection: Connection, entita: Mapping[str, Misura], dal: date = DallAvvio, al: date = AdOggi
) -> list[Quanto]:
    """Le quote di quei mesi, compresi. `entita`: le misure la cui chiave è un'entità."""
    nomi = [*entita, COMUNE_DELLA_FAMIGLIA]
    semplici = [Quanto(*riga) for riga in await connection.fetch(_SENZA_ENTITA, nomi, dal, al)]
    righe = (Riga(*riga) for riga in await connection.fetch(_PER_ENTITA, nomi))
    collocate = colloca(righe, entita, dal, al)
    return semplici + [Quanto(misura, comune, mese, "", v) for (misura, comune, mese), v in collocate.items()]


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
            return Misure(_sommate(self.fino.values()), _sommate(self.nel.values()))
        return Misure(self.fino.get(comune, {}), self.nel.get(comune, {}))


async def tabella(connection: Connection, entita: Mapping[str, Misura], dal: date | None, al: date | None) -> Tabella:
    """Le misure fino ad `al`, e quelle fra `dal` e `al`. Una chiave distinta conta una volta in ciascuna."""
    fino = per_comune(await quote(connection, entita, al=al or AdOggi))
    nel = per_comune(await quote(connection, entita, dal, al or AdOggi)) if dal else fino
    return Tabella(fino, nel)


def per_comune(quote: Iterable[Quanto]) -> dict[str, PerMisura]:
    """Le quote sommate sui mesi."""
    comuni: dict[str, PerMisura] = {}
    for q in quote:
        chiavi = comuni.setdefault(q.comune, {}).setdefault(q.misura, {})
        chiavi[q.chiave] = chiavi.get(q.chiave, 0) + q.valore
    return comuni


def _sommate(tutte: Iterable[PerMisura]) -> PerMisura:
    somma: PerMisura = {}
    for una in tutte:
        for misura, chiavi in una.items():
            sue = somma.setdefault(misura, {})
            for chiave, valore in chiavi.items():
                sue[chiave] = sue.get(chiave, 0) + valore
    return somma
