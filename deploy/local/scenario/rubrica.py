"""La rubrica: le persone che il progetto conosce. Chi una linea ha incontrato può presentarsi anche a un'altra."""

from random import Random
from typing import NamedTuple

VICINE_NEL_TEMPO = 80


class Persona(NamedTuple):
    """Una persona inventata: pseudonimo, comune in cui sta, se è minorenne."""

    id: str
    comune: str
    minore: bool = False


class Rubrica:
    """Le persone in ordine di incontro; ogni linea ricorda chi ha già con sé, così che nessuno vi entri due volte."""

    def __init__(self) -> None:
        self._persone: dict[str, Persona] = {}
        self._con: dict[str, set[str]] = {}

    def incontra(self, persona: Persona, linea: str) -> Persona:
        """La persona, ora nota alla rete e con la linea che l'ha incontrata."""
        self._con.setdefault(linea, set()).add(persona.id)
        return self._persone.setdefault(persona.id, persona)

    def di_un_altra(self, linea: str, caso: Random, *, minore: bool, comuni: tuple[str, ...] = ()) -> Persona | None:
        """Una delle ultime persone che altre linee conoscono e questa non ancora; None se non ce n'è. Chi è già con più
        linee si presenta più facilmente anche a questa: ha più bisogni."""
        mie = self._con.get(linea, set())
        adatte = [
            p
            for p in self._persone.values()
            if p.id not in mie and p.minore is minore and (not comuni or p.comune in comuni)
        ]
        vicine = adatte[-VICINE_NEL_TEMPO:]
        return caso.choices(vicine, [6 ** self._linee(p) for p in vicine])[0] if vicine else None

    def _linee(self, persona: Persona) -> int:
        return sum(persona.id in con for con in self._con.values())
