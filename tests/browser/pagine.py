"""The cruscotto's pages that every browser check visits: a new page is a row here."""

from dataclasses import dataclass

COORDINATRICE = "giulia.rossi"


@dataclass(frozen=True)
class Pagina:
    """A page: the name of its pictures, its address, who looks (None: nobody signed in)."""

    nome: str
    percorso: str
    chi: str | None = COORDINATRICE


PAGINE = (
    Pagina("sintesi", "/"),
    Pagina("sintesi-visano", "/?comune=017203&semestre=2016-1"),
    Pagina("indicatori", "/indicatori"),
    Pagina("indicatore", "/indicatori/CA01"),
    Pagina("indicatore-rapporto", "/indicatori/CA08?semestre=2016-2"),
    Pagina("indicatore-di-distretto", "/indicatori/RE03"),
    Pagina("rete", "/rete"),
    Pagina("rete-flussi", "/rete?vista=flussi"),
    Pagina("rete-grafo", "/rete?vista=grafo"),
    Pagina("rete-mappa", "/rete?vista=mappa"),
    Pagina("territorio", "/territorio"),
    Pagina("territorio-rapporto", "/territorio?indicatore=CA08"),
    Pagina("fondi", "/fondi"),
    Pagina("percorsi", "/percorsi"),
    Pagina("percorso", "/percorsi/p-famiglia1"),
    Pagina("punti", "/punti"),
    Pagina("qualita", "/qualita"),
    Pagina("stato", "/stato"),
    Pagina("rendicontazione", "/rendicontazione"),
    Pagina("pubblica", "/pubblica", None),
    Pagina("dati-aperti", "/dati-aperti", None),
)
