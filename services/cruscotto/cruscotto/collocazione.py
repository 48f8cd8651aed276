"""Dove e quando conta ciò che ha per chiave un'entità. Pura: da righe di `quota` a righe con comune e mese.

Una famiglia appartiene al comune della sua ultima presa in carico fino a quel mese; se ne ha solo di più tarde, al
comune della prima; se non ne ha, il comune è «non rilevato» (vuoto). Una chiave distinta conta una volta, nel primo
mese in cui il suo valore è positivo. Così i comuni sommano sempre al distretto.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from cruscotto.indicatori import Misura

COMUNE_DELLA_FAMIGLIA = "comune_della_famiglia"
NON_RILEVATO = ""


class Riga(NamedTuple):
    """Una quota con chiave, senza la fonte."""

    misura: str
    comune: str
    mese: date
    chiave: str
    valore: int


Posto = tuple[str, str, date]
"""Misura, comune, mese."""


def colloca(
    righe: Iterable[Riga], misure: Mapping[str, Misura], dal: date = date.min, al: date = date.max
) -> Counter[Posto]:
    """Le quote di quelle misure da `dal` ad `al`, ciascuna al suo comune; di quelle distinte, uno per chiave."""
    righe = list(righe)
    residenze = _residenze(righe)
    posti: Counter[Posto] = Counter()
    distinte: dict[tuple[str, str], Counter[tuple[date, str]]] = {}
    for riga in righe:
        misura = misure.get(riga.misura)
        if misura is None or not dal <= riga.mese <= al:
            continue
        comune = residenze.get(riga.chiave, _NESSUNA).al(riga.mese) if misura.famiglia else riga.comune
        if misura.distinta:
            distinte.setdefault((riga.misura, riga.chiave), Counter())[riga.mese, comune] += riga.valore
        else:
            posti[riga.misura, comune, riga.mese] += riga.valore
    for (nome, _), valori in distinte.items():
        positivi = [quando for quando, valore in valori.items() if valore > 0]
        if positivi:
            mese, comune = min(positivi)
            posti[nome, comune, mese] += 1
    return Counter({posto: valore for posto, valore in posti.items() if valore})


class _Residenza:
    """I comuni di una famiglia nel tempo."""

    def __init__(self, prese_in_carico: Iterable[tuple[date, str]]) -> None:
        ordinate = sorted(prese_in_carico)
        self._mesi = [mese for mese, _ in ordinate]
        self._comuni = [comune for _, comune in ordinate]

    def al(self, mese: date) -> str:
        if not self._comuni:
            return NON_RILEVATO
        return self._comuni[max(bisect_right(self._mesi, mese) - 1, 0)]


_NESSUNA = _Residenza(())


def _residenze(righe: Iterable[Riga]) -> dict[str, _Residenza]:
    prese: dict[str, Counter[tuple[date, str]]] = {}
    for riga in righe:
        if riga.misura == COMUNE_DELLA_FAMIGLIA:
            prese.setdefault(riga.chiave, Counter())[riga.mese, riga.comune] += riga.valore
    return {chiave: _Residenza(q for q, valore in sue.items() if valore > 0) for chiave, sue in prese.items()}
