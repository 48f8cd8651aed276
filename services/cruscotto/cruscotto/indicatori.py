"""Il registro degli indicatori: che cosa si misura, contro quale obiettivo, con quale formula. Dati, non codice."""

import hashlib
import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

PREDEFINITO = Path(__file__).with_name("indicatori.toml")

Codice = Annotated[str, Field(pattern=r"^[A-Z]{2}\d{2}$")]
Finestra = Literal["dall_avvio", "alla_data", "nel_periodo"]


class _Dato(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Termine(_Dato):
    """Una misura, tutta o di alcune chiavi, sommata o sottratta."""

    misura: str
    chiavi: tuple[str, ...] = ()
    segno: Literal[1, -1] = 1


def _termine(scritto: Any) -> Any:
    return {"misura": scritto} if isinstance(scritto, str) else scritto


Termini = Annotated[tuple[Annotated[Termine, BeforeValidator(_termine)], ...], Field(min_length=1)]


class Somma(_Dato):
    """La somma di alcuni termini."""

    somma: Termini

    @property
    def termini(self) -> tuple[Termine, ...]:
        return self.somma


class Distinte(_Dato):
    """Quante chiavi distinte hanno valore maggiore di zero."""

    distinte: str

    @property
    def termini(self) -> tuple[Termine, ...]:
        return (Termine(misura=self.distinte),)


class Rapporto(_Dato):
    """Numeratore su denominatore, in percento. `unita` e `scala` sono quelle dei due termini mostrati."""

    numeratore: Termini
    denominatore: Termini
    unita: str = ""
    scala: int = 1

    @property
    def termini(self) -> tuple[Termine, ...]:
        return self.numeratore + self.denominatore


Formula = Somma | Distinte | Rapporto


class Parte(_Dato):
    """Una cifra mostrata accanto all'indicatore. Senza `finestra` ha quella dell'indicatore."""

    nome: str
    unita: str
    formula: Formula
    finestra: Finestra | None = None


class Indicatore(_Dato):
    """Una riga del registro. `base` None: da rilevare; `obiettivo` None: non definito."""

    codice: Codice
    linea: str
    nome: str
    definizione: str
    unita: str
    scala: int = 1
    tipo: Literal["C", "P", "S", "R", "D"]
    livello: Literal["att", "ris", "spec", "gen"]
    direzione: Literal["su", "giu"]
    base: Decimal | None = None
    obiettivo: Decimal | None = None
    finestra: Finestra
    eventi: tuple[str, ...]
    formula: Formula
    a_parte: tuple[Parte, ...] = ()

    @property
    def formule(self) -> tuple[Formula, ...]:
        return (self.formula, *(p.formula for p in self.a_parte))

    @property
    def misure(self) -> frozenset[str]:
        return frozenset(t.misura for f in self.formule for t in f.termini)


class Misura(_Dato):
    """Una misura la cui chiave è un'entità. `famiglia`: il comune si ritrova dalla famiglia, che è la chiave."""

    famiglia: bool = False
    distinta: bool = False


class Registro(_Dato):
    """Tutti gli indicatori, e ciò che serve per leggerne le misure."""

    avvio: date
    giorni_di_silenzio: int = Field(gt=0)
    misure: dict[str, Misura]
    indicatori: tuple[Indicatore, ...]

    @classmethod
    def carica(cls, distretto: Path | None = None, da: Path = PREDEFINITO) -> Self:
        """Il registro, con obiettivi e basi del file del distretto. Raises: pydantic.ValidationError, KeyError."""
        dati = tomllib.loads(da.read_text(encoding="utf-8"))
        if distretto is not None:
            suoi = tomllib.loads(distretto.read_text(encoding="utf-8"))
            righe = {riga["codice"]: riga for riga in dati["indicatori"]}
            for tabella, campo in (("obiettivi", "obiettivo"), ("basi", "base")):
                for codice, valore in suoi.get(tabella, {}).items():
                    righe[codice][campo] = valore
        return cls.model_validate(dati)

    @model_validator(mode="after")
    def _coerente(self) -> Self:
        if len(self.per_codice) != len(self.indicatori):
            raise ValueError("un codice compare due volte")
        for indicatore in self.indicatori:
            for misura, distinta in _usi(indicatore):
                if distinta != self.misure.get(misura, Misura()).distinta:
                    raise ValueError(f"{indicatore.codice}: {misura} va contata o sommata, come dice [misure]")
        return self

    @cached_property
    def distinte_nel_periodo(self) -> frozenset[str]:
        """Le misure contate dentro un periodo, e non dall'avvio."""
        return frozenset(
            formula.distinte
            for i in self.indicatori
            for formula, finestra in (
                (i.formula, i.finestra),
                *((p.formula, p.finestra or i.finestra) for p in i.a_parte),
            )
            if isinstance(formula, Distinte) and finestra == "nel_periodo"
        )

    @cached_property
    def impronta(self) -> str:
        """Cambia quando cambia una riga del registro: un obiettivo, una formula."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:8]

    @cached_property
    def per_codice(self) -> dict[str, Indicatore]:
        return {i.codice: i for i in self.indicatori}


def _usi(indicatore: Indicatore) -> Iterator[tuple[str, bool]]:
    """Le misure che l'indicatore usa, e se le conta."""
    for formula in indicatore.formule:
        for termine in formula.termini:
            yield termine.misura, isinstance(formula, Distinte)
