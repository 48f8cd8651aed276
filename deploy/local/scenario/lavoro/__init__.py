"""La linea lavoro in scena."""

from scenario.copione import Copione
from scenario.incontri import incontri
from scenario.lavoro import fondo, percorso, rete, revisione, sportello
from scenario.lavoro.scena import Scena

ADERENTI, CANDIDATI = 30, 54


def apri(copione: Copione) -> Scena:
    """Mette in scena la linea lavoro: tutte le sue storie cominciano."""
    scena = Scena(copione)
    for storia in (
        fondo.versamenti(scena),
        fondo.giugno_2018(scena),
        rete.agente(scena),
        rete.adesioni(scena, ADERENTI),
        rete.offerte(scena),
        rete.formativi(scena),
        percorso.arrivi(scena, CANDIDATI),
        incontri(scena, ("tirocini", "altro"), (35, 60)),
        sportello.sbagli(scena),
        revisione.revisione(scena),
    ):
        copione.avvia(storia, 7)
    return scena
