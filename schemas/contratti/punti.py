"""Gli eventi dei Punti di Comunità: luoghi, gruppi, ascolti, fareassieme, aiuti, idee."""

import re
from itertools import groupby, pairwise
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from contratti.rete import Bisogni, CodiceComune, Ente, EntitaId, Event, Importo, PersonaId

ORA_PATTERN = r"^([01]\d|2[0-3]):[0-5]\d$"
LUOGO_PATTERN = r"^[A-Za-zÀ-ÿ0-9«][A-Za-zÀ-ÿ0-9 .,'’«»()/-]{2,79}$"
FORME_DEI_CONTATTI = {
    "telefono": (r"\+?\d[\d ]{4,19}", "deve essere un numero di telefono, per esempio 030 0000000"),
    "email": (r"[\w.+-]+@[\w-]+(\.[\w-]+)+", "deve essere un indirizzo email, per esempio punto@esempio.it"),
    "sito": (r"https?://[\w.-]+(/\S*)?", "deve essere un indirizzo web, per esempio https://esempio.it"),
}

Luogo = Annotated[str, StringConstraints(pattern=LUOGO_PATTERN)]
"""Denominazione o indirizzo di un luogo pubblico, mai di una persona."""

Ora = Annotated[str, StringConstraints(pattern=ORA_PATTERN), Field(examples=["09:30"])]
"""Ora del giorno a Roma."""

PuntoId = Annotated[EntitaId, Field(title="Punto di Comunità")]
Presenze = Annotated[int, Field(title="Presenze", ge=0, le=5000, examples=[14])]
Minuti = Annotated[int, Field(ge=0, le=1440, examples=[90])]
Sapere = Annotated[
    Literal[
        "cucina", "cucito", "artigianato", "piccole_riparazioni", "orto", "lingua_italiana", "lingue_straniere",
        "informatica", "compiti", "cura_dei_bambini", "compagnia", "burocrazia", "musica", "movimento", "altro",
    ],
    Field(title="Sapere"),
]  # fmt: skip


class Parte(BaseModel):
    """La base delle voci di un elenco dentro un evento; chi legge ignora i campi in più, come negli eventi."""

    model_config = ConfigDict(frozen=True, extra="ignore")


# Il Punto di Comunità


class Contatto(Parte):
    """Un modo di raggiungere il Punto: è del luogo, ed è pubblico."""

    tipo: Annotated[Literal["telefono", "email", "sito", "altro"], Field(title="Tipo")]
    valore: Annotated[
        str,
        StringConstraints(pattern=r"^[A-Za-z0-9+@][A-Za-z0-9 .@:/_+?=&%#-]{2,119}$", max_length=120),
        Field(title="Numero o indirizzo", examples=["030 0000000"]),
    ]

    @field_validator("valore")
    @classmethod
    def _del_suo_tipo(cls, valore: str, altri: ValidationInfo) -> str:
        forma, avviso = FORME_DEI_CONTATTI.get(altri.data.get("tipo", ""), (".*", ""))
        if not re.fullmatch(forma, valore, re.ASCII):
            raise ValueError(avviso)
        return valore


class Orario(Parte):
    """Un'apertura di ogni settimana."""

    giorno: Annotated[
        Literal["lunedi", "martedi", "mercoledi", "giovedi", "venerdi", "sabato", "domenica", "altro"],
        Field(title="Giorno", description="«Altro» per un giorno che non torna ogni settimana"),
    ]
    dalle: Annotated[Ora, Field(title="Dalle")]
    alle: Annotated[Ora, Field(title="Alle")]

    @field_validator("alle")
    @classmethod
    def _dopo_l_apertura(cls, alle: str, altri: ValidationInfo) -> str:
        if alle <= altri.data.get("dalle", ""):
            raise ValueError("deve essere dopo l'ora di apertura")
        return alle


def _non_sovrapposti(orari: tuple[Orario, ...]) -> tuple[Orario, ...]:
    ordinati = sorted((o for o in orari if o.giorno != "altro"), key=lambda o: (o.giorno, o.dalle))
    for _, del_giorno in groupby(ordinati, key=lambda o: o.giorno):
        if any(dopo.dalle < prima.alle for prima, dopo in pairwise(del_giorno)):
            raise ValueError("due orari dello stesso giorno si sovrappongono")
    return orari


class PuntoDiComunitaAperto(Event):
    """Ha aperto un Punto di Comunità, per la prima volta o di nuovo."""

    denominazione: Annotated[Luogo, Field(title="Denominazione", examples=["Punto di Comunità di Visano"])]
    comune: CodiceComune
    indirizzo: Annotated[
        Luogo, Field(title="Indirizzo", description="Del luogo, è pubblico", examples=["Piazza Castello 12"])
    ]
    contatti: Annotated[
        tuple[Contatto, ...],
        Field(
            title="Contatti",
            description="Del luogo, sono pubblici: non quelli di una persona",
            min_length=1,
            max_length=5,
            examples=[[{"tipo": "telefono", "valore": "030 0000000"}]],
        ),
    ]
    gestore: Annotated[Ente, Field(title="Gestore")]
    facilitatore: Annotated[PersonaId, Field(title="Facilitatore")]


class PuntoSpecializzato(Event):
    """Il Punto ha una specializzazione."""

    specializzazione: Annotated[Literal["lavoro", "altro"], Field(title="Specializzazione")]


class FacilitatoreDelPuntoCambiato(Event):
    """Il Punto ha un nuovo facilitatore."""

    facilitatore: Annotated[PersonaId, Field(title="Nuovo facilitatore")]


class OrariAggiornati(Event):
    """Il Punto apre in questi orari, che sostituiscono quelli di prima."""

    orari: Annotated[
        tuple[Orario, ...],
        Field(
            title="Orari",
            description="Tutte le aperture della settimana",
            min_length=1,
            max_length=30,
            examples=[[{"giorno": "martedi", "dalle": "09:30", "alle": "12:00"}]],
        ),
        AfterValidator(_non_sovrapposti),
    ]
    tenuto_da: Annotated[Literal["operatori", "volontari", "altro"], Field(title="Chi tiene lo sportello")] | None = (
        Field(None, title="Chi tiene lo sportello", description="Dove lo tengono i volontari vale un minimo di ore")
    )


class AttivitaSvolta(Event):
    """Nel Punto si è svolta un'attività."""

    promossa_da: Annotated[Literal["facilitatore", "cittadini", "insieme", "altro"], Field(title="Promossa da")]
    presenze: Presenze
    prime_presenze: Annotated[
        int,
        Field(title="Prime presenze", description="Quanti erano al Punto per la prima volta", ge=0, le=5000),
        Field(examples=[3]),
    ]

    @field_validator("prime_presenze")
    @classmethod
    def _fra_i_presenti(cls, prime: int, altri: ValidationInfo) -> int:
        if prime > altri.data.get("presenze", prime):
            raise ValueError("non possono essere più delle presenze")
        return prime


class FaseDiAutonomiaRaggiunta(Event):
    """Il Punto è in una nuova fase del suo cammino verso l'autonomia."""

    fase: Annotated[Literal["avvio", "cogestione", "autonomia", "altro"], Field(title="Fase")]
    motivo: (
        Annotated[
            Literal["meno_volontari", "cambio_del_facilitatore", "cambio_di_sede", "difficolta_fra_i_gruppi", "altro"],
            Field(title="Motivo"),
        ]
        | None
    ) = Field(None, title="Motivo", description="Da dire se il Punto torna a una fase di prima")


class PuntoChiuso(Event):
    """Il Punto di Comunità ha chiuso."""


# Il gruppo


def _una_volta(ids: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(ids)) != len(ids):
        raise ValueError("lo stesso gruppo compare due volte")
    return ids


class GruppoNato(Event):
    """In un Punto è nato un gruppo di cittadini o di auto mutuo aiuto."""

    punto: PuntoId
    tema: Annotated[
        Literal[
            "auto_mutuo_aiuto", "genitori", "anziani", "giovani", "donne", "chi_assiste", "incontro_fra_culture",
            "saperi", "cultura", "ambiente", "quartiere", "altro",
        ],
        Field(title="Tema"),
    ]  # fmt: skip


class IncontroDiGruppoSvolto(Event):
    """Il gruppo si è incontrato, da solo o con altri gruppi."""

    presenze: Presenze
    con_gruppi: Annotated[
        tuple[EntitaId, ...],
        Field(title="Con quali gruppi", max_length=20, json_schema_extra={"uniqueItems": True}),
        AfterValidator(_una_volta),
    ] = ()


class GruppoSciolto(Event):
    """Il gruppo si è sciolto."""


# L'ascolto


class RichiestaDiAiutoRaccolta(Event):
    """Un Punto ha raccolto una richiesta di aiuto: comincia l'ascolto."""

    punto: PuntoId
    persona: PersonaId | None = Field(None, title="Persona", description="Chi chiede, se vuole essere riconosciuto")
    comune: CodiceComune
    bisogni: Annotated[Bisogni, Field(min_length=1)]
    invio: EntitaId | None = Field(None, title="Invio", description="L'invio da cui nasce l'ascolto, se c'è")


class ReteDiAppoggioRilevata(Event):
    """È stato chiesto alla persona su chi può contare, all'inizio o più avanti."""

    persona: PersonaId
    persone_di_appoggio: Annotated[
        int, Field(title="Persone di appoggio", description="Su quante può contare", ge=0, le=50, examples=[2])
    ]
    stabile: Annotated[
        bool, Field(title="Appoggio stabile", description="Ci sono da tempo e ci saranno", examples=[True])
    ]
    difficolta_economica: Annotated[bool, Field(title="Difficoltà economica", examples=[False])]


class StarBeneRilevato(Event):
    """È stato chiesto alla persona come sta, all'inizio o più avanti."""

    persona: PersonaId
    benessere: Annotated[
        int, Field(title="Benessere", description="Punteggio WHO-5, da 0 a 100", ge=0, le=100, examples=[48])
    ]
    fiducia: Annotated[int, Field(title="Fiducia negli altri", description="Da 0 a 10", ge=0, le=10, examples=[5])]
    conoscenze: Annotated[
        int, Field(title="Conoscenze", description="Quanti conosce nella comunità", ge=0, le=500, examples=[6])
    ]


class AscoltoConcluso(Event):
    """L'ascolto è finito."""

    esito: Annotated[
        Literal["risposta_della_comunita", "invio", "informazione", "rinuncia", "altro"], Field(title="Esito")
    ]


# Il fareassieme


class SapereOfferto(Event):
    """Una persona ha offerto di condividere un sapere."""

    persona: PersonaId
    sapere: Sapere


class SapereRichiesto(Event):
    """Una persona ha chiesto di imparare un sapere, o di esserne aiutata."""

    persona: PersonaId
    sapere: Sapere


class Partecipante(Parte):
    """Quanto tempo una persona ha dato e ricevuto nello scambio."""

    persona: PersonaId
    dato_minuti: Annotated[Minuti, Field(title="Minuti dati")]
    ricevuto_minuti: Annotated[Minuti, Field(title="Minuti ricevuti")]


def _in_pareggio(partecipanti: tuple[Partecipante, ...]) -> tuple[Partecipante, ...]:
    if len({p.persona for p in partecipanti}) != len(partecipanti):
        raise ValueError("la stessa persona compare due volte")
    if any(p.dato_minuti == p.ricevuto_minuti == 0 for p in partecipanti):
        raise ValueError("chi partecipa dà o riceve almeno un minuto")
    dati, ricevuti = sum(p.dato_minuti for p in partecipanti), sum(p.ricevuto_minuti for p in partecipanti)
    if dati != ricevuti:
        raise ValueError(f"i minuti dati ({dati}) e quelli ricevuti ({ricevuti}) devono essere uguali")
    return partecipanti


class ScambioAvvenuto(Event):
    """Più persone si sono scambiate saperi: il tempo dato in tutto è quello ricevuto in tutto."""

    partecipanti: Annotated[
        tuple[Partecipante, ...],
        Field(
            title="Partecipanti",
            description="I minuti dati in tutto sono quanti quelli ricevuti in tutto",
            min_length=2,
            max_length=50,
            examples=[
                [
                    {"persona": "p-3f9a1c72d4e8", "dato_minuti": 90, "ricevuto_minuti": 0},
                    {"persona": "p-91b04de7a6c5", "dato_minuti": 0, "ricevuto_minuti": 90},
                ]
            ],
        ),
        AfterValidator(_in_pareggio),
    ]
    punto: PuntoId | None = Field(None, title="Punto di Comunità", description="Dov'è avvenuto, se in un Punto")


# L'aiuto


class AiutoOfferto(Event):
    """Una persona o un ente ha offerto di dare una mano, per la prima volta o di nuovo."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"avvenuto_il": "2016-03-20", "persona": "p-3f9a1c72d4e8", "cosa": "tempo", "comune": "017113"}
            ]
        }
    )

    persona: PersonaId | None = Field(None, title="Persona", description="Chi offre, se è una persona")
    ente: Ente | None = Field(None, title="Ente", description="Chi offre, se è un ente", validate_default=True)
    cosa: Annotated[Literal["tempo", "spazi", "beni", "alloggio", "altro"], Field(title="Che cosa")]
    comune: CodiceComune | None = Field(None, title="Comune", description="Dove, se in un comune solo")

    @field_validator("ente")
    @classmethod
    def _persona_o_ente(cls, ente: str | None, altri: ValidationInfo) -> str | None:
        if "persona" in altri.data and (ente is None) == (altri.data["persona"] is None):
            raise ValueError("va indicata la persona che offre o l'ente che offre, non entrambi")
        return ente


class AiutoImpiegato(Event):
    """L'aiuto offerto è servito."""


# L'idea


class IdeaPresentata(Event):
    """Dei cittadini hanno presentato un'idea per la comunità."""

    comune: CodiceComune
    proponente: Annotated[Literal["cittadino", "associazione", "altro"], Field(title="Proponente")]


class IdeaFinanziata(Event):
    """L'idea ha ricevuto del denaro, in tutto o in parte."""

    importo_centesimi: Importo


class IdeaRealizzata(Event):
    """L'idea finanziata è stata realizzata."""


class IdeaRespinta(Event):
    """L'idea non sarà finanziata."""

    motivo: Annotated[
        Literal["non_realizzabile", "gia_esistente", "fondi_esauriti", "fuori_dal_bando", "ritirata", "altro"],
        Field(title="Motivo"),
    ]
