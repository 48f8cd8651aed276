"""Le cifre di un rapporto: gli indicatori del periodo, di tutta la rete o di un ente, come si fissano nel diario."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from contratti.cruscotto import CifraFissata, ParteFissata
from contratti.cruscotto import Valore as ValoreFissato
from telaio.database import Connection
from telaio.district import District

from cruscotto import scrittura
from cruscotto.cifre import letture
from cruscotto.cifre.indicatori import Indicatore, Registro
from cruscotto.cifre.valuta import DI_DISTRETTO, Cifra, Valore
from cruscotto.domande.filtro import Filtro

DELLA_RETE = "rete"
"""La linea che riguarda ogni ente."""


def periodo(dal: str, al: str) -> Filtro:
    """Il filtro dal primo mese all'ultimo, scritti AAAA-MM."""
    primo, ultimo = (date.fromisoformat(f"{mese}-01") for mese in (dal, al))
    return Filtro(dal=primo, al=ultimo)


def periodo_scritto(dal: str, al: str) -> str:
    """Il periodo come si legge; un semestre, con il suo nome."""
    filtro = periodo(dal, al)
    assert filtro.dal is not None
    semestri = {
        (f"{filtro.dal.year}-01", f"{filtro.dal.year}-06"): 1,
        (f"{filtro.dal.year}-07", f"{filtro.dal.year}-12"): 2,
    }
    quale = semestri.get((dal, al))
    return f"{quale}° semestre {filtro.dal.year}" if quale else scrittura.periodo(filtro)


async def cifre(connection: Connection, registro: Registro, filtro: Filtro, oggi: date) -> tuple[CifraFissata, ...]:
    """Tutti gli indicatori, dalle tabelle che la connessione vede."""
    quadro = await letture.quadro(connection, registro, filtro, oggi)
    return tuple(fissata(r.indicatore, r.valore) for r in quadro.righe)


def di_un_ente(tutte: Collection[CifraFissata], linee: Collection[str]) -> tuple[CifraFissata, ...]:
    """Le cifre delle sue linee e della rete, senza avanzamento: l'obiettivo è di tutto il distretto."""
    sue = [c for c in tutte if c.linea == DELLA_RETE or c.linea in linee]
    return tuple(c.model_copy(update={"avanzamento": None, "senza_avanzamento": DI_DISTRETTO}) for c in sue)


def linee_di(ente: str, distretto: District) -> frozenset[str]:
    """Le linee che l'ente gestisce."""
    return frozenset(linea for linea, suo in distretto.linee.items() if suo == ente)


def fonti_di(ente: str, distretto: District) -> frozenset[str]:
    """Le fonti dei suoi eventi."""
    return frozenset(f"/{linea}/{ente}" for linea in linee_di(ente, distretto))


def fissata(indicatore: Indicatore, valore: Valore) -> CifraFissata:
    """L'indicatore con il suo valore, come sta nel diario."""
    parti = zip(indicatore.a_parte, valore.a_parte, strict=True)
    return CifraFissata(
        codice=indicatore.codice,
        linea=indicatore.linea,
        titolo=indicatore.nome,
        definizione=indicatore.definizione,
        unita=indicatore.unita,
        base=scritto(indicatore.base),
        obiettivo=scritto(indicatore.obiettivo),
        avanzamento=scritto(valore.avanzamento),
        senza_avanzamento=valore.senza_avanzamento,
        a_parte=tuple(ParteFissata(titolo=p.nome, unita=p.unita, **_valore(suo)) for p, suo in parti),
        **_valore(valore),
    )


def _valore(cifra: Cifra) -> dict[str, str | None]:
    valori = (cifra.valore, cifra.numeratore, cifra.denominatore)
    return dict(zip(ValoreFissato.model_fields, map(scritto, valori), strict=True))


def scritto(valore: Decimal | None) -> str | None:
    """Il numero in cifre, senza esponente."""
    return None if valore is None else f"{valore:f}"


def dice(cifra: CifraFissata) -> object:
    """Ciò che due cifre dello stesso indicatore devono avere uguale, se sono la stessa."""
    return _numeri(cifra), tuple(_numeri(p) for p in cifra.a_parte)


def _numeri(cifra: ValoreFissato) -> tuple[Decimal | None, ...]:
    valori = (cifra.valore, cifra.numeratore, cifra.denominatore)
    return tuple(None if v is None else Decimal(v) for v in valori)
