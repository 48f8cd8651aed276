"""Le regole della linea casa con un valore che cambia nel tempo: i valori sono in `regole.toml`."""

from calendar import monthrange
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field
from telaio.rules import Dated, Rules

Mesi = Annotated[int, Field(ge=1, le=120)]


class Regole(Rules):
    """Ogni regola porta validità e fonte; il distretto può sostituirle una per una con un proprio file."""

    leva_del_fondo: Dated[Annotated[Decimal, Field(ge=1, le=10)]]
    massimale_massimo_centesimi: Dated[Annotated[int, Field(gt=0)]]
    mesi_massimi_di_garanzia: Dated[Mesi]
    mesi_di_prova_del_custode: Dated[Mesi]
    mesi_di_affiancamento_del_junior: Dated[Mesi]


def dopo_mesi(giorno: date, mesi: int) -> date:
    """Restituisce lo stesso giorno dopo quei mesi, o l'ultimo del mese quando quel giorno non c'è."""
    anno, mese = divmod(giorno.year * 12 + giorno.month - 1 + mesi, 12)
    return date(anno, mese + 1, min(giorno.day, monthrange(anno, mese + 1)[1]))
