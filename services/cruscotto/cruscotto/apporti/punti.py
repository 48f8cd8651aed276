"""Ciò che gli eventi dei Punti di Comunità aggiungono alle misure degli indicatori PU01-PU11, RE04 e RE07."""

from dataclasses import dataclass, field

from contratti import punti

from cruscotto.apporti.luoghi import luogo, presso
from cruscotto.apporti.quota import Quote, Stato, genere, quota


@dataclass
class Punto(Stato):
    """Un Punto com'è adesso. `orari`: giorno, dalle, alle. `attivita`: per mese, quante, quante promosse dai cittadini
    da soli e insieme al facilitatore, le presenze e le prime presenze."""

    comune: str = ""
    aperto: bool = False
    per_il_lavoro: bool = False
    fase: str = "avvio"
    nome: str = ""
    fase_dal: str = ""
    orari: list[list[str]] = field(default_factory=list)
    tenuto_da: str = ""
    attivita: dict[str, list[int]] = field(default_factory=dict)


punto = genere("punti/punto", Punto)


@punto.apporto
def punto_aperto(p: Punto, e: punti.PuntoDiComunitaAperto, id: str) -> Quote:
    yield luogo(e.comune, "punto", id)
    yield from _conta(p, -1)
    p.comune, p.aperto, p.nome = e.comune, True, e.denominazione
    p.fase_dal = p.fase_dal or e.avvenuto_il.isoformat()
    yield from _conta(p, 1)


@punto.apporto
def punto_chiuso(p: Punto, e: punti.PuntoChiuso, id: str) -> Quote:
    yield from _conta(p, -1)
    p.aperto = False


@punto.apporto
def punto_specializzato(p: Punto, e: punti.PuntoSpecializzato, id: str) -> Quote:
    yield from _conta(p, -1)
    p.per_il_lavoro = p.per_il_lavoro or e.specializzazione == "lavoro"
    yield from _conta(p, 1)


@punto.apporto
def fase_raggiunta(p: Punto, e: punti.FaseDiAutonomiaRaggiunta, id: str) -> Quote:
    yield from _conta(p, -1)
    p.fase, p.fase_dal = e.fase, e.avvenuto_il.isoformat()
    yield from _conta(p, 1)


@punto.apporto
def orari_aggiornati(p: Punto, e: punti.OrariAggiornati, id: str) -> Quote:
    p.orari, p.tenuto_da = [[o.giorno, o.dalle, o.alle] for o in e.orari], e.tenuto_da or ""
    return iter(())


def _conta(p: Punto, quanti: int) -> Quote:
    """Un Punto aperto, com'è; uno chiuso non conta, e se riapre è nella fase in cui era."""
    if not p.aperto:
        return
    yield quota("punti_aperti", quanti, p.comune)
    yield quota("comuni_con_punto", quanti, p.comune, p.comune)
    if p.per_il_lavoro:
        yield quota("punti_per_il_lavoro", quanti, p.comune)
    if p.fase == "autonomia":
        yield quota("punti_autonomi", quanti, p.comune)


@punto.apporto
def attivita_svolta(p: Punto, e: punti.AttivitaSvolta, id: str) -> Quote:
    yield quota("presenze_nei_punti", e.presenze, p.comune)
    yield quota("prime_presenze", e.prime_presenze, p.comune)
    yield quota("attivita_nei_punti", 1, p.comune, e.promossa_da)
    prima = p.attivita.get(mese := f"{e.avvenuto_il:%Y-%m}", [0] * 5)
    da_soli, insieme = e.promossa_da == "cittadini", e.promossa_da == "insieme"
    p.attivita[mese] = [a + b for a, b in zip(prima, (1, da_soli, insieme, e.presenze, e.prime_presenze), strict=True)]


GRUPPI = "gruppi_del_punto"
"""La misura la cui chiave è un Punto: quanti gruppi vi sono nati e ci sono ancora."""


@dataclass
class Gruppo(Stato):
    dove: str = ""
    punto: str = ""
    vivo: bool = False


gruppo = genere("punti/gruppo", Gruppo)


@gruppo.apporto
def gruppo_nato(g: Gruppo, e: punti.GruppoNato, id: str) -> Quote:
    yield from _vive(g, False)
    g.dove, g.punto = presso("punto", e.punto), e.punto
    yield from _vive(g, True)
    yield quota("gruppi_in_vita", 1, g.dove, f"{id}|{e.avvenuto_il}")


@gruppo.apporto
def gruppo_sciolto(g: Gruppo, e: punti.GruppoSciolto, id: str) -> Quote:
    yield from _vive(g, False)
    yield quota("gruppi_in_vita", -1, g.dove, f"{id}|{e.avvenuto_il}")


def _vive(g: Gruppo, vivo: bool) -> Quote:
    if g.vivo != vivo:
        yield quota(GRUPPI, 1 if vivo else -1, chiave=g.punto)
    g.vivo = vivo


@gruppo.apporto
def incontro_svolto(g: Gruppo, e: punti.IncontroDiGruppoSvolto, id: str) -> Quote:
    """Un incontro fra gruppi è di tutti quelli che c'erano, anche se lo registra uno."""
    for chi in {id, *e.con_gruppi}:
        yield quota("incontri_di_gruppo", 1, chiave=f"{chi}|{e.avvenuto_il}")
        if e.con_gruppi:
            yield quota("incontri_fra_gruppi", 1, chiave=f"{chi}|{e.avvenuto_il}")


@dataclass
class Ascolto(Stato):
    comune: str = ""


ascolto = genere("punti/ascolto", Ascolto)


@ascolto.apporto
def richiesta_raccolta(a: Ascolto, e: punti.RichiestaDiAiutoRaccolta, id: str) -> Quote:
    a.comune = e.comune
    if e.persona:
        yield quota("seguite", 1, e.comune, f"{e.persona}|punti|{id}")


@ascolto.apporto
def rete_di_appoggio_rilevata(a: Ascolto, e: punti.ReteDiAppoggioRilevata, id: str) -> Quote:
    """Le rilevazioni valgono uno in più: anche lo zero è una rilevazione."""
    yield quota("appoggio", e.persone_di_appoggio + 1, a.comune, f"{e.persona}|{e.avvenuto_il}|{id}")


@ascolto.apporto
def star_bene_rilevato(a: Ascolto, e: punti.StarBeneRilevato, id: str) -> Quote:
    chiave = f"{e.persona}|{e.avvenuto_il}|{id}"
    yield quota("benessere", e.benessere + 1, a.comune, chiave)
    yield quota("fiducia", e.fiducia + 1, a.comune, chiave)


@ascolto.apporto
def ascolto_concluso(a: Ascolto, e: punti.AscoltoConcluso, id: str) -> Quote:
    yield quota("ascolti_conclusi", 1, a.comune, e.esito)


scambio = genere("punti/scambio", Stato)


@scambio.apporto
def scambio_avvenuto(s: Stato, e: punti.ScambioAvvenuto, id: str) -> Quote:
    """Conta nel comune del Punto, se è avvenuto in un Punto."""
    dove = presso("punto", e.punto)
    yield quota("minuti_dati", sum(p.dato_minuti for p in e.partecipanti), dove)
    for p in e.partecipanti:
        yield quota("ha_scambiato", 1, dove, p.persona)
        if p.dato_minuti:
            yield quota("ha_dato", 1, dove, p.persona)
            yield quota("da_una_mano", 1, dove, p.persona)
        if p.ricevuto_minuti:
            yield quota("ha_ricevuto", 1, dove, p.persona)


aiuto = genere("punti/aiuto", Stato)


@aiuto.apporto
def aiuto_offerto(a: Stato, e: punti.AiutoOfferto, id: str) -> Quote:
    """Di un ente non si contano le persone."""
    if e.persona:
        yield quota("da_una_mano", 1, e.comune or "", e.persona)
