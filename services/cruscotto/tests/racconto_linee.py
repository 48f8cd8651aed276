"""Una storia di lavoro, giovani, punti e rete, breve abbastanza da contarne le cifre a mano. Oggi è il 15-12-2016."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from contratti import casa, giovani, invii, lavoro, punti, rete
from contratti.rete import Event
from telaio.consumer.record import Received

from .conftest import on_the_wire
from .racconto import CALCINATO, MONTICHIARI, VISANO, del_mese, giorno, uuid

LAVORO, GIOVANI, PUNTI = (
    "/lavoro/cooperativa-la-sorgente",
    "/giovani/cooperativa-la-nuvola-del-sacco",
    "/punti/ama-brescia",
)
CASA = "/casa/consorzio-tenda"


def di(fonte: str, genere: str, numero: int, *eventi: Event) -> list[Received]:
    """La storia di una scheda di quella linea."""
    return on_the_wire(f"{genere}/{uuid(numero)}", eventi, source=fonte)


def il(quale: Any, mese: int, g: int, **campi: Any) -> Event:
    evento: Event = quale(avvenuto_il=giorno(mese, g), **campi)
    return evento


def racconto() -> list[Received]:
    """Tutte le storie, una dopo l'altra."""
    return [
        r for storie in (_lavoro(), _tirocini(), _giovani(), _punti(), _persone(), _rete()) for s in storie for r in s
    ]


def _lavoro() -> Sequence[list[Received]]:
    """Due candidati: p-uno torna in carico a Visano con un'altra scheda. Quattro aderenti, uno cessato."""
    preso, aderisce = lavoro.CandidatoPresoInCarico, lavoro.AdesioneAllaReteSottoscritta
    quando: dict[str, Any] = {"disponibilita": ("mattina",)}
    servizio = lavoro.ServizioSpecialisticoErogato
    return [
        di(LAVORO, "candidato", 101, del_mese(preso, 2, persona="p-uno111", comune=MONTICHIARI, **quando),
           del_mese(lavoro.PresaInCaricoConclusa, 5, esito="rinuncia")),
        di(LAVORO, "candidato", 102, del_mese(preso, 3, persona="p-due222", comune=CALCINATO, **quando)),
        di(LAVORO, "candidato", 103, del_mese(preso, 8, persona="p-uno111", comune=VISANO, **quando)),
        di(LAVORO, "aderente", 111, del_mese(aderisce, 2, tipo="azienda", comune=MONTICHIARI)),
        di(LAVORO, "aderente", 112, del_mese(aderisce, 2, tipo="professionista", comune=VISANO)),
        di(LAVORO, "aderente", 113, del_mese(aderisce, 3, tipo="agenzia_specializzata", comune=VISANO),
           del_mese(lavoro.AdesioneAllaReteCessata, 8)),
        di(LAVORO, "aderente", 114, del_mese(aderisce, 9, tipo="altro", comune=CALCINATO)),
        di(LAVORO, "evento_formativo", 121,
           del_mese(lavoro.EventoFormativoProgrammato, 3, comune=VISANO, tema="orientamento", posti=20),
           del_mese(lavoro.EventoFormativoSvolto, 4, presenze=16)),
        di(LAVORO, "evento_formativo", 122,
           del_mese(lavoro.EventoFormativoProgrammato, 3, comune=VISANO, tema="orientamento", posti=20),
           del_mese(lavoro.EventoFormativoAnnullato, 4)),
        di(LAVORO, "agente", 131,
           del_mese(lavoro.AgenteSviluppoLavoroIncaricato, 2, comuni=(MONTICHIARI, VISANO), punto=uuid(301)),
           del_mese(servizio, 4, punto=uuid(301), tipo="orientamento"),
           del_mese(servizio, 5, punto=uuid(301), tipo="curriculum"),
           del_mese(servizio, 8, punto=uuid(301), tipo="orientamento")),
        on_the_wire("fondo/fondo-esperienze", [
            del_mese(lavoro.DotazioneVersata, 2, importo_centesimi=60_000, da="fondazione"),
            del_mese(lavoro.DotazioneVersata, 9, importo_centesimi=40_000, da="impresa"),
        ], source=LAVORO),
        on_the_wire("fondo/fondo-garanzia", [_versata(2, 80_000, "fondazione"), _versata(3, 20_000, "altro")]),
    ]  # fmt: skip


def _versata(mese: int, centesimi: int, da: str) -> Event:
    return del_mese(casa.DotazioneVersata, mese, importo_centesimi=centesimi, da=da)


def _tirocinio(candidato: int, aderente: int) -> Event:
    return lavoro.TirocinioAttivato(
        avvenuto_il=giorno(3), candidato=uuid(candidato), aderente=uuid(aderente), dal=giorno(3), al=giorno(5),
        ore_settimanali=30, indennita_centesimi=40_000, tutor_aziendale="p-tutor1",
    )  # fmt: skip


def _tirocini() -> Sequence[list[Received]]:
    """101 finisce il 15 giugno: il 15 dicembre sono sei mesi. 102 interrompe il 16 settembre: a tre manca un giorno."""
    finanziata, avviato = lavoro.EsperienzaFinanziata, lavoro.InserimentoLavorativoAvviato
    verificato = lavoro.InserimentoVerificato
    return [
        di(LAVORO, "tirocinio", 141, _tirocinio(101, 111), il(lavoro.TirocinioConcluso, 6, 15, esito="nessuno")),
        di(LAVORO, "tirocinio", 142, _tirocinio(102, 112), il(lavoro.TirocinioInterrotto, 9, 16, motivo="altro")),
        di(LAVORO, "tirocinio", 143, _tirocinio(103, 111)),
        di(LAVORO, "esperienza", 151, del_mese(finanziata, 3, tirocinio=uuid(141), importo_centesimi=100)),
        di(LAVORO, "esperienza", 152, del_mese(finanziata, 9, tirocinio=uuid(141), importo_centesimi=100)),
        di(LAVORO, "esperienza", 153, del_mese(finanziata, 9, inserimento=uuid(162), importo_centesimi=100)),
        di(LAVORO, "inserimento", 161,
           il(avviato, 6, 20, candidato=uuid(101), aderente=uuid(112), contratto="tempo_determinato"),
           il(verificato, 7, 20, a_mesi=1, ancora_occupato=True),
           il(verificato, 9, 20, a_mesi=3, ancora_occupato=False)),
        di(LAVORO, "inserimento", 162,
           il(avviato, 5, 1, candidato=uuid(102), aderente=uuid(111), contratto="tempo_determinato"),
           il(verificato, 8, 1, a_mesi=1, ancora_occupato=True)),  # prima della fine: non dice niente del dopo
    ]  # fmt: skip


def _proposta(posti: int, dal: date, **cambi: Any) -> Event:
    dati: dict[str, Any] = {"avvenuto_il": giorno(5), "ente": "consorzio-tenda", "ambito": "sociale", "comune": VISANO}
    return giovani.PropostaPubblicata(
        **dati | cambi, posti=posti, dal=dal, al=dal, competenze=(), finalita=("competenze",), rischio="basso", tutor=1
    )


def _giovani() -> Sequence[list[Received]]:
    incaricato, cessato = giovani.FacilitatoreIncaricato, giovani.FacilitatoreCessato
    iscritta: dict[str, Any] = {"fascia_eta": "14-17", "consenso_espresso_da": "un_genitore"}
    raccolta, assegnato = giovani.IscrizioneRaccolta, giovani.StudenteAssegnato
    conclusa, svolto = giovani.AlternanzaConclusa, giovani.EventoTerritoriale
    scuola: dict[str, Any] = {"istituto": "scuola-superiore-montichiari", "ore_previste": 80}
    coprogettato = giovani.LaboratorioCoprogettato
    return [
        di(GIOVANI, "facilitatore", 201, del_mese(incaricato, 2, comuni=(MONTICHIARI, CALCINATO)),
           del_mese(giovani.CoinvolgimentoSvolto, 4, comune=MONTICHIARI, luogo="piazza", giovani=12, nuovi=4)),
        di(GIOVANI, "facilitatore", 202, del_mese(incaricato, 3, comuni=(CALCINATO, VISANO)), del_mese(cessato, 8)),
        di(GIOVANI, "laboratorio", 211,
           del_mese(coprogettato, 3, ambito="sportivo", comune=MONTICHIARI, con=("scuola", "biblioteca"),
                    enti=("scuola-superiore-montichiari", "biblioteca-montichiari")),
           del_mese(giovani.LaboratorioAvviato, 4, posti=10), del_mese(raccolta, 4, persona="p-tre333", **iscritta),
           del_mese(raccolta, 4, persona="p-quattro", **iscritta),
           del_mese(giovani.IscrizioneRitirata, 5, persona="p-quattro")),
        di(GIOVANI, "laboratorio", 212,
           del_mese(coprogettato, 8, ambito="culturale", comune=VISANO, con=("scuola",),
                    enti=("scuola-superiore-montichiari",)),
           del_mese(giovani.LaboratorioAvviato, 9, posti=10), del_mese(raccolta, 9, persona="p-tre333", **iscritta)),
        di(GIOVANI, "laboratorio", 213, del_mese(coprogettato, 9, ambito="sociale", comune=VISANO, con=("ente",))),
        di(GIOVANI, "proposta", 221, _proposta(4, giorno(6)), del_mese(assegnato, 5, persona="p-cinque", **scuola),
           del_mese(assegnato, 5, persona="p-sei666", **scuola),
           del_mese(conclusa, 6, persona="p-cinque", ore_svolte=60, valida=True),
           del_mese(conclusa, 6, persona="p-sei666", ore_svolte=59, valida=False)),
        di(GIOVANI, "proposta", 222, _proposta(7, date(2016, 9, 1), comune=CALCINATO)),  # del 2016/17
        di(GIOVANI, "proposta", 223, _proposta(2, date(2017, 8, 31), comune=CALCINATO)),  # ancora del 2016/17
        di(GIOVANI, "proposta", 224, _proposta(5, giorno(10)), del_mese(giovani.PropostaRitirata, 11)),
        di(GIOVANI, "proposta", 225, _proposta(9, date(2017, 9, 1))),  # del 2017/18
        di(GIOVANI, "evento_territoriale", 231,
           del_mese(svolto, 5, comune=VISANO, partecipanti=120, giovani_organizzatori=9)),
        di(GIOVANI, "evento_territoriale", 232,
           del_mese(svolto, 9, comune=MONTICHIARI, partecipanti=80, giovani_organizzatori=6)),
    ]  # fmt: skip


def _apre(mese: int, comune: str) -> Event:
    return punti.PuntoDiComunitaAperto(
        avvenuto_il=giorno(mese), denominazione="Punto di prova", comune=comune, indirizzo="Piazza Castello 12",
        contatti=(punti.Contatto(tipo="telefono", valore="030 0000000"),), gestore="ama-brescia",
        facilitatore="p-facil1",
    )  # fmt: skip


def _punti() -> Sequence[list[Received]]:
    """I gruppi 311-315: il 16 settembre è di 90 giorni fa, il 15 di 91."""
    svolta, fase, incontro = punti.AttivitaSvolta, punti.FaseDiAutonomiaRaggiunta, punti.IncontroDiGruppoSvolto
    return [
        di(PUNTI, "punto", 301, _apre(3, MONTICHIARI), del_mese(punti.PuntoSpecializzato, 4, specializzazione="lavoro"),
           del_mese(svolta, 4, promossa_da="cittadini", presenze=10, prime_presenze=5),
           del_mese(svolta, 5, promossa_da="insieme", presenze=10, prime_presenze=2),
           del_mese(svolta, 9, promossa_da="facilitatore", presenze=20, prime_presenze=1)),
        di(PUNTI, "punto", 302, _apre(3, VISANO), del_mese(fase, 5, fase="autonomia"),
           del_mese(svolta, 9, promossa_da="facilitatore", presenze=5, prime_presenze=0)),
        di(PUNTI, "punto", 303, _apre(4, VISANO), del_mese(punti.PuntoSpecializzato, 4, specializzazione="lavoro"),
           del_mese(fase, 5, fase="autonomia"), del_mese(punti.PuntoChiuso, 8)),
        di(PUNTI, "gruppo", 311, _nasce(301), il(incontro, 9, 16, presenze=8)),
        di(PUNTI, "gruppo", 312, _nasce(301), il(incontro, 9, 15, presenze=8)),
        di(PUNTI, "gruppo", 313, _nasce(302), il(incontro, 12, 1, presenze=8, con_gruppi=(uuid(314),))),
        di(PUNTI, "gruppo", 314, _nasce(302)),
        di(PUNTI, "gruppo", 315, _nasce(302), il(incontro, 12, 1, presenze=8), il(punti.GruppoSciolto, 12, 2)),
    ]  # fmt: skip


def _nasce(punto: int) -> Event:
    return del_mese(punti.GruppoNato, 4, punto=uuid(punto), tema="quartiere")


def _scambio(mese: int, punto: int | None, *chi: tuple[str, int, int]) -> Event:
    return punti.ScambioAvvenuto(
        avvenuto_il=giorno(mese),
        partecipanti=tuple(punti.Partecipante(persona=p, dato_minuti=d, ricevuto_minuti=r) for p, d, r in chi),
        punto=uuid(punto) if punto else None,
    )


def _appoggio(mese: int, persona: str, quante: int) -> Event:
    return del_mese(
        punti.ReteDiAppoggioRilevata, mese, persona=persona, persone_di_appoggio=quante, stabile=True,
        difficolta_economica=False,
    )  # fmt: skip


def _bene(mese: int, persona: str, benessere: int, fiducia: int) -> Event:
    return del_mese(punti.StarBeneRilevato, mese, persona=persona, benessere=benessere, fiducia=fiducia, conoscenze=1)


def _chiede(mese: int, comune: str, persona: str | None = None) -> Event:
    return del_mese(
        punti.RichiestaDiAiutoRaccolta, mese, punto=uuid(301), comune=comune, bisogni=("relazioni",), persona=persona
    )


def _persone() -> Sequence[list[Received]]:
    """p-aaa dà e riceve in due scambi; p-ccc ha due rilevazioni in due ascolti; p-ddd una sola."""
    concluso = punti.AscoltoConcluso
    return [
        di(PUNTI, "scambio", 321, _scambio(4, 301, ("p-aaaaaa", 90, 0), ("p-bbbbbb", 0, 90))),
        di(PUNTI, "scambio", 322, _scambio(9, 302, ("p-eeeeee", 40, 0), ("p-aaaaaa", 0, 40))),
        di(PUNTI, "scambio", 323, _scambio(9, None, ("p-eeeeee", 20, 0), ("p-ffffff", 0, 20))),
        di(PUNTI, "aiuto", 331, del_mese(punti.AiutoOfferto, 5, persona="p-gggggg", cosa="tempo", comune=VISANO)),
        di(PUNTI, "aiuto", 332, del_mese(punti.AiutoOfferto, 5, ente="ama-brescia", cosa="spazi", comune=VISANO)),
        di(PUNTI, "aiuto", 333, del_mese(punti.AiutoOfferto, 9, persona="p-aaaaaa", cosa="beni")),
        di(PUNTI, "ascolto", 341, _chiede(3, VISANO, "p-cccccc"), _appoggio(3, "p-cccccc", 2),
           _bene(3, "p-cccccc", 40, 5), _appoggio(9, "p-cccccc", 0),
           del_mese(concluso, 9, esito="risposta_della_comunita")),
        di(PUNTI, "ascolto", 342, _chiede(8, MONTICHIARI, "p-cccccc"), _bene(8, "p-cccccc", 61, 4),
           del_mese(concluso, 9, esito="invio")),
        di(PUNTI, "ascolto", 343, _chiede(3, MONTICHIARI), _appoggio(3, "p-dddddd", 0), _bene(3, "p-dddddd", 10, 1),
           del_mese(concluso, 4, esito="informazione")),
        di(PUNTI, "ascolto", 344, _chiede(3, VISANO), _appoggio(3, "p-hhhhhh", 0), _appoggio(4, "p-hhhhhh", 0),
           _appoggio(5, "p-hhhhhh", 3), _bene(3, "p-hhhhhh", 50, 6), _bene(9, "p-hhhhhh", 40, 9)),
    ]  # fmt: skip


def _rete() -> Sequence[list[Received]]:
    """Un invio del Comune di Visano, ospite dei Punti, alla casa; incontri registrati da casa e giovani."""
    incontro, insieme = rete.IncontroDiReteSvolto, rete.CoprogettazioneSvolta
    tutti = ("ente_locale", "privato_sociale", "cittadini", "scuola")
    chiesto = invii.InvioRichiesto(
        avvenuto_il=giorno(9), da="punti/comune-visano", a="casa/consorzio-tenda", persona="p-cccccc", comune=VISANO,
        prestazione="accompagnamento_abitativo", rispondere_entro=giorno(9, 14),
    )  # fmt: skip
    con, con_la_scuola = ("ente", "reti_informali"), ("scuola", "cittadini")
    return [
        di(CASA, "incontro_di_rete", 401, del_mese(incontro, 4, presenti=tutti)),
        di(CASA, "incontro_di_rete", 402, del_mese(incontro, 8, presenti=tutti[:2])),
        di(GIOVANI, "coprogettazione", 403, del_mese(insieme, 4, oggetto="laboratorio", con=con)),
        di(GIOVANI, "coprogettazione", 404, del_mese(insieme, 4, oggetto="laboratorio", con=con_la_scuola)),
        di(PUNTI, "invio", 405, chiesto),
        di(CASA, "invio_ricevuto", 405, del_mese(invii.InvioAccettato, 9, da="casa/consorzio-tenda")),
        di(LAVORO, "invio", 406, _chiesto_dal_lavoro(), il(invii.InvioScaduto, 10, 1)),
    ]  # fmt: skip


def _chiesto_dal_lavoro() -> Event:
    return invii.InvioRichiesto(
        avvenuto_il=giorno(4), da="lavoro/cooperativa-la-sorgente", a="casa/consorzio-tenda", persona="p-uno111",
        comune=VISANO, prestazione="garanzia_affitto", rispondere_entro=giorno(4, 14),
    )  # fmt: skip
