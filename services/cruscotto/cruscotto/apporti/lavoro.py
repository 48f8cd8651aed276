"""Ciò che gli eventi di lavoro aggiungono alle misure di LA01-LA08, RE04, RE05, RE08 e del Fondo Esperienze."""

from dataclasses import dataclass

from contratti import lavoro

from cruscotto.apporti.luoghi import luogo, presso
from cruscotto.apporti.quota import Quote, Stato, genere, quota

agente = genere("lavoro/agente", Stato)


@agente.apporto
def servizio_erogato(a: Stato, e: lavoro.ServizioSpecialisticoErogato, id: str) -> Quote:
    """Conta nel comune del Punto in cui è stato dato."""
    yield quota("servizi_specialistici", 1, presso("punto", e.punto), e.tipo)


@dataclass
class Aderente(Stato):
    comune: str = ""
    tipo: str = ""


aderente = genere("lavoro/aderente", Aderente)


@aderente.apporto
def adesione_sottoscritta(a: Aderente, e: lavoro.AdesioneAllaReteSottoscritta, id: str) -> Quote:
    a.comune, a.tipo = e.comune, e.tipo
    yield luogo(e.comune, "aderente", id)
    yield quota("rete_per_il_lavoro", 1, e.comune, e.tipo)


@aderente.apporto
def adesione_cessata(a: Aderente, e: lavoro.AdesioneAllaReteCessata, id: str) -> Quote:
    yield quota("rete_per_il_lavoro", -1, a.comune, a.tipo)


candidato = genere("lavoro/candidato", Stato)


@candidato.apporto
def candidato_preso_in_carico(c: Stato, e: lavoro.CandidatoPresoInCarico, id: str) -> Quote:
    yield luogo(e.comune, "candidato", id)
    yield quota("persone_al_lavoro", 1, e.comune, e.persona)
    yield quota("seguite", 1, e.comune, f"{e.persona}|lavoro|{id}")


@dataclass
class Tirocinio(Stato):
    candidato: str = ""
    aderente: str = ""


tirocinio = genere("lavoro/tirocinio", Tirocinio)


@tirocinio.apporto
def tirocinio_attivato(t: Tirocinio, e: lavoro.TirocinioAttivato, id: str) -> Quote:
    """Si svolge da chi ospita: è il suo comune. Chi ospita è attivo nella rete."""
    t.candidato, t.aderente = e.candidato, e.aderente
    yield luogo(presso("aderente", e.aderente), "tirocinio", id)
    yield quota("tirocini_attivati", 1, presso("aderente", e.aderente))
    yield quota("enti_attivi", 1, chiave=presso("aderente", e.aderente))


@tirocinio.apporto
def tirocinio_concluso(t: Tirocinio, e: lavoro.TirocinioConcluso, id: str) -> Quote:
    yield from _finito(t, e, "concluso")


@tirocinio.apporto
def tirocinio_interrotto(t: Tirocinio, e: lavoro.TirocinioInterrotto, id: str) -> Quote:
    yield from _finito(t, e, "interrotto")


def _finito(t: Tirocinio, e: lavoro.TirocinioConcluso | lavoro.TirocinioInterrotto, come: str) -> Quote:
    """Il tirocinio conta dove si è svolto; la persona, di cui si guarda poi se lavora, dove è stata presa in carico."""
    yield quota("tirocini_finiti", 1, presso("aderente", t.aderente), come)
    yield quota("fini_di_tirocinio", 1, presso("candidato", t.candidato), f"{t.candidato}|{e.avvenuto_il}")


@dataclass
class Inserimento(Stato):
    candidato: str = ""


inserimento = genere("lavoro/inserimento", Inserimento)


@inserimento.apporto
def inserimento_avviato(i: Inserimento, e: lavoro.InserimentoLavorativoAvviato, id: str) -> Quote:
    i.candidato = e.candidato
    yield luogo(presso("aderente", e.aderente), "inserimento", id)
    yield quota("inserimenti_avviati", 1, presso("aderente", e.aderente))


@inserimento.apporto
def inserimento_verificato(i: Inserimento, e: lavoro.InserimentoVerificato, id: str) -> Quote:
    esito = "si" if e.ancora_occupato else "no"
    yield quota("verifiche", 1, chiave=f"{i.candidato}|{e.avvenuto_il}|{e.a_mesi}|{esito}|{id}")


fondo = genere("lavoro/fondo", Stato)


@fondo.apporto
def dotazione_versata(f: Stato, e: lavoro.DotazioneVersata, id: str) -> Quote:
    yield quota("esperienze_versato", e.importo_centesimi, chiave=e.da)


@dataclass
class Esperienza(Stato):
    residuo: int = 0


esperienza = genere("lavoro/esperienza", Esperienza)


@esperienza.apporto
def esperienza_finanziata(x: Esperienza, e: lavoro.EsperienzaFinanziata, id: str) -> Quote:
    """Ciò che il Fondo sostiene si conta una volta, anche se vi torna con un altro impegno."""
    x.residuo = e.importo_centesimi
    yield quota("esperienze_finanziate", e.importo_centesimi)
    yield quota("esperienze_impegnato", e.importo_centesimi)
    if e.tirocinio:
        yield quota("tirocini_sostenuti", 1, presso("tirocinio", e.tirocinio), e.tirocinio)
    elif e.inserimento:
        yield quota("inserimenti_sostenuti", 1, presso("inserimento", e.inserimento), e.inserimento)


@esperienza.apporto
def spesa_liquidata(x: Esperienza, e: lavoro.SpesaLiquidata, id: str) -> Quote:
    """Pagata in un giorno in cui l'impegno era già stornato (le date le scrivono le persone), non ne libera altro."""
    tolto = min(e.importo_centesimi, x.residuo)
    x.residuo -= tolto
    yield quota("esperienze_impegnato", -tolto)
    yield quota("esperienze_speso", e.importo_centesimi)


@esperienza.apporto
def impegno_stornato(x: Esperienza, e: lavoro.ImpegnoStornato, id: str) -> Quote:
    yield quota("esperienze_impegnato", -x.residuo)
    x.residuo = 0


@dataclass
class EventoFormativo(Stato):
    comune: str = ""


evento_formativo = genere("lavoro/evento_formativo", EventoFormativo)


@evento_formativo.apporto
def evento_programmato(f: EventoFormativo, e: lavoro.EventoFormativoProgrammato, id: str) -> Quote:
    f.comune = e.comune
    yield from ()


@evento_formativo.apporto
def evento_svolto(f: EventoFormativo, e: lavoro.EventoFormativoSvolto, id: str) -> Quote:
    yield quota("eventi_formativi", 1, f.comune)
    yield quota("presenze_agli_eventi_formativi", e.presenze, f.comune)
