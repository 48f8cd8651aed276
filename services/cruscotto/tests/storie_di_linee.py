"""Storie inventate a caso di tutte le linee, con date in disordine e rettifiche: per la confluenza."""

from datetime import date
from typing import Any

from contratti import giovani, invii, lavoro, punti, rete
from contratti.rete import Event, EventoRettificato
from hypothesis import strategies as st
from telaio.consumer.record import Received

from .conftest import event_id, on_the_wire
from .racconto import uuid

COMUNI = ("017113", "017032", "017203")
GIORNI = st.dates(date(2016, 2, 1), date(2016, 12, 31))
COMUNE = st.sampled_from(COMUNI)
PERSONA = st.sampled_from(("p-aaaaaa", "p-aaaaaab", "p-bbbbbb"))
"""Una comincia come un'altra: le chiavi non si devono confondere."""
POCHI = st.integers(0, 3)


def id_di(genere: int) -> st.SearchStrategy[str]:
    """Uno di due soggetti di quel genere."""
    return st.sampled_from((uuid(genere + 1), uuid(genere + 2)))


PUNTO, ADERENTE, CANDIDATO, TIROCINIO, INSERIMENTO, GRUPPO = map(id_di, (300, 310, 320, 330, 340, 350))


def di(quale: Any, **campi: Any) -> st.SearchStrategy[Any]:
    """Eventi di quel tipo, in un giorno qualunque."""
    strategie = {n: v if isinstance(v, st.SearchStrategy) else st.just(v) for n, v in campi.items()}
    return st.builds(quale, avvenuto_il=GIORNI, **strategie)


apre = di(
    punti.PuntoDiComunitaAperto, denominazione="Punto di prova", comune=COMUNE, indirizzo="Piazza 12",
    contatti=(punti.Contatto(tipo="telefono", valore="030 0000000"),), gestore="ama-brescia", facilitatore="p-facil1",
)  # fmt: skip
scambia = st.tuples(GIORNI, PERSONA, st.none() | PUNTO).map(
    lambda s: punti.ScambioAvvenuto(
        avvenuto_il=s[0],
        partecipanti=(
            punti.Partecipante(persona=s[1], dato_minuti=30, ricevuto_minuti=0),
            punti.Partecipante(persona="p-cccccc", dato_minuti=0, ricevuto_minuti=30),
        ),
        punto=s[2],
    )
)
propone = di(
    giovani.PropostaPubblicata, ente="consorzio-tenda", ambito="sociale", comune=COMUNE, posti=4, dal=GIORNI,
    al=date(2017, 1, 1), competenze=(), finalita=("competenze",), rischio="basso", tutor=1,
)  # fmt: skip
attivato = di(
    lavoro.TirocinioAttivato, candidato=CANDIDATO, aderente=ADERENTE, dal=GIORNI, al=date(2016, 12, 31),
    ore_settimanali=30, indennita_centesimi=100, tutor_aziendale="p-tutor1",
)  # fmt: skip
chiede = di(
    invii.InvioRichiesto, da="punti/comune-visano", a="casa/consorzio-tenda", persona=PERSONA, comune=COMUNE,
    prestazione="ascolto", rispondere_entro=GIORNI,
)  # fmt: skip
iscritta: dict[str, Any] = {"fascia_eta": "14-17", "consenso_espresso_da": "un_genitore"}

# Servizio, genere, il primo evento, quelli che possono seguire.
SCHEDE: list[tuple[str, str, st.SearchStrategy[str], st.SearchStrategy[Any], list[st.SearchStrategy[Any]]]] = [
    ("punti", "punto", PUNTO, apre, [
        apre, di(punti.PuntoChiuso), di(punti.PuntoSpecializzato, specializzazione="lavoro"),
        di(punti.FaseDiAutonomiaRaggiunta, fase=st.sampled_from(("avvio", "autonomia")), motivo="altro"),
        di(punti.AttivitaSvolta, promossa_da="insieme", presenze=3, prime_presenze=POCHI)]),
    ("punti", "gruppo", GRUPPO, di(punti.GruppoNato, punto=PUNTO, tema="donne"), [
        di(punti.GruppoNato, punto=PUNTO, tema="donne"), di(punti.GruppoSciolto),
        di(punti.IncontroDiGruppoSvolto, presenze=3, con_gruppi=GRUPPO.map(lambda g: (g,)))]),
    ("punti", "ascolto", id_di(360), di(
        punti.RichiestaDiAiutoRaccolta, punto=PUNTO, comune=COMUNE, bisogni=("lavoro",), persona=PERSONA), [
        di(punti.ReteDiAppoggioRilevata, persona=PERSONA, persone_di_appoggio=POCHI, stabile=True,
           difficolta_economica=True),
        di(punti.StarBeneRilevato, persona=PERSONA, benessere=POCHI, fiducia=POCHI, conoscenze=1),
        di(punti.AscoltoConcluso, esito="invio")]),
    ("punti", "scambio", id_di(370), scambia, []),
    ("punti", "aiuto", id_di(380), di(
        punti.AiutoOfferto, persona=PERSONA, cosa="tempo", comune=st.none() | COMUNE), []),
    ("lavoro", "aderente", ADERENTE, di(lavoro.AdesioneAllaReteSottoscritta, tipo="azienda", comune=COMUNE), [
        di(lavoro.AdesioneAllaReteCessata), di(lavoro.AdesioneAllaReteSottoscritta, tipo="altro", comune=COMUNE)]),
    ("lavoro", "candidato", CANDIDATO, di(
        lavoro.CandidatoPresoInCarico, persona=PERSONA, comune=COMUNE, disponibilita=("sera",)), []),
    ("lavoro", "tirocinio", TIROCINIO, attivato, [
        di(lavoro.TirocinioConcluso, esito="nessuno"), di(lavoro.TirocinioInterrotto, motivo="altro")]),
    ("lavoro", "inserimento", INSERIMENTO, di(
        lavoro.InserimentoLavorativoAvviato, candidato=CANDIDATO, aderente=ADERENTE, contratto="altro"), [
        di(lavoro.InserimentoVerificato, a_mesi=st.sampled_from((1, 3, 6)), ancora_occupato=st.booleans())]),
    ("lavoro", "esperienza", id_di(390), di(
        lavoro.EsperienzaFinanziata, tirocinio=TIROCINIO, importo_centesimi=100), [
        di(lavoro.SpesaLiquidata, importo_centesimi=st.sampled_from((40, 100))), di(lavoro.ImpegnoStornato)]),
    ("lavoro", "agente", id_di(400), di(
        lavoro.AgenteSviluppoLavoroIncaricato, comuni=(COMUNI[0],), punto=PUNTO), [
        di(lavoro.ServizioSpecialisticoErogato, punto=PUNTO, tipo="curriculum")]),
    ("giovani", "facilitatore", id_di(410), di(
        giovani.FacilitatoreIncaricato, comuni=st.sampled_from((COMUNI, COMUNI[:1]))), [
        di(giovani.FacilitatoreCessato), di(giovani.FacilitatoreIncaricato, comuni=COMUNI[1:])]),
    ("giovani", "laboratorio", id_di(420), di(
        giovani.LaboratorioCoprogettato, ambito="sociale", comune=COMUNE, con=("ente",), enti=("ama-brescia",)), [
        di(giovani.LaboratorioAvviato, posti=9), di(giovani.IscrizioneRaccolta, persona=PERSONA, **iscritta)]),
    ("giovani", "proposta", id_di(430), propone, [
        propone, di(giovani.PropostaRitirata),
        di(giovani.StudenteAssegnato, persona=PERSONA, istituto="scuola-uno", ore_previste=80)]),
    ("casa", "incontro_di_rete", id_di(440), di(rete.IncontroDiReteSvolto, presenti=("cittadini",)), []),
    ("punti", "invio", id_di(450), chiede, []),
]  # fmt: skip
ENTI = {"casa": "consorzio-tenda", "lavoro": "cooperativa-la-sorgente", "giovani": "la-nuvola", "punti": "ama-brescia"}


LEGATE = ({"punto", "gruppo", "scambio", "agente"}, {"aderente", "candidato", "tirocinio", "inserimento", "esperienza"})
"""I generi che si rimandano l'un l'altro: vanno provati insieme."""


@st.composite
def schede(draw: st.DrawFn) -> list[list[Received]]:
    """Alcune schede, ciascuna con la sua storia; al più una per soggetto."""
    legate = draw(st.sampled_from(LEGATE))
    quali = [s for s in SCHEDE if s[1] in legate] + draw(st.lists(st.sampled_from(SCHEDE), max_size=6))
    trovate: dict[tuple[str, str], list[Received]] = {}
    for servizio, genere, ids, primo, altri in quali:
        soggetto = f"{genere}/{draw(ids)}"
        eventi: list[Event] = [draw(primo), *(draw(st.lists(st.one_of(altri), max_size=3)) if altri else [])]
        if draw(st.booleans()):
            eventi.append(_rettifica(draw, soggetto, eventi))
        trovate[servizio, soggetto] = on_the_wire(soggetto, eventi, source=f"/{servizio}/{ENTI[servizio]}")
    return list(trovate.values())


def _rettifica(draw: st.DrawFn, soggetto: str, eventi: list[Event]) -> Event:
    sbagliato = draw(st.integers(1, len(eventi)))
    giusto = eventi[sbagliato - 1].model_dump(mode="json") | {"avvenuto_il": "2016-06-06"}
    return EventoRettificato(
        avvenuto_il=date(2016, 12, 31),
        rettifica=event_id(soggetto, sbagliato),
        motivo="altro",
        data=draw(st.sampled_from([None, giusto])),
    )
