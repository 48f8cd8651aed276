"""Chi e che cosa c'è in scena nei Punti di Comunità in questo momento del copione."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from scenario.copione import Copione
from scenario.linea import Linea, una
from scenario.passo import Passo

EURO = 100
ENTI = ("parrocchia-santa-maria-assunta", "comune-montichiari", "comune-carpenedolo", "consorzio-tenda", "ama-brescia")


@dataclass
class Punto:
    """Un Punto; `dal`: il giorno da cui è aperto, l'ultima volta."""

    id: str
    comune: str
    dal: date
    aperto: bool = True
    fase: str = "avvio"
    specializzato: bool = False


@dataclass
class Gruppo:
    """Un gruppo nato in un Punto."""

    id: str
    punto: Punto
    nato_il: date
    sciolto: bool = False


@dataclass
class Ascolto:
    """Una richiesta di aiuto; `ultimo` è il giorno dell'ultima cosa accaduta."""

    id: str
    persona: str | None
    raccolta_il: date
    ultimo: date
    concluso: bool = False


@dataclass
class Voce:
    """Un'idea o un aiuto, e a che punto è."""

    id: str
    a_che_punto: str
    ultimo: date


class Scena(Linea):
    """Tutto ciò che è in scena nei Punti di Comunità."""

    servizio, operatore, responsabile = "punti", "chiara.fontana", "roberto.zani"

    def __init__(self, copione: Copione) -> None:
        super().__init__(copione)
        self.punti: list[Punto] = []
        self.gruppi: list[Gruppo] = []
        self.ascolti: list[Ascolto] = []
        self.idee: list[Voce] = []
        self.aiuti: list[Voce] = []
        self.in_scambio: list[str] = []
        self.saperi: set[tuple[str, str, str]] = set()

    def un_punto(self, caso: Random, adatto: Callable[[Punto], object] = lambda _: True) -> Punto | None:
        """Un Punto aperto e adatto; None se non ce n'è."""
        return una(self.punti, lambda p: p.aperto and adatto(p), caso)

    def segna(self, voce: Voce | Ascolto, path: str, campi: dict[str, Any]) -> Passo:
        """Un fatto che può essere di qualche giorno fa, ma non prima dell'ultimo della stessa scheda."""
        passo = self.registra(path, campi, dal=voce.ultimo)
        voce.ultimo = max(voce.ultimo, passo.il)
        return passo
