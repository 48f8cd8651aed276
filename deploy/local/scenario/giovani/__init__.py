"""La linea giovani in scena."""

from scenario.copione import Copione
from scenario.giovani import catalogo, laboratori, revisione, sportello, territorio
from scenario.giovani.scena import Scena
from scenario.incontri import incontri

FACILITATORI, LABORATORI = 6, 25


def apri(copione: Copione) -> Scena:
    """Mette in scena la linea giovani: tutte le sue storie cominciano."""
    scena = Scena(copione)
    for storia in (
        territorio.facilitatori(scena, FACILITATORI),
        territorio.eventi(scena),
        laboratori.laboratori(scena, LABORATORI),
        catalogo.catalogo(scena),
        catalogo.carta_dei_diritti(scena),
        incontri(scena, ("laboratorio", "evento"), (35, 60)),
        sportello.sbagli(scena),
        revisione.revisione(scena),
    ):
        copione.avvia(storia, 7)
    return scena
