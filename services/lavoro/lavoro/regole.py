"""Le regole della linea lavoro con un valore che cambia nel tempo: i valori sono in `regole.toml`."""

from typing import Annotated, Literal, NamedTuple, get_args

from contratti.lavoro import Categoria
from pydantic import Field
from telaio.rules import Dated, Rules

Quanti = Annotated[int, Field(ge=0, le=100_000)]
Percento = Annotated[int, Field(ge=0, le=100)]
Km = Annotated[float, Field(gt=0)]
Caso = Literal["ordinaria", "con_mensa", "mezza_giornata", "ente_pubblico"]


class Durata(NamedTuple):
    """Quanto dura un tirocinio: al massimo quando si attiva, al massimo con le proroghe, al minimo."""

    iniziale_mesi: Quanti
    massimo_mesi: Quanti
    minimo_mesi: Quanti = 0
    minimo_giorni: Quanti = 0


class Quota(NamedTuple):
    """Quanti tirocini insieme ospita chi ha fino a tanti dipendenti, in ordine; oltre, in percentuale."""

    scaglioni: tuple[tuple[Quanti, Quanti], ...]
    percento_oltre: Percento


class Pesi(NamedTuple):
    """Quanto conta ciascuna voce di un'affinità; fino a quanti km un comune è vicino, e da quanti è lontano."""

    competenze: Annotated[int, Field(ge=1, le=100)]
    distanza: Percento
    disponibilita: Percento
    vicino_km: Km
    lontano_km: Km


class Regole(Rules):
    """Ogni regola porta validità e fonte; il distretto può sostituirle una per una con un proprio file."""

    indennita_minima: Dated[Annotated[dict[Caso, Quanti], Field(min_length=len(get_args(Caso)))]]
    ore_di_mezza_giornata: Dated[Annotated[int, Field(ge=1, le=12)]]
    frequenza_piena: Dated[Percento]
    durata_del_tirocinio: Dated[Annotated[dict[Categoria, Durata], Field(min_length=len(get_args(Categoria)))]]
    tirocini_ospitabili: Dated[Quota]
    pesi_di_affinita: Dated[Pesi]
