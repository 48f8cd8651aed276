"""Le cifre come le chiedono pagine e API: una lettura sola, così non possono differire."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from telaio.database import Connection
from telaio.district import District
from telaio.runtime import Runtime

from cruscotto import freschezza
from cruscotto.collocazione import NON_RILEVATO
from cruscotto.filtro import Filtro
from cruscotto.fondo import Posizione, posizione
from cruscotto.indicatori import Indicatore, Registro
from cruscotto.misure import Quanto, Tabella, quote, tabella
from cruscotto.misure import per_comune as sommate
from cruscotto.valuta import Cifra, Misure, Valore, calcola, valuta

MESI_DELL_ANDAMENTO = 12


@dataclass(frozen=True)
class Riga:
    """Un indicatore con il suo valore."""

    indicatore: Indicatore
    valore: Valore


@dataclass(frozen=True)
class Quadro:
    """Tutti gli indicatori e il Fondo in un istante. `aggiornato_alle` None: nessun evento ancora."""

    righe: Sequence[Riga]
    fondo: Posizione
    fonti: Sequence[freschezza.Fonte]
    aggiornato_alle: datetime | None


@dataclass(frozen=True)
class DelMese:
    """Un mese di un indicatore: ciò che vi è accaduto, e la cifra alla sua fine."""

    mese: date
    nel_mese: Cifra
    a_fine_mese: Cifra


async def quadro(connection: Connection, registro: Registro, filtro: Filtro) -> Quadro:
    """Gli indicatori secondo il filtro; il Fondo, che è di tutto il distretto, alla stessa data."""
    tutte = await tabella(connection, registro.misure, filtro.dal, filtro.al)
    misure, intero = tutte.di(filtro.comune), filtro.comune is None
    righe = [Riga(i, valuta(i, misure, del_distretto=intero)) for i in registro.indicatori]
    fonti = await freschezza.fonti(connection)
    return Quadro(righe, posizione(tutte.di(None)), fonti, freschezza.aggiornato_alle(fonti))


@dataclass(frozen=True)
class Dettaglio:
    """Un indicatore per comune e per mese. I comuni: codice (vuoto per il non rilevato), nome e cifra."""

    valore: Valore
    per_comune: Sequence[tuple[str, str, Cifra]]
    per_mese: Sequence[DelMese]


async def dettaglio(
    connection: Connection, registro: Registro, indicatore: Indicatore, filtro: Filtro, runtime: Runtime
) -> Dettaglio:
    """Il valore secondo il filtro, e le sue parti; i comuni ci sono tutti e sommano al distretto."""
    tutte = await tabella(connection, registro.misure, filtro.dal, filtro.al)
    mesi = await andamento(connection, registro, [indicatore], filtro, runtime.clock.today())
    return Dettaglio(
        valuta(indicatore, tutte.di(filtro.comune), del_distretto=filtro.comune is None),
        per_comune(tutte, indicatore, runtime.district),
        mesi[indicatore.codice],
    )


def per_comune(tutte: Tabella, indicatore: Indicatore, distretto: District) -> list[tuple[str, str, Cifra]]:
    """Le righe dei comuni: quelli del distretto per nome, gli altri trovati nei fatti, infine il non rilevato."""
    altri = sorted(tutte.comuni - {*distretto.comuni, NON_RILEVATO})
    per_nome = sorted(distretto.comuni.items(), key=lambda c: c[1])
    return [
        (codice, nome, calcola(indicatore.formula, tutte.di(codice), indicatore.finestra, indicatore.scala))
        for codice, nome in [*per_nome, *((c, c) for c in altri), (NON_RILEVATO, "Non rilevato")]
    ]


async def andamento(
    connection: Connection, registro: Registro, indicatori: Sequence[Indicatore], filtro: Filtro, oggi: date
) -> dict[str, list[DelMese]]:
    """I mesi di ciascun indicatore, per codice, dal più lontano."""
    tutte = await quote(connection, registro.misure, al=filtro.al or date.max)
    sue = [q for q in tutte if filtro.comune in (None, q.comune)]
    mesi = _mesi(tutte, filtro, registro.avvio, oggi)
    return {i.codice: [_del_mese(i, [q for q in sue if q.misura in i.misure], m) for m in mesi] for i in indicatori}


def _mesi(quote: Sequence[Quanto], filtro: Filtro, avvio: date, oggi: date) -> list[date]:
    """I mesi da mostrare: fino ad `al`, o all'ultimo con qualche fatto se è già passato; di regola, non prima
    dell'avvio."""
    ultimo = filtro.al or min(max((q.mese for q in quote), default=oggi), oggi).replace(day=1)
    primo = filtro.dal or max(_indietro(ultimo, MESI_DELL_ANDAMENTO - 1), min(avvio.replace(day=1), ultimo))
    quanti = (ultimo.year - primo.year) * 12 + ultimo.month - primo.month + 1
    return [_indietro(ultimo, n) for n in range(min(quanti, 10 * MESI_DELL_ANDAMENTO) - 1, -1, -1)]


def _indietro(mese: date, quanti: int) -> date:
    anno, indice = divmod(mese.year * 12 + mese.month - 1 - quanti, 12)
    return date(anno, indice + 1, 1)


def _del_mese(indicatore: Indicatore, quote: Sequence[Quanto], mese: date) -> DelMese:
    nel = _di_tutti(q for q in quote if q.mese == mese)
    fino = _di_tutti(q for q in quote if q.mese <= mese)
    formula, scala = indicatore.formula, indicatore.scala
    return DelMese(mese, calcola(formula, nel, "dall_avvio", scala), calcola(formula, fino, "dall_avvio", scala))


def _di_tutti(quote: Iterable[Quanto]) -> Misure:
    misure = sommate(q._replace(comune="") for q in quote).get("", {})
    return Misure(misure, misure)
