"""La posizione del Fondo Garanzia: quanto è stato versato e da chi, quanto è promesso, uscito e tornato. Pura."""

from collections.abc import Mapping
from dataclasses import dataclass

from cruscotto.cifre.valuta import Misure


@dataclass(frozen=True)
class Posizione:
    """In centesimi. `saldo` è quanto c'è; `disponibile` quanto resterebbe se ogni garanzia fosse escussa per intero:
    sotto zero quando gli impegni superano il saldo, come la leva del Fondo ammette."""

    versato_per_tipo: Mapping[str, int]
    versato: int
    impegnato: int
    escusso: int
    recuperato: int
    garanzie_attive: int

    @property
    def saldo(self) -> int:
        """Versato meno escusso più recuperato."""
        return self.versato - self.escusso + self.recuperato

    @property
    def disponibile(self) -> int:
        """Saldo meno impegni."""
        return self.saldo - self.impegnato


def posizione(misure: Misure) -> Posizione:
    """La posizione del Fondo, che è di tutto il distretto, alla data delle misure."""
    totale = {nome: sum(chiavi.values()) for nome, chiavi in misure.fino.items()}
    versato = misure.fino.get("fondo_versato", {})
    return Posizione(
        versato_per_tipo={tipo: versato[tipo] for tipo in sorted(versato)},
        versato=sum(versato.values()),
        impegnato=totale.get("fondo_impegnato", 0),
        escusso=totale.get("fondo_escusso", 0),
        recuperato=totale.get("fondo_recuperato", 0),
        garanzie_attive=totale.get("garanzie_attive", 0),
    )
