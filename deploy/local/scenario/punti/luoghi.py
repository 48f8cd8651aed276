"""I Punti di Comunità: quando aprono, che cosa vi accade, i gruppi che vi nascono, il cammino verso l'autonomia."""

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from scenario.copione import Storia
from scenario.linea import una
from scenario.punti.scena import Gruppo, Punto, Scena

TEMI = (
    "auto_mutuo_aiuto",
    "genitori",
    "anziani",
    "donne",
    "chi_assiste",
    "incontro_fra_culture",
    "saperi",
    "quartiere",
)
APERTURE = (("martedi", "09:30", "12:30"), ("giovedi", "15:00", "18:30"), ("sabato", "09:00", "12:00"))


class Apertura(NamedTuple):
    """Un Punto che apre: quanti giorni dopo il precedente, dove, chi lo gestisce."""

    nome: str
    dopo: int
    denominazione: str
    comune: str
    indirizzo: str
    gestore: str


DI_RILIEVO = (
    Apertura("montichiari", 24, "Punto di Comunità di Montichiari", "017113", "Piazza Garibaldi 3", "ama-brescia"),
    Apertura("lavoro", 30, "Punto Lavoro di Montichiari", "017113", "Via XXV Aprile 18", "cooperativa-la-sorgente"),
    Apertura("visano", 34, "Punto di Comunità di Visano", "017203", "Piazza Castello 12", "ama-brescia"),
    Apertura("calcinato", 140, "Punto di Comunità di Calcinato", "017032", "Via Farinati 2", "comune-calcinato"),
    Apertura("carpenedolo", 90, "Punto di Comunità di Carpenedolo", "017039", "Via Dante 5", "consorzio-tenda"),
    Apertura("calvisano", 110, "Punto di Comunità di Calvisano", "017034", "Via Roma 21", "comune-calvisano"),
    Apertura("remedello", 120, "Punto di Comunità di Remedello", "017160", "Via Cappuccini 4", "comune-remedello"),
)
"""Il primo è quello di A.M.A., poi quello che si specializza sul lavoro; Visano apre a maggio del 2016."""


def aperture(scena: Scena) -> Storia:
    """I Punti aprono uno alla volta, e ognuno comincia la sua vita."""
    for apertura in DI_RILIEVO:
        yield apertura.dopo
        caso = scena.sorte(f"punti/vita/{apertura.nome}")
        punto = Punto(scena.id(f"punto/{apertura.nome}"), apertura.comune, scena.oggi)
        scena.punti.append(punto)
        scena.soggetti[punto.id] = punto
        apri(scena, punto, apertura)
        orari(scena, punto, APERTURE[:2])
        if apertura.nome == "lavoro":
            scena.avvia(specializza(scena, punto), 20)
        scena.avvia(attivita(scena, punto, caso), 12)
        scena.avvia(cammino(scena, punto, scena.sorte(f"punti/cammino/{apertura.nome}")), 170)
        if apertura.nome == "remedello":
            scena.avvia(pausa(scena, punto, apertura), 150)


def apri(scena: Scena, p: Punto, a: Apertura) -> None:
    """L'apertura, la prima o una nuova."""
    p.dal, p.aperto = scena.oggi, True
    contatti = [{"tipo": "telefono", "valore": "030 0000000"}]
    if a.nome != "visano":
        contatti.append({"tipo": "email", "valore": f"punto.{a.nome}@esempio.it"})
    campi = {"denominazione": a.denominazione, "comune": a.comune, "indirizzo": a.indirizzo, "contatti": contatti}
    facilitatore = scena.persona(f"facilitatore del punto/{a.nome}")
    scena.registra(f"punti/{p.id}/apertura", campi | {"gestore": a.gestore, "facilitatore": facilitatore})


def orari(scena: Scena, p: Punto, aperture: Sequence[tuple[str, str, str]]) -> None:
    """Quando apre, ogni settimana."""
    voci = [{"giorno": giorno, "dalle": dalle, "alle": alle} for giorno, dalle, alle in aperture]
    scena.registra(f"punti/{p.id}/orari", {"orari": voci, "tenuto_da": "operatori"})


def specializza(scena: Scena, p: Punto) -> Storia:
    """Il Punto specializzato sul lavoro."""
    scena.registra(f"punti/{p.id}/specializzazione", {"specializzazione": "lavoro"})
    p.specializzato = True
    yield from ()


def attivita(scena: Scena, p: Punto, caso: Random) -> Storia:
    """La vita del Punto: più va verso l'autonomia, più la promuovono i cittadini, e meno sono i volti nuovi."""
    while True:
        pesi = {"avvio": (6, 2, 1), "cogestione": (3, 4, 3), "autonomia": (1, 3, 6)}[p.fase]
        promossa_da, presenze = caso.choices(("facilitatore", "insieme", "cittadini"), pesi)[0], caso.randint(5, 28)
        prime = round(presenze * caso.uniform(0, {"avvio": 0.7, "cogestione": 0.4, "autonomia": 0.25}[p.fase]))
        campi = {"promossa_da": promossa_da, "presenze": presenze, "prime_presenze": prime}
        if p.aperto:
            scena.registra(f"punti/{p.id}/attivita", campi, dal=p.dal)
        yield caso.randint(12, 26)


def cammino(scena: Scena, p: Punto, caso: Random) -> Storia:
    """Cogestione, poi autonomia; qualche Punto torna indietro, e dice perché."""
    for fase in ("cogestione", "autonomia"):
        raggiunge(scena, p, fase)
        if caso.random() < 0.4:
            scena.avvia(nuovo_facilitatore(scena, p), caso.randint(20, 60))
        yield caso.randint(150, 260)
    if p.aperto and caso.random() < 0.6:
        raggiunge(scena, p, "cogestione", motivo=caso.choice(("meno_volontari", "cambio_del_facilitatore")))
        yield caso.randint(90, 150)
        raggiunge(scena, p, "autonomia")


def raggiunge(scena: Scena, p: Punto, fase: str, motivo: str | None = None) -> None:
    """Il Punto, se è aperto e non c'è già, passa a un'altra fase."""
    if not p.aperto or p.fase == fase:
        return
    p.fase = fase
    scena.registra(f"punti/{p.id}/fase", {"fase": fase} | ({"motivo": motivo} if motivo else {}))


def nuovo_facilitatore(scena: Scena, p: Punto) -> Storia:
    """Cambia chi facilita il Punto; cambiano anche gli orari."""
    if not p.aperto:
        return
    nuovo = scena.persona(f"facilitatore del punto/{p.id}/{scena.oggi}")
    scena.registra(f"punti/{p.id}/facilitatore", {"facilitatore": nuovo})
    yield 7
    if p.aperto:
        orari(scena, p, APERTURE)


def pausa(scena: Scena, p: Punto, a: Apertura) -> Storia:
    """Il Punto chiude, e dopo un po' riapre; intanto chi lo crede aperto è rifiutato."""
    p.aperto = False
    scena.registra(f"punti/{p.id}/chiusura", {})
    yield 12
    attivita = {"promossa_da": "facilitatore", "presenze": 8, "prime_presenze": 0}
    scena.rifiuta(f"punti/{p.id}/attivita", attivita, "punto-chiuso")
    richiesta = {"punto": p.id, "comune": p.comune, "bisogni": ["lavoro"]}
    scena.rifiuta(f"ascolti/{scena.mai_visto()}/richiesta", richiesta, "punto-chiuso")
    yield 5
    scena.rifiuta(f"punti/{p.id}/chiusura", {}, "punto-non-aperto")
    yield 40
    apri(scena, p, a)


def gruppi(scena: Scena, quanti: int) -> Storia:
    """Nei Punti nascono gruppi, che si incontrano da soli o fra loro; qualcuno si scioglie."""
    caso = scena.sorte("gruppi")
    yield 40
    for numero in range(quanti):
        punto = scena.un_punto(caso)
        if punto is not None:
            gruppo = Gruppo(scena.id(f"gruppo/{numero}"), punto, scena.oggi)
            scena.gruppi.append(gruppo)
            scena.soggetti[gruppo.id] = gruppo
            scena.registra(f"gruppi/{gruppo.id}/nascita", {"punto": punto.id, "tema": caso.choice(TEMI)})
            scena.avvia(incontri_di_gruppo(scena, gruppo, scena.sorte(f"gruppo/{numero}")), 10)
        yield caso.randint(45, 80)


def incontri_di_gruppo(scena: Scena, g: Gruppo, caso: Random) -> Storia:
    """Un incontro ogni tre o cinque settimane; a volte con un altro gruppo, a volte nessuno per mesi."""
    vita = caso.randint(9, 40)
    for numero in range(vita):
        altro = una(scena.gruppi, lambda o: o is not g and not o.sciolto, caso) if caso.random() < 0.2 else None
        campi = {"presenze": caso.randint(4, 16)} | ({"con_gruppi": [altro.id]} if altro else {})
        scena.registra(f"gruppi/{g.id}/incontro", campi, dal=g.nato_il)
        yield caso.randint(100, 140) if numero % 11 == 10 else caso.randint(22, 40)
    g.sciolto = True
    scena.registra(f"gruppi/{g.id}/scioglimento", {})
