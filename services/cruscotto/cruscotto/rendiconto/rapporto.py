"""Il rapporto al finanziatore: si apre per un periodo, se ne scrivono i testi, si approva; poi non cambia più."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from contratti.cruscotto import (
    CifreFissate,
    NarrativaScritta,
    RapportoAperto,
    RapportoApprovato,
    RettificheElencate,
    SezioneScritta,
    VersioniFissate,
)
from telaio.command import Command
from telaio.entity import Entity, Events, Rejected, State
from telaio.here import Here

from cruscotto.rendiconto.cifre import periodo
from cruscotto.rendiconto.firma import dati, fissati, impronta_di
from cruscotto.rendiconto.fotografia import Fotografia
from cruscotto.rendiconto.testi import OBBLIGATORIA, VUOTO, Bozze

INIZIO_DEI_TEMPI = "2000-01"


class Rapporto(State):
    """`narrativa`: le impronte dei testi, per sezione; `numero`: da quando è approvato."""

    dal: str
    al: str
    enti: tuple[str, ...] = ()
    narrativa: dict[str, str] = {}
    schede: int = 0
    numero: int | None = None
    impronta: str | None = None
    approvato_il: date | None = None


class Protocollo(State):
    """Quanti rapporti sono approvati: il prossimo ha il numero che segue."""

    approvati: int = 0


rapporti = Entity(
    "rapporto",
    Rapporto,
    "rapporti",
    "Rapporto",
    correctable=False,
    named_by=("dal", "al"),
    action="rendicontazione",
    reading="rendicontazione",
)
protocolli = Entity(
    "protocollo",
    Protocollo,
    "protocollo",
    "Protocollo dei rapporti",
    singleton="protocollo-dei-rapporti",
    correctable=False,
    action="rendicontazione",
    reading="rendicontazione",
)


@rapporti.begins
def aperto(rapporto: Rapporto | None, e: RapportoAperto) -> Rapporto:
    return Rapporto(dal=e.dal, al=e.al, enti=e.enti)


@rapporti.on
def scritto(rapporto: Rapporto, e: NarrativaScritta) -> Rapporto:
    return rapporto.with_(narrativa=_vivi(rapporto.narrativa | {s.sezione: s.impronta for s in e.sezioni}))


@rapporti.on
def fissato(rapporto: Rapporto, e: VersioniFissate) -> Rapporto:
    return rapporto.with_(schede=rapporto.schede + len(e.versioni))


rapporti.after(CifreFissate, lambda rapporto, _: rapporto)
rapporti.after(RettificheElencate, lambda rapporto, _: rapporto)


@rapporti.on
def approvato(rapporto: Rapporto, e: RapportoApprovato) -> Rapporto:
    return rapporto.with_(numero=e.numero, impronta=e.impronta, approvato_il=e.avvenuto_il)


@protocolli.sums(rapporti)
def conta(protocollo: Protocollo, prima: Rapporto | None, dopo: Rapporto | None) -> Protocollo:
    diversi = bool(dopo and dopo.numero) - bool(prima and prima.numero)
    return protocollo.with_(approvati=protocollo.approvati + diversi)


class Narrativa(Command):
    """I testi salvati come bozza entrano nella storia del rapporto."""


class Approvazione(Command):
    """Il rapporto è letto e approvato così com'è."""


@rapporti.command("apertura", title="Apri un rapporto", once=("rapporto-gia-aperto", "Questo rapporto esiste già."))
def apri(rapporto: Rapporto | None, comando: RapportoAperto, qui: Here) -> Events:
    """Comincia la bozza di un rapporto. Raises: Rejected "periodo-non-valido", "ente-senza-linea"."""
    if not INIZIO_DEI_TEMPI <= comando.dal <= comando.al:
        raise Rejected("periodo-non-valido", "Il primo mese viene dopo l'ultimo, o è di un altro secolo.")
    if len(set(comando.enti)) < len(comando.enti):
        raise Rejected("ente-ripetuto", "Lo stesso ente è indicato due volte.")
    estranei = [e for e in comando.enti if e not in qui.district.linee.values()]
    if estranei:
        raise Rejected("ente-senza-linea", f"Non gestisce una linea del progetto: {', '.join(estranei)}.")
    return [comando]


@rapporti.command("narrativa", title="Registra i testi")
def scrivi(rapporto: Rapporto, comando: Narrativa, bozze: Bozze) -> Events:
    """Registra i testi salvati da ultimo. Raises: Rejected "rapporto-gia-approvato"."""
    _bozza(rapporto)
    return _scritti(rapporto, bozze, comando.avvenuto_il)


@rapporti.command("approvazione", title="Approva", action="approvazione")
def approva(
    rapporto: Rapporto,
    comando: Approvazione,
    protocollo: Protocollo,
    foto: Fotografia,
    bozze: Bozze,
    oggi: date,
) -> Events:
    """Approva il rapporto: ne fissa versioni, cifre e testi, e gli dà un numero. Raises: Rejected
    "rapporto-gia-approvato", "approvazione-non-di-oggi", "periodo-non-concluso", "testo-mancante"."""
    _bozza(rapporto)
    if comando.avvenuto_il != oggi:
        raise Rejected("approvazione-non-di-oggi", "Si approva con la data di oggi: le cifre sono di adesso.")
    if periodo(rapporto.dal, rapporto.al).ultimo_giorno >= oggi:
        raise Rejected("periodo-non-concluso", "Il periodo non è ancora finito: le cifre cambierebbero.")
    if bozze.impronte.get(OBBLIGATORIA, VUOTO) == VUOTO:
        raise Rejected("testo-mancante", "Manca il testo «In breve».")
    testi = _vivi({**rapporto.narrativa, **bozze.impronte})
    fermi = list(fissati(foto, oggi))
    numero = protocollo.approvati + 1
    firma = impronta_di(chi_e(rapporto, numero, oggi), testi, [dati(e) for e in fermi])
    return [
        *_scritti(rapporto, bozze, oggi),
        *fermi,
        RapportoApprovato(avvenuto_il=oggi, numero=numero, impronta=firma),
    ]


def chi_e(rapporto: Rapporto, numero: int, il: date) -> dict[str, Any]:
    """Il rapporto, senza ciò che fissa."""
    return {
        "dal": rapporto.dal,
        "al": rapporto.al,
        "enti": list(rapporto.enti),
        "numero": numero,
        "approvato_il": il.isoformat(),
    }


def _bozza(rapporto: Rapporto) -> None:
    if rapporto.numero is not None:
        raise Rejected("rapporto-gia-approvato", "Il rapporto è approvato: non cambia più.")


def _vivi(testi: Mapping[str, str]) -> dict[str, str]:
    """I testi che ci sono: chi ne cancella uno lo lascia vuoto."""
    return {sezione: impronta for sezione, impronta in testi.items() if impronta != VUOTO}


def _scritti(rapporto: Rapporto, bozze: Bozze, il: date) -> list[NarrativaScritta]:
    """L'evento dei testi cambiati, se qualcuno lo è."""
    nuovi = {s: i for s, i in bozze.impronte.items() if rapporto.narrativa.get(s, VUOTO) != i}
    sezioni = tuple(SezioneScritta(sezione=s, impronta=i) for s, i in sorted(nuovi.items()))
    return [NarrativaScritta(avvenuto_il=il, sezioni=sezioni)] if sezioni else []
