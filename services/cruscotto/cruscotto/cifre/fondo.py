"""I due fondi: quanto è stato versato e da chi, quanto è promesso, uscito e tornato; mese per mese, come in un libro
mastro: ogni riga comincia dove finisce quella prima. Pura."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cruscotto.cifre.misure import Mesi, sommate
from cruscotto.cifre.valuta import Misure

Trovate = Mapping[str, Mapping[str, int]]
"""Per misura e chiave."""


@dataclass(frozen=True)
class Fondo:
    """Un fondo, e le misure dei suoi movimenti. `recuperato`, `attive` vuote: non ce n'è."""

    nome: str
    versato: str
    uscito: str
    promesso: str
    impegnato: str
    recuperato: str = ""
    attive: str = ""

    @property
    def misure(self) -> list[str]:
        """Quelle da leggere."""
        tutte = (self.versato, self.uscito, self.promesso, self.impegnato, self.recuperato, self.attive)
        return sorted(filter(None, tutte))


GARANZIA = Fondo(
    "garanzia",
    versato="fondo_versato",
    uscito="fondo_escusso",
    promesso="massimali_concessi",
    impegnato="fondo_impegnato",
    recuperato="fondo_recuperato",
    attive="garanzie_attive",
)
ESPERIENZE = Fondo(
    "esperienze",
    versato="esperienze_versato",
    uscito="esperienze_speso",
    promesso="esperienze_finanziate",
    impegnato="esperienze_impegnato",
)
FONDI = {fondo.nome: fondo for fondo in (GARANZIA, ESPERIENZE)}


@dataclass(frozen=True)
class Posizione:
    """In centesimi. `saldo` è quanto c'è; `disponibile` quanto resterebbe se ogni impegno fosse pagato per intero:
    sotto zero quando gli impegni superano il saldo, come la leva del Fondo Garanzia ammette."""

    versato_per_tipo: Mapping[str, int]
    impegnato: int
    uscito: int
    recuperato: int
    garanzie_attive: int

    @property
    def versato(self) -> int:
        """Da tutti insieme."""
        return sum(self.versato_per_tipo.values())

    @property
    def saldo(self) -> int:
        """Versato meno uscito più recuperato."""
        return self.versato - self.uscito + self.recuperato

    @property
    def disponibile(self) -> int:
        """Saldo meno impegni."""
        return self.saldo - self.impegnato


def posizione(misure: Misure, fondo: Fondo = GARANZIA) -> Posizione:
    """La posizione di un fondo, che è di tutto il distretto, alla data delle misure."""
    return _posizione(misure.fino, fondo)


def _posizione(misure: Trovate, fondo: Fondo) -> Posizione:
    versato = misure.get(fondo.versato, {})
    return Posizione(
        versato_per_tipo={tipo: versato[tipo] for tipo in sorted(versato)},
        impegnato=_totale(misure, fondo.impegnato),
        uscito=_totale(misure, fondo.uscito),
        recuperato=_totale(misure, fondo.recuperato),
        garanzie_attive=_totale(misure, fondo.attive),
    )


@dataclass(frozen=True)
class DelMese:
    """Una riga del mastro: dov'era il fondo, che cosa vi è accaduto, dov'è alla fine; in centesimi. `liberato`:
    l'impegno che si chiude, perché pagato o perché non serve più."""

    mese: date
    saldo_prima: int
    versato: int
    recuperato: int
    uscito: int
    saldo: int
    impegnato_prima: int
    promesso: int
    liberato: int
    impegnato: int


def mastro(fondo: Fondo, trovati: Mesi, mesi: Sequence[date]) -> list[DelMese]:
    """Le righe dei mesi dati, che sono in fila e cominciano dal primo trovato."""
    fino, righe = trovati.prima, []
    for mese in mesi:
        nel, prima = trovati.mesi.get(mese, {}), _posizione(fino, fondo)
        fino = sommate([fino, nel])
        righe.append(_riga(fondo, mese, nel, prima, _posizione(fino, fondo)))
    return righe


def _riga(fondo: Fondo, mese: date, nel: Trovate, prima: Posizione, dopo: Posizione) -> DelMese:
    promesso = _totale(nel, fondo.promesso)
    return DelMese(
        mese=mese,
        saldo_prima=prima.saldo,
        versato=dopo.versato - prima.versato,
        recuperato=dopo.recuperato - prima.recuperato,
        uscito=dopo.uscito - prima.uscito,
        saldo=dopo.saldo,
        impegnato_prima=prima.impegnato,
        promesso=promesso,
        liberato=prima.impegnato + promesso - dopo.impegnato,
        impegnato=dopo.impegnato,
    )


def _totale(misure: Trovate, nome: str) -> int:
    return sum(misure.get(nome, {}).values())
