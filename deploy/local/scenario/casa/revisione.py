"""Chi rilegge: ogni tanto un fatto già registrato va corretto o annullato. Ogni `_…` dice se ha trovato che cosa."""

from collections.abc import Callable
from random import Random
from typing import Any

from scenario.casa.scena import EURO, Scena
from scenario.copione import Storia
from scenario.linea import a_turno
from scenario.passo import Passo
from scenario.rettifiche import annulla, cerca, correggi, dopo, e_l_ultimo

Revisione = Callable[[Scena, Random], bool]


def revisione(scena: Scena) -> Storia:
    """Una rettifica ogni due o tre settimane, di un genere dopo l'altro."""
    return a_turno(scena, "revisione", REVISIONI, 60, (9, 22))


def _comune_della_famiglia(scena: Scena, caso: Random) -> bool:
    passo = cerca(scena, "famiglie/presa-in-carico", lambda p, _: scena.soggetti[p.entita].in_carico)
    if passo is None:
        return False
    famiglia = scena.soggetti[passo.entita]
    famiglia.comune = scena.distretto.vicino(famiglia.comune, caso)
    return correggi(scena, passo, comune=famiglia.comune)


def _morosita(scena: Scena, gia: bool) -> bool:
    """L'importo era un quinto di meno: si può dire solo se la famiglia deve ancora almeno la differenza."""

    def adatto(p: Passo, dati: dict[str, Any]) -> bool:
        famiglia = scena.soggetti[p.entita]
        return famiglia.morosita > dati["importo_centesimi"] // 5 and e_l_ultimo(scena, p)

    passo = cerca(scena, "famiglie/rilievo-morosita", adatto, gia)
    if passo is None:
        return False
    importo = (scena.com_e(passo) or {})["importo_centesimi"]
    scena.soggetti[passo.entita].morosita -= importo // 5
    return correggi(scena, passo, importo_centesimi=importo - importo // 5)


def _morosita_mai_avuta(scena: Scena, caso: Random) -> bool:
    """Annotata due volte, o mai avuta."""

    def adatto(p: Passo, dati: dict[str, Any]) -> bool:
        return scena.soggetti[p.entita].morosita >= dati["importo_centesimi"] and e_l_ultimo(scena, p)

    passo = cerca(scena, "famiglie/rilievo-morosita", adatto)
    if passo is not None:
        scena.soggetti[passo.entita].morosita -= passo.body["importo_centesimi"]
    return annulla(scena, passo)


def _giorno_della_morosita(scena: Scena, caso: Random) -> bool:
    """Era di una settimana dopo."""
    passo = cerca(scena, "famiglie/rilievo-morosita", lambda p, d: dopo(d, 7) <= scena.oggi.isoformat())
    return correggi(scena, passo, avvenuto_il=dopo(passo.body, 7)) if passo else False


def _dotazione(scena: Scena, caso: Random) -> bool:
    passo = cerca(scena, "fondi/versamento", lambda _, dati: dati["da"] == "cittadini")
    if passo is None:
        return False
    scena.versato += 40 * EURO
    importo = passo.body["importo_centesimi"] + 40 * EURO
    return correggi(scena, passo, importo_centesimi=importo, da=caso.choice(("impresa", "ente")))


def _massimale(scena: Scena, caso: Random) -> bool:
    """Il massimale era un decimo di meno."""

    def adatto(p: Passo, dati: dict[str, Any]) -> bool:
        garanzia = scena.soggetti[p.entita]
        return bool(garanzia.attiva and garanzia.escusso <= garanzia.massimale * 9 // 10)

    passo = cerca(scena, "garanzie/concessione", adatto)
    if passo is None:
        return False
    garanzia = scena.soggetti[passo.entita]
    garanzia.massimale = garanzia.massimale * 9 // 10
    return correggi(scena, passo, massimale_centesimi=garanzia.massimale)


def _escussione(scena: Scena, caso: Random) -> bool:
    """Erano trenta euro di meno."""

    def adatto(p: Passo, dati: dict[str, Any]) -> bool:
        garanzia = scena.soggetti[p.entita]
        return bool(garanzia.escusso - garanzia.recuperato >= 30 * EURO) and e_l_ultimo(scena, p)

    passo = cerca(scena, "garanzie/escussione", adatto)
    if passo is None:
        return False
    scena.soggetti[passo.entita].escusso -= 30 * EURO
    return correggi(scena, passo, importo_centesimi=passo.body["importo_centesimi"] - 30 * EURO)


def _titolo(scena: Scena, caso: Random) -> bool:
    """La famiglia ci abitava già."""
    passo = cerca(scena, "alloggi/assegnazione", lambda _, dati: dati["titolo"] == "nuova_locazione")
    return correggi(scena, passo, titolo="locazione_in_corso")


def _comune_dell_alloggio(scena: Scena, caso: Random) -> bool:
    """Un alloggio mai ritirato: quello che torna ha già detto due volte dove si trova."""
    tornati = {p.entita for p in scena.passi if p.nome == "alloggi/ritiro"}
    passo = cerca(scena, "alloggi/disponibilita", lambda p, _: p.entita not in tornati)
    if passo is None:
        return False
    alloggio = scena.soggetti[passo.entita]
    alloggio.comune = scena.distretto.vicino(alloggio.comune, caso)
    return correggi(scena, passo, comune=alloggio.comune)


def _proprietario(scena: Scena, caso: Random) -> bool:
    passo = cerca(scena, "adesioni/sottoscrizione", lambda _, dati: dati["tipo"] == "proprietario")
    return correggi(scena, passo, comune=scena.distretto.uno(caso))


def _attivita(scena: Scena, caso: Random) -> bool:
    passo = cerca(scena, "condomini/attivita", lambda _, dati: dati["promossa_da"] == "custode")
    return correggi(scena, passo, promossa_da="residenti")


def _giorno_dell_attivita(scena: Scena, caso: Random) -> bool:
    passo = cerca(scena, "condomini/attivita", lambda _, dati: dopo(dati, 5) <= scena.oggi.isoformat())
    return correggi(scena, passo, avvenuto_il=dopo(passo.body, 5)) if passo else False


def _attivita_mai_svolta(scena: Scena, caso: Random) -> bool:
    return annulla(scena, cerca(scena, "condomini/attivita", lambda *_: True))


def _coabitante(scena: Scena, caso: Random) -> bool:
    """Era un'altra persona: quella che ci vive, e che sia lei a uscirne."""
    passo = cerca(
        scena, "coabitazioni/ingresso", lambda p, dati: dati["persona"] in scena.soggetti[p.entita].coabitanti
    )
    if passo is None:
        return False
    giusta, dentro = scena.persona(f"scambio/{passo.id}"), scena.soggetti[passo.entita].coabitanti
    dentro[dentro.index(passo.body["persona"])] = giusta
    return correggi(scena, passo, persona=giusta)


REVISIONI: tuple[Revisione, ...] = (
    _comune_della_famiglia,
    lambda scena, _: _morosita(scena, gia=False),
    _attivita,
    _dotazione,
    _titolo,
    _massimale,
    _morosita_mai_avuta,
    _giorno_dell_attivita,
    _proprietario,
    _escussione,
    _attivita_mai_svolta,
    _coabitante,
    _comune_dell_alloggio,
    _giorno_della_morosita,
    lambda scena, _: _morosita(scena, gia=True),
)
