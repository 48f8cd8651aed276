"""Gli incontri che ogni linea tiene allo stesso modo: quelli della rete, e le coprogettazioni."""

from random import Random

from scenario.copione import Storia
from scenario.linea import Linea

PRESENTI = ("ente_locale", "privato_sociale", "cittadini", "scuola", "impresa")
CON = ("cittadini", "ente", "scuola", "biblioteca", "reti_informali")
BISOGNI = ("relazioni", "lavoro", "istruzione", "crescita_dei_figli", "mobilita")
ASPETTATIVE = ("ascolto", "autonomia", "socialita", "opportunita")


def incontri(linea: Linea, oggetti: tuple[str, ...], ogni: tuple[int, int]) -> Storia:
    """Un incontro di rete, poi una coprogettazione, e così via."""
    caso, numero = linea.sorte(f"{linea.servizio}/incontri"), 0
    yield caso.randint(5, 30)
    while True:
        numero += 1
        presenti = caso.sample(PRESENTI, caso.choices((2, 3, 4, 5), (1, 3, 4, 2))[0])
        id = linea.id(f"{linea.servizio}/incontro/{numero}")
        linea.registra(f"incontri-di-rete/{id}/registrazione", {"presenti": presenti})
        yield caso.randint(*ogni)
        _coprogetta(linea, numero, oggetti, caso)
        yield caso.randint(*ogni)


def _coprogetta(linea: Linea, numero: int, oggetti: tuple[str, ...], caso: Random) -> None:
    campi = {"oggetto": caso.choice(oggetti), "con": caso.sample(CON, caso.randint(2, 4))}
    campi |= {"bisogni": [caso.choice(BISOGNI)], "aspettative": [caso.choice(ASPETTATIVE)], "scelte": ["conferma"]}
    id = linea.id(f"{linea.servizio}/coprogettazione/{numero}")
    linea.registra(f"coprogettazioni/{id}/registrazione", campi)
