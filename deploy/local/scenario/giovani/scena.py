"""Chi e che cosa c'è in scena nella linea giovani in questo momento del copione."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random

from scenario.copione import Copione
from scenario.linea import Linea, una

TUTOR = {"alto": 5, "medio": 8, "basso": 12}
DALLA_CARTA_DEI_DIRITTI = date(2018, 1, 5)
"""Da questo giorno ogni tutor segue al massimo tanti studenti, secondo il rischio (DM 195/2017)."""


@dataclass
class Facilitatore:
    """Un facilitatore di comunità; `dal`: il giorno dell'ultimo incarico."""

    id: str
    comuni: list[str]
    dal: date
    incaricato: bool = True


@dataclass
class Laboratorio:
    """Un laboratorio, e chi vi è iscritto da quale giorno."""

    id: str
    comune: str
    posti: int = 0
    avviato_il: date | None = None
    iscritti: dict[str, date] = field(default_factory=dict)
    incontri: int = 0
    concluso_il: date | None = None

    @property
    def aperto(self) -> bool:
        """Dice se raccoglie iscrizioni."""
        return self.avviato_il is not None and self.concluso_il is None


@dataclass
class Percorso:
    """Lo studente di una proposta."""

    persona: str
    ore_previste: int
    concluso: bool = False


@dataclass
class Proposta:
    """Una proposta del catalogo."""

    id: str
    comune: str
    posti: int
    dal: date
    al: date
    rischio: str
    tutor: int
    percorsi: list[Percorso] = field(default_factory=list)
    ritirata: bool = False


@dataclass
class Evento:
    """Un evento territoriale: programmato, svolto o annullato."""

    id: str
    comune: str
    a_che_punto: str = "programmato"


class Scena(Linea):
    """Tutto ciò che è in scena nella linea giovani."""

    servizio, operatore, responsabile = "giovani", "sara.greco", "marco.leali"

    def __init__(self, copione: Copione) -> None:
        super().__init__(copione)
        self.facilitatori: list[Facilitatore] = []
        self.laboratori: list[Laboratorio] = []
        self.proposte: list[Proposta] = []
        self.eventi: list[Evento] = []

    def un_laboratorio(self, caso: Random, adatto: Callable[[Laboratorio], object]) -> Laboratorio | None:
        """Un laboratorio che raccoglie iscrizioni, e adatto; None se non ce n'è."""
        return una(self.laboratori, lambda lab: lab.aperto and adatto(lab), caso)

    def segue(self, p: Proposta, studenti: int) -> bool:
        """Dice se oggi i tutor della proposta possono seguire tanti studenti."""
        return self.oggi < DALLA_CARTA_DEI_DIRITTI or studenti <= TUTOR[p.rischio] * p.tutor
