"""I laboratori esperienziali: coprogettati, avviati, frequentati, conclusi."""

from datetime import date
from random import Random

from scenario.copione import Storia
from scenario.giovani.scena import Laboratorio, Scena

AMBITI = ("culturale", "sociale", "sportivo")
ENTI = {
    "scuola": ("scuola-superiore-montichiari", "scuola-media-calcinato"),
    "biblioteca": ("biblioteca-montichiari", "biblioteca-calvisano"),
    "ente": ("parrocchia-santa-maria-assunta", "consorzio-tenda", "ama-brescia", "comune-visano", "comune-carpenedolo"),
}
CONSENSI = ("un_genitore", "un_genitore", "entrambi_i_genitori", "entrambi_i_genitori", "genitore_unico", "affidatario")


def laboratori(scena: Scena, quanti: int) -> Storia:
    """Un laboratorio ogni mese circa, dove vivono più giovani più spesso."""
    caso = scena.sorte("laboratori")
    yield 30
    for numero in range(quanti):
        lab = Laboratorio(scena.id(f"laboratorio/{numero}"), scena.distretto.uno(caso))
        scena.laboratori.append(lab)
        scena.soggetti[lab.id] = lab
        scena.avvia(laboratorio(scena, lab, scena.sorte(f"laboratorio/{numero}")))
        yield caso.randint(20, 44)


def laboratorio(scena: Scena, lab: Laboratorio, caso: Random) -> Storia:
    """Dalla coprogettazione alla conclusione; qualcuno non parte mai."""
    con = caso.sample(sorted(ENTI), caso.randint(1, 2))
    enti = [caso.choice(ENTI[tipo]) for tipo in con] if caso.random() < 0.85 else []
    campi = {"ambito": caso.choice(AMBITI), "comune": lab.comune, "con": con, "enti": enti}
    scena.registra(f"laboratori/{lab.id}/coprogettazione", campi)
    yield caso.randint(15, 40)
    if caso.random() < 0.1:
        scena.rifiuta(f"laboratori/{lab.id}/iscrizione", _nuova(scena, lab, caso), "laboratorio-non-avviato")
        yield 20
        chiudi(scena, lab)
        return
    lab.posti = caso.randint(6, 12)
    lab.avviato_il = scena.registra(f"laboratori/{lab.id}/avvio", {"posti": lab.posti}).il
    yield 2
    yield from iscrizioni(scena, lab, lab.avviato_il, caso)
    yield from incontri(scena, lab, caso)
    chiudi(scena, lab)


def iscrizioni(scena: Scena, lab: Laboratorio, dal: date, caso: Random) -> Storia:
    """Si iscrivono in più giorni, fino ai posti o quasi; chi arriva a posti finiti è rifiutato."""
    for numero in range(caso.randint(lab.posti - 4, lab.posti)):
        campi = _nuova(scena, lab, caso)
        lab.iscritti[campi["persona"]] = scena.registra(f"laboratori/{lab.id}/iscrizione", campi, dal=dal).il
        if numero % 3 == 2:
            yield caso.randint(1, 6)
    if len(lab.iscritti) == lab.posti:
        scena.rifiuta(f"laboratori/{lab.id}/iscrizione", _nuova(scena, lab, caso), "posti-esauriti")
    yield caso.randint(3, 10)


def _nuova(scena: Scena, lab: Laboratorio, caso: Random) -> dict[str, str]:
    """L'iscrizione di una persona, minorenne di solito; a volte di una famiglia che casa conosce."""
    minore = caso.random() < 0.88
    persona = scena.qualcuno(f"{lab.id}/{len(scena.passi)}", caso, note=0.22, minore=minore).id
    if minore:
        fascia, consenso = caso.choices(("11-13", "14-17"), (2, 5))[0], caso.choice(CONSENSI)
    else:
        fascia, consenso = "18-29", "persona_maggiorenne"
    return {"persona": persona, "fascia_eta": fascia, "consenso_espresso_da": consenso}


def incontri(scena: Scena, lab: Laboratorio, caso: Random) -> Storia:
    """Gli incontri con chi c'era; ogni tanto qualcuno si ritira."""
    for _ in range(caso.randint(3, 6)):
        presenti = [p for p in lab.iscritti if caso.random() < 0.8] or list(lab.iscritti)[:1]
        lab.incontri += 1
        scena.registra(f"laboratori/{lab.id}/presenze", {"incontro": lab.incontri, "persone": presenti})
        if caso.random() < 0.2 and len(lab.iscritti) > 2:
            via = caso.choice(list(lab.iscritti))
            lab.iscritti.pop(via)
            scena.registra(f"laboratori/{lab.id}/ritiro", {"persona": via})
        yield caso.randint(6, 16)


def chiudi(scena: Scena, lab: Laboratorio) -> None:
    """Il laboratorio è finito."""
    lab.concluso_il = scena.oggi
    scena.registra(f"laboratori/{lab.id}/conclusione", {})
