"""Chi e che cosa c'è in scena nella linea casa in questo momento del copione: per scegliere comandi possibili."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random

from scenario.copione import Copione
from scenario.linea import Linea, una
from scenario.passo import Passo

FONDO = "fondo-garanzia"
LEVA, MASSIMALE, MESI = 3, 600_000, 18  # le regole d'esempio della linea casa
EURO = 100


@dataclass
class Famiglia:
    """Una famiglia; `ultimo` è il giorno dell'ultima cosa che le è accaduta."""

    id: str
    comune: str
    persone: list[str]
    minori: int
    ultimo: date
    in_carico: bool = False
    morosita: int = 0
    sfratto: bool = False
    alloggio: "Alloggio | None" = None
    garanzia: "Garanzia | None" = None
    garantita: bool = False


@dataclass
class Alloggio:
    """Un alloggio e chi ci abita."""

    id: str
    comune: str
    canone: int
    disponibile: bool = True
    famiglia: Famiglia | None = None


@dataclass
class Garanzia:
    """Una garanzia e i suoi movimenti, in centesimi."""

    id: str
    famiglia: Famiglia
    alloggio: Alloggio
    massimale: int
    ultimo: date
    escusso: int = 0
    recuperato: int = 0
    attiva: bool = True

    @property
    def residuo(self) -> int:
        """Quanto si può ancora escutere."""
        return self.massimale - self.escusso if self.attiva else 0

    @property
    def tocca(self) -> tuple[str, ...]:
        """Ciò che un suo movimento tocca."""
        return (FONDO, self.famiglia.id, self.alloggio.id)


@dataclass
class Coabitazione:
    """Una coabitazione e chi ci vive."""

    id: str
    posti: int
    ospitante: str | None
    ultimo: date
    coabitanti: list[str] = field(default_factory=list)
    conclusa: bool = False


@dataclass
class Condominio:
    """Un condominio sociale e a che punto è il passaggio di custode."""

    id: str
    comune: str
    ultimo: date
    custode: bool = False
    junior: bool = False
    autonomo: bool = False


class Scena(Linea):
    """Tutto ciò che è in scena nella linea casa."""

    servizio, operatore, responsabile = "casa", "anna.bianchi", "paolo.ferrari"

    def __init__(self, copione: Copione) -> None:
        super().__init__(copione)
        self.versato = 0
        self.famiglie: list[Famiglia] = []
        self.alloggi: list[Alloggio] = []
        self.garanzie: list[Garanzia] = []
        self.agenzie: list[str] = []
        self.coabitazioni: list[Coabitazione] = []
        self.condomini: list[Condominio] = []

    @property
    def saldo(self) -> int:
        """Quanto c'è nel Fondo."""
        return self.versato - sum(g.escusso - g.recuperato for g in self.garanzie)

    @property
    def impegni(self) -> int:
        """Quanto il Fondo ha promesso."""
        return sum(g.residuo for g in self.garanzie)

    def capiente(self, massimale: int) -> bool:
        """Dice se il Fondo può garantire anche questo."""
        return self.impegni + massimale <= self.saldo * LEVA

    def versa(self, importo: int, da: str) -> Passo:
        """Un versamento nel Fondo."""
        self.versato += importo
        campi = {"importo_centesimi": importo, "da": da}
        return self.registra(f"fondi/{FONDO}/versamento", campi, con=[FONDO])

    def una_famiglia(self, caso: Random, adatta: Callable[[Famiglia], object] = lambda _: True) -> Famiglia | None:
        """Una famiglia in carico, fra le ultime adatte; None se non ce n'è."""
        return una(self.famiglie, lambda f: f.in_carico and adatta(f), caso)
