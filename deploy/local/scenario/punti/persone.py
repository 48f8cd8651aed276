"""Chi passa dai Punti: chi chiede aiuto, chi scambia saperi, chi dà una mano, chi ha un'idea."""

from random import Random

from scenario.copione import Storia
from scenario.linea import una
from scenario.punti.scena import ENTI, EURO, Ascolto, Scena, Voce
from scenario.rubrica import Persona

GIORNI_DEL_PROGETTO = 850
BISOGNI = ("relazioni", "lavoro", "abitare", "reddito", "crescita_dei_figli", "salute", "burocrazia")
ESITI = ("risposta_della_comunita", "invio", "informazione", "rinuncia")
SAPERI = ("cucina", "cucito", "orto", "lingua_italiana", "informatica", "compiti", "piccole_riparazioni", "compagnia")
COSE = ("tempo", "spazi", "beni", "alloggio")


def ascolti(scena: Scena, quanti: int) -> Storia:
    """Qualcuno chiede aiuto, una persona dopo l'altra; chi è già passato a volte torna."""
    caso = scena.sorte("ascolti")
    yield 26
    for numero in range(quanti):
        _raccogli(scena, numero, scena.sorte(f"ascolto/{numero}"))
        yield round(caso.uniform(0.4, 1.6) * GIORNI_DEL_PROGETTO / quanti)


def _raccogli(scena: Scena, numero: int, caso: Random) -> None:
    punto = scena.un_punto(caso)
    if punto is None:
        return
    gia = [a.persona for a in scena.ascolti if a.persona and a.concluso]
    torna = caso.random() < 0.1 and len(gia) > 5
    chi = Persona(caso.choice(gia), punto.comune) if torna else scena.qualcuno(f"ascolto/{numero}", caso, note=0.35)
    persona = chi.id if torna or caso.random() < 0.85 else None
    a = Ascolto(scena.id(f"ascolto/{numero}"), persona, scena.oggi, scena.oggi)
    scena.ascolti.append(a)
    scena.soggetti[a.id] = a
    campi = {"punto": punto.id, "comune": chi.comune, "bisogni": caso.sample(BISOGNI, caso.randint(1, 3))}
    scena.registra(f"ascolti/{a.id}/richiesta", campi | ({"persona": persona} if persona else {}))
    scena.avvia(ascolto(scena, a, caso), caso.randint(1, 10))


def ascolto(scena: Scena, a: Ascolto, caso: Random) -> Storia:
    """Come sta e su chi può contare, all'inizio e dopo sei mesi; in mezzo, che cosa ne è stato della richiesta."""
    appoggio, benessere = caso.choices((0, 1, 2, 3), (5, 4, 2, 1))[0], caso.randint(6, 14) * 4
    fiducia = caso.randint(2, 6)
    rilevato = a.persona is not None and caso.random() < 0.8
    if rilevato:
        rileva(scena, a, appoggio, benessere, fiducia)
    yield caso.randint(15, 80)
    if caso.random() < 0.9:
        a.concluso = True
        scena.segna(a, f"ascolti/{a.id}/conclusione", {"esito": caso.choices(ESITI, (5, 3, 2, 1))[0]})
    if a.persona and a.persona not in scena.in_scambio and caso.random() < 0.45:
        scena.in_scambio.append(a.persona)
    yield caso.randint(150, 200)
    if rilevato and caso.random() < 0.75:
        cambiato = min(benessere + 4 * caso.randint(-2, 7), 100)
        rileva(scena, a, appoggio + caso.choice((0, 0, 1, 1, 2)), cambiato, fiducia + caso.randint(-1, 3))


def rileva(scena: Scena, a: Ascolto, appoggio: int, benessere: int, fiducia: int) -> None:
    """La rete di appoggio e lo star bene."""
    rete = {"persone_di_appoggio": appoggio, "stabile": appoggio > 1, "difficolta_economica": appoggio < 2}
    scena.segna(a, f"ascolti/{a.id}/rete-di-appoggio", {"persona": a.persona} | rete)
    come_sta = {"benessere": benessere, "fiducia": fiducia, "conoscenze": 3 * appoggio + 2}
    scena.segna(a, f"ascolti/{a.id}/star-bene", {"persona": a.persona} | come_sta)


def fareassieme(scena: Scena) -> Storia:
    """Ognuno dà e riceve: saperi offerti e richiesti, poi gli scambi."""
    caso, numero = scena.sorte("fareassieme"), 0
    yield 50
    while True:
        numero += 1
        if len(scena.in_scambio) < 6 or caso.random() < 0.3:
            scena.in_scambio.append(scena.qualcuno(f"fareassieme/{numero}", caso, note=0.3).id)
        _sapere(scena, numero, caso)
        if len(scena.in_scambio) >= 5:
            _scambia(scena, numero, caso)
        yield caso.randint(8, 18)


def _sapere(scena: Scena, numero: int, caso: Random) -> None:
    persona, sapere = caso.choice(scena.in_scambio[-10:]), caso.choice(SAPERI)
    come = caso.choice(("offerta", "richiesta"))
    if (persona, sapere, come) in scena.saperi:
        return
    scena.saperi.add((persona, sapere, come))
    scena.registra(f"saperi/{scena.id(f'sapere/{numero}')}/{come}", {"persona": persona, "sapere": sapere})


def _scambia(scena: Scena, numero: int, caso: Random) -> None:
    """Uno insegna e gli altri ricevono; a volte chi riceve dà anche qualcosa in cambio, nello stesso incontro."""
    chi_da, *altri = caso.sample(scena.in_scambio[-14:], caso.randint(2, 4))
    ognuno, in_cambio = caso.choice((30, 45, 60)), caso.choice((0, 0, 15, 30))
    parti = [{"persona": chi_da, "dato_minuti": ognuno * len(altri), "ricevuto_minuti": in_cambio * len(altri)}]
    parti += [{"persona": p, "dato_minuti": in_cambio, "ricevuto_minuti": ognuno} for p in altri]
    punto = scena.un_punto(caso) if caso.random() < 0.85 else None
    campi = {"partecipanti": parti} | ({"punto": punto.id} if punto else {})
    scena.registra(f"scambi/{scena.id(f'scambio/{numero}')}/registrazione", campi)


def aiuti(scena: Scena) -> Storia:
    """Chi vuole dà una mano; l'aiuto serve, e qualcuno lo offre di nuovo."""
    caso, numero = scena.sorte("aiuti"), 0
    yield 30
    while True:
        numero += 1
        a = Voce(scena.id(f"aiuto/{numero}"), "offerto", scena.oggi)
        scena.aiuti.append(a)
        scena.soggetti[a.id] = a
        persona = scena.qualcuno(f"aiuto/{numero}", caso, note=0.2)
        chi = {"persona": persona.id} if caso.random() < 0.75 else {"ente": caso.choice(ENTI)}
        campi = chi | {"cosa": caso.choices(COSE, (6, 2, 3, 1))[0]}
        campi |= {"comune": persona.comune} if caso.random() < 0.85 else {}
        scena.registra(f"aiuti/{a.id}/offerta", campi)
        scena.avvia(impiego(scena, a, campi, caso.random()), caso.randint(15, 90))
        yield caso.randint(20, 45)


def impiego(scena: Scena, a: Voce, campi: dict[str, str], sorte: float) -> Storia:
    """L'aiuto è servito, due volte se chi lo ha dato lo offre ancora."""
    if sorte > 0.7:
        return
    a.a_che_punto = "impiegato"
    scena.registra(f"aiuti/{a.id}/impiego", {})
    yield 60
    if sorte < 0.25:
        a.a_che_punto = "offerto"
        scena.registra(f"aiuti/{a.id}/offerta", campi)


def idee(scena: Scena) -> Storia:
    """Le idee dei cittadini: qualcuna riceve del denaro e si realizza."""
    caso, numero = scena.sorte("idee"), 0
    yield 75
    while True:
        numero += 1
        i = Voce(scena.id(f"idea/{numero}"), "presentata", scena.oggi)
        scena.idee.append(i)
        campi = {"comune": scena.distretto.uno(caso), "proponente": caso.choice(("cittadino", "associazione"))}
        scena.segna(i, f"idee/{i.id}/presentazione", campi)
        scena.avvia(idea(scena, i, scena.sorte(f"idea/{numero}")), caso.randint(20, 50))
        yield caso.randint(40, 75)


def idea(scena: Scena, i: Voce, caso: Random) -> Storia:
    """Finanziata e poi realizzata, oppure respinta."""
    if caso.random() < 0.3:
        i.a_che_punto = "respinta"
        scena.segna(i, f"idee/{i.id}/respinta", {"motivo": caso.choice(("non_realizzabile", "fuori_dal_bando"))})
        return
    i.a_che_punto = "finanziata"
    scena.segna(i, f"idee/{i.id}/finanziamento", {"importo_centesimi": caso.randrange(150, 1200, 50) * EURO})
    yield caso.randint(40, 120)
    if caso.random() < 0.8:
        i.a_che_punto = "realizzata"
        scena.segna(i, f"idee/{i.id}/realizzazione", {})


def uno_in_corso(scena: Scena, caso: Random) -> Ascolto | None:
    """Un ascolto in corso."""
    return una(scena.ascolti, lambda a: not a.concluso, caso)
