"""Ciò che rende possibile il resto: dotazioni del Fondo, adesioni, alloggi che arrivano e se ne vanno, la rete."""

from random import Random

from scenario.casa import famiglia as di
from scenario.casa import garanzia as il_fondo
from scenario.casa.scena import EURO, Scena
from scenario.copione import Storia

CON = ("agenzia", "proprietario", "ente", "cittadini", "reti_informali", "scuola")
PRESENTI = ("ente_locale", "privato_sociale", "cittadini", "scuola", "impresa")
RITIRI = ("venduto", "uso_del_proprietario", "locato_ad_altri", "fine_disponibilita")


def dotazioni(scena: Scena) -> Storia:
    """Prima una raccolta di cittadini, poi la Fondazione; comuni, imprese, enti e cittadini nel tempo."""
    scena.versa(900 * EURO, "cittadini")
    yield 78
    scena.versa(30_000 * EURO, "fondazione")
    yield from contributi(scena, scena.sorte("dotazioni"))
    scena.versa(15_000 * EURO, "fondazione")
    yield from contributi(scena, scena.sorte("dotazioni/2017"))


def contributi(scena: Scena, caso: Random) -> Storia:
    """Un anno di versamenti: ogni comune secondo gli abitanti, e chi vuole."""
    for comune in sorted(scena.distretto.comuni, key=lambda c: -c.residenti):
        scena.versa(max(comune.residenti // 5, 300) * EURO, "comune")
        yield caso.randint(8, 30)
        da, minimo, massimo = caso.choice((("impresa", 500, 2500), ("ente", 200, 900), ("cittadini", 50, 700)))
        scena.versa(caso.randrange(minimo, massimo, 10) * EURO, da)
        yield caso.randint(8, 30)


def adesioni(scena: Scena) -> Storia:
    """Le agenzie aderiscono una alla volta; qualcuna smette, e una torna."""
    caso = scena.sorte("agenzie")
    for numero in range(14):
        id = scena.id(f"agenzia/{numero}")
        il_fondo.sottoscrivi(scena, id, "agenzia_immobiliare", scena.distretto.uno(caso))
        scena.agenzie.append(id)
        yield caso.randint(10, 60)
        if numero % 4 == 3:
            scena.registra(f"adesioni/{scena.agenzie.pop(0)}/cessazione", {})
            yield caso.randint(10, 40)


def alloggi(scena: Scena) -> Storia:
    """Gli alloggi nuovi per il progetto; chi resta vuoto troppo a lungo può essere ritirato, e a volte torna."""
    caso = scena.sorte("alloggi")
    while True:
        alloggio = il_fondo.nuovo_alloggio(scena, scena.distretto.uno(caso), caso)
        if caso.random() < 0.5:
            scena.avvia(attesa(scena, alloggio.id, caso), caso.randint(90, 200))
        yield caso.randint(6, 22)


def attesa(scena: Scena, id: str, caso: Random) -> Storia:
    """Un alloggio ancora vuoto dopo mesi è ritirato; se poi torna, riapre la stessa scheda."""
    alloggio = scena.soggetti[id]
    if alloggio.famiglia is not None or not alloggio.disponibile:
        return
    il_fondo.ritira(scena, alloggio, caso.choice(RITIRI))
    yield caso.randint(60, 150)
    if caso.random() < 0.5:
        il_fondo.rendi_disponibile(scena, alloggio, caso)


def incontri(scena: Scena) -> Storia:
    """Gli incontri della rete e le coprogettazioni, circa uno ogni due settimane."""
    caso, numero = scena.sorte("incontri"), 0
    while True:
        numero += 1
        presenti = caso.sample(PRESENTI, caso.randint(2, 4))
        id = scena.id(f"incontro/{numero}")
        scena.registra(f"incontri-di-rete/{id}/registrazione", {"presenti": presenti})
        yield caso.randint(8, 20)
        if numero % 2:
            _coprogetta(scena, numero, caso)
            yield caso.randint(4, 12)


def _coprogetta(scena: Scena, numero: int, caso: Random) -> None:
    campi = {"oggetto": caso.choice(("fondo", "coabitazione", "condominio")), "con": caso.sample(CON, 3)}
    campi |= {"bisogni": ["abitare", caso.choice(di.BISOGNI)], "aspettative": ["stabilita"], "scelte": ["conferma"]}
    id = scena.id(f"coprogettazione/{numero}")
    scena.registra(f"coprogettazioni/{id}/registrazione", campi)
