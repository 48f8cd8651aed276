"""Il copione: storie che si svolgono giorno per giorno e lasciano passi. Stesso seme, stessi passi; una fine diversa
allunga o accorcia il copione e non cambia ciò che viene prima."""

import hashlib
import heapq
from collections.abc import Generator, Iterable, Mapping
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from scenario.passo import Atteso, Passo, accolto, rifiutato

Storia = Generator[int, None, None]
"""Una storia: ogni `yield` dice fra quanti giorni riprende."""

OPERATRICE, RESPONSABILE, COORDINATRICE = "anna.bianchi", "paolo.ferrari", "giulia.rossi"
RIPETUTI_SUBITO, RIPETUTI_POI = 0.035, 0.012
FESTE = {(1, 1), (6, 1), (25, 4), (1, 5), (2, 6), (15, 8), (1, 11), (8, 12), (25, 12), (26, 12)}


class Copione:
    """Fa avanzare le storie in ordine di giorno e raccoglie i loro passi."""

    def __init__(self, seme: int, dal: date, al: date) -> None:
        self.seme, self.oggi, self.al = seme, dal, al
        self.passi: list[Passo] = []
        self._agenda: list[tuple[date, int, Storia]] = []
        self._turno = 0
        self._ritardi, self._ripetizioni = self.sorte("ritardi"), self.sorte("ripetizioni")

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

    def registra(
        self,
        path: str,
        campi: Mapping[str, Any],
        *,
        con: Iterable[str] = (),
        dal: date | None = None,
        chi: str = OPERATRICE,
    ) -> Passo:
        """Un comando che va accolto. `dal`: il fatto può essere di qualche giorno fa, ma non prima di questo giorno."""
        avvenuto = self.oggi if dal is None else max(min(dal, self.oggi), self.oggi - timedelta(self._ritardo()))
        passo = self._aggiungi(path, {"avvenuto_il": avvenuto.isoformat(), **campi}, accolto(path), chi, con)
        sorte = self._ripetizioni.random()
        if sorte < RIPETUTI_SUBITO:
            self.ripeti(passo)
        elif sorte < RIPETUTI_SUBITO + RIPETUTI_POI:
            self.avvia(self._ripeti_poi(passo), self._ripetizioni.randint(1, 12))
        return passo

    def rifiuta(
        self,
        path: str,
        campi: Mapping[str, Any],
        codice: str,
        *,
        con: Iterable[str] = (),
        chi: str | None = OPERATRICE,
    ) -> Passo:
        """Un comando sbagliato, che va rifiutato con quel codice."""
        return self._aggiungi(path, {"avvenuto_il": self.oggi.isoformat(), **campi}, rifiutato(codice), chi, con)

    def ripeti(self, passo: Passo, **cambia: Any) -> Passo:
        """Lo stesso comando con la stessa chiave: la rete ha perso la risposta, o qualcuno ha premuto due volte."""
        numero = f"{len(self.passi):05}"
        ripetuto = Passo(**{**passo.__dict__, "id": numero, "giorno": self.oggi, **cambia})
        self.passi.append(ripetuto)
        return ripetuto

    def _ripeti_poi(self, passo: Passo) -> Storia:
        self.ripeti(passo)
        yield from ()

    def _aggiungi(
        self, path: str, body: Mapping[str, Any], atteso: Atteso, chi: str | None, con: Iterable[str]
    ) -> Passo:
        numero = f"{len(self.passi):05}"
        passo = Passo(numero, self.oggi, path, body, atteso, chi, numero, frozenset(con))
        self.passi.append(passo)
        return passo

    def _ritardo(self) -> int:
        """Giorni fra il fatto e la registrazione: di solito nessuno, a volte qualche settimana."""
        sorte = self._ritardi.random()
        return 0 if sorte < 0.7 else self._ritardi.randint(1, 3) if sorte < 0.9 else self._ritardi.randint(4, 25)

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
