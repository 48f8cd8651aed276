"""Il copione: storie che si svolgono giorno per giorno e lasciano passi. Stesso seme, stessi passi; una fine diversa
allunga o accorcia il copione e non cambia ciò che viene prima."""

import hashlib
import heapq
from collections.abc import Generator
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from uuid import UUID

from scenario.passo import Passo
from scenario.rubrica import Rubrica

Storia = Generator[int, None, None]
"""Una storia: ogni `yield` dice fra quanti giorni riprende."""

COORDINATRICE = "giulia.rossi"
FESTE = {(1, 1), (6, 1), (25, 4), (1, 5), (2, 6), (15, 8), (1, 11), (8, 12), (25, 12), (26, 12)}


class Copione:
    """Fa avanzare le storie di tutte le linee in ordine di giorno, e raccoglie i loro passi.

    `rubrica`: le persone che il progetto conosce, chiunque le abbia incontrate per primo.
    """

    def __init__(self, seme: int, dal: date, al: date) -> None:
        self.seme, self.oggi, self.al = seme, dal, al
        self.passi: list[Passo] = []
        self.rubrica = Rubrica()
        self._agenda: list[tuple[date, int, Storia]] = []
        self._turno = 0

    def sorte(self, nome: str) -> Random:
        """Una fonte di casi sua per ogni nome, così che una storia non cambi il corso di un'altra."""
        return Random(f"{self.seme}/{nome}")  # noqa: S311  invented people, not secrets

    def id(self, nome: str) -> str:
        """L'UUID di ciò che nel copione ha questo nome."""
        return str(UUID(bytes=self._impronta(nome)[:16], version=4))

    def persona(self, nome: str) -> str:
        """Lo pseudonimo della persona inventata che ha questo nome."""
        return "p-" + self._impronta(f"persona/{nome}").hex()[:12]

    def avvia(self, storia: Storia, fra: int = 0) -> None:
        """Comincia una storia fra qualche giorno."""
        self._turno += 1
        heapq.heappush(self._agenda, (_lavorativo(self.oggi + timedelta(fra)), self._turno, storia))

    def recita(self) -> list[Passo]:
        """I passi di tutte le storie, fino all'ultimo giorno compreso."""
        while self._agenda and self._agenda[0][0] <= self.al:
            self.oggi, _, storia = heapq.heappop(self._agenda)
            attesa = next(storia, None)
            if attesa is not None:
                self.avvia(storia, max(attesa, 1))
        return self.passi

    def aggiungi(self, passo: Passo) -> Passo:
        """Il passo, ora nel copione: il numero che gli tocca è anche la sua chiave, se non ne ha già una."""
        numero = f"{len(self.passi):05}"
        self.passi.append(replace(passo, id=numero, chiave=passo.chiave or numero))
        return self.passi[-1]

    def _impronta(self, nome: str) -> bytes:
        return hashlib.sha256(f"{self.seme}/{nome}".encode()).digest()


def _lavorativo(giorno: date) -> date:
    """Quel giorno, o il primo dopo in cui gli sportelli sono aperti."""
    while giorno.weekday() > 4 or (giorno.day, giorno.month) in FESTE:
        giorno += timedelta(1)
    return giorno


def fra_mesi(giorno: date, mesi: int) -> date:
    """Il primo giorno in cui quei mesi sono senz'altro passati."""
    anno, mese = divmod(giorno.year * 12 + giorno.month - 1 + mesi, 12)
    return date(anno, mese + 1, min(giorno.day, 28)) + timedelta(3 if giorno.day > 28 else 0)
