"""Chi sbaglia allo sportello: comandi che una regola deve rifiutare, ciascuna con il suo codice.

Ogni funzione dice quale passo ha scritto, None se in scena non c'era nulla di adatto.
"""

from collections.abc import Callable
from random import Random
from typing import Any

from scenario.casa import garanzia as il_fondo
from scenario.casa import richieste
from scenario.casa.scena import EURO, FONDO, MASSIMALE, MESI, Famiglia, Garanzia, Scena
from scenario.copione import Storia
from scenario.linea import a_turno, una
from scenario.passo import Passo

Sbaglio = Callable[[Scena, Random], Passo | None]


def sbagli(scena: Scena) -> Storia:
    """Uno sbaglio ogni dieci giorni circa, di un genere dopo l'altro."""
    return a_turno(scena, "sbagli", SBAGLI, 20, (5, 14))


def _persona_di_un_altra_famiglia(scena: Scena, caso: Random) -> Passo | None:
    f, id = scena.una_famiglia(caso), scena.mai_visto()
    if f is None:
        return None
    campi = {"comune": f.comune, "componenti": [f.persone[0], scena.persona(id)], "minori": 0}
    return scena.rifiuta(f"famiglie/{id}/presa-in-carico", campi, "persona-gia-in-famiglia", con=[f.id])


def _su_famiglia(
    comando: str,
    codice: str,
    campi: Callable[[Famiglia], dict[str, Any]],
    adatta: Callable[[Famiglia], object] = lambda _: True,
) -> Sbaglio:
    """Uno sbaglio su una famiglia in carico."""

    def sbaglia(scena: Scena, caso: Random) -> Passo | None:
        f = scena.una_famiglia(caso, adatta)
        return scena.rifiuta(f"famiglie/{f.id}/{comando}", campi(f), codice) if f else None

    return sbaglia


def _su_garanzia(
    comando: str,
    codice: str,
    campi: Callable[[Garanzia], dict[str, Any]],
    adatta: Callable[[Garanzia], object] = lambda _: True,
) -> Sbaglio:
    """Uno sbaglio su una garanzia."""

    def sbaglia(scena: Scena, caso: Random) -> Passo | None:
        g = una(scena.garanzie, adatta, caso)
        return scena.rifiuta(f"garanzie/{g.id}/{comando}", campi(g), codice, con=g.tocca) if g else None

    return sbaglia


def _concessione(codice: str, massimale: int, mesi: int, garantita: bool) -> Sbaglio:
    """Una concessione sbagliata a una famiglia che abita un alloggio del progetto."""

    def sbaglia(scena: Scena, caso: Random) -> Passo | None:
        f = scena.una_famiglia(caso, lambda f: f.alloggio and bool(f.garanzia) is garantita)
        if f is None or f.alloggio is None or not scena.capiente(massimale):
            return None
        campi = il_fondo.concessione(f, f.alloggio, massimale, mesi)
        return scena.rifiuta(f"garanzie/{scena.mai_visto()}/concessione", campi, codice, con=[FONDO])

    return sbaglia


def _oltre_il_massimale(scena: Scena, caso: Random) -> Passo | None:
    """Più di quanto resta della garanzia, ma non più di quanto c'è nel Fondo."""
    g = una(scena.garanzie, lambda g: g.attiva and g.residuo + EURO <= scena.saldo, caso)
    if g is None:
        return None
    campi = {"importo_centesimi": g.residuo + EURO, "motivo": "altro"}
    return scena.rifiuta(f"garanzie/{g.id}/escussione", campi, "escussione-oltre-il-massimale", con=g.tocca)


def _casa_di_altri(scena: Scena, caso: Random) -> Passo | None:
    """Una garanzia per l'alloggio di un'altra famiglia."""
    f = scena.una_famiglia(caso, lambda f: f.alloggio and not f.garanzia)
    a = una(scena.alloggi, lambda a: a.famiglia and a.famiglia is not f, caso)
    if f is None or a is None:
        return None
    path, campi = f"garanzie/{scena.mai_visto()}/concessione", il_fondo.concessione(f, a, 100 * EURO, 6)
    return scena.rifiuta(path, campi, "alloggio-non-assegnato-alla-famiglia", con=[FONDO])


def _alloggio_occupato(scena: Scena, caso: Random) -> Passo | None:
    f, a = scena.una_famiglia(caso), una(scena.alloggi, lambda a: a.famiglia, caso)
    if f is None or a is None:
        return None
    campi = {"famiglia": f.id, "titolo": "nuova_locazione"}
    return scena.rifiuta(f"alloggi/{a.id}/assegnazione", campi, "alloggio-gia-assegnato")


def _liberazione_senza_dire(scena: Scena, caso: Random) -> Passo | None:
    """Della garanzia ancora attiva va detto che cosa ne è."""
    g = una(scena.garanzie, lambda g: g.attiva, caso)
    if g is None:
        return None
    path = f"alloggi/{g.alloggio.id}/liberazione"
    return scena.rifiuta(path, {}, "garanzia-ancora-attiva", con=[*g.tocca, g.id])


def _agenzia_sconosciuta(scena: Scena, caso: Random) -> Passo | None:
    id = scena.mai_visto()
    campi = {"comune": scena.distretto.uno(caso), "vani": 3, "canone_centesimi": 400 * EURO, "locatore": "privato"}
    return scena.rifiuta(f"alloggi/{id}/disponibilita", campi | {"tramite_agenzia": id}, "agenzia-non-aderente")


def _coabitante_altrove(scena: Scena, caso: Random) -> Passo | None:
    dove = una(scena.coabitazioni, lambda c: c.coabitanti, caso)
    altra = una(scena.coabitazioni, lambda c: c is not dove and not c.conclusa and len(c.coabitanti) < c.posti, caso)
    if dove is None or altra is None:
        return None
    path, campi = f"coabitazioni/{altra.id}/ingresso", {"persona": dove.coabitanti[0]}
    return scena.rifiuta(path, campi, "persona-gia-in-coabitazione", con=[dove.id])


def _senza_posto(scena: Scena, caso: Random) -> Passo | None:
    c = una(scena.coabitazioni, lambda c: not c.conclusa and len(c.coabitanti) == c.posti, caso)
    campi = {"persona": scena.persona(scena.mai_visto())}
    return scena.rifiuta(f"coabitazioni/{c.id}/ingresso", campi, "posti-esauriti") if c else None


def _mai_entrata(scena: Scena, caso: Random) -> Passo | None:
    c = una(scena.coabitazioni, lambda c: not c.conclusa, caso)
    campi = {"persona": scena.persona(scena.mai_visto()), "esito": "rinuncia"}
    return scena.rifiuta(f"coabitazioni/{c.id}/uscita", campi, "persona-non-presente") if c else None


def _secondo_custode(scena: Scena, caso: Random) -> Passo | None:
    c = una(scena.condomini, lambda c: c.custode and not c.autonomo, caso)
    return scena.rifiuta(f"condomini/{c.id}/incarico-custode", {}, "custode-gia-incaricato") if c else None


def _nucleo(f: Famiglia) -> dict[str, Any]:
    return {"comune": f.comune, "componenti": list(f.persone), "minori": f.minori}


SBAGLI: tuple[Sbaglio, ...] = (
    _persona_di_un_altra_famiglia,
    _su_famiglia("sfratto-prevenuto", "sfratto-non-intimato", lambda f: {"come": "altro"}, lambda f: not f.sfratto),
    richieste.domani,
    richieste.chi_non_puo,
    richieste.chiave_di_un_altro,
    _su_famiglia("morosita-sanata", "morosita-sotto-zero", lambda f: {"importo_centesimi": f.morosita + EURO}),
    _oltre_il_massimale,
    _casa_di_altri,
    _su_garanzia(
        "recupero", "recupero-oltre-l-escusso", lambda g: {"importo_centesimi": g.escusso - g.recuperato + EURO}
    ),
    _su_famiglia(
        "piano-di-rientro",
        "piano-oltre-la-morosita",
        lambda f: {"importo_centesimi": f.morosita + EURO, "rate": 3, "prima_rata_il": "2030-01-31"},
    ),
    _alloggio_occupato,
    richieste.rettifica_di_altri,
    _agenzia_sconosciuta,
    _concessione("massimale-oltre-il-limite", MASSIMALE + EURO, 12, garantita=False),
    _senza_posto,
    _su_famiglia("conclusione", "garanzia-ancora-attiva", lambda f: {"esito": "altro"}, lambda f: f.garanzia),
    richieste.comune_di_altri,
    _su_garanzia("svincolo", "garanzia-non-attiva", lambda g: {"motivo": "scadenza"}, lambda g: not g.attiva),
    _coabitante_altrove,
    richieste.rettifica_impossibile,
    _concessione("durata-oltre-il-limite", 100 * EURO, MESI + 6, garantita=False),
    richieste.famiglia_inesistente,
    _liberazione_senza_dire,
    _mai_entrata,
    richieste.senza_accesso,
    _concessione("famiglia-gia-garantita", 100 * EURO, 6, garantita=True),
    _secondo_custode,
    richieste.rettifica_vuota,
    _su_famiglia("presa-in-carico", "famiglia-gia-in-carico", _nucleo),
)
