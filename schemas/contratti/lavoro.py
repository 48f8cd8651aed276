"""Gli eventi della linea lavoro: la rete per il lavoro, i candidati, i tirocini, il Fondo Esperienze."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from contratti.rete import Centesimi, CodiceComune, EntitaId, Event, Importo, PersonaId

AderenteId = Annotated[
    EntitaId, Field(title="Aderente", description="Chi, nella rete per il lavoro, ospita, assume o offre")
]
CandidatoId = Annotated[EntitaId, Field(title="Candidato")]
OffertaId = Annotated[EntitaId, Field(title="Offerta")]
PuntoId = Annotated[
    EntitaId,
    Field(
        title="Punto di Comunità", description="Il Punto specializzato sul lavoro: l'identificativo della sua scheda"
    ),
]
Competenza = Literal[
    "agricoltura", "allevamento", "giardinaggio", "cucina", "sala_e_bar", "panificazione", "vendita", "cassa",
    "relazione_con_il_pubblico", "segreteria", "amministrazione", "informatica", "lingua_italiana", "lingua_straniera",
    "magazzino", "carrello_elevatore", "patente_auto", "patente_camion", "confezionamento", "montaggio",
    "macchine_utensili", "saldatura", "lavori_edili", "lavori_elettrici", "lavori_idraulici", "falegnameria", "cucito",
    "pulizie", "cura_delle_persone", "cura_dei_bambini", "altro",
]  # fmt: skip
Competenze = Annotated[tuple[Competenza, ...], Field(title="Competenze", max_length=31)]
Fascia = Literal["mattina", "pomeriggio", "sera", "notte", "fine_settimana", "altro"]
Disponibilita = Annotated[
    tuple[Fascia, ...],
    Field(title="Disponibilità", description="Quando la persona può lavorare", min_length=1, max_length=6),
]
Dipendenti = Annotated[
    int,
    Field(title="Dipendenti", description="Quanti sono, nella sede che ospita", ge=0, le=100_000, examples=[12]),
]
Ragione = Literal[
    "tutte_le_competenze", "parte_delle_competenze", "competenze_da_formare", "nessuna_competenza_richiesta",
    "stesso_comune", "comune_vicino", "comune_raggiungibile", "comune_lontano", "distanza_non_nota",
    "orario_compatibile", "orario_in_parte", "orario_non_compatibile", "orario_da_concordare", "altro",
]  # fmt: skip
"""Perché un abbinamento ha il suo punteggio: competenze, distanza fra i comuni, disponibilità."""
Categoria = Literal["ordinario", "alta_qualifica", "stagionale", "studente_estivo", "svantaggio", "disabilita", "altro"]
Mese = Annotated[
    str,
    StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$"),
    Field(title="Mese", description="Anno e mese", examples=["2016-04"]),
]
Percentuale = Annotated[
    int, Field(title="Frequenza", description="In percento delle ore del mese", ge=0, le=100, examples=[85])
]
TipoDiServizio = Annotated[
    Literal[
        "orientamento",
        "bilancio_di_competenze",
        "curriculum",
        "preparazione_al_colloquio",
        "ricerca_attiva",
        "consulenza_contrattuale",
        "consulenza_alle_imprese",
        "altro",
    ],
    Field(title="Tipo di servizio"),
]
DA_CHI = Literal["candidato", "aderente", "altro"]


# L'Agente Sviluppo Lavoro


class AgenteSviluppoLavoroIncaricato(Event):
    """L'Agente Sviluppo Lavoro ha ricevuto l'incarico, per la prima volta o di nuovo."""

    comuni: Annotated[tuple[CodiceComune, ...], Field(title="Comuni", min_length=1, max_length=50)]
    punto: PuntoId


class AgenteSviluppoLavoroCessato(Event):
    """L'incarico dell'Agente Sviluppo Lavoro è finito."""


class RaccordoSvolto(Event):
    """L'Agente si è raccordato con chi lavora nella comunità."""

    con: Annotated[
        tuple[Literal["punto", "facilitatore", "altro"], ...], Field(title="Con chi", min_length=1, max_length=3)
    ]


class ServizioSpecialisticoErogato(Event):
    """Nel Punto specializzato sul lavoro è stato dato un servizio specialistico."""

    punto: PuntoId
    tipo: TipoDiServizio
    persona: PersonaId | None = Field(None, title="Persona", description="Chi lo ha ricevuto, se è una persona seguita")


# Chi aderisce alla rete per il lavoro


class AdesioneAllaReteSottoscritta(Event):
    """Un'azienda, un professionista o un'agenzia ha aderito alla rete per il lavoro, per la prima volta o di nuovo."""

    tipo: Annotated[Literal["azienda", "professionista", "agenzia_specializzata", "altro"], Field(title="Chi aderisce")]
    comune: CodiceComune
    ateco: Annotated[str, StringConstraints(pattern=r"^\d{2}(\.\d{1,2}){0,2}$"), Field(title="Codice ATECO")] | None = (
        Field(None, title="Codice ATECO", description="L'attività economica", examples=["25.62"])
    )
    dipendenti: Dipendenti | None = Field(
        None, title="Dipendenti", description="Quanti sono, nella sede che ospita: senza, non ospita tirocini"
    )
    ente_pubblico: bool = Field(
        False, title="Ente pubblico", description="L'indennità minima dei suoi tirocini è un'altra", examples=[True]
    )


class DipendentiAggiornati(Event):
    """Il numero dei dipendenti di chi aderisce è cambiato: è quello di adesso."""

    dipendenti: Dipendenti


class AdesioneAllaReteCessata(Event):
    """L'adesione alla rete per il lavoro è cessata."""


# Il candidato


class CandidatoPresoInCarico(Event):
    """La linea lavoro ha preso in carico una persona che cerca lavoro, per la prima volta o di nuovo."""

    persona: PersonaId
    comune: CodiceComune
    competenze: Competenze = ()
    disponibilita: Disponibilita
    invio: EntitaId | None = Field(None, title="Invio", description="L'invio da cui nasce la presa in carico, se c'è")


class CompetenzeAggiornate(Event):
    """Le competenze del candidato sono cambiate: sono quelle di adesso."""

    competenze: Competenze
    disponibilita: Disponibilita | None = Field(
        None, title="Disponibilità", description="Quando la persona può lavorare, se anche questo è cambiato"
    )


class PresaInCaricoConclusa(Event):
    """La presa in carico del candidato è finita."""

    esito: Annotated[
        Literal[
            "occupazione",
            "lavoro_autonomo",
            "formazione",
            "passaggio_ad_altro_servizio",
            "trasferimento",
            "rinuncia",
            "irreperibile",
            "altro",
        ],
        Field(title="Esito"),
    ]


# L'offerta


class OffertaPubblicata(Event):
    """Chi aderisce alla rete offre posti di tirocinio o di lavoro."""

    aderente: AderenteId
    tipo: Annotated[Literal["tirocinio", "lavoro", "altro"], Field(title="Che cosa si offre")]
    competenze: Annotated[Competenze, Field(title="Competenze richieste")] = ()
    posti: Annotated[int, Field(title="Posti", ge=1, le=100, examples=[2])]
    comune: Annotated[CodiceComune, Field(description="Dove si lavora")]
    orario: Annotated[
        tuple[Fascia, ...], Field(title="Orario", description="Quando si lavora; vuoto: da concordare", max_length=6)
    ] = ()


class OffertaChiusa(Event):
    """L'offerta non è più aperta."""

    motivo: Annotated[
        Literal["posti_coperti", "ritirata", "scaduta", "uscita_dalla_rete", "altro"], Field(title="Motivo")
    ]


# L'abbinamento


class AbbinamentoProposto(Event):
    """Un candidato è stato proposto per un'offerta: punteggio e ragioni li calcola il servizio."""

    candidato: CandidatoId
    offerta: OffertaId
    punteggio: Annotated[int, Field(title="Punteggio", description="Da 0 a 100", ge=0, le=100, examples=[72])]
    ragioni: Annotated[tuple[Ragione, ...], Field(title="Ragioni", max_length=10)]


class AbbinamentoAccettato(Event):
    """Una delle due parti ha accettato l'abbinamento."""

    da: Annotated[DA_CHI, Field(title="Accettato da")]


class AbbinamentoRifiutato(Event):
    """L'abbinamento è stato rifiutato, o chi lo aveva accettato ci ha ripensato."""

    da: Annotated[DA_CHI, Field(title="Rifiutato da")]
    motivo: Annotated[
        Literal[
            "competenze",
            "distanza",
            "orario",
            "retribuzione",
            "condizioni_di_salute",
            "altra_occupazione",
            "posto_gia_coperto",
            "offerta_chiusa",
            "rinuncia",
            "altro",
        ],
        Field(title="Motivo"),
    ]


# Il tirocinio


class TirocinioAttivato(Event):
    """È stato attivato un tirocinio; il giorno dell'evento è quello della convenzione."""

    candidato: CandidatoId
    aderente: AderenteId
    dal: Annotated[date, Field(title="Dal", description="Primo giorno", examples=["2016-04-01"])]
    al: Annotated[date, Field(title="Al", description="Ultimo giorno", examples=["2016-09-30"])]
    ore_settimanali: Annotated[int, Field(title="Ore alla settimana", ge=1, le=40, examples=[30])]
    indennita_centesimi: Annotated[Centesimi, Field(title="Indennità mensile", examples=[50000])]
    tutor_aziendale: Annotated[PersonaId, Field(title="Tutor aziendale", examples=["p-91b04de7a6c5"])]
    categoria: Annotated[
        Categoria,
        Field(title="Categoria", description="Da questa dipendono la durata minima e la massima; vuoto: ordinario"),
    ] = "ordinario"
    giorni_settimanali: Annotated[
        int, Field(title="Giorni alla settimana", description="Vuoto: 5", ge=1, le=7, examples=[5])
    ] = 5
    mensa: bool = Field(False, title="Mensa", description="Chi ospita dà la mensa o i buoni pasto", examples=[True])


class FrequenzaRegistrata(Event):
    """È stata registrata la frequenza di un mese di tirocinio."""

    mese: Mese
    percentuale: Percentuale
    indennita_dovuta_centesimi: Centesimi | None = Field(
        None, title="Indennità dovuta", description="Per il mese; vuoto: la calcola il servizio", examples=[50000]
    )


class TirocinioProrogato(Event):
    """Il tirocinio è stato prorogato."""

    al: Annotated[date, Field(title="Al", description="Il nuovo ultimo giorno", examples=["2016-12-31"])]


class TirocinioInterrotto(Event):
    """Il tirocinio è finito prima del termine."""

    motivo: Annotated[
        Literal[
            "assunzione",
            "rinuncia",
            "salute",
            "convivenza_difficile",
            "inadempienza_di_chi_ospita",
            "chiusura_di_chi_ospita",
            "altro",
        ],
        Field(title="Motivo"),
    ]


class TirocinioConcluso(Event):
    """Il tirocinio è arrivato al termine."""

    esito: Annotated[
        Literal[
            "assunzione_da_chi_ospita", "assunzione_altrove", "formazione", "ricerca_di_lavoro", "nessuno", "altro"
        ],
        Field(title="Esito"),
    ]


# L'inserimento lavorativo


class InserimentoLavorativoAvviato(Event):
    """Un candidato ha cominciato a lavorare."""

    candidato: CandidatoId
    aderente: AderenteId
    contratto: Annotated[
        Literal[
            "tempo_indeterminato",
            "tempo_determinato",
            "apprendistato",
            "somministrazione",
            "collaborazione",
            "altro",
        ],
        Field(title="Contratto"),
    ]


class InserimentoVerificato(Event):
    """Si è verificato, a distanza di mesi, se la persona lavora ancora."""

    a_mesi: Annotated[
        int, Field(title="A quanti mesi", description="Mesi dall'avvio: 1, 3 o 6", ge=1, le=60, examples=[3])
    ]
    ancora_occupato: Annotated[bool, Field(title="Ancora occupato", examples=[True])]


class InserimentoCessato(Event):
    """L'inserimento lavorativo è finito."""

    motivo: Annotated[
        Literal[
            "fine_del_contratto",
            "prova_non_superata",
            "dimissioni",
            "licenziamento",
            "altra_occupazione",
            "salute",
            "altro",
        ],
        Field(title="Motivo"),
    ]


# Il Fondo Esperienze e le esperienze che finanzia


class DotazioneVersata(Event):
    """Qualcuno ha versato una dotazione nel Fondo Esperienze."""

    importo_centesimi: Importo
    da: Annotated[
        Literal["fondazione", "comune", "impresa", "ente", "cittadini", "altro"],
        Field(title="Da", description="Il tipo di soggetto che versa"),
    ]


class EsperienzaFinanziata(Event):
    """Il Fondo si è impegnato a sostenere un tirocinio oppure un inserimento: uno dei due."""

    tirocinio: EntitaId | None = Field(None, title="Tirocinio", examples=["7f3c2a10-5b6d-4e8f-9a01-23456789abcd"])
    inserimento: EntitaId | None = Field(
        None, title="Inserimento", description="Se ciò che il Fondo sostiene non è un tirocinio", examples=[None]
    )
    importo_centesimi: Importo


class SpesaLiquidata(Event):
    """Il Fondo ha pagato una parte o tutto l'impegno per un'esperienza."""

    importo_centesimi: Importo


class ImpegnoStornato(Event):
    """Il Fondo non pagherà il resto dell'impegno per un'esperienza."""


# L'evento formativo


class EventoFormativoProgrammato(Event):
    """È stato programmato un evento formativo."""

    comune: CodiceComune
    tema: Annotated[
        Literal[
            "curriculum_e_colloquio",
            "ricerca_attiva",
            "orientamento",
            "competenze_digitali",
            "lingua_italiana",
            "sicurezza_sul_lavoro",
            "diritti_e_contratti",
            "lavoro_autonomo",
            "altro",
        ],
        Field(title="Tema"),
    ]
    posti: Annotated[int, Field(title="Posti", ge=1, le=1000, examples=[20])]


class EventoFormativoSvolto(Event):
    """L'evento formativo programmato si è svolto."""

    presenze: Annotated[int, Field(title="Presenze", ge=0, le=1000, examples=[16])]


class EventoFormativoAnnullato(Event):
    """L'evento formativo programmato non si terrà."""
