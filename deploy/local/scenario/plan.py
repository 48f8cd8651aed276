"""The plan: every step of the demo, from a seed. Pure."""

from datetime import date

from scenario import casa, giovani, invii, lavoro, punti
from scenario.copione import Copione
from scenario.passo import Passo

FROM, TO = date(2016, 2, 1), date(2018, 6, 29)
SEED = 2016


def plan(seed: int = SEED, to: date = TO) -> list[Passo]:
    """The steps from February 2016 to the given day, in order; a later end adds steps and changes none before it."""
    copione = Copione(seed, FROM, to)
    for linea in (casa, punti, lavoro, giovani, invii):
        linea.apri(copione)
    return copione.recita()
