"""Le regole della linea giovani con un valore che cambia nel tempo, e ciò che la legge dice dei percorsi."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from telaio.rules import Dated, Rules

Ore = Annotated[int, Field(ge=1, le=2000)]
Studenti = Annotated[int, Field(ge=1, le=100)]


class PerRischio(BaseModel):
    """Un numero di studenti per ogni rischio; None: nessun limite."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    alto: Studenti | None = None
    medio: Studenti | None = None
    basso: Studenti | None = None

    def di(self, rischio: str) -> int | None:
        """Restituisce il numero per quel rischio; uno che non si conosce vale come alto."""
        return {"medio": self.medio, "basso": self.basso}.get(rischio, self.alto)


class Regole(Rules):
    """Ogni regola porta validità e fonte; il distretto può sostituirle una per una con un proprio file."""

    studenti_per_tutor: Dated[PerRischio]
    soglia_di_validita_percento: Dated[Annotated[int, Field(ge=1, le=100)]]


class Normativa(Rules):
    """La legge nazionale, uguale in ogni distretto: come si chiamano i percorsi, quante ore chiede ogni scuola."""

    etichetta: Dated[Annotated[str, Field(max_length=40)]]
    ore_minime_nel_triennio: Dated[dict[str, Ore]]


NORMATIVA = Normativa.load(Path(__file__).with_name("normativa.toml"))
