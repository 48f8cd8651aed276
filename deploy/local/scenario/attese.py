"""Quanto si aspetta la prima risposta a un invio (RE03), contato giorno per giorno: anche chi aspetta ancora conta."""

import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from scenario.copione import FESTE

PASQUETTE = {date(2016, 3, 28), date(2017, 4, 17), date(2018, 4, 2)}
_INVII = """
select i.id, i.il,
    (select min(il) from passo_di_invio as p where p.id = i.id
     and p.nome in ('invii-ricevuti/accettazione', 'invii-ricevuti/rifiuto')),
    (select min(il) from passo_di_invio as p where p.id = i.id
     and p.nome in ('invii/annullamento', 'invii/reindirizzamento', 'invii/archiviazione'))
from invio as i
"""


def mediane(libro: sqlite3.Connection, fini: list[date]) -> Iterator[tuple[str, str, int]]:
    """Per ogni mese alla cui fine si può dire, la mediana in giorni lavorativi più uno (zero non si scrive): degli
    invii chiesti dall'avvio («RE03»), e di quelli chiesti nel semestre («RE03.semestre»)."""
    invii = [_Invio(date.fromisoformat(il), _giorno(r), _giorno(via)) for _, il, r, via in libro.execute(_INVII)]
    for fine in fini:
        for codice, dal in (("RE03", date.min), ("RE03.semestre", date(fine.year, 1 if fine.month <= 6 else 7, 1))):
            mediana = _mediana([_attesa(i, fine) for i in invii if dal <= i.chiesto <= fine])
            if mediana is not None:
                yield codice, fine.isoformat(), mediana + 1


class _Invio(NamedTuple):
    chiesto: date
    risposto: date | None
    lasciato: date | None


def _giorno(scritto: str | None) -> date | None:
    return date.fromisoformat(scritto) if scritto else None


def _attesa(invio: _Invio, fine: date) -> tuple[int, bool]:
    """Giorni lavorativi e se c'è stata risposta, guardando dalla fine del mese."""
    ultimo = min(g for g in (invio.risposto, invio.lasciato, fine) if g is not None)
    passati, giorno = 0, invio.chiesto
    while giorno < ultimo:
        giorno += timedelta(1)
        passati += giorno.weekday() < 5 and (giorno.day, giorno.month) not in FESTE and giorno not in PASQUETTE
    return passati, invio.risposto == ultimo


def _mediana(attese: list[tuple[int, bool]]) -> int | None:
    """Il primo giorno in cui la quota di chi non ha ancora risposta, fra chi si può ancora guardare, scende a metà."""
    senza = 1.0
    for giorno in range(max((g for g, _ in attese), default=-1) + 1):
        guardati = [risposto for g, risposto in attese if g >= giorno]
        oggi = [risposto for g, risposto in attese if g == giorno]
        senza *= (len(guardati) - sum(oggi)) / len(guardati)
        if senza <= 0.5:
            return giorno
    return None
