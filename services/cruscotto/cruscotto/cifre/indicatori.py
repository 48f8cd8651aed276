"""Il registro degli indicatori: che cosa si misura, contro quale obiettivo, con quale formula. Dati, non codice."""

import hashlib
import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from cruscotto.cifre.formule import Dato, Formula, Termine

PREDEFINITO = Path(__file__).with_name("indicatori")

Codice = Annotated[str, Field(pattern=r"^[A-Z]{2}\d{2}$")]
Finestra = Literal["dall_avvio", "alla_data", "nel_periodo"]
Modo = Literal[
    "somma", "prima_volta", "finche_c_e", "prima_e_ultima", "di_recente", "a_distanza", "dalla_rete", "mai"
]  # fmt: skip
ALTRI = "altri"


class Parte(Dato):
    """Una cifra mostrata accanto all'indicatore. Senza `finestra` ha quella dell'indicatore."""

    nome: str
    unita: str
    scala: int = 1
    formula: Formula
    finestra: Finestra | None = None


class Indicatore(Dato):
    """Una riga del registro. `base` None: da rilevare; `obiettivo` None: non definito.

    implicito: l'obiettivo aspetta la conferma di un coordinatore. precisazione: quale, fra più cifre, è il valore.
    nota: ciò che chi legge deve sapere. di_distretto: i comuni non ne hanno una parte. segue: di chi si guarda il
    comune, se un evento nomina più schede.
    """

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
    implicito: bool = False
    finestra: Finestra
    precisazione: str = ""
    nota: str = ""
    di_distretto: bool = False
    segue: str = ""
    eventi: tuple[str, ...]
    formula: Formula
    a_parte: tuple[Parte, ...] = ()

    @property
    def cifre(self) -> tuple["Indicatore | Parte", ...]:
        """Il valore e ciò che gli sta accanto."""
        return (self, *self.a_parte)

    @property
    def misure(self) -> frozenset[str]:
        return frozenset(t.misura for t in self.termini)

    @property
    def termini(self) -> tuple[Termine, ...]:
        return tuple(t for cifra in self.cifre for t in cifra.formula.termini)

    @property
    def con_obiettivo(self) -> bool:
        """Se c'è un obiettivo a cui il progetto è già tenuto."""
        return self.obiettivo is not None and not self.implicito


class Misura(Dato):
    """Una misura la cui chiave è un'entità, e come se ne contano le quote (`modi.py`).

    di: le quote da cui nasce; vuoto, quella con il suo nome. famiglia: il comune è della famiglia, che è la chiave.
    in_piu_comuni: il distretto non è la somma dei comuni, e ha quote sue.
    per_tipo: la chiave è un ente, e si mostra per tipo. giorni, mesi: quelli che il modo chiede.
    """

    conta: Modo = "somma"
    di: tuple[str, ...] = ()
    famiglia: bool = False
    in_piu_comuni: bool = False
    per_tipo: bool = False
    giorni: int = 0
    mesi: int = 0

    @property
    def contata(self) -> bool:
        return self.conta in ("prima_volta", "finche_c_e", "di_recente")

    @property
    def a_giorni(self) -> bool:
        """Se conta da un giorno, anche a venire: non prima che sia arrivato."""
        return self.conta in ("di_recente", "a_distanza", "dalla_rete")

    @property
    def taciuta(self) -> bool:
        """Se le quote con il suo nome, dove ce ne sono, non si contano."""
        return self.conta in ("dalla_rete", "mai")

    @property
    def in_serie(self) -> bool:
        """Se le chiavi delle quote sono «chi|giorno|…»: tutte quelle di uno si leggono insieme."""
        return self.conta in ("di_recente", "a_distanza", "prima_e_ultima")


class Registro(Dato):
    """Tutti gli indicatori, e ciò che serve per leggerne le misure. `tipi`: quelli degli enti del distretto."""

    avvio: date
    giorni_di_silenzio: int = Field(gt=0)
    giorni_di_ritardo: int = Field(gt=0)
    misure: dict[str, Misura]
    tipi: dict[str, str] = Field(default_factory=dict)
    indicatori: tuple[Indicatore, ...]

    @classmethod
    def carica(
        cls, distretto: Path | None = None, da: Path = PREDEFINITO, tipi: Mapping[str, str] | None = None
    ) -> Self:
        """Il registro, con obiettivi e basi del file del distretto. Raises: pydantic.ValidationError, KeyError."""
        dati = _letti(da)
        suoi = tomllib.loads(distretto.read_text(encoding="utf-8")) if distretto is not None else {}
        righe = {riga["codice"]: riga for riga in dati["indicatori"]}
        for codice, valore in suoi.get("obiettivi", {}).items():
            righe[codice] |= {"obiettivo": valore, "implicito": False}
        for codice, valore in suoi.get("basi", {}).items():
            righe[codice]["base"] = valore
        return cls.model_validate({**dati, "tipi": dict(tipi or {})})

    @model_validator(mode="after")
    def _coerente(self) -> Self:
        if len(self.per_codice) != len(self.indicatori):
            raise ValueError("un codice compare due volte")
        for indicatore in self.indicatori:
            for termine in indicatore.termini:
                if termine.contata != self.misure.get(termine.misura, Misura()).contata:
                    raise ValueError(f"{indicatore.codice}: {termine.misura} va contata o sommata, come dice [misure]")
        return self

    @cached_property
    def distinte_nel_periodo(self) -> frozenset[str]:
        """Le misure contate dentro un periodo, e non dall'avvio."""
        return frozenset(
            termine.misura
            for i in self.indicatori
            for parte in i.cifre
            for termine in parte.formula.termini
            if termine.contata and (parte.finestra or i.finestra) == "nel_periodo"
        )

    @cached_property
    def a_giorni(self) -> tuple[str, ...]:
        """Le misure che contano da un giorno, anche a venire."""
        return tuple(nome for nome, misura in self.misure.items() if misura.a_giorni)

    @cached_property
    def dalla_rete(self) -> tuple[str, ...]:
        """Le misure che dicono le catene di invii e i percorsi."""
        return tuple(nome for nome, misura in self.misure.items() if misura.conta == "dalla_rete")

    @cached_property
    def in_piu_comuni(self) -> frozenset[str]:
        """Le misure di cui il distretto ha quote sue."""
        return frozenset(nome for nome, misura in self.misure.items() if misura.in_piu_comuni)

    def tipo(self, misura: str, chiave: str) -> str:
        """La chiave con cui una misura si mostra: di un ente, il tipo; chi ospita un tirocinio è un'azienda."""
        if not self.misure.get(misura, Misura()).per_tipo:
            return chiave
        return "aziende" if chiave.startswith("aderente/") else self.tipi.get(chiave, ALTRI)

    @cached_property
    def impronta(self) -> str:
        """Cambia quando cambia una riga del registro: un obiettivo, una formula. SHA-256."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    @cached_property
    def per_codice(self) -> dict[str, Indicatore]:
        return {i.codice: i for i in self.indicatori}


def _letti(cartella: Path) -> dict[str, Any]:
    """Il registro intero: `registro.toml`, e un file per linea nell'ordine che vi è scritto."""
    intero = tomllib.loads((cartella / "registro.toml").read_text(encoding="utf-8"))
    dati: dict[str, Any] = {**intero, "misure": {}, "indicatori": []}
    for linea in dati.pop("linee"):
        suo = tomllib.loads((cartella / f"{linea}.toml").read_text(encoding="utf-8"))
        dati["misure"] |= suo.get("misure", {})
        dati["indicatori"] += [{"linea": linea, **riga} for riga in suo["indicatori"]]
    return dati
