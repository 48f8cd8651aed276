"""Le cifre di un mese come si potrebbero pubblicare: dall'avvio alla fine del mese, secondo il livello di ogni riga.

È il solo punto da cui ciò che è pubblico vede le cifre vere; ciò che ne esce passa da `rilasciate` e dalla tutela.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from contratti.cruscotto import CifraPubblicata, LuogoPubblicato
from telaio.database import Connection
from telaio.district import District

from cruscotto.cifre.formule import Media, Rapporto
from cruscotto.cifre.indicatori import Indicatore, Registro
from cruscotto.cifre.misure import Tabella, tabella
from cruscotto.cifre.valuta import Cifra, calcola
from cruscotto.domande.filtro import Filtro, mese_scritto
from cruscotto.pubblica import rilasciate
from cruscotto.pubblica.regole import Regole
from cruscotto.pubblica.rilasciate import Proposta
from cruscotto.pubblica.tutela import Blocco, gruppi


@dataclass(frozen=True)
class Fonte:
    """Da dove vengono le cifre: il registro, le regole, il distretto."""

    registro: Registro
    regole: Regole
    distretto: District

    @property
    def tutti(self) -> Blocco:
        return frozenset({*self.distretto.comuni, ""})


async def proposte(connection: Connection, fonte: Fonte, mese: date, oggi: date) -> list[Proposta]:
    """Tutte le righe alla fine del mese, con le loro parti. Anche quelle di un periodo contano dall'avvio: un periodo
    si ricaverebbe, e sarebbe un'altra cifra da proteggere."""
    tutte = await tabella(connection, fonte.registro, Filtro(None, None, mese), oggi)
    quando = mese_scritto(mese) or ""
    return [p for riga in fonte.registro.indicatori for p in _di_una(fonte, riga, tutte, quando)]


def _di_una(fonte: Fonte, riga: Indicatore, tutte: Tabella, mese: str) -> Iterator[Proposta]:
    livello = fonte.regole.livello(riga.codice)
    if livello == "no":
        yield Proposta(CifraPubblicata(codice=riga.codice, motivo=rilasciate.NON_PUBBLICATA))
    elif livello == "libera":
        yield from _libera(fonte, riga, tutte, mese)
    elif livello == "comuni":
        blocchi = gruppi(fonte.distretto.abitanti, fonte.distretto.comuni)
        valori = {c: int(_valore(riga, tutte, c).valore or 0) for c in tutte.comuni}
        yield rilasciate.di_un_conto(riga.codice, mese, valori, blocchi)
    else:
        yield _di_distretto(fonte, riga, tutte, mese)


def _di_distretto(fonte: Fonte, riga: Indicatore, tutte: Tabella, mese: str) -> Proposta:
    cifra = _valore(riga, tutte, None)
    if isinstance(riga.formula, Rapporto):
        return rilasciate.di_un_rapporto(riga.codice, mese, cifra)
    if isinstance(riga.formula, Media):
        cifra = replace(cifra, denominatore=_quanti(fonte, riga, tutte, cifra))
        return rilasciate.di_una_media(riga.codice, mese, cifra, fonte.tutti)
    return rilasciate.di_un_conto(riga.codice, mese, {"": int(cifra.valore or 0)}, [fonte.tutti])


def _quanti(fonte: Fonte, riga: Indicatore, tutte: Tabella, cifra: Cifra) -> Decimal | None:
    """Di quanti è una media."""
    misure = fonte.regole.quanti.get(riga.codice)
    if misure is None:
        return cifra.denominatore
    fino = tutte.di(None).fino
    return Decimal(sum(sum(fino.get(misura, {}).values()) for misura in misure))


def _libera(fonte: Fonte, riga: Indicatore, tutte: Tabella, mese: str) -> Iterator[Proposta]:
    luoghi = [
        LuogoPubblicato(comuni=(comune,), **rilasciate.scritta(_valore(riga, tutte, comune)))
        for comune in sorted(fonte.distretto.comuni)
        if not riga.di_distretto
    ]
    yield Proposta(rilasciate.pubblicata(riga.codice, mese, _valore(riga, tutte, None), luoghi))
    for parte in riga.a_parte:
        if parte.nome not in fonte.regole.parti_taciute:
            cifra = calcola(parte.formula, tutte.di(None), "dall_avvio", parte.scala)
            yield Proposta(rilasciate.pubblicata(riga.codice, mese, cifra, parte=parte.nome))


def _valore(riga: Indicatore, tutte: Tabella, comune: str | None) -> Cifra:
    return calcola(riga.formula, tutte.di(comune), "dall_avvio", riga.scala)
