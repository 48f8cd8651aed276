"""Le coabitazioni accompagnate e i condomini sociali."""

from datetime import date
from random import Random

from scenario.casa.scena import Coabitazione, Condominio, Scena
from scenario.copione import Storia, fra_mesi
from scenario.passo import Passo

USCITE = ("autonomia_abitativa", "autonomia_abitativa", "ritorno_in_famiglia", "alloggio_pubblico", "rinuncia")
AMBITI = ("consapevole", "condiviso", "sostenibile")


def coabitazioni(scena: Scena, quante: int) -> Storia:
    """Una nuova coabitazione ogni mese circa."""
    caso = scena.sorte("coabitazioni")
    yield 45
    for numero in range(quante):
        scena.avvia(coabitazione(scena, numero, scena.sorte(f"coabitazione/{numero}")))
        yield caso.randint(18, 48)


def coabitazione(scena: Scena, numero: int, caso: Random) -> Storia:
    """Si avvia, si riempie, chi ci vive cambia; qualcuna finisce."""
    nome = f"coabitazione/{numero}"
    ospitante = scena.persona(f"{nome}/ospitante") if caso.random() < 0.5 else None
    c = Coabitazione(scena.id(nome), caso.randint(2, 4), ospitante, scena.oggi)
    scena.coabitazioni.append(c)
    scena.soggetti[c.id] = c
    campi = {"comune": scena.distretto.uno(caso), "posti": c.posti, "ospitante": ospitante}
    c.ultimo = fatto(scena, c, "avvio", campi).il
    scena.avvia(accompagnamento(scena, c, caso.randint(16, 30)), 10)
    for turno in range(caso.randint(2, 7) if numero % 9 else 1):
        yield caso.randint(10, 50)
        if len(c.coabitanti) == c.posti or (turno > 3 and caso.random() < 0.4):
            esci(scena, c, caso)
            yield caso.randint(3, 15)
        entra(scena, c, scena.persona(f"{nome}/{turno}"))
    if caso.random() < 0.45:
        yield caso.randint(90, 300)
        yield from fine(scena, c, caso)


def fine(scena: Scena, c: Coabitazione, caso: Random) -> Storia:
    """Escono tutti, uno alla volta; poi la coabitazione è conclusa."""
    while c.coabitanti:
        esci(scena, c, caso)
        yield caso.randint(2, 12)
    c.conclusa = True
    fatto(scena, c, "conclusione", {"esito": caso.choice(("autonomia_dei_coabitanti", "fine_disponibilita"))})


def accompagnamento(scena: Scena, c: Coabitazione, ogni: int) -> Storia:
    """L'operatore passa; lo registra quando può, anche settimane dopo."""
    inizio = c.ultimo
    while not c.conclusa:
        scena.registra(f"coabitazioni/{c.id}/accompagnamento", {}, dal=inizio)
        yield ogni


def entra(scena: Scena, c: Coabitazione, persona: str) -> None:
    """Una persona entra."""
    c.coabitanti.append(persona)
    fatto(scena, c, "ingresso", {"persona": persona})


def esci(scena: Scena, c: Coabitazione, caso: Random) -> None:
    """Esce chi c'è da più tempo."""
    if c.coabitanti:
        fatto(scena, c, "uscita", {"persona": c.coabitanti.pop(0), "esito": caso.choice(USCITE)})


def fatto(scena: Scena, c: Coabitazione, comando: str, campi: dict[str, object]) -> Passo:
    """Un comando sulla coabitazione."""
    passo = scena.registra(f"coabitazioni/{c.id}/{comando}", campi, dal=c.ultimo)
    c.ultimo = max(c.ultimo, passo.il)
    return passo


def condomini(scena: Scena, quanti: int) -> Storia:
    """Un condominio sociale alla volta, dal comune più abitato."""
    yield 35
    for numero, comune in enumerate(scena.distretto.per_abitanti[:quanti]):
        scena.avvia(condominio(scena, comune, scena.sorte(f"condominio/{numero}")))
        yield 120


def condominio(scena: Scena, comune: str, caso: Random) -> Storia:
    """Il custode (in un caso la prova fallisce), poi il custode junior affiancato, poi il junior da solo."""
    c = Condominio(scena.id(f"condominio/{comune}"), comune, scena.oggi)
    scena.condomini.append(c)
    scena.soggetti[c.id] = c
    su = f"condomini/{c.id}"
    scena.registra(f"{su}/avvio", {"comune": comune, "alloggi": caso.randint(8, 30)})
    yield caso.randint(12, 30)
    scena.avvia(attivita(scena, c, caso), 9)
    if caso.random() < 0.4:
        scena.registra(f"{su}/incarico-custode", {})
        yield caso.randint(60, 120)
        scena.registra(f"{su}/cessazione-custode", {})
        yield caso.randint(15, 40)
    scena.registra(f"{su}/incarico-custode", {})
    yield from passaggio(scena, c, su)
    yield 30
    scena.registra(f"{su}/cessazione-custode", {})


def passaggio(scena: Scena, c: Condominio, su: str) -> Storia:
    """Sei mesi di prova e sei di affiancamento; chi ha fretta è rifiutato."""
    c.custode, prova = True, fra_mesi(scena.oggi, 6)
    yield 100
    scena.rifiuta(f"{su}/scelta-junior", {}, "prova-non-conclusa")
    yield _giorni(scena, prova)
    scena.registra(f"{su}/scelta-junior", {})
    c.junior, affiancamento = True, fra_mesi(scena.oggi, 6)
    yield 100
    scena.rifiuta(f"{su}/autonomia-junior", {}, "affiancamento-non-concluso")
    yield _giorni(scena, affiancamento)
    scena.registra(f"{su}/autonomia-junior", {})
    c.autonomo = True


def attivita(scena: Scena, c: Condominio, caso: Random) -> Storia:
    """La vita del condominio: più il passaggio va avanti, più la promuovono i residenti."""
    while True:
        pesi = (6, 0, 2) if not c.junior else (3, 3, 4) if not c.autonomo else (0, 4, 6)
        promossa_da = caso.choices(("custode", "junior", "residenti"), pesi)[0]
        campi = {"promossa_da": promossa_da, "ambito": caso.choice(AMBITI), "presenze": caso.randint(3, 30)}
        scena.registra(f"condomini/{c.id}/attivita", campi, dal=c.ultimo)
        yield caso.randint(4, 13)


def _giorni(scena: Scena, giorno: date) -> int:
    return max((giorno - scena.oggi).days, 1)
