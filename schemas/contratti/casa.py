"""Gli eventi della linea casa: famiglie, alloggi, Fondo Garanzia, coabitazioni, condomini sociali."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from contratti.rete import Bisogni, Centesimi, CodiceComune, EntitaId, Event, FamigliaId, Importo, PersonaId


def _distinte(persone: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(persone)) != len(persone):
        raise ValueError("la stessa persona compare due volte")
    return persone


Componenti = Annotated[
    tuple[PersonaId, ...],
    Field(
        title="Componenti",
        description="Le persone del nucleo, ciascuna una volta",
        min_length=1,
        max_length=20,
        examples=[["p-3f9a1c72d4e8", "p-91b04de7a6c5"]],
        json_schema_extra={"uniqueItems": True},
    ),
    AfterValidator(_distinte),
]
Minori = Annotated[int, Field(title="Minori", description="Quanti minorenni nel nucleo", ge=0, le=20, examples=[2])]
MotivoEscussione = Annotated[
    Literal["canoni_non_pagati", "spese_non_pagate", "danni_all_alloggio", "spese_legali", "altro"],
    Field(title="Motivo"),
]


# La famiglia


class FamigliaPresaInCarico(Event):
    """La linea casa ha preso in carico una famiglia fragile, per la prima volta o di nuovo."""

    comune: CodiceComune
    componenti: Componenti
    minori: Minori
    bisogni: Bisogni = ()
    invio: EntitaId | None = Field(None, title="Invio", description="L'invio da cui nasce la presa in carico, se c'è")


class NucleoAggiornato(Event):
    """Il nucleo della famiglia è cambiato: componenti e minori sono quelli di adesso."""

    componenti: Componenti
    minori: Minori
    motivo: Annotated[
        Literal["nascita", "ingresso", "uscita", "separazione", "decesso", "maggiore_eta", "altro"],
        Field(title="Motivo"),
    ]


class MorositaRilevata(Event):
    """È stata rilevata una nuova morosità della famiglia, che si aggiunge a quella non ancora sanata."""

    importo_centesimi: Importo
    mensilita: Annotated[
        int, Field(title="Mensilità", description="Mensilità non pagate, anche in parte", ge=1, le=120, examples=[3])
    ]


class PianoDiRientroConcordato(Event):
    """Famiglia e locatore hanno concordato come rientrare dalla morosità."""

    importo_centesimi: Importo
    rate: Annotated[int, Field(title="Rate", ge=1, le=120, examples=[6])]
    prima_rata_il: Annotated[date, Field(title="Prima rata", examples=["2016-04-30"])]


class MorositaSanata(Event):
    """La famiglia, o altri per lei, ha pagato una parte o tutta la morosità."""

    importo_centesimi: Importo


class SfrattoIntimato(Event):
    """Alla famiglia è stato intimato lo sfratto."""


class SfrattoPrevenuto(Event):
    """Lo sfratto intimato non avrà luogo."""

    come: Annotated[
        Literal[
            "piano_di_rientro",
            "garanzia_del_fondo",
            "contributo_morosita_incolpevole",
            "accordo_con_il_locatore",
            "nuova_locazione",
            "alloggio_pubblico",
            "coabitazione",
            "altro",
        ],
        Field(title="Come"),
    ]


class SfrattoEseguito(Event):
    """Lo sfratto intimato è stato eseguito."""


class PresaInCaricoConclusa(Event):
    """La presa in carico della famiglia è finita."""

    esito: Annotated[
        Literal[
            "autonomia_abitativa",
            "casa_mantenuta",
            "alloggio_pubblico",
            "passaggio_ad_altro_servizio",
            "trasferimento",
            "rinuncia",
            "irreperibile",
            "altro",
        ],
        Field(title="Esito"),
    ]


# L'alloggio


class AlloggioResoDisponibile(Event):
    """Un alloggio è stato messo a disposizione del progetto, per la prima volta o di nuovo."""

    comune: CodiceComune
    vani: Annotated[int, Field(title="Vani", ge=1, le=20, examples=[3])]
    canone_centesimi: Annotated[Centesimi, Field(title="Canone mensile")]
    locatore: Annotated[Literal["privato", "ente_pubblico", "cooperativa", "altro"], Field(title="Locatore")]
    tramite_agenzia: EntitaId | None = Field(
        None, title="Tramite agenzia", description="L'adesione al Fondo dell'agenzia che lo ha procurato, se c'è"
    )


class AlloggioAssegnato(Event):
    """L'alloggio è stato assegnato a una famiglia in carico."""

    famiglia: FamigliaId
    titolo: Annotated[
        Literal["nuova_locazione", "locazione_in_corso", "altro"],
        Field(title="Titolo", description="«Locazione in corso»: la famiglia ci abitava già"),
    ]


class AlloggioLiberato(Event):
    """La famiglia ha lasciato l'alloggio."""


class AlloggioRitirato(Event):
    """L'alloggio non è più a disposizione del progetto."""

    motivo: Annotated[
        Literal["venduto", "uso_del_proprietario", "locato_ad_altri", "inagibile", "fine_disponibilita", "altro"],
        Field(title="Motivo"),
    ]


# L'adesione al Fondo


class AdesioneAlFondoSottoscritta(Event):
    """Un'agenzia immobiliare o un proprietario ha aderito al Fondo Garanzia."""

    tipo: Annotated[Literal["agenzia_immobiliare", "proprietario", "altro"], Field(title="Chi aderisce")]
    comune: CodiceComune


class AdesioneAlFondoCessata(Event):
    """L'adesione al Fondo Garanzia è cessata."""


# Il Fondo Garanzia e le sue garanzie


class DotazioneVersata(Event):
    """Qualcuno ha versato una dotazione nel Fondo Garanzia."""

    importo_centesimi: Importo
    da: Annotated[
        Literal["fondazione", "comune", "impresa", "ente", "cittadini", "altro"],
        Field(title="Da", description="Il tipo di soggetto che versa"),
    ]


class GaranziaConcessa(Event):
    """Il Fondo ha garantito una famiglia verso chi le dà in locazione l'alloggio."""

    famiglia: FamigliaId
    alloggio: Annotated[EntitaId, Field(title="Alloggio")]
    massimale_centesimi: Annotated[Importo, Field(title="Massimale", examples=[240000])]
    mesi: Annotated[int, Field(title="Durata in mesi", ge=1, le=120, examples=[12])]


class GaranziaEscussa(Event):
    """Il locatore ha riscosso dal Fondo una parte o tutta la garanzia."""

    importo_centesimi: Importo
    motivo: MotivoEscussione


class RecuperoIncassato(Event):
    """Il Fondo ha incassato dalla famiglia una parte o tutto quanto era stato escusso."""

    importo_centesimi: Importo


class GaranziaSvincolata(Event):
    """Il Fondo non risponde più per questa garanzia."""

    motivo: Annotated[
        Literal["scadenza", "alloggio_liberato", "bisogno_cessato", "nuova_garanzia", "rinuncia", "altro"],
        Field(title="Motivo"),
    ]


# La coabitazione accompagnata


class CoabitazioneAvviata(Event):
    """È stata avviata una coabitazione accompagnata."""

    comune: CodiceComune
    posti: Annotated[
        int, Field(title="Posti", description="Posti per chi entra, oltre all'ospitante", ge=1, le=30, examples=[3])
    ]
    ospitante: PersonaId | None = Field(
        None, title="Ospitante", description="Chi apre la propria casa, se la coabitazione è in casa di qualcuno"
    )


class CoabitanteEntrato(Event):
    """Una persona è entrata nella coabitazione."""

    persona: PersonaId


class CoabitanteUscito(Event):
    """Una persona ha lasciato la coabitazione."""

    persona: PersonaId
    esito: Annotated[
        Literal[
            "autonomia_abitativa",
            "ritorno_in_famiglia",
            "altra_coabitazione",
            "alloggio_pubblico",
            "struttura",
            "allontanamento",
            "rinuncia",
            "altro",
        ],
        Field(title="Esito"),
    ]


class AccompagnamentoSvolto(Event):
    """Un operatore ha accompagnato la vita della coabitazione."""


class CoabitazioneConclusa(Event):
    """La coabitazione è finita."""

    esito: Annotated[
        Literal["autonomia_dei_coabitanti", "fine_del_progetto", "fine_disponibilita", "convivenza_difficile", "altro"],
        Field(title="Esito"),
    ]


# Il condominio sociale


class CondominioSocialeAvviato(Event):
    """È stato avviato un condominio sociale."""

    comune: CodiceComune
    alloggi: Annotated[
        int, Field(title="Alloggi", description="Quanti alloggi ha il condominio", ge=1, le=500, examples=[18])
    ]


class CustodeSocialeIncaricato(Event):
    """Il custode sociale ha ricevuto l'incarico: comincia la prova."""


class CustodeSocialeCessato(Event):
    """L'incarico del custode sociale è finito."""


class CustodeJuniorScelto(Event):
    """I residenti hanno scelto fra loro il custode junior: comincia l'affiancamento."""


class CustodeJuniorResoAutonomo(Event):
    """Il custode junior prosegue da solo."""


class AttivitaCondominialeSvolta(Event):
    """Nel condominio si è svolta un'attività di vita comune."""

    promossa_da: Annotated[Literal["custode", "junior", "residenti", "altro"], Field(title="Promossa da")]
    ambito: Annotated[Literal["consapevole", "condiviso", "sostenibile", "altro"], Field(title="Ambito")]
    presenze: Annotated[int, Field(title="Presenze", ge=0, le=1000, examples=[14])]


class CondominioSocialeConcluso(Event):
    """Il condominio sociale è finito."""
