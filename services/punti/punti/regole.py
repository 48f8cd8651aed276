"""Le regole dei Punti di Comunità con un valore che cambia nel tempo: i valori sono in `regole.toml`."""

from typing import Annotated

from pydantic import Field
from telaio.rules import Dated, Rules


class Regole(Rules):
    """Ogni regola porta validità e fonte; il distretto può sostituirle una per una con un proprio file."""

    ore_minime_dei_volontari: Dated[Annotated[int, Field(ge=0, le=60)]]
    mesi_alla_seconda_rilevazione: Dated[Annotated[int, Field(ge=1, le=60)]]
