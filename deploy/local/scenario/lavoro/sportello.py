"""Chi sbaglia nella linea lavoro: comandi che una regola deve rifiutare, ciascuna con il suo codice.

Ogni funzione dice quale passo ha scritto, None se in scena non c'era nulla di adatto.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random
from typing import Any

from scenario.copione import COORDINATRICE, Storia, fra_mesi
from scenario.lavoro.percorso import campi_del_tirocinio
from scenario.lavoro.scena import EURO, FONDO, Abbinamento, Esperienza, Offerta, Scena, Tirocinio
from scenario.linea import a_turno, una
from scenario.passo import Passo

Sbaglio = Callable[[Scena, Random], Passo | None]
Campi = dict[str, Any]


def sbagli(scena: Scena) -> Storia:
    """Uno sbaglio ogni due settimane circa, di un genere dopo l'altro."""
    return a_turno(scena, "lavoro/sbagli", SBAGLI, 95, (6, 16))


def _su(
    cose: Callable[[Scena], Sequence[Any]],
    path: str,
    codice: str,
    adatta: Callable[[Any], object] = lambda _: True,
    campi: Callable[[Any], Campi] = lambda _: {},
) -> Sbaglio:
    """Uno sbaglio su una delle ultime cose adatte; `path` è «plurale/comando»."""

    def sbaglia(scena: Scena, caso: Random) -> Passo | None:
        cosa, (plurale, comando) = una(cose(scena), adatta, caso), path.split("/")
        con = getattr(cosa, "tocca", ())
        return scena.rifiuta(f"{plurale}/{cosa.id}/{comando}", campi(cosa), codice, con=con) if cosa else None

    return sbaglia


def _attivazione(codice: str, mesi: int, indennita: int, *, giorni: int = 0, in_corso: bool = False) -> Sbaglio:
    """Un tirocinio che non si può attivare."""

    def sbaglia(scena: Scena, caso: Random) -> Passo | None:
        c = scena.un_candidato(caso, lambda c: bool(c.tirocinio) is in_corso)
        a = scena.un_aderente(caso, lambda a: a.ospita_ancora(scena.oggi))
        if c is None or a is None:
            return None
        al = fra_mesi(scena.oggi, mesi) + timedelta(giorni)
        campi = campi_del_tirocinio(scena, c, a, scena.oggi, al, indennita)
        return scena.rifiuta(f"tirocini/{scena.mai_visto()}/attivazione", campi, codice)

    return sbaglia


def _da_chi_non_dice(scena: Scena, caso: Random) -> Passo | None:
    """Chi non ha detto quanti dipendenti ha, non ospita."""
    c = scena.un_candidato(caso, lambda c: c.tirocinio is None)
    a = scena.un_aderente(caso, lambda a: a.dipendenti is None)
    if c is None or a is None:
        return None
    campi = campi_del_tirocinio(scena, c, a, scena.oggi, fra_mesi(scena.oggi, 4), 60_000)
    return scena.rifiuta(f"tirocini/{scena.mai_visto()}/attivazione", campi, "dipendenti-non-noti")


def _persona_gia_candidata(scena: Scena, caso: Random) -> Passo | None:
    c = scena.un_candidato(caso)
    campi = {"persona": c.persona, "comune": c.comune, "disponibilita": ["mattina"]} if c else {}
    path = f"candidati/{scena.mai_visto()}/presa-in-carico"
    return scena.rifiuta(path, campi, "persona-gia-candidata", con=[c.id]) if c else None


def _offerta_di_chi_e_uscito(scena: Scena, caso: Random) -> Passo | None:
    a = una(scena.aderenti, lambda a: not a.in_rete, caso)
    campi = {"aderente": a.id, "tipo": "lavoro", "posti": 1, "comune": a.comune} if a else {}
    return scena.rifiuta(f"offerte/{scena.mai_visto()}/pubblicazione", campi, "aderente-non-in-rete") if a else None


def _proposta(codice: str, adatta: Callable[[Offerta], object]) -> Sbaglio:
    """Un candidato proposto per un'offerta che non lo può prendere."""

    def sbaglia(scena: Scena, caso: Random) -> Passo | None:
        c, o = scena.un_candidato(caso), una(scena.offerte, adatta, caso)
        if c is None or o is None or (codice == "offerta-chiusa" and scena.oggi == _chiusa_il(scena, o)):
            return None
        return scena.rifiuta(f"abbinamenti/{scena.mai_visto()}/proposta", {"candidato": c.id, "offerta": o.id}, codice)

    return sbaglia


def _chiusa_il(scena: Scena, o: Offerta) -> object:
    passo = scena.ultimo("offerte/chiusura", o.id)
    return passo and passo.il


def _gia_proposto(scena: Scena, caso: Random) -> Passo | None:
    x = una(scena.abbinamenti, _in_attesa, caso)
    if x is None or not x.candidato.in_carico or x.offerta.chiusa or x.offerta.presi == x.offerta.posti:
        return None
    campi = {"candidato": x.candidato.id, "offerta": x.offerta.id}
    return scena.rifiuta(f"abbinamenti/{scena.mai_visto()}/proposta", campi, "abbinamento-gia-proposto", con=[x.id])


def _in_attesa(x: Abbinamento) -> bool:
    return x.stato != "rifiutato" and x.candidato.in_carico and not x.offerta.chiusa


def _oltre_il_fondo(scena: Scena, caso: Random) -> Passo | None:
    """Più di quanto il Fondo ha."""
    t = una(scena.tirocini, lambda t: t.finito_il is None and _senza_impegno(scena, t), caso)
    campi = {"tirocinio": t.id, "importo_centesimi": scena.disponibile + EURO} if t else {}
    path = f"esperienze/{scena.mai_visto()}/finanziamento"
    return scena.rifiuta(path, campi, "fondo-incapiente", con=[FONDO]) if t else None


def _gia_finanziata(scena: Scena, caso: Random) -> Passo | None:
    aperte = {e.sostiene: e for e in scena.esperienze if e.residuo}
    t = una(scena.tirocini, lambda t: t.finito_il is None and t.id in aperte, caso)
    if t is None or scena.disponibile < EURO:
        return None
    campi, con = {"tirocinio": t.id, "importo_centesimi": EURO}, [FONDO, aperte[t.id].id]
    return scena.rifiuta(f"esperienze/{scena.mai_visto()}/finanziamento", campi, "esperienza-gia-finanziata", con=con)


def _senza_impegno(scena: Scena, t: Tirocinio) -> bool:
    return all(e.sostiene != t.id for e in scena.esperienze)


def _chi_non_puo(scena: Scena, caso: Random) -> Passo | None:
    """La coordinatrice legge e non registra."""
    c = scena.un_candidato(caso)
    path, campi = f"candidati/{c.id}/conclusione" if c else "", {"esito": "altro"}
    return scena.rifiuta(path, campi, "non-permesso", chi=COORDINATRICE) if c else None


def _in_corso(t: Tirocinio) -> bool:
    return t.finito_il is None


def _due_di_piu(e: Esperienza) -> Campi:
    return {"importo_centesimi": e.residuo + 2 * EURO}


SBAGLI: tuple[Sbaglio, ...] = (
    _su(lambda s: s.candidati, "candidati/presa-in-carico", "candidato-gia-in-carico", lambda c: c.in_carico,
        lambda c: {"persona": c.persona, "comune": c.comune, "disponibilita": ["sera"]}),
    _persona_gia_candidata,
    _attivazione("indennita-sotto-il-minimo", 4, 25_000),
    _attivazione("durata-oltre-il-massimo", 8, 60_000),
    _chi_non_puo,
    _da_chi_non_dice,
    _su(lambda s: s.tirocini, "tirocini/conclusione", "conclusione-prima-del-termine", _in_corso,
        lambda _: {"esito": "nessuno"}),
    _oltre_il_fondo,
    _attivazione("durata-sotto-il-minimo", 1, 60_000),
    _proposta("posti-esauriti", lambda o: not o.chiusa and o.presi == o.posti),
    _su(lambda s: s.abbinamenti, "abbinamenti/rifiuto", "abbinamento-rifiutato", lambda x: x.stato == "rifiutato",
        lambda _: {"da": "candidato", "motivo": "rinuncia"}),
    _su(lambda s: s.tirocini, "tirocini/frequenza", "mese-gia-registrato", lambda t: t.mesi,
        lambda t: {"mese": t.mesi[0], "percentuale": 90}),
    _proposta("offerta-chiusa", lambda o: o.chiusa),
    _su(lambda s: s.esperienze, "esperienze/liquidazione", "liquidazione-oltre-l-impegno", lambda e: e.residuo,
        _due_di_piu),
    _gia_proposto,
    _attivazione("candidato-gia-in-tirocinio", 4, 60_000, in_corso=True),
    _su(lambda s: s.inserimenti, "inserimenti/verifica", "verifica-non-prevista", lambda _: True,
        lambda _: {"a_mesi": 2, "ancora_occupato": True}),
    _su(lambda s: s.tirocini, "tirocini/interruzione", "tirocinio-finito", lambda t: t.finito_il,
        lambda _: {"motivo": "rinuncia"}),
    _offerta_di_chi_e_uscito,
    _gia_finanziata,
    _su(lambda s: s.aderenti, "aderenti/sottoscrizione", "adesione-gia-sottoscritta", lambda a: a.in_rete,
        lambda a: {"tipo": "azienda", "comune": a.comune}),
    _su(lambda s: s.tirocini, "tirocini/frequenza", "mese-nel-futuro", _in_corso,
        lambda _: {"mese": "2030-01", "percentuale": 90}),
    _su(lambda s: s.esperienze, "esperienze/liquidazione", "impegno-chiuso", lambda e: not e.residuo,
        lambda _: {"importo_centesimi": EURO}),
    _su(lambda s: s.candidati, "candidati/conclusione", "tirocinio-in-corso", lambda c: c.tirocinio and c.in_carico,
        lambda _: {"esito": "altro"}),
    _su(lambda s: s.offerte, "offerte/chiusura", "offerta-gia-chiusa", lambda o: o.chiusa,
        lambda _: {"motivo": "ritirata"}),
    _su(lambda s: s.tirocini, "tirocini/proroga", "proroga-fuori-tempo", _in_corso,
        lambda t: {"al": t.al.isoformat()}),
    _su(lambda s: s.candidati, "candidati/aggiornamento-competenze", "candidato-non-in-carico",
        lambda c: not c.in_carico, lambda _: {"competenze": ["cassa"]}),
    _su(lambda s: s.aderenti, "aderenti/cessazione", "adesione-non-in-corso", lambda a: not a.in_rete),
)  # fmt: skip
