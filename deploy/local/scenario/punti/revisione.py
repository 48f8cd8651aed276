"""Chi rilegge ciò che i Punti hanno registrato: qualche fatto va corretto o annullato."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from scenario.copione import Storia
from scenario.linea import a_turno
from scenario.passo import Passo
from scenario.punti.scena import Scena
from scenario.rettifiche import annulla, cerca, correggi, dopo

Revisione = Callable[[Scena, Random], bool]


def revisione(scena: Scena) -> Storia:
    """Una rettifica ogni tre settimane circa, di un genere dopo l'altro."""
    return a_turno(scena, "punti/revisione", REVISIONI, 90, (14, 30))


def _presenze(scena: Scena, caso: Random) -> bool:
    """Erano di più, e più erano i volti nuovi."""
    passo = cerca(scena, "punti/attivita")
    dati = scena.com_e(passo) if passo else None
    return (
        correggi(scena, passo, presenze=dati["presenze"] + 3, prime_presenze=dati["prime_presenze"] + 2)
        if dati
        else False
    )


def _di_nuovo(scena: Scena, caso: Random) -> bool:
    """Un'attività corretta è corretta ancora: l'hanno promossa i cittadini."""
    return correggi(scena, cerca(scena, "punti/attivita", gia=True), promossa_da="cittadini")


def _giorno_dell_attivita(scena: Scena, caso: Random) -> bool:
    """Era di tre giorni dopo, e il Punto era aperto."""

    def adatta(p: Passo, dati: dict[str, Any]) -> bool:
        punto = scena.soggetti[p.entita]
        return punto.aperto and p.il > punto.dal and dopo(dati, 3) <= scena.oggi.isoformat()

    passo = cerca(scena, "punti/attivita", adatta)
    return correggi(scena, passo, avvenuto_il=dopo(passo.body, 3)) if passo else False


def _attivita_mai_svolta(scena: Scena, caso: Random) -> bool:
    return annulla(scena, cerca(scena, "punti/attivita"))


def _incontro_mai_svolto(scena: Scena, caso: Random) -> bool:
    return annulla(scena, cerca(scena, "gruppi/incontro", lambda p, _: not scena.soggetti[p.entita].sciolto))


def _esito(scena: Scena, caso: Random) -> bool:
    """La risposta l'aveva trovata la comunità."""
    passo = cerca(scena, "ascolti/conclusione", lambda _, dati: dati["esito"] == "informazione")
    return correggi(scena, passo, esito="risposta_della_comunita")


def _appoggio(scena: Scena, caso: Random) -> bool:
    """Una persona su cui contare c'era."""
    passo = cerca(scena, "ascolti/rete-di-appoggio", lambda _, dati: dati["persone_di_appoggio"] == 0)
    return correggi(scena, passo, persone_di_appoggio=1)


def _benessere(scena: Scena, caso: Random) -> bool:
    """Due cifre scambiate."""
    passo = cerca(scena, "ascolti/star-bene", lambda _, dati: 4 < dati["benessere"] < 90)
    return correggi(scena, passo, benessere=passo.body["benessere"] + 8) if passo else False


def _comune_dell_ascolto(scena: Scena, caso: Random) -> bool:
    passo = cerca(scena, "ascolti/richiesta")
    return correggi(scena, passo, comune=scena.distretto.vicino(passo.body["comune"], caso)) if passo else False


def _minuti(scena: Scena, caso: Random) -> bool:
    """Lo scambio era durato il doppio."""
    passo = cerca(scena, "scambi/registrazione")
    if passo is None:
        return False
    parti = [{**p, **{m: 2 * p[m] for m in ("dato_minuti", "ricevuto_minuti")}} for p in passo.body["partecipanti"]]
    return correggi(scena, passo, partecipanti=parti)


def _aiuto(scena: Scena, caso: Random) -> bool:
    """Quello che era offerto erano dei beni."""
    return correggi(scena, cerca(scena, "aiuti/offerta", lambda _, dati: dati["cosa"] == "tempo"), cosa="beni")


def _importo(scena: Scena, caso: Random) -> bool:
    passo = cerca(scena, "idee/finanziamento")
    return correggi(scena, passo, importo_centesimi=passo.body["importo_centesimi"] + 5_000) if passo else False


def _chiusura_mai_avvenuta(scena: Scena, caso: Random) -> bool:
    """Un gruppo dato per sciolto si incontra ancora: la rettifica arriva il giorno dopo, o non arriva."""
    recente = (scena.oggi - timedelta(40)).isoformat()
    passo = cerca(scena, "gruppi/scioglimento", lambda _, dati: dati["avvenuto_il"] >= recente)
    if passo is not None:
        scena.soggetti[passo.entita].sciolto = False
    return annulla(scena, passo)


REVISIONI: tuple[Revisione, ...] = (
    _presenze,
    _esito,
    _minuti,
    _attivita_mai_svolta,
    _appoggio,
    _di_nuovo,
    _comune_dell_ascolto,
    _incontro_mai_svolto,
    _benessere,
    _aiuto,
    _giorno_dell_attivita,
    _importo,
    _chiusura_mai_avvenuta,
)
