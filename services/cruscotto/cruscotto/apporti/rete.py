"""Ciò che gli incontri della rete, che ogni linea registra, aggiungono alle misure degli indicatori RE05 e RE06."""

from contratti.rete import CoprogettazioneSvolta, IncontroDiReteSvolto

from cruscotto.apporti.luoghi import CHI_REGISTRA
from cruscotto.apporti.quota import Quote, Stato, genere, quota

CORRESPONSABILI = {"ente_locale", "privato_sociale", "cittadini"}
"""Chi deve esserci perché un incontro sia di tutti (RE06)."""
INSIEME, NON_INSIEME = "insieme", "non_insieme"

incontro_di_rete = genere("*/incontro_di_rete", Stato)
coprogettazione = genere("*/coprogettazione", Stato)


@incontro_di_rete.apporto
def incontro_svolto(i: Stato, e: IncontroDiReteSvolto, id: str) -> Quote:
    """Dei presenti si sa il genere, non il nome: fra i soggetti attivi è chi lo registra, che c'era."""
    yield quota("enti_attivi", 1, chiave=CHI_REGISTRA)
    yield quota("incontri_della_rete", 1, chiave=INSIEME if set(e.presenti) >= CORRESPONSABILI else NON_INSIEME)


@coprogettazione.apporto
def coprogettazione_svolta(c: Stato, e: CoprogettazioneSvolta, id: str) -> Quote:
    """Il privato sociale è chi la tiene e la registra, e non è fra i codici; «ente» è l'ente locale, «cittadini» e
    «reti informali» sono i cittadini. Con i soli codici non si può dire di più."""
    con = set(e.con)
    insieme = "ente" in con and bool(con & {"cittadini", "reti_informali"})
    yield quota("enti_attivi", 1, chiave=CHI_REGISTRA)
    yield quota("incontri_della_rete", 1, chiave=INSIEME if insieme else NON_INSIEME)
