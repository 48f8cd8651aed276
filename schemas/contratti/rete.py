"""Ciò che è comune a tutta la rete: la base degli eventi, i tipi di valore, gli eventi di ogni servizio."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

UUID_PATTERN = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"

PersonaId = Annotated[
    str, StringConstraints(pattern=r"^p-[a-z0-9]{6,64}$"), Field(title="Persona", examples=["p-3f9a1c72d4e8"])
]
"""Pseudonimo opaco di una persona: nome e codice fiscale restano nell'anagrafica del servizio che la conosce."""

EntitaId = Annotated[
    str,
    StringConstraints(pattern=UUID_PATTERN),
    Field(examples=["7f3c2a10-5b6d-4e8f-9a01-23456789abcd"]),
]
"""UUID scelto da chi crea l'entità: una creazione ripetuta è la stessa creazione."""


class Istat:
    """Segna i campi che portano il codice di un comune: ogni distretto ha i suoi."""


FamigliaId = Annotated[EntitaId, Field(title="Famiglia")]
CodiceComune = Annotated[
    str,
    Istat,
    StringConstraints(pattern=r"^\d{6}$"),
    Field(title="Comune", description="Codice ISTAT", examples=["017113"]),
]
Centesimi = Annotated[
    int, Field(title="Importo", description="In centesimi di euro", ge=0, le=10**11, examples=[45000])
]
Importo = Annotated[int, Field(title="Importo", description="In centesimi di euro", gt=0, le=10**11, examples=[45000])]
Ente = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,59}$"), Field(title="Ente", examples=["consorzio-tenda"])
]
Servizio = Literal["casa", "lavoro", "giovani", "punti"]
AvvenutoIl = Annotated[date, Field(title="Data", description="Giorno in cui è avvenuto", examples=["2016-03-20"])]

ALTRO = "altro"


class UnknownEvent(Exception):
    """Nessun modello per questo tipo di evento, o per questa sua versione."""


class Event(BaseModel):
    """Un fatto avvenuto, come lo legge tutta la rete. Sconosciuto è il campo in più: chi legge lo ignora."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    type_name: ClassVar[str]
    schema_version: ClassVar[int] = 1
    registro: ClassVar[dict[tuple[str, int], type["Event"]]] = {}

    avvenuto_il: AvvenutoIl

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        cls.type_name = f"{cls.__module__.rpartition('.')[2]}.{cls.__name__}"
        if cls.__module__.startswith("contratti."):
            Event.registro[cls.type_name, cls.schema_version] = cls

    def upcast(self) -> "Event":
        """Restituisce l'evento nella versione più recente; pura. Chi sostituisce una versione la ridefinisce."""
        return self


def leggi(tipo: str, versione: int, dati: dict[str, Any]) -> Event:
    """Restituisce l'evento descritto da `dati`; un codice che non conosce è letto come «altro».

    Raises: UnknownEvent per un tipo o una versione ignoti, pydantic.ValidationError per dati non validi.
    """
    modello = Event.registro.get((tipo, versione))
    if modello is None:
        raise UnknownEvent(f"{tipo}/{versione}")
    try:
        return modello.model_validate(dati).upcast()
    except ValidationError as errore:
        return modello.model_validate(_apri(dati, errore)).upcast()


def _apri(dati: dict[str, Any], errore: ValidationError) -> dict[str, Any]:
    """Sostituisce con «altro» i soli codici sconosciuti: chi legge resta aperto, chi scrive chiuso."""
    aperti = dati
    for riga in errore.errors(include_url=False, include_context=False):
        if riga["type"] == "literal_error":
            aperti = _sostituisci(aperti, riga["loc"])
    return aperti


def _sostituisci(nodo: Any, percorso: tuple[int | str, ...]) -> Any:
    if not percorso:
        return ALTRO
    passo, resto = percorso[0], percorso[1:]
    if isinstance(nodo, dict) and passo in nodo:
        return {**nodo, passo: _sostituisci(nodo[passo], resto)}
    if isinstance(nodo, list) and isinstance(passo, int):
        return [_sostituisci(v, resto) if i == passo else v for i, v in enumerate(nodo)]
    return nodo


class Envelope(BaseModel):
    """La busta CloudEvents 1.0 di un evento, in JSON strutturato."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: Literal["1.0"] = "1.0"
    id: str = Field(pattern=UUID_PATTERN, description="UUIDv7 dell'evento")
    source: str = Field(pattern=r"^/[a-z]+/[a-z0-9-]+$", max_length=100, description="/servizio/partner")
    type: str = Field(pattern=r"^[a-z]+\.[A-Za-z]+$", max_length=100)
    subject: str = Field(
        pattern=r"^[a-z_]+/[a-z0-9-]+$", max_length=100, description="entità: genere/id; è la chiave Kafka"
    )
    time: str = Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$", description="registrato alle, UTC")
    dataschema: str = Field(
        pattern=r"^/schemas/[a-z]+\.[A-Za-z]+/\d{1,4}$", max_length=120, description="l'ultimo tratto è la versione"
    )
    datacontenttype: Literal["application/json"] = "application/json"
    entityversion: int = Field(ge=1, strict=True, description="versione dell'entità nel suo diario")
    correlationid: str | None = Field(None, max_length=128)
    causationid: str | None = Field(None, max_length=128)
    traceparent: str | None = Field(None, max_length=64)
    data: dict[str, Any]

    @property
    def schema_version(self) -> int:
        """La versione dello schema dei dati."""
        return _ultimo_tratto(self.dataschema)

    def event(self) -> Event:
        """L'evento contenuto. Raises: come `leggi`."""
        return leggi(self.type, _ultimo_tratto(self.dataschema), self.data)


@lru_cache(maxsize=1000)
def _ultimo_tratto(dataschema: str) -> int:
    return int(dataschema.rpartition("/")[2])


class EventoRettificato(Event):
    """Un evento registrato per errore, corretto o annullato."""

    rettifica: Annotated[EntitaId, Field(title="Evento da rettificare", description="id dell'evento sbagliato")]
    motivo: Annotated[
        Literal["errore_di_digitazione", "persona_sbagliata", "fatto_non_avvenuto", "dato_mancante", "altro"],
        Field(title="Motivo"),
    ]
    data: dict[str, Any] | None = Field(
        None,
        title="Dati corretti",
        description="Vuoto per annullare l'evento",
        examples=[{"avvenuto_il": "2016-03-21"}],
    )


CHI_COPROGETTA = Literal[
    "cittadini", "reti_informali", "scuola", "biblioteca", "ente", "agenzia", "proprietario", "altro"
]
CHI_INCONTRA = Literal["ente_locale", "privato_sociale", "cittadini", "scuola", "impresa", "altro"]
Bisogno = Literal[
    "abitare", "reddito", "lavoro", "salute", "relazioni", "crescita_dei_figli", "istruzione", "mobilita",
    "burocrazia", "altro",
]  # fmt: skip
Bisogni = Annotated[tuple[Bisogno, ...], Field(title="Bisogni", max_length=10)]


class CoprogettazioneSvolta(Event):
    """Un incontro in cui la rete ha progettato insieme ai cittadini e alle loro organizzazioni."""

    oggetto: Annotated[
        Literal["fondo", "coabitazione", "condominio", "laboratorio", "tirocini", "punto", "evento", "altro"],
        Field(title="Oggetto"),
    ]
    con: Annotated[tuple[CHI_COPROGETTA, ...], Field(title="Con chi", min_length=1, max_length=10)]
    bisogni: Bisogni = ()
    aspettative: Annotated[
        tuple[Literal["ascolto", "stabilita", "autonomia", "socialita", "opportunita", "altro"], ...],
        Field(title="Aspettative", max_length=10),
    ] = ()
    scelte: Annotated[
        tuple[Literal["nuova_attivita", "modifica", "sospensione", "conferma", "altro"], ...],
        Field(title="Scelte", max_length=10),
    ] = ()


class IncontroDiReteSvolto(Event):
    """Un incontro fra chi fa parte della rete."""

    presenti: Annotated[tuple[CHI_INCONTRA, ...], Field(title="Presenti", min_length=1, max_length=10)]


def eventi(moduli: Iterable[str] = ()) -> list[type[Event]]:
    """I modelli del contratto, in ordine di tipo e versione; `moduli` limita ai primi tratti del tipo."""
    scelti = set(moduli)
    return [
        modello
        for (tipo, _), modello in sorted(Event.registro.items())
        if modello.__module__.startswith("contratti.") and (not scelti or tipo.partition(".")[0] in scelti)
    ]


__all__ = [
    "ALTRO", "UUID_PATTERN", "AvvenutoIl", "Bisogni", "Bisogno", "Centesimi", "CodiceComune", "CoprogettazioneSvolta",
    "Ente", "EntitaId", "Envelope", "Event", "EventoRettificato", "FamigliaId", "Importo", "IncontroDiReteSvolto",
    "Istat", "PersonaId", "Servizio", "UnknownEvent", "eventi", "leggi",
]  # fmt: skip
