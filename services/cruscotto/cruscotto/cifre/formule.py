"""Le formule del registro: da quali misure nasce un numero, e come. Dati, non codice."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class Dato(BaseModel):
    """Una tabella del registro: un campo in più è un errore di chi scrive."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Termine(Dato):
    """Una misura, tutta o di alcune chiavi, sommata o sottratta.

    contata: la misura conta delle chiavi. anno_scolastico: la chiave è l'anno in cui comincia quello della data.
    """

    misura: str
    chiavi: tuple[str, ...] = ()
    segno: Literal[1, -1] = 1
    contata: bool = False
    anno_scolastico: bool = False


def _termine(scritto: Any) -> Any:
    if isinstance(scritto, str):
        return {"misura": scritto}
    if isinstance(scritto, dict) and "distinte" in scritto:
        return {**{k: v for k, v in scritto.items() if k != "distinte"}, "misura": scritto["distinte"], "contata": True}
    return scritto


Termini = Annotated[tuple[Annotated[Termine, BeforeValidator(_termine)], ...], Field(min_length=1)]


class Somma(Dato):
    """La somma di alcuni termini."""

    somma: Termini

    @property
    def termini(self) -> tuple[Termine, ...]:
        return self.somma


class Distinte(Dato):
    """Quante chiavi conta una misura; di enti, anche solo quelli di alcuni tipi."""

    distinte: str
    tipi: tuple[str, ...] = ()

    @property
    def termini(self) -> tuple[Termine, ...]:
        return (Termine(misura=self.distinte, chiavi=self.tipi, contata=True),)


class Rapporto(Dato):
    """Numeratore su denominatore, in percento. `unita` e `scala` sono quelle dei due termini mostrati."""

    numeratore: Termini
    denominatore: Termini
    unita: str = ""
    scala: int = 1

    @property
    def termini(self) -> tuple[Termine, ...]:
        return self.numeratore + self.denominatore


class Media(Dato):
    """Un totale diviso per quanti lo compongono."""

    totale: Termini
    quanti: Termini

    @property
    def termini(self) -> tuple[Termine, ...]:
        return self.totale + self.quanti


Formula = Somma | Distinte | Rapporto | Media
