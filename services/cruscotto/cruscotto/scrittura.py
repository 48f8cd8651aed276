"""Come si scrivono le cifre in una pagina."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from telaio.clock import ROME
from telaio.web import formats

from cruscotto.cifre.formule import Rapporto
from cruscotto.cifre.indicatori import Indicatore
from cruscotto.cifre.valuta import NON_CALCOLABILE, Cifra
from cruscotto.domande.filtro import Filtro

MESI = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno",
    "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre",
)  # fmt: skip
LINEE = {
    "casa": "La casa",
    "lavoro": "Il lavoro",
    "giovani": "Gli adolescenti",
    "punti": "I Punti di Comunità",
    "rete": "La rete",
}
FINESTRE = {"dall_avvio": "dall'avvio", "alla_data": "alla data", "nel_periodo": "nel periodo"}


def numero(valore: Decimal | None, unita: str = "") -> str:
    """1.234 · 66,7 % · 1.234,50 €; dell'unità si scrivono solo i simboli."""
    if valore is None:
        return NON_CALCOLABILE
    if unita == "euro":
        return formats.euro(int(valore * 100))
    intero = valore == valore.to_integral_value()
    scritto = formats.number(int(valore) if intero else valore)  # type: ignore[arg-type]
    return f"{scritto} %" if unita == "%" else scritto


def fissato(valore: str | None, unita: str = "") -> str:
    """Come `numero`, di uno fissato in un rapporto."""
    return numero(None if valore is None else Decimal(valore), unita)


def termini(indicatore: Indicatore, cifra: Cifra) -> str:
    """“2 su 3”, per un rapporto; niente per il resto."""
    if not isinstance(indicatore.formula, Rapporto):
        return ""
    unita = indicatore.formula.unita
    return f"{numero(cifra.numeratore, unita)} su {numero(cifra.denominatore, unita)}"


def mese(quando: date) -> str:
    return f"{MESI[quando.month - 1]} {quando.year}"


def mese_breve(quando: date) -> str:
    return f"{MESI[quando.month - 1][:3]} {quando:%y}"


def periodo(filtro: Filtro) -> str:
    """Da quando a quando, in parole, e come si sapeva quando."""
    al = f"il {formats.day(filtro.giorno)}" if filtro.giorno else mese(filtro.al) if filtro.al else "oggi"
    da = f"da {mese(filtro.dal)} a {al}" if filtro.dal else f"fino a {al}" if filtro.al else "dall'avvio a oggi"
    allora = filtro.registrato_entro
    return f"{da}, come si sapeva il {formats.day(allora.astimezone(ROME).date())}" if allora else da


def durata(quanto: timedelta) -> str:
    """“3 giorni”, “2 ore”, “meno di un'ora”."""
    for quanti, uno, molti in ((quanto.days, "un giorno", "giorni"), (quanto.seconds // 3600, "un'ora", "ore")):
        if quanti > 0:
            return uno if quanti == 1 else f"{quanti} {molti}"
    return "meno di un'ora"


def quando(istante: datetime | None) -> str:
    return formats.instant(istante) if istante else "mai"


def altezze(valori: Sequence[Decimal | None], massima: float) -> list[float]:
    """Le altezze delle barre; zero per ciò che non si calcola o è sotto zero."""
    alti = [max(float(v or 0), 0) for v in valori]
    piena = max(alti, default=0) or 1
    return [massima * alto / piena for alto in alti]
