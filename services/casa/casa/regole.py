"""Le regole della linea casa con un valore che cambia nel tempo: i valori sono in `regole.toml`."""

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
