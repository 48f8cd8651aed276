"""Il catalogo delle esperienze scuola-lavoro, anno per anno, e i percorsi degli studenti."""

from datetime import date, timedelta
from random import Random

from scenario.copione import Storia
from scenario.giovani.scena import DALLA_CARTA_DEI_DIRITTI, TUTOR, Percorso, Proposta, Scena

AMBITI = ("cultura", "sociale", "educazione", "ambiente", "artigianato", "informatica", "amministrazione")
OSPITI = (
    "comune-montichiari",
    "comune-calvisano",
    "consorzio-tenda",
    "cooperativa-la-sorgente",
    "biblioteca-calvisano",
)
COMPETENZE = ("comunicazione", "digitale", "personale_e_sociale", "tecnico_professionale", "cittadinanza")
SCUOLE = (("scuola-superiore-montichiari", "tecnico"), ("scuola-superiore-montichiari", "liceo"))
CAMPAGNE = ((33, 4, (3, 5), 18), (125, 10, (4, 8), 12), (230, 9, (5, 9), 11), (70, 13, (11, 16), 8))
"""Quanti giorni dopo la precedente, quante proposte, posti di ognuna, ogni quanti giorni: l'ultima è quella della
primavera del 2018, con cui il catalogo passa i 170 posti."""


def catalogo(scena: Scena) -> Storia:
    """Le proposte arrivano a campagne, due per anno scolastico."""
    caso, numero = scena.sorte("catalogo"), 0
    for dopo, quante, posti, ogni in CAMPAGNE:
        yield dopo
        for _ in range(quante):
            numero += 1
            p = pubblica(scena, numero, caso.randint(*posti), caso)
            scena.avvia(percorsi(scena, p, scena.sorte(f"proposta/{numero}")), caso.randint(8, 30))
            yield caso.randint(max(ogni - 4, 1), ogni + 4)


def pubblica(scena: Scena, numero: int, posti: int, caso: Random) -> Proposta:
    """Una proposta nel catalogo: dal gennaio del 2018 con i tutor che la Carta dei diritti chiede."""
    rischio = caso.choices(("basso", "medio", "alto"), (6, 3, 1))[0]
    tutor = 1 if scena.oggi < DALLA_CARTA_DEI_DIRITTI else -(-posti // TUTOR[rischio])
    dal = scena.oggi + timedelta(caso.randint(20, 60))
    p = Proposta(
        scena.id(f"proposta/{numero}"), scena.distretto.uno(caso), posti, dal,
        dal + timedelta(caso.randint(40, 120)), rischio, tutor,
    )  # fmt: skip
    scena.proposte.append(p)
    scena.soggetti[p.id] = p
    scena.registra(f"proposte/{p.id}/pubblicazione", scheda(p, caso))
    return p


def scheda(p: Proposta, caso: Random) -> dict[str, object]:
    """I campi di una proposta."""
    return {
        "ente": caso.choice(OSPITI),
        "ambito": caso.choice(AMBITI),
        "comune": p.comune,
        "posti": p.posti,
        "dal": p.dal.isoformat(),
        "al": p.al.isoformat(),
        "competenze": caso.sample(COMPETENZE, 2),
        "finalita": [caso.choice(("competenze", "orientamento_scolastico", "orientamento_professionale"))],
        "rischio": p.rischio,
        "tutor": p.tutor,
    }


def percorsi(scena: Scena, p: Proposta, caso: Random) -> Storia:
    """Qualche proposta è ritirata; delle altre, alcuni posti vanno a studenti, che concludono con più o meno ore."""
    if caso.random() < 0.1:
        p.ritirata = True
        scena.registra(f"proposte/{p.id}/ritiro", {})
        yield 9
        scena.rifiuta(f"proposte/{p.id}/assegnazione", _nuovo(scena, p, caso), "proposta-ritirata")
        return
    for _ in range(caso.randint(1, min(4, p.posti))):
        assegna(scena, p, caso)
        yield caso.randint(1, 9)
    yield max((p.al - scena.oggi).days + caso.randint(-5, 12), 5)
    for percorso in p.percorsi:
        concludi(scena, p, percorso, caso)
        yield caso.randint(0, 3)


def assegna(scena: Scena, p: Proposta, caso: Random) -> None:
    """Uno studente ha un posto, se oggi i tutor bastano."""
    campi = _nuovo(scena, p, caso)
    if not scena.segue(p, len(p.percorsi) + 1):
        scena.rifiuta(f"proposte/{p.id}/assegnazione", campi, "tutor-insufficienti")
        return
    p.percorsi.append(Percorso(str(campi["persona"]), int(str(campi["ore_previste"]))))
    scena.registra(f"proposte/{p.id}/assegnazione", campi)


def _nuovo(scena: Scena, p: Proposta, caso: Random) -> dict[str, object]:
    istituto, tipo = caso.choice(SCUOLE)
    persona = scena.qualcuno(f"{p.id}/{len(scena.passi)}", caso, note=0.2, minore=True).id
    ore = caso.choice((40, 60, 80, 80, 120))
    return {"persona": persona, "istituto": istituto, "ore_previste": ore, "tipo_istituto": tipo}


def concludi(scena: Scena, p: Proposta, percorso: Percorso, caso: Random) -> None:
    """Il percorso è finito; se le ore bastano lo dice la regola."""
    percorso.concluso = True
    ore = round(percorso.ore_previste * caso.choices((1.0, 0.9, 0.75, 0.6), (6, 3, 2, 2))[0])
    campi = {"persona": percorso.persona, "ore_svolte": ore, "competenze_acquisite": [caso.choice(COMPETENZE)]}
    scena.registra(f"proposte/{p.id}/conclusione-percorso", campi, dal=min(p.al, scena.oggi))


def carta_dei_diritti(scena: Scena) -> Storia:
    """La stessa proposta, prima e dopo il 5 gennaio 2018: uno studente in più si poteva assegnare, poi non più."""
    yield (date(2017, 11, 20) - scena.oggi).days
    caso = scena.sorte("carta dei diritti")
    p = Proposta(scena.id("proposta/carta"), "017113", 9, scena.oggi, scena.oggi + timedelta(170), "alto", 1)
    scena.proposte.append(p)
    scena.soggetti[p.id] = p
    scena.registra(f"proposte/{p.id}/pubblicazione", scheda(p, caso))
    for _ in range(6):
        yield 4
        assegna(scena, p, caso)
    yield max((DALLA_CARTA_DEI_DIRITTI - scena.oggi).days + 5, 1)
    assegna(scena, p, caso)
    yield (p.al - scena.oggi).days
    for percorso in p.percorsi:
        concludi(scena, p, percorso, caso)
