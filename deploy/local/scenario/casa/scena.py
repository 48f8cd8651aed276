"""Chi e che cosa c'è in scena nella linea casa in questo momento del copione: per scegliere comandi possibili."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any, TypeVar

from scenario.copione import RESPONSABILE, Copione
from scenario.distretto import Distretto
from scenario.passo import Evento, Passo

FONDO = "fondo-garanzia"
LEVA, MASSIMALE, MESI = 3, 600_000, 18  # le regole d'esempio della linea casa
EURO = 100
T = TypeVar("T")


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


@dataclass
class Scena:
    """Tutto ciò che è in scena. `giusto`: per ogni passo rettificato, come doveva essere (None se annullato)."""

    copione: Copione
    distretto: Distretto
    versato: int = 0
    famiglie: list[Famiglia] = field(default_factory=list)
    alloggi: list[Alloggio] = field(default_factory=list)
    garanzie: list[Garanzia] = field(default_factory=list)
    agenzie: list[str] = field(default_factory=list)
    coabitazioni: list[Coabitazione] = field(default_factory=list)
    condomini: list[Condominio] = field(default_factory=list)
    soggetti: dict[str, Any] = field(default_factory=dict)
    giusto: dict[str, dict[str, Any] | None] = field(default_factory=dict)

    @property
    def oggi(self) -> date:
        """Il giorno in corso."""
        return self.copione.oggi

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

    def sorte(self, nome: str) -> Random:
        """La fonte di casi che ha questo nome."""
        return self.copione.sorte(nome)

    def versa(self, importo: int, da: str) -> Passo:
        """Un versamento nel Fondo."""
        self.versato += importo
        campi = {"importo_centesimi": importo, "da": da}
        return self.copione.registra(f"fondi/{FONDO}/versamento", campi, con=[FONDO])

    def una_famiglia(self, caso: Random, adatta: Callable[[Famiglia], object] = lambda _: True) -> Famiglia | None:
        """Una famiglia in carico, fra le ultime adatte; None se non ce n'è."""
        return una(self.famiglie, lambda f: f.in_carico and adatta(f), caso)

    def mai_visto(self) -> str:
        """L'id di qualcosa che in scena non c'è mai stato."""
        return self.copione.id(f"mai visto/{len(self.copione.passi)}")

    def ultimo(self, nome: str, entita: str | None = None) -> Passo | None:
        """L'ultimo passo accolto con quel nome, di quell'entità se è detta."""
        for passo in reversed(self.copione.passi):
            if passo.nome == nome and passo.expects.accolto and not passo.ripete and entita in (None, passo.entita):
                return passo
        return None

    def com_e(self, passo: Passo) -> dict[str, Any] | None:
        """I dati di un passo, come vanno intesi adesso: rettificati se lo sono stati, None se annullati."""
        return self.giusto.get(passo.id, dict(passo.body))

    def rettifica(self, passo: Passo, motivo: str, data: dict[str, Any] | None) -> Passo:
        """Corregge il passo, o lo annulla. La responsabile firma."""
        self.giusto[passo.id] = data
        campi = {"rettifica": Evento(passo.id), "motivo": motivo, "data": data}
        path = f"{passo.path.rpartition('/')[0]}/rettifica"
        return self.copione.registra(path, campi, con=passo.con, chi=RESPONSABILE)


def una(cose: Sequence[T], adatta: Callable[[T], object], caso: Random) -> T | None:
    """Una delle ultime cose adatte; None se non ce n'è."""
    adatte = [c for c in cose if adatta(c)][-12:]
    return caso.choice(adatte) if adatte else None
