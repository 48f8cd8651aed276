"""Ciò che gli eventi di giovani aggiungono alle misure degli indicatori AD01-AD08, RE04 e RE05."""

from dataclasses import dataclass, field

from contratti import giovani

from cruscotto.apporti.luoghi import CHI_REGISTRA, DISTRETTO
from cruscotto.apporti.quota import Quote, Stato, genere, quota
from cruscotto.cifre.valuta import anno_scolastico


@dataclass
class Facilitatore(Stato):
    comuni: list[str] = field(default_factory=list)


facilitatore = genere("giovani/facilitatore", Facilitatore)


@facilitatore.apporto
def facilitatore_incaricato(f: Facilitatore, e: giovani.FacilitatoreIncaricato, id: str) -> Quote:
    """Chi ha l'incarico in tre comuni è uno nel distretto, e uno in ciascuno dei tre."""
    yield from _nei_comuni(f, -1)
    f.comuni = sorted(set(e.comuni))
    yield from _nei_comuni(f, 1)


@facilitatore.apporto
def facilitatore_cessato(f: Facilitatore, e: giovani.FacilitatoreCessato, id: str) -> Quote:
    yield from _nei_comuni(f, -1)
    f.comuni = []


def _nei_comuni(f: Facilitatore, quanti: int) -> Quote:
    if f.comuni:
        yield quota("facilitatori", quanti, DISTRETTO)
    for comune in f.comuni:
        yield quota("facilitatori", quanti, comune)
        yield quota("comuni_con_facilitatore", quanti, comune, comune)


@facilitatore.apporto
def coinvolgimento_svolto(f: Facilitatore, e: giovani.CoinvolgimentoSvolto, id: str) -> Quote:
    yield quota("incontri_con_giovani", e.giovani, e.comune)


@dataclass
class Laboratorio(Stato):
    comune: str = ""
    ambito: str = ""
    avviato: bool = False


laboratorio = genere("giovani/laboratorio", Laboratorio)


@laboratorio.apporto
def laboratorio_coprogettato(lab: Laboratorio, e: giovani.LaboratorioCoprogettato, id: str) -> Quote:
    """Chi lo ha coprogettato è attivo nella rete, con chi lo tiene. Senza i nomi degli enti, non si sa chi fossero."""
    lab.comune, lab.ambito = e.comune, e.ambito
    for ente in e.enti:
        yield quota("soggetti_che_coprogettano", 1, e.comune, ente)
        yield quota("enti_attivi", 1, chiave=ente)
    yield quota("enti_attivi", 1, chiave=CHI_REGISTRA)
    if not e.enti:
        yield quota("laboratori_senza_nomi", 1, e.comune)


@laboratorio.apporto
def laboratorio_avviato(lab: Laboratorio, e: giovani.LaboratorioAvviato, id: str) -> Quote:
    if not lab.avviato:
        lab.avviato = True
        yield quota("laboratori_avviati", 1, lab.comune, lab.ambito)


@laboratorio.apporto
def iscrizione_raccolta(lab: Laboratorio, e: giovani.IscrizioneRaccolta, id: str) -> Quote:
    """È coinvolto anche chi poi si ritira. La linea lo segue (RE04), uno studente del catalogo no."""
    yield quota("giovani_coinvolti", 1, lab.comune, e.persona)
    yield quota("seguite", 1, lab.comune, f"{e.persona}|giovani|{id}")


@dataclass
class Proposta(Stato):
    comune: str = ""
    posti: int = 0
    anno: str = ""


proposta = genere("giovani/proposta", Proposta)


@proposta.apporto
def proposta_pubblicata(p: Proposta, e: giovani.PropostaPubblicata, id: str) -> Quote:
    """I posti sono dell'anno scolastico in cui l'esperienza comincia."""
    yield quota("posti_in_catalogo", -p.posti, p.comune, p.anno)
    p.comune, p.posti, p.anno = e.comune, e.posti, anno_scolastico(e.dal)
    yield quota("posti_in_catalogo", p.posti, p.comune, p.anno)


@proposta.apporto
def proposta_ritirata(p: Proposta, e: giovani.PropostaRitirata, id: str) -> Quote:
    yield quota("posti_in_catalogo", -p.posti, p.comune, p.anno)
    p.posti = 0


@proposta.apporto
def studente_assegnato(p: Proposta, e: giovani.StudenteAssegnato, id: str) -> Quote:
    yield quota("giovani_coinvolti", 1, p.comune, e.persona)


@proposta.apporto
def alternanza_conclusa(p: Proposta, e: giovani.AlternanzaConclusa, id: str) -> Quote:
    """Se le ore bastano lo dice chi la conclude, con la soglia di quel giorno."""
    yield quota("percorsi_conclusi", 1, p.comune, "validi" if e.valida else "non_validi")


evento_territoriale = genere("giovani/evento_territoriale", Stato)


@evento_territoriale.apporto
def evento_svolto(t: Stato, e: giovani.EventoTerritoriale, id: str) -> Quote:
    yield quota("eventi_territoriali", 1, e.comune)
    yield quota("partecipanti_agli_eventi", e.partecipanti, e.comune)
    yield quota("giovani_organizzatori", e.giovani_organizzatori, e.comune)
