"""I modelli delle pagine, e come vi si scrivono le cifre.

Una pagina nuova è un file qui accanto con `routes`, un modello in `templates`, una riga fra `ROTTE` di `service.py` e,
se sta nel menu, una qui.
"""

from pathlib import Path

from telaio.web import formats, static
from telaio.web.templates import environment

from cruscotto import scrittura

QUI = Path(__file__).parents[1]
static.serve_also(QUI / "static")
VOCI = (
    ("/", "Sintesi", "lettura"),
    ("/indicatori", "Indicatori", "lettura"),
    ("/rete", "Rete", "lettura"),
    ("/territorio", "Territorio", "lettura"),
    ("/fondi", "Fondi", "lettura"),
    ("/punti", "Punti", "lettura"),
    ("/percorsi", "Percorsi", "percorsi"),
    ("/qualita", "Qualità", "lettura"),
    ("/stato", "Stato", "stato"),
    ("/rendicontazione", "Rendicontazione", "rendicontazione"),
    ("/pubblica", "Pagina pubblica", "lettura"),
)
"""Il menu: indirizzo, nome, azione che serve per vederlo."""
MODELLI = environment([QUI / "templates"])
MODELLI.filters.update(
    numero=scrittura.numero,
    mese=scrittura.mese,
    mese_breve=scrittura.mese_breve,
    durata=scrittura.durata,
    evento=formats.title_of,
)
MODELLI.globals.update(
    termini=scrittura.termini,
    fissato=scrittura.fissato,
    finestre=scrittura.FINESTRE,
    linee_scritte=scrittura.LINEE,
    voci_del_menu=VOCI,
)
