"""Le cifre come le chiedono pagine e API: una lettura sola, così non possono differire."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from telaio.database import Connection
from telaio.district import District
from telaio.runtime import Runtime

from cruscotto.apporti.luoghi import NON_RILEVATO
from cruscotto.cifre.fondo import Posizione, posizione
from cruscotto.cifre.indicatori import Indicatore, Registro
from cruscotto.cifre.misure import (
    Mesi,
    PerMisura,
    Tabella,
    fine_del_mese,
    mesi_fra,
    per_mese,
    sommate,
    tabella,
    ultimo_mese,
)
from cruscotto.cifre.valuta import Cifra, Misure, Valore, calcola, valuta
from cruscotto.domande import freschezza
from cruscotto.domande.filtro import Filtro

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


async def quadro(connection: Connection, registro: Registro, filtro: Filtro, oggi: date) -> Quadro:
    """Gli indicatori secondo il filtro; il Fondo, che è di tutto il distretto, alla stessa data."""
    tutte = await tabella(connection, registro, filtro, filtro.oggi(oggi))
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
    oggi = filtro.oggi(runtime.clock.today())
    # I comuni non hanno una parte di ciò che è di tutto il distretto: nemmeno i loro mesi.
    dove = Filtro(None, filtro.dal, filtro.al) if indicatore.di_distretto else filtro
    tutte = await tabella(connection, registro, filtro, oggi, indicatore.misure)
    mesi = await andamento(connection, registro, [indicatore], dove, oggi)
    return Dettaglio(
        valuta(indicatore, tutte.di(filtro.comune), del_distretto=filtro.comune is None),
        [] if indicatore.di_distretto else per_comune(tutte, indicatore, runtime.district),
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
    misure = {t.misura for i in indicatori for t in i.formula.termini}
    mesi = _mesi(await ultimo_mese(connection, registro) or oggi, filtro, registro.avvio, oggi)
    righe: dict[str, list[DelMese]] = {i.codice: [] for i in indicatori}
    if not mesi:
        return righe
    trovati = await per_mese(connection, registro, misure, Filtro(filtro.comune, mesi[0], filtro.al), oggi)
    fino = trovati.prima
    for mese in mesi:
        nel = trovati.mesi.get(mese, {})
        fino = sommate([fino, nel])
        for i in indicatori:
            fine = min(fine_del_mese(mese), oggi)
            righe[i.codice].append(DelMese(mese, _cifra(i, nel, fine), _cifra(i, fino, fine)))
    return righe


async def dall_avvio(
    connection: Connection, registro: Registro, filtro: Filtro, oggi: date, misure: Collection[str]
) -> tuple[Mesi, list[date]]:
    """I movimenti di ogni mese dall'avvio, che sono di tutto il distretto, e quali mesi sono."""
    avvio = registro.avvio.replace(day=1)
    trovati = await per_mese(connection, registro, misure, Filtro(None, avvio, filtro.al), oggi)
    return trovati, mesi_fra(avvio, min(filtro.ultimo_giorno, oggi))


async def alla_data(
    connection: Connection, registro: Registro, filtro: Filtro, oggi: date, misure: Collection[str]
) -> Misure:
    """Le misure di tutto il distretto, dall'avvio ad `al`."""
    return (await tabella(connection, registro, Filtro(al=filtro.al), oggi, misure)).di(None)


def _cifra(indicatore: Indicatore, misure: PerMisura, giorno: date) -> Cifra:
    return calcola(indicatore.formula, Misure(misure, misure, giorno), "dall_avvio", indicatore.scala)


def _mesi(ultimo_fatto: date, filtro: Filtro, avvio: date, oggi: date) -> list[date]:
    """I mesi da mostrare: fino ad `al`, o all'ultimo con qualche fatto; di regola un anno, non prima dell'avvio."""
    ultimo = filtro.al or min(ultimo_fatto, oggi).replace(day=1)
    primo = filtro.dal or max(_indietro(ultimo, MESI_DELL_ANDAMENTO - 1), min(avvio.replace(day=1), ultimo))
    quanti = (ultimo.year - primo.year) * 12 + ultimo.month - primo.month + 1
    return [_indietro(ultimo, n) for n in range(min(quanti, 10 * MESI_DELL_ANDAMENTO) - 1, -1, -1)]


def _indietro(mese: date, quanti: int) -> date:
    anno, indice = divmod(mese.year * 12 + mese.month - 1 - quanti, 12)
    return date(anno, indice + 1, 1)
