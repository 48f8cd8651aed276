"""Gli eventi della linea giovani: facilitatori, laboratori, catalogo scuola-lavoro, eventi territoriali."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from contratti.invii import FasciaEta
from contratti.rete import CodiceComune, Ente, Event, PersonaId

Denominazione = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9A-Za-zÀ-ÿ«][0-9A-Za-zÀ-ÿ «»'’.,:!?&()/-]{1,78}[0-9A-Za-zÀ-ÿ»!?.)]$"),
    Field(examples=["Festa dei giovani"]),
]
ConsensoEspressoDa = Annotated[
    Literal[
        "un_genitore", "entrambi_i_genitori", "genitore_unico", "tutore", "affidatario", "persona_maggiorenne", "altro",
    ],
    Field(
        title="Consenso espresso da",
        description="Il ruolo, mai il nome. «Entrambi» anche se uno firma e dichiara l'accordo dell'altro; «genitore"
        " unico» se la responsabilità è sua soltanto; «affidatario» anche comunità o ente",
    ),
]  # fmt: skip
Competenze = tuple[
    Literal[
        "comunicazione", "lingue_straniere", "matematica_e_scienze", "digitale", "personale_e_sociale",
        "imparare_a_imparare", "cittadinanza", "imprenditoriale", "espressione_culturale", "tecnico_professionale",
        "altro",
    ],
    ...,
]  # fmt: skip
"""Le competenze chiave europee, e quelle del mestiere."""

CompetenzeAcquisite = Annotated[Competenze, Field(title="Competenze acquisite", max_length=11)]
OreSvolte = Annotated[int, Field(title="Ore svolte", ge=0, le=2000, examples=[80])]


def _distinte(persone: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(persone)) != len(persone):
        raise ValueError("la stessa persona compare due volte")
    return persone


# Il facilitatore


class FacilitatoreIncaricato(Event):
    """Un facilitatore di comunità ha ricevuto l'incarico, per la prima volta o di nuovo."""

    comuni: Annotated[tuple[CodiceComune, ...], Field(title="Comuni", min_length=1, max_length=50)]


class CoinvolgimentoSvolto(Event):
    """Il facilitatore ha incontrato i giovani là dove stanno: sono contati, non conosciuti."""

    comune: CodiceComune
    luogo: Annotated[
        Literal[
            "piazza", "parco", "scuola", "oratorio", "centro_sportivo", "biblioteca", "locale", "fermata", "online",
            "altro",
        ],
        Field(title="Luogo"),
    ]  # fmt: skip
    giovani: Annotated[int, Field(title="Giovani", description="Quanti erano in tutto", ge=0, le=5000, examples=[12])]
    nuovi: Annotated[
        int, Field(title="Nuovi", description="Quanti di loro per la prima volta", ge=0, le=5000, examples=[4])
    ]


class FacilitatoreCessato(Event):
    """L'incarico del facilitatore è finito."""


# Il laboratorio


class LaboratorioCoprogettato(Event):
    """Un laboratorio esperienziale è stato progettato insieme a scuole, biblioteche, enti."""

    ambito: Annotated[Literal["culturale", "sociale", "sportivo", "altro"], Field(title="Ambito")]
    comune: CodiceComune
    con: Annotated[
        tuple[Literal["scuola", "biblioteca", "ente", "altro"], ...],
        Field(title="Con chi", min_length=1, max_length=4),
    ]
    enti: Annotated[
        tuple[Ente, ...],
        Field(
            title="Enti",
            description="Quali scuole, biblioteche ed enti della rete",
            max_length=20,
        ),
    ] = ()


class LaboratorioAvviato(Event):
    """Il laboratorio è avviato: da adesso raccoglie iscrizioni, entro i suoi posti."""

    posti: Annotated[int, Field(title="Posti", ge=1, le=500, examples=[15])]


class IscrizioneRaccolta(Event):
    """Una persona è iscritta al laboratorio, con il consenso di chi può esprimerlo."""

    persona: PersonaId
    fascia_eta: Annotated[
        FasciaEta, Field(title="Fascia d'età", description="In quel giorno; «altro» vale come minorenne")
    ]
    consenso_espresso_da: ConsensoEspressoDa


class IscrizioneRitirata(Event):
    """La persona non frequenta più il laboratorio: il suo posto è libero."""

    persona: PersonaId


class PresenzeRegistrate(Event):
    """Chi c'era a un incontro del laboratorio."""

    incontro: Annotated[
        int,
        Field(title="Incontro", description="Il suo numero: 1 il primo, 2 il secondo", ge=1, le=500, examples=[1]),
    ]
    persone: Annotated[
        tuple[PersonaId, ...],
        Field(
            title="Presenti",
            description="Le persone presenti, ciascuna una volta",
            min_length=1,
            max_length=500,
            examples=[["p-3f9a1c72d4e8", "p-91b04de7a6c5"]],
            json_schema_extra={"uniqueItems": True},
        ),
        AfterValidator(_distinte),
    ]


class LaboratorioConcluso(Event):
    """Il laboratorio è finito."""


# La proposta del catalogo scuola-lavoro


class PropostaPubblicata(Event):
    """Un ente offre nel catalogo un'esperienza scuola-lavoro per un periodo."""

    ente: Annotated[Ente, Field(title="Ente ospitante")]
    ambito: Annotated[
        Literal[
            "cultura", "sociale", "educazione", "sport", "ambiente", "agricoltura", "artigianato", "industria",
            "commercio", "turismo", "informatica", "amministrazione", "altro",
        ],
        Field(title="Ambito"),
    ]  # fmt: skip
    comune: CodiceComune
    posti: Annotated[int, Field(title="Posti", ge=1, le=500, examples=[4])]
    dal: Annotated[date, Field(title="Dal", examples=["2016-06-06"])]
    al: Annotated[date, Field(title="Al", examples=["2016-07-01"])]
    competenze: Annotated[Competenze, Field(title="Competenze", max_length=11)]
    finalita: Annotated[
        tuple[Literal["competenze", "orientamento_scolastico", "orientamento_professionale", "altro"], ...],
        Field(title="Finalità", min_length=1, max_length=4),
    ]
    rischio: Annotated[
        Literal["alto", "medio", "basso", "altro"],
        Field(title="Rischio", description="Dell'attività, per la sicurezza sul lavoro; «altro» vale come alto"),
    ]
    tutor: Annotated[
        int,
        Field(title="Tutor", description="Quanti tutor dell'ente seguono gli studenti", ge=1, le=100, examples=[1]),
    ]


class StudenteAssegnato(Event):
    """Uno studente ha un posto nella proposta."""

    persona: PersonaId
    istituto: Annotated[Ente, Field(title="Istituto", description="La scuola dello studente")]
    ore_previste: Annotated[int, Field(title="Ore previste", ge=1, le=1000, examples=[80])]
    tipo_istituto: Literal["liceo", "tecnico", "professionale", "altro"] | None = Field(
        None, title="Tipo di istituto", description="Da dire per vedere le ore minime del triennio"
    )


class AlternanzaConclusa(Event):
    """Lo studente ha finito il suo percorso scuola-lavoro nella proposta."""

    persona: PersonaId
    ore_svolte: OreSvolte
    valida: Annotated[bool, Field(title="Valida", description="Se le ore svolte bastano", examples=[True])]
    competenze_acquisite: CompetenzeAcquisite = ()
    soglia_percento: int | None = Field(
        None,
        title="Soglia",
        description="La parte delle ore previste, in percento, che basta perché il percorso sia valido",
        ge=1,
        le=100,
        examples=[75],
    )


class PropostaRitirata(Event):
    """L'ente non offre più la proposta; chi è già assegnato può finire il suo percorso."""


# L'evento territoriale


class EventoTerritorialeProgrammato(Event):
    """Un evento che mobilita i giovani è in programma, per la prima volta o in un altro giorno."""

    comune: CodiceComune
    titolo: Annotated[Denominazione, Field(title="Titolo", description="Quello pubblico, senza nomi di persone")]
    previsto_il: Annotated[date, Field(title="Previsto il", examples=["2016-05-21"])]


class EventoTerritoriale(Event):
    """L'evento territoriale si è svolto."""

    comune: CodiceComune
    partecipanti: Annotated[int, Field(title="Partecipanti", ge=0, le=100000, examples=[120])]
    giovani_organizzatori: Annotated[
        int,
        Field(
            title="Giovani organizzatori",
            description="Quanti giovani hanno contribuito a organizzarlo",
            ge=0,
            le=5000,
            examples=[9],
        ),
    ]
    con: Annotated[
        tuple[Literal["scuola", "biblioteca", "ente", "associazione", "impresa", "cittadini", "altro"], ...],
        Field(title="Con chi", max_length=7),
    ] = ()


class EventoTerritorialeAnnullato(Event):
    """L'evento in programma non si farà."""

    motivo: Annotated[
        Literal["maltempo", "pochi_aderenti", "mancata_autorizzazione", "sicurezza", "organizzazione", "altro"],
        Field(title="Motivo"),
    ]
