"""L'Agente Sviluppo Lavoro, la rete di aziende, professionisti e agenzie, le loro offerte, gli eventi formativi."""

from random import Random
from typing import Any

from scenario.copione import Storia
from scenario.lavoro.scena import Aderente, Offerta, Scena

ATECO = ("25.62", "10.13", "01.41", "47.11", "56.10", "43.21", "88.10", "96.02")
COMPETENZE = ("magazzino", "cucina", "vendita", "pulizie", "giardinaggio", "cura_delle_persone", "saldatura", "cassa")
FASCE = ("mattina", "pomeriggio", "sera", "fine_settimana")
SERVIZI = ("orientamento", "curriculum", "bilancio_di_competenze", "preparazione_al_colloquio", "ricerca_attiva")
TEMI = ("curriculum_e_colloquio", "ricerca_attiva", "sicurezza_sul_lavoro", "diritti_e_contratti", "lingua_italiana")


def agente(scena: Scena) -> Storia:
    """L'Agente ha l'incarico quando c'è il Punto specializzato; poi servizi e raccordi."""
    yield 85
    caso, id = scena.sorte("agente"), scena.id("agente")
    comuni = scena.distretto.per_abitanti[:5]
    dal = scena.registra(f"agenti/{id}/incarico", {"comuni": comuni, "punto": scena.punto}).il
    for volta in range(400):
        yield caso.randint(4, 11)
        if volta % 4 == 3:
            con = caso.choice((["punto"], ["facilitatore"], ["punto", "facilitatore"]))
            scena.registra(f"agenti/{id}/raccordo", {"con": con}, dal=dal)
        else:
            scena.registra(f"agenti/{id}/servizio", servizio(scena, caso), dal=dal)


def servizio(scena: Scena, caso: Random) -> dict[str, str]:
    """Un servizio nel Punto specializzato, a un candidato o a chi passa."""
    c = scena.un_candidato(caso)
    campi = {"punto": scena.punto, "tipo": caso.choice(SERVIZI)}
    return campi | {"persona": c.persona} if c and caso.random() < 0.8 else campi


def adesioni(scena: Scena, quante: int) -> Storia:
    """La rete si allarga; qualcuno la lascia, qualcuno torna."""
    caso = scena.sorte("rete")
    yield 30
    for numero in range(quante):
        tipo = caso.choices(("azienda", "professionista", "agenzia_specializzata"), (8, 2, 1))[0]
        dipendenti = caso.choice((3, 5, 9, 14, 18, 32, 60)) if tipo == "azienda" else None
        a = Aderente(scena.id(f"aderente/{numero}"), scena.distretto.uno(caso), dipendenti)
        scena.aderenti.append(a)
        scena.soggetti[a.id] = a
        sottoscrivi(scena, a, tipo, caso)
        if numero % 6 == 4:
            scena.avvia(pausa(scena, a, tipo, caso), caso.randint(150, 300))
        if dipendenti and numero % 5 == 2:
            scena.avvia(cresce(scena, a), caso.randint(60, 200))
        yield caso.randint(12, 34)


def sottoscrivi(scena: Scena, a: Aderente, tipo: str, caso: Random) -> None:
    """L'adesione, la prima o una nuova."""
    a.in_rete = True
    campi: dict[str, Any] = {"tipo": tipo, "comune": a.comune}
    if a.dipendenti is not None:
        campi |= {"ateco": caso.choice(ATECO), "dipendenti": a.dipendenti}
    scena.registra(f"aderenti/{a.id}/sottoscrizione", campi)


def cresce(scena: Scena, a: Aderente) -> Storia:
    """Ha assunto: adesso può ospitare di più."""
    a.dipendenti = (a.dipendenti or 0) + 4
    scena.registra(f"aderenti/{a.id}/aggiornamento-dipendenti", {"dipendenti": a.dipendenti})
    yield from ()


def pausa(scena: Scena, a: Aderente, tipo: str, caso: Random) -> Storia:
    """Lascia la rete; a volte torna."""
    a.in_rete = False
    for offerta in scena.offerte:
        if offerta.aderente is a and not offerta.chiusa:
            chiudi(scena, offerta, "uscita_dalla_rete")
    scena.registra(f"aderenti/{a.id}/cessazione", {})
    yield caso.randint(90, 200)
    if caso.random() < 0.5:
        sottoscrivi(scena, a, tipo, caso)


def offerte(scena: Scena) -> Storia:
    """Chi fa parte della rete offre posti; dopo qualche mese l'offerta si chiude."""
    caso, numero = scena.sorte("offerte"), 0
    yield 70
    while True:
        a = scena.un_aderente(caso, lambda a: a.dipendenti)
        if a is not None:
            numero += 1
            tipo = caso.choices(("tirocinio", "lavoro"), (3, 1))[0]
            o = Offerta(scena.id(f"offerta/{numero}"), a, tipo, caso.randint(1, 2))
            scena.offerte.append(o)
            scena.soggetti[o.id] = o
            campi: dict[str, Any] = {"aderente": a.id, "tipo": tipo, "posti": o.posti, "comune": a.comune}
            campi |= {
                "competenze": caso.sample(COMPETENZE, caso.randint(0, 2)),
                "orario": caso.sample(FASCE, caso.randint(0, 2)),
            }
            scena.registra(f"offerte/{o.id}/pubblicazione", campi)
            scena.avvia(scade(scena, o), caso.randint(70, 150))
        yield caso.randint(12, 26)


def scade(scena: Scena, o: Offerta) -> Storia:
    """L'offerta finisce, coperta o no."""
    if not o.chiusa:
        chiudi(scena, o, "posti_coperti" if o.presi == o.posti else "scaduta")
    yield from ()


def chiudi(scena: Scena, o: Offerta, motivo: str) -> None:
    """L'offerta non è più aperta."""
    o.chiusa = True
    scena.registra(f"offerte/{o.id}/chiusura", {"motivo": motivo})


def formativi(scena: Scena) -> Storia:
    """Un evento formativo ogni due mesi circa; qualcuno si annulla."""
    caso, numero = scena.sorte("formativi"), 0
    yield 80
    while True:
        numero += 1
        id, posti = scena.id(f"formativo/{numero}"), caso.randint(10, 25)
        campi = {"comune": scena.distretto.uno(caso), "tema": caso.choice(TEMI), "posti": posti}
        prima = scena.registra(f"eventi-formativi/{id}/programma", campi).il
        yield caso.randint(15, 40)
        if caso.random() < 0.15:
            scena.registra(f"eventi-formativi/{id}/annullamento", {})
        else:
            presenze = {"presenze": caso.randint(posti // 2, posti)}
            scena.registra(f"eventi-formativi/{id}/svolgimento", presenze, dal=prima)
        yield caso.randint(20, 40)
