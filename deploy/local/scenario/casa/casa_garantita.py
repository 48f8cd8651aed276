"""Dalla ricerca di una casa alla fine della garanzia."""

from collections.abc import Generator
from random import Random

from scenario.casa import garanzia as il_fondo
from scenario.casa.scena import EURO, FONDO, MASSIMALE, Alloggio, Famiglia, Garanzia, Scena
from scenario.copione import Storia

CI_ABITAVANO_GIA = 0.42
RIPROVE = 9
MOTIVI = ("canoni_non_pagati", "canoni_non_pagati", "spese_non_pagate", "danni_all_alloggio", "spese_legali")


def casa_garantita(scena: Scena, f: Famiglia, caso: Random) -> Storia:
    """Trova casa, o mantiene la sua, con la garanzia del Fondo; poi la garanzia segue il suo corso."""
    if caso.random() < CI_ABITAVANO_GIA:
        il_fondo.assegna(scena, il_fondo.nuovo_alloggio(scena, f.comune, caso), f, "locazione_in_corso")
    else:
        yield from cerca(scena, f, caso)
    if f.alloggio is None:
        return
    alloggio = f.alloggio
    yield caso.randint(3, 15)
    garanzia = yield from richiesta(scena, f, alloggio, caso)
    if garanzia is not None:
        yield from corso(scena, garanzia, caso)
    if alloggio.famiglia is f and caso.random() < 0.25:
        il_fondo.libera(scena, alloggio)


def cerca(scena: Scena, f: Famiglia, caso: Random) -> Storia:
    """Aspetta un alloggio libero nel suo comune o in uno vicino; dopo qualche mese rinuncia."""
    for _ in range(RIPROVE):
        liberi = [a for a in scena.alloggi if a.disponibile and a.famiglia is None]
        vicini = [a for a in liberi if scena.distretto.vicini(a.comune, f.comune)]
        if vicini:
            il_fondo.assegna(scena, caso.choice(vicini), f, "nuova_locazione")
            return
        yield caso.randint(12, 25)


def richiesta(scena: Scena, f: Famiglia, a: Alloggio, caso: Random) -> Generator[int, None, Garanzia | None]:
    """Chiede la garanzia, e la chiede di nuovo finché il Fondo può darla; None se ci rinuncia."""
    massimale = min(caso.randint(5, 9) * a.canone, MASSIMALE)
    for prova in range(RIPROVE):
        mesi = il_fondo.durata(caso)
        if scena.capiente(massimale):
            return il_fondo.concedi(scena, f, a, massimale, mesi)
        if prova == 0:
            id = scena.id(f"garanzia/senza-capienza/{f.id}")
            campi = il_fondo.concessione(f, a, massimale, mesi)
            scena.rifiuta(f"garanzie/{id}/concessione", campi, "fondo-incapiente", con=[FONDO])
        yield caso.randint(14, 30)
    return None


def corso(scena: Scena, g: Garanzia, caso: Random) -> Storia:
    """I mesi della garanzia: a volte il locatore riscuote e la famiglia restituisce; alla fine è svincolata."""
    yield caso.randint(60, 150)
    if caso.random() < 0.34:
        yield from escussioni(scena, g, caso)
    yield caso.randint(60, 300)
    if not g.attiva:
        return
    sorte = caso.random()
    if sorte < 0.12:
        il_fondo.libera(scena, g.alloggio)
    elif sorte < 0.2 and min(g.residuo, scena.saldo) > 400 * EURO:
        il_fondo.libera(scena, g.alloggio, escusso=caso.randrange(200, 400, 10) * EURO)
    else:
        il_fondo.svincola(scena, g, "scadenza" if sorte < 0.7 else "bisogno_cessato")


def escussioni(scena: Scena, g: Garanzia, caso: Random) -> Storia:
    """Una o due escussioni, ciascuna entro ciò che resta; poi qualche recupero."""
    for _ in range(caso.randint(1, 2)):
        importo = caso.randrange(300, 900, 10) * EURO
        if importo <= min(g.residuo, scena.saldo):
            il_fondo.escuti(scena, g, importo, caso.choice(MOTIVI))
        yield caso.randint(20, 60)
    scena.avvia(recuperi(scena, g, caso.randint(0, 4)), caso.randint(20, 60))


def recuperi(scena: Scena, g: Garanzia, quanti: int) -> Storia:
    """La famiglia restituisce a piccole rate una parte di quanto è stato escusso, anche dopo lo svincolo."""
    for _ in range(quanti):
        rata = min(120 * EURO, g.escusso - g.recuperato)
        if rata > 0:
            il_fondo.recupera(scena, g, rata)
        yield 30
