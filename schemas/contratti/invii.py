"""Gli eventi degli invii: la persona incontrata a uno sportello e affidata a un altro, senza che si perda.

Ogni invio ha due mezze storie: `invio/<id>` la scrive chi invia, `invio_ricevuto/<id>` chi riceve.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from contratti.rete import Bisogni, CodiceComune, EntitaId, Event, FamigliaId, PersonaId

NODO_PATTERN = r"^[a-z]{2,20}/[a-z0-9][a-z0-9-]{1,59}$"


class DelDistretto:
    """Segna i campi che nominano un nodo della rete: ogni distretto ha i suoi."""


Nodo = Annotated[
    str,
    DelDistretto,
    StringConstraints(pattern=NODO_PATTERN),
    Field(title="Sportello", description="Servizio ed ente che ci lavora", examples=["casa/consorzio-tenda"]),
]
"""Chi invia o riceve: un servizio della rete e l'ente che vi lavora, che può esservi ospite (un comune)."""

Prestazione = Literal[
    "accompagnamento_abitativo", "garanzia_affitto", "coabitazione",
    "orientamento_al_lavoro", "tirocinio", "inserimento_lavorativo",
    "laboratorio", "percorso_scuola_lavoro",
    "ascolto", "gruppo", "fareassieme",
    "servizio_sociale", "altro",
]  # fmt: skip
DiPrestazione = Annotated[Prestazione, Field(title="Prestazione")]
FasciaEta = Literal["0-5", "6-10", "11-13", "14-17", "18-29", "30-64", "65_e_oltre", "altro"]
InvioId = Annotated[EntitaId, Field(title="Invio")]
MotivoRifiuto = Annotated[
    Literal[
        "non_di_competenza", "posti_esauriti", "requisiti_mancanti", "irreperibile", "rinuncia_della_persona", "altro"
    ],
    Field(title="Motivo"),
]
MotivoAnnullamento = Annotated[
    Literal["inviato_per_errore", "rinuncia_della_persona", "bisogno_cambiato", "impossibilita", "altro"],
    Field(title="Motivo"),
]
AltroNodo = Annotated[Nodo, Field(title="A chi")]


class InvioRichiesto(Event):
    """Chi invia chiede a uno sportello, o a chiunque offra la prestazione, di prendersi a cuore qualcuno."""

    da: Annotated[Nodo, Field(title="Da chi")]
    a: AltroNodo | None = Field(None, title="A chi", description="Vuoto: a chiunque offra la prestazione")
    persona: PersonaId | None = Field(None, title="Persona", description="O la persona, o la famiglia")
    famiglia: FamigliaId | None = Field(None, title="Famiglia", description="O la persona, o la famiglia")
    comune: CodiceComune
    prestazione: DiPrestazione
    bisogni: Bisogni = ()
    nucleo: int | None = Field(None, title="Persone nel nucleo", ge=1, le=20, examples=[4])
    minori: int | None = Field(
        None, title="Minori", description="Quanti minorenni nel nucleo", ge=0, le=20, examples=[2]
    )
    fasce_eta: Annotated[tuple[FasciaEta, ...], Field(title="Fasce di età", max_length=10)] = ()
    urgente: bool = Field(False, title="Urgente", examples=[True])
    rispondere_entro: Annotated[date, Field(title="Rispondere entro", examples=["2016-03-24"])]
    segue: InvioId | None = Field(None, title="Segue", description="L'invio che questo continua")


class InvioAccettato(Event):
    """Chi riceve è pronto a farsene carico."""

    da: Annotated[Nodo, Field(title="Chi risponde")]


class InvioConfermato(Event):
    """Chi invia conferma: questa accettazione vale."""

    a: AltroNodo


class InvioRifiutato(Event):
    """Chi riceve non può farsene carico, prima di ogni azione."""

    da: Annotated[Nodo, Field(title="Chi risponde")]
    motivo: MotivoRifiuto


class InvioPresoInCarico(Event):
    """Chi riceve ha cominciato."""


class InvioSospeso(Event):
    """Il lavoro è fermo per un motivo."""

    motivo: Annotated[
        Literal["attesa_della_persona", "attesa_di_documenti", "attesa_di_posto", "salute", "altro"],
        Field(title="Motivo"),
    ]


class InvioRipreso(Event):
    """Il lavoro è ripreso."""


class InvioConcluso(Event):
    """Il lavoro è finito, con un esito."""

    esito: Annotated[
        Literal["aiuto_ottenuto", "aiuto_parziale", "non_ottenuto", "non_piu_necessario", "altro"],
        Field(title="Esito"),
    ]


class InvioNonRiuscito(Event):
    """Chi riceve ha provato, e non è stato possibile."""

    motivo: Annotated[
        Literal["persona_non_raggiunta", "rinuncia_della_persona", "risorse_mancanti", "altro"],
        Field(title="Motivo"),
    ]


class InvioAnnullato(Event):
    """Fermato da chi invia (dopo la conferma è una richiesta di fermarsi), o ritirato o interrotto da chi riceve."""

    da: Annotated[Literal["inviante", "ricevente", "altro"], Field(title="Da quale parte")]
    motivo: MotivoAnnullamento


class InvioScaduto(Event):
    """Nessuno ha risposto in tempo."""


class InvioReindirizzato(Event):
    """Offerto a un altro: la storia continua nell'invio nuovo."""

    a: AltroNodo | None = Field(None, title="A chi", description="Vuoto: a chiunque offra la prestazione")
    nuovo: Annotated[EntitaId, Field(title="Nuovo invio")]


class InvioArchiviato(Event):
    """Chi invia chiude la sua parte, con il riscontro della persona se l'ha dato."""

    riscontro: Literal["positivo", "negativo", "neutro", "altro"] | None = Field(None, title="Riscontro della persona")


class PostiDisponibiliAggiornati(Event):
    """Quanti posti ha adesso una prestazione, e quanti aspettano: la capienza si dice, non si chiede."""

    prestazione: DiPrestazione
    posti_liberi: Annotated[int, Field(title="Posti liberi", ge=0, le=10_000, examples=[3])]
    in_attesa: Annotated[int, Field(title="In attesa", ge=0, le=10_000, examples=[1])]
