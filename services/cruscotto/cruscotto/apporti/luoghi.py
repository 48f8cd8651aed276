"""Dove conta ciò che di suo non ha un comune: il luogo di un'altra scheda. Puro.

Una quota può avere per comune un rimando, «punto/<id>»: il comune lo dice la quota `luogo` di quella scheda, che può a
sua volta rimandare (un tirocinio a chi ospita). Vale l'ultimo luogo detto fino al mese; se ce ne sono solo di più
tardi, il primo; se non ce ne sono, il comune è «non rilevato» (vuoto).
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from cruscotto.apporti.quota import Quota, quota

LUOGO = "luogo"
COMUNE_DELLA_FAMIGLIA = "comune_della_famiglia"
NON_RILEVATO = ""
DISTRETTO = "*"
"""Il comune di una quota che i comuni, sommati, non darebbero: chi lavora in tre comuni è uno."""
CHI_REGISTRA = "@"
"""La chiave di una quota che è dell'ente che ha registrato l'evento: la dice la sua fonte."""


class Riga(NamedTuple):
    """Una quota senza la fonte. `comune` può essere un rimando."""

    misura: str
    comune: str
    mese: date
    chiave: str
    valore: int


def presso(genere: str, id: str | None) -> str:
    """Il rimando al luogo di una scheda; «non rilevato» se non si sa quale."""
    return f"{genere}/{id}" if id else NON_RILEVATO


def luogo(comune: str, genere: str, id: str) -> Quota:
    """Dice dov'è una scheda: un comune, o il luogo di un'altra."""
    return quota(LUOGO, 1, comune, presso(genere, id))


def rimanda(comune: str) -> bool:
    """Dice se al posto del comune c'è un rimando."""
    return "/" in comune


def chi_registra(fonte: str) -> str:
    """L'ente di una fonte."""
    return fonte.rpartition("/")[2]


class Luoghi:
    """I luoghi detti da alcune righe."""

    def __init__(self, righe: Iterable[Riga]) -> None:
        detti: dict[str, Counter[tuple[date, str]]] = {}
        for riga in righe:
            if riga.misura in (LUOGO, COMUNE_DELLA_FAMIGLIA):
                detti.setdefault(_di_chi(riga), Counter())[riga.mese, riga.comune] += riga.valore
        self._detti = {chi: sorted(d for d, valore in suoi.items() if valore > 0) for chi, suoi in detti.items()}

    def comune(self, dove: str, mese: date) -> str:
        """Il comune in quel mese, seguendo i rimandi."""
        for _ in range(len(self._detti) + 1):
            if not rimanda(dove):
                return dove
            detti = self._detti.get(dove)
            if not detti:
                return NON_RILEVATO
            dove = detti[max(bisect_right(detti, mese, key=lambda d: d[0]) - 1, 0)][1]
        return NON_RILEVATO  # si rimandano l'una all'altra


def _di_chi(riga: Riga) -> str:
    return riga.chiave if riga.misura == LUOGO else presso("famiglia", riga.chiave)
