"""Con che cosa una rotta dell'API si descrive: il documento OpenAPI è l'insieme di queste descrizioni."""

from typing import Any

Json = dict[str, Any]
TAG = "cifre"
ERRORI = (401, 403, 503)
"""Ciò che può rispondere ogni rotta con token."""
ROTTE: Json = {}
"""Per percorso sotto /api/v1, le operazioni descritte."""
SCHEMI: Json = {}
"""Gli schemi nominati, per nome."""


def descrivi(percorso: str, operazione: Json, **schemi: Json) -> None:
    """Mette nel documento una lettura sotto /api/v1, e gli schemi che nomina: accanto alla rotta che descrive."""
    ROTTE[percorso] = {"get": operazione}
    SCHEMI.update(schemi)


def voce(
    id: str, titolo: str, schema: str, parametri: list[Json], errori: tuple[int, ...], *, etag: bool = True
) -> Json:
    """Una lettura che risponde con quello schema. `etag`: risponde 304 a chi ha già le stesse cifre."""
    risposta: Json = {"description": titolo, "content": {"application/json": {"schema": rif(schema)}}}
    risposte: Json = {"200": risposta, **problemi((*errori, *ERRORI))}
    if etag:
        parametri = [*parametri, parametro("SeNonVersione")]
        risposta["headers"] = {"ETag": {"schema": TESTO, "description": "Cambia quando cambia una cifra"}}
        risposte["304"] = {"description": "Non è cambiato"}
    return {"operationId": id, "tags": [TAG], "summary": titolo, "parameters": parametri, "responses": risposte}


def problemi(codici: tuple[int, ...]) -> Json:
    """Le risposte problem+json con questi codici."""
    return {str(c): {"$ref": f"#/components/responses/{c}"} for c in codici}


def parametro(nome: str) -> Json:
    """Un parametro fra quelli di tutti i servizi."""
    return {"$ref": f"#/components/parameters/{nome}"}


def rif(nome: str) -> Json:
    """Il rimando a uno schema."""
    return {"$ref": f"#/components/schemas/{nome}"}


def oggetto(**campi: Json) -> Json:
    """Un oggetto con questi campi, tutti presenti."""
    return {"type": "object", "required": list(campi), "properties": campi}


def elenco(di: Json) -> Json:
    """Un elenco di cose con questa forma."""
    return {"type": "array", "items": di}


def filtro(nome: str, forma: str, descrizione: str) -> Json:
    """Un parametro dell'indirizzo."""
    schema = {"type": "string", "pattern": forma}
    return {"name": nome, "in": "query", "required": False, "schema": schema, "description": descrizione}


TESTO: Json = {"type": "string"}
FORSE_TESTO: Json = {"type": ["string", "null"]}
NUMERO: Json = {"type": "number"}
FORSE_NUMERO: Json = {"type": ["number", "null"], "description": "null: non calcolabile"}
INTERO: Json = {"type": "integer"}
VERO: Json = {"type": "boolean"}
GIORNO: Json = {"type": "string", "format": "date"}
ISTANTE: Json = {"type": ["string", "null"], "format": "date-time"}

_MESE = "^20[0-9]{2}-(0[1-9]|1[0-2])$"
AL = filtro("al", f"{_MESE[:-1]}(-[0-9]{{2}})?$", "Fino a questo mese, o a questo giorno, compreso; senza, fino a oggi")
ENTRO = filtro(
    "registrato_entro",
    "^20[0-9]{2}-[0-9]{2}-[0-9]{2}(T.{1,40})?$",
    "Come si sapeva allora: solo ciò che era già registrato in quel giorno, o a quell'istante",
)
FILTRO = [
    filtro("comune", "^[0-9]{6}$", "Codice ISTAT di un comune del distretto; senza, tutto il distretto"),
    filtro("dal", _MESE, "Da questo mese, per le cifre di un periodo; senza, dall'avvio"),
    AL,
    filtro("semestre", "^20[0-9]{2}-[12]$", "Al posto di dal e al"),
    ENTRO,
]
SCRITTO = oggetto(comune=FORSE_TESTO, dal=FORSE_TESTO, al=FORSE_TESTO, registrato_entro=FORSE_TESTO)
FONTE = {"servizio": TESTO, "partner": TESTO, "partner_nome": TESTO}
