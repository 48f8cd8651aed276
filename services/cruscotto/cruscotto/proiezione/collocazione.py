"""Dove e quando conta ogni quota. Pura: da righe di `quota` a righe con comune, giorno e chiave.

Il giorno è il primo del mese; di ciò che comincia o smette in un giorno preciso, anche a venire, è quel giorno.
Ogni chiave conta in un comune solo, così i comuni sommano sempre al distretto.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from cruscotto.apporti.luoghi import COMUNE_DELLA_FAMIGLIA, LUOGO, Luoghi, Riga, presso, rimanda
from cruscotto.cifre.indicatori import Misura
from cruscotto.proiezione.modi import MODI

Posto = tuple[str, str, date, str]
"""Misura, comune, giorno, chiave."""
DI_LUOGO = (LUOGO, COMUNE_DELLA_FAMIGLIA)
"""Le quote che dicono dove: di loro non si fa riepilogo."""


class Collocazione:
    """Le misure del registro che contano entità, e da quali quote nascono."""

    def __init__(self, misure: Mapping[str, Misura]) -> None:
        self._misure = misure
        self._nate: dict[str, list[str]] = {}
        for nome, misura in misure.items():
            for quota in misura.di or (nome,):
                self._nate.setdefault(quota, []).append(nome)
        self.taciute = frozenset(nome for nome, misura in misure.items() if misura.taciuta)
        self.per_entita = frozenset(self._nate) | {*DI_LUOGO}

    def semplice(self, quota: str) -> bool:
        """Se le quote con questo nome si sommano come sono, per chiave."""
        return quota not in self.per_entita

    def insieme(self, quota: str, chiave: str) -> tuple[frozenset[str], frozenset[str], str]:
        """Con che cosa va letta una quota perché la sua entità sia intera: le quote con la sua stessa chiave, quelle
        in serie, e chi: l'entità di cui sono."""
        pari: set[str] = set()
        serie: set[str] = set()
        for nome in self._nate.get(quota, ()):
            misura = self._misure[nome]
            (serie if misura.in_serie else pari).update(misura.di or (nome,))
            pari |= {COMUNE_DELLA_FAMIGLIA} if misura.famiglia else set()
        if quota == COMUNE_DELLA_FAMIGLIA:
            pari |= {quota, *(n for n, m in self._misure.items() if m.famiglia)}
        return frozenset(pari), frozenset(serie), chiave.partition("|")[0]

    def colloca(self, righe: Iterable[Riga], dal: date = date.min, al: date = date.max) -> Counter[Posto]:
        """Le quote da `dal` ad `al`, ciascuna al suo posto; quelle di una chiave contate come la misura dice."""
        righe = list(righe)
        luoghi = Luoghi(righe)
        posti: Counter[Posto] = Counter()
        chiavi: dict[tuple[str, str], dict[str, list[Riga]]] = {}
        for riga in righe:
            if riga.misura in DI_LUOGO or not dal <= riga.mese <= al:
                continue
            for nome in self._nate.get(riga.misura, (riga.misura,)):
                misura = self._misure.get(nome, Misura())
                dove = presso("famiglia", riga.chiave) if misura.famiglia else riga.comune
                comune = luoghi.comune(dove, riga.mese)
                if misura.conta == "somma":
                    posti[nome, comune, riga.mese, "" if nome in self._misure else riga.chiave] += riga.valore
                else:
                    chi = riga.chiave.partition("|")[0] if misura.in_serie else riga.chiave
                    sue = chiavi.setdefault((nome, chi), {})
                    sue.setdefault(riga.misura, []).append(riga._replace(comune=comune))
        for (nome, _), quote in chiavi.items():
            misura = self._misure[nome]
            for comune, giorno, chiave, valore in MODI[misura.conta](misura, quote) if not misura.taciuta else ():
                posti[nome, comune, giorno, chiave] += valore
        return Counter({posto: valore for posto, valore in posti.items() if valore})


def rimandi(righe: Collection[Riga]) -> set[str]:
    """Le schede di cui le righe chiedono il luogo."""
    return {r.comune for r in righe if rimanda(r.comune)}
