"""Quote: ciò che ogni evento aggiunge alle misure. Ogni cifra del cruscotto è una somma di quote."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar, get_type_hints

from contratti.rete import Event

Quota = tuple[str, int, str, str]
"""Misura, valore, comune, chiave: si scrive con `quota`."""
Quote = Iterator[Quota]


def quota(misura: str, valore: int, comune: str = "", chiave: str = "") -> Quota:
    """Quanto un evento aggiunge a una misura. `chiave` distingue ciò che si conta una volta, o per tipo.

    (Una tupla qualunque: se avesse i nomi costerebbe il doppio, e se ne fanno una o due per evento.)
    """
    return misura, valore, comune, chiave


@dataclass
class Stato:
    """Ciò che di un soggetto va ricordato da un evento al successivo. (Dataclass semplici: è la via più battuta.)

    primo, ultimo: i giorni (AAAA-MM-GG) del primo evento e di quello più recente fra i sommati.
    """

    primo: str = ""
    ultimo: str = ""


S = TypeVar("S", bound=Stato)
Apporto = Callable[[Any, Any, str], Quote]


@dataclass(frozen=True)
class Genere:
    """Un genere di soggetto: lo stato di partenza e l'apporto di ciascun tipo di evento.

    ricorda: chi segue la proiezione vuole lo stato che c'era prima di un lotto.
    """

    stato: type[Stato]
    apporti: dict[type[Event], Apporto]
    ricorda: bool = False

    def apporto(self, funzione: Apporto) -> Apporto:
        """Registra `(stato, evento, id) → quote`; lo stato cambia sul posto. Il tipo è letto dal secondo parametro."""
        tipi = get_type_hints(funzione)
        self.apporti[tipi[list(tipi)[1]]] = funzione
        return funzione


GENERI: dict[str, Genere] = {}
"""Per «servizio/genere»: ogni linea registra i suoi."""


def genere(nome: str, stato: type[Stato], *, ricorda: bool = False) -> Genere:
    """Registra un genere di soggetto, «casa/famiglia»."""
    GENERI[nome] = Genere(stato, {}, ricorda)
    return GENERI[nome]


@lru_cache(maxsize=10_000)
def mese(giorno: date) -> date:
    """Il primo giorno del mese."""
    return giorno.replace(day=1)
