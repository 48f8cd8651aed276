"""La linea casa in scena."""

from scenario.casa import convivenze, prologo, revisione, risorse, sportello, storie
from scenario.casa.scena import Scena
from scenario.copione import Copione

FAMIGLIE, COABITAZIONI, CONDOMINI = 118, 23, 4


def apri(copione: Copione) -> Scena:
    """Mette in scena la linea casa: tutte le sue storie cominciano."""
    scena = Scena(copione)
    for storia in (
        risorse.dotazioni(scena),
        risorse.adesioni(scena),
        risorse.alloggi(scena),
        risorse.incontri(scena),
        prologo.prologo(scena),
        storie.arrivi(scena, FAMIGLIE),
        convivenze.coabitazioni(scena, COABITAZIONI),
        convivenze.condomini(scena, CONDOMINI),
        sportello.sbagli(scena),
        revisione.revisione(scena),
    ):
        copione.avvia(storia, 7)
    return scena
