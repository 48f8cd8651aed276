"""Chi e che cosa c'è in scena nella linea lavoro in questo momento del copione."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random

from scenario.copione import Copione
from scenario.linea import Linea, una

FONDO = "fondo-esperienze"
EURO = 100
DALLA_DGR = date(2018, 6, 1)
"""Da questo giorno valgono le indennità minime della DGR 7763 del 2018."""


@dataclass
class Aderente:
    """Chi fa parte della rete; `dipendenti` None: non si sa quanti, e non ospita."""

    id: str
    comune: str
    dipendenti: int | None
    in_rete: bool = True
    tirocini: "list[Tirocinio]" = field(default_factory=list)

    def ospita_ancora(self, giorno: date) -> bool:
        """Dice se da quel giorno può ospitare un altro tirocinio."""
        if not self.in_rete or self.dipendenti is None:
            return False
        quota = 1 if self.dipendenti <= 5 else 2 if self.dipendenti <= 20 else -(-self.dipendenti // 10)
        return sum(t.fino_al >= giorno for t in self.tirocini) < quota


@dataclass
class Candidato:
    """Una persona che cerca lavoro."""

    id: str
    persona: str
    comune: str
    in_carico: bool = True
    tirocinio: "Tirocinio | None" = None


@dataclass
class Offerta:
    """Posti di tirocinio o di lavoro; `presi`: quanti abbinamenti accettati da entrambi."""

    id: str
    aderente: Aderente
    tipo: str
    posti: int
    presi: int = 0
    chiusa: bool = False


@dataclass
class Abbinamento:
    """Un candidato per un'offerta; `stato`: proposto, in attesa dell'aderente, accettato, rifiutato."""

    id: str
    candidato: Candidato
    offerta: Offerta
    stato: str = "proposto"


@dataclass
class Tirocinio:
    """Un tirocinio; `finito_il` c'è quando è concluso o interrotto."""

    id: str
    candidato: Candidato
    aderente: Aderente
    dal: date
    al: date
    indennita: int
    mesi: list[str] = field(default_factory=list)
    finito_il: date | None = None

    @property
    def fino_al(self) -> date:
        """L'ultimo giorno in cui occupa un posto."""
        return min(self.al, self.finito_il or self.al)

    @property
    def tocca(self) -> tuple[str, ...]:
        """Ciò che un suo comando tocca."""
        return self.candidato.id, self.aderente.id


@dataclass
class Inserimento:
    """Un inserimento lavorativo."""

    id: str
    avviato_il: date
    cessato: bool = False


@dataclass
class Esperienza:
    """L'impegno del Fondo per un tirocinio o un inserimento, in centesimi."""

    id: str
    sostiene: str
    importo: int
    liquidato: int = 0
    stornata: bool = False

    @property
    def residuo(self) -> int:
        """Quanto il Fondo deve ancora pagare."""
        return 0 if self.stornata else self.importo - self.liquidato


class Scena(Linea):
    """Tutto ciò che è in scena nella linea lavoro."""

    servizio, operatore, responsabile = "lavoro", "marta.villa", "davide.moretti"

    def __init__(self, copione: Copione) -> None:
        super().__init__(copione)
        self.versato = 0
        self.aderenti: list[Aderente] = []
        self.candidati: list[Candidato] = []
        self.offerte: list[Offerta] = []
        self.abbinamenti: list[Abbinamento] = []
        self.tirocini: list[Tirocinio] = []
        self.inserimenti: list[Inserimento] = []
        self.esperienze: list[Esperienza] = []

    @property
    def punto(self) -> str:
        """Il Punto di Comunità specializzato sul lavoro."""
        return self.id("punto/lavoro")

    @property
    def disponibile(self) -> int:
        """Quanto il Fondo può ancora impegnare."""
        return self.versato - sum(e.liquidato + e.residuo for e in self.esperienze)

    def un_candidato(self, caso: Random, adatto: Callable[[Candidato], object] = lambda _: True) -> Candidato | None:
        """Un candidato in carico e adatto; None se non ce n'è."""
        return una(self.candidati, lambda c: c.in_carico and adatto(c), caso)

    def un_aderente(self, caso: Random, adatto: Callable[[Aderente], object] = lambda _: True) -> Aderente | None:
        """Chi fa parte della rete, ed è adatto; None se non ce n'è."""
        return una(self.aderenti, lambda a: a.in_rete and adatto(a), caso)
