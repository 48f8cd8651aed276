"""I Punti di Comunità in scena."""

from scenario.copione import Copione
from scenario.incontri import incontri
from scenario.punti import luoghi, persone, revisione, sportello
from scenario.punti.scena import Scena

GRUPPI, ASCOLTI = 10, 66


def apri(copione: Copione) -> Scena:
    """Mette in scena i Punti di Comunità: tutte le loro storie cominciano."""
    scena = Scena(copione)
    for storia in (
        luoghi.aperture(scena),
        luoghi.gruppi(scena, GRUPPI),
        persone.ascolti(scena, ASCOLTI),
        persone.fareassieme(scena),
        persone.aiuti(scena),
        persone.idee(scena),
        incontri(scena, ("punto", "evento"), (30, 50)),
        sportello.sbagli(scena),
        revisione.revisione(scena),
    ):
        copione.avvia(storia, 7)
    return scena
