"""Che cosa si pubblica e come: dati, non codice. `pubblica.toml`, e la tabella [pubblica] del file del distretto."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from cruscotto.cifre.formule import Dato, Distinte, Somma
from cruscotto.cifre.indicatori import Codice, Registro
from cruscotto.pubblica.tutela import K_MINIMA, K_PREDEFINITA, Legame, Tutela

PREDEFINITE = Path(__file__).with_name("pubblica.toml")
LICENZA = "CC-BY-4.0"

Livello = Literal["libera", "comuni", "distretto", "no"]
Indirizzo = Annotated[str, Field(pattern=r"^(https://|mailto:)[^\s\"<>]+$", max_length=300)]
Testo = Annotated[str, Field(max_length=1000)]


class Voce(Dato):
    """Un modo di dare una mano, o di sostenere il lavoro."""

    titolo: Testo
    testo: Testo = ""
    indirizzo: Indirizzo | None = None


class Titolare(Dato):
    """Chi pubblica i dati. codice_ipa: quello dell'Indice delle pubbliche amministrazioni, o uno che gli somiglia."""

    nome: Testo = ""
    codice_ipa: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{2,40}$")] = "da_configurare"
    sito: Indirizzo | None = None
    contatto: Indirizzo | None = None


class Regole(Dato):
    """Le scelte di chi pubblica. giorno: quello del mese da cui si pubblica il mese prima, perché chi registra tardi
    ha bisogno di qualche giorno. `sito`: l'indirizzo pubblico del cruscotto, nei metadati."""

    k: int = Field(K_PREDEFINITA, ge=K_MINIMA)
    giorno: int = Field(ge=1, le=28)
    in_evidenza: Annotated[tuple[Codice, ...], Field(min_length=1, max_length=5)]
    parti_taciute: frozenset[str]
    livelli: dict[Codice, Livello]
    legami: tuple[Legame, ...]
    quanti: dict[Codice, tuple[str, ...]]
    titolare: Titolare = Field(default_factory=Titolare)
    sito: Annotated[str, Field(pattern=r"^https://[^\s\"<>]+[^/]$", max_length=300)] = "https://cruscotto.example.org"
    presentazione: Testo = ""
    dai_una_mano: tuple[Voce, ...] = ()
    sostegno: tuple[Voce, ...] = ()
    accessibilita: Indirizzo | None = None
    privacy: Indirizzo | None = None

    @classmethod
    def carica(cls, registro: Registro, distretto: Path | None = None, da: Path = PREDEFINITE) -> Self:
        """Le regole, con le scelte del distretto. Raises: pydantic.ValidationError."""
        dati = tomllib.loads(da.read_text(encoding="utf-8"))
        sue = _della(distretto)
        livelli = {**dati["livelli"], **_piu_chiusi(dati["livelli"], sue.pop("livelli", {}))}
        regole = cls.model_validate({**dati, **sue, "livelli": livelli})
        regole.controlla(registro)
        return regole

    @model_validator(mode="after")
    def _in_evidenza_si_pubblica(self) -> Self:
        if any(self.livello(codice) == "no" for codice in self.in_evidenza):
            raise ValueError("[pubblica] in_evidenza: una riga non si pubblica")
        return self

    def livello(self, codice: str) -> Livello:
        """Come si pubblica una riga. Chi non è nominata conta persone, ed è di tutto il distretto."""
        return self.livelli.get(codice, "distretto")

    def controlla(self, registro: Registro) -> None:
        """Raises: ValueError per un codice che non c'è, e per un rapporto pubblicato per comune."""
        legate = [nome.partition(".")[0] for legame in self.legami for nome in (legame.parte, legame.di)]
        for codice in (*self.livelli, *self.in_evidenza, *self.quanti, *legate):
            if codice not in registro.per_codice:
                raise ValueError(f"[pubblica]: {codice} non è nel registro degli indicatori")
            riga = registro.per_codice[codice]
            if self.livello(codice) == "comuni" and (
                riga.di_distretto or not isinstance(riga.formula, Somma | Distinte)
            ):
                raise ValueError(
                    f"[pubblica]: {codice} non è un conto semplice, si pubblica solo di tutto il distretto"
                )

    @property
    def tutela(self) -> Tutela:
        return Tutela(self.k, self.legami)


def _della(distretto: Path | None) -> dict[str, Any]:
    """La tabella [pubblica] del distretto."""
    if distretto is None:
        return {}
    sue = dict(tomllib.loads(distretto.read_text(encoding="utf-8")).get("pubblica", {}))
    for nome in ("legami", "parti_taciute", "quanti"):
        if nome in sue:
            raise ValueError(f"[pubblica]: {nome} non si cambia")
    return sue


def _piu_chiusi(nostri: Mapping[str, str], suoi: Mapping[str, str]) -> Mapping[str, str]:
    """Un distretto può chiudere ciò che è aperto; ciò che conta persone non lo può aprire. Raises: ValueError."""
    aperte = sorted(c for c, livello in suoi.items() if livello == "libera" and nostri.get(c) != "libera")
    aperte += sorted(c for c in suoi if nostri.get(c) == "no" and suoi[c] != "no")
    if aperte:
        raise ValueError(f"[pubblica] livelli: {', '.join(aperte)} non si possono aprire")
    return suoi
