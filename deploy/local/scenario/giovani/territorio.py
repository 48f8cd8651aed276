"""I facilitatori di comunità, i giovani che incontrano, gli eventi territoriali."""

from datetime import timedelta
from random import Random

from scenario.copione import Storia
from scenario.giovani.scena import Evento, Facilitatore, Scena

LUOGHI = ("piazza", "parco", "scuola", "oratorio", "centro_sportivo", "biblioteca", "fermata")
TITOLI = ("Festa dei giovani", "Notte in biblioteca", "Torneo in piazza", "Musica al parco", "Muri che parlano")
CON = ("scuola", "biblioteca", "ente", "associazione", "cittadini")
MOTIVI = ("maltempo", "pochi_aderenti", "organizzazione")


def facilitatori(scena: Scena, quanti: int) -> Storia:
    """I facilitatori ricevono l'incarico uno alla volta, ciascuno per due comuni vicini."""
    caso = scena.sorte("facilitatori")
    for numero in range(quanti):
        comune = scena.distretto.per_abitanti[numero % len(scena.distretto.comuni)]
        f = Facilitatore(scena.id(f"facilitatore/{numero}"), [comune, scena.distretto.vicino(comune, caso)], scena.oggi)
        scena.facilitatori.append(f)
        scena.soggetti[f.id] = f
        scena.registra(f"facilitatori/{f.id}/incarico", {"comuni": f.comuni})
        scena.avvia(in_strada(scena, f, scena.sorte(f"facilitatore/{numero}")), 8)
        if numero % 3 == 1:
            scena.avvia(pausa(scena, f), caso.randint(200, 320))
        yield caso.randint(50, 120)


def in_strada(scena: Scena, f: Facilitatore, caso: Random) -> Storia:
    """Gli incontri là dove i giovani stanno: sono contati, non conosciuti."""
    while True:
        if f.incaricato:
            giovani = caso.randint(3, 26)
            campi = {"comune": caso.choice(f.comuni), "luogo": caso.choice(LUOGHI), "giovani": giovani}
            campi |= {"nuovi": round(giovani * caso.uniform(0, 0.8))}
            scena.registra(f"facilitatori/{f.id}/coinvolgimento", campi, dal=f.dal)
        yield caso.randint(20, 42)


def pausa(scena: Scena, f: Facilitatore) -> Storia:
    """L'incarico finisce, e mesi dopo ricomincia."""
    f.incaricato = False
    scena.registra(f"facilitatori/{f.id}/cessazione", {})
    yield 150
    f.incaricato, f.dal = True, scena.oggi
    scena.registra(f"facilitatori/{f.id}/incarico", {"comuni": f.comuni})


def eventi(scena: Scena) -> Storia:
    """Un evento territoriale al mese circa."""
    caso, numero = scena.sorte("eventi"), 0
    yield 70
    while True:
        numero += 1
        e = Evento(scena.id(f"evento/{numero}"), scena.distretto.uno(caso))
        scena.eventi.append(e)
        scena.soggetti[e.id] = e
        scena.avvia(evento(scena, e, caso.choice(TITOLI), scena.sorte(f"evento/{numero}")))
        yield caso.randint(24, 50)


def evento(scena: Scena, e: Evento, titolo: str, caso: Random) -> Storia:
    """In programma, a volte spostato; poi svolto o annullato. Qualcuno si svolge senza che fosse in programma."""
    mancano = caso.randint(20, 60)
    if caso.random() < 0.85:
        programma(scena, e, titolo, mancano)
        yield mancano // 2
        if caso.random() < 0.2:
            mancano += 14
            programma(scena, e, titolo, mancano - mancano // 2)
    yield mancano - mancano // 2 + 4
    if caso.random() < 0.14 and scena.ultimo("eventi-territoriali/programma", e.id):
        e.a_che_punto = "annullato"
        scena.registra(f"eventi-territoriali/{e.id}/annullamento", {"motivo": caso.choice(MOTIVI)})
        return
    e.a_che_punto = "svolto"
    campi = {"comune": e.comune, "partecipanti": caso.randint(25, 260), "giovani_organizzatori": caso.randint(2, 18)}
    con = caso.sample(CON, caso.randint(1, 3))
    scena.registra(f"eventi-territoriali/{e.id}/svolgimento", campi | {"con": con}, dal=scena.oggi - timedelta(3))


def programma(scena: Scena, e: Evento, titolo: str, fra: int) -> None:
    """L'evento è in programma."""
    previsto = (scena.oggi + timedelta(fra)).isoformat()
    campi = {"comune": e.comune, "titolo": titolo, "previsto_il": previsto}
    scena.registra(f"eventi-territoriali/{e.id}/programma", campi)
