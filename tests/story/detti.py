"""Stories short enough to be counted by hand, and the figures that the independent calculation makes of them."""

from collections.abc import Mapping
from datetime import date
from itertools import count
from typing import Any

from scenario.conto import conta
from scenario.passo import Passo, accolto
from scenario.play import Played

GENNAIO, MARZO = date(2016, 1, 1), date(2016, 3, 31)
Detto = tuple[str, str, Mapping[str, Any]]
Trovate = dict[tuple[str, str, str], int]


def cifre(*detti: Detto, al: date = MARZO) -> Trovate:
    """The figures at the end, by code, comune and key, after commands: path, day of 2016 (or whole), fields."""
    numbers = count()
    played = [giocato(f"{next(numbers):05}", *detto) for detto in detti]
    found = {(c.codice, c.comune, c.chiave): v for c, v in conta(played, GENNAIO, al).items() if c.al == al}
    return {figure: value for figure, value in found.items() if figure[0] != "RE08"}  # tested by itself


def di(codice: str, *detti: Detto, al: date = MARZO) -> dict[tuple[str, str], int]:
    """The figures of one code, by comune and key."""
    return {figure[1:]: value for figure, value in cifre(*detti, al=al).items() if figure[0] == codice}


def giocato(id: str, path: str, day: str, fields: Mapping[str, Any]) -> Played:
    """A command accepted; `day` is of 2016 where it says no year."""
    body = {"avvenuto_il": day if len(day) > 5 else f"2016-{day}", **fields}
    events = {"garanzia_attiva": 2, "importo_escusso_centesimi": 3}
    ids = [f"{id}.{n}" for n in range(max([events[f] for f in events if fields.get(f)], default=1))]
    passo = Passo(id, MARZO, path, body, accolto(path), "anna", id, servizio=str(fields.get("linea", "casa")))
    return Played(passo, body, 200, {"eventi": ids})


def rettificato(numero: int, path: str, day: str, data: Mapping[str, Any] | None) -> Detto:
    """A correction of the command with that number, told first as 0; None annuls it."""
    return f"{path}/rettifica", day, {"rettifica": f"{numero:05}.0", "data": data}
