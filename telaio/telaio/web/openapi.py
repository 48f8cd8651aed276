"""The OpenAPI 3.1 document of a service, generated from its declaration."""

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema

from telaio.command import CommandSpec
from telaio.correction import entity_commands
from telaio.entity import Entity
from telaio.service import Service, Vista
from telaio.web.incoming import TOKEN, UUID
from telaio.web.lists import MAX_PAGE, PAGE
from telaio.web.problems import MEDIA_TYPE, TITLES

Json = dict[str, Any]
REF = "#/components/schemas/{model}"
READ_ERRORS = (401, 403, 404, 503)
COMMAND_ERRORS = (400, 401, 403, 404, 409, 412, 413, 415, 422, 503)
VERSION = "1"


def document(service: Service) -> Json:
    """The whole document."""
    schemas = _Schemas(service)
    paths: Json = {}
    for entity in service.entities:
        paths |= _entity_paths(entity, schemas)
    for vista in service.lists:
        paths[f"/liste/{vista.name}"] = {"get": _list(vista)}
    return {
        "openapi": "3.1.0",
        "info": {"title": service.title, "version": VERSION, "description": _ABOUT},
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "tags": [{"name": e.plural, "description": e.title} for e in service.entities] + [{"name": "liste"}],
        "paths": paths,
        "components": {
            "schemas": {**schemas.definitions, **_COMMON},
            "responses": {str(s): _problem(s) for s in COMMAND_ERRORS},
            "parameters": _PARAMETERS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


class _Schemas:
    """The models of a service as JSON Schemas: commands as they are read, states as they are written."""

    def __init__(self, service: Service) -> None:
        wanted: list[tuple[type[BaseModel], JsonSchemaMode]] = []
        for entity in service.entities:
            wanted.append((entity.state, "serialization"))
            wanted += [(spec.model, "validation") for spec in entity_commands(entity).values()]
        found, rest = models_json_schema(list(dict.fromkeys(wanted)), ref_template=REF, schema_generator=_Generator)
        self._refs = found
        self.definitions: Json = rest.get("$defs", {})

    def command(self, spec: CommandSpec) -> Json:
        return self._refs[spec.model, "validation"]

    def state(self, entity: Entity[Any]) -> Json:
        return self._refs[entity.state, "serialization"]


class _Generator(GenerateJsonSchema):
    """Commands refuse what they do not know, whatever their model says when it is read as an event."""

    def model_schema(self, schema: Any) -> Json:
        found = super().model_schema(schema)
        return {**found, "additionalProperties": False} if self.mode == "validation" else found


def _entity_paths(entity: Entity[Any], schemas: _Schemas) -> Json:
    base, id = f"/{entity.plural}/{{id}}", [_id_parameter(entity)]
    paths: Json = {
        base: {"parameters": id, "get": _state(entity, schemas)},
        f"{base}/eventi": {"parameters": id, "get": _events(entity)},
    }
    for name, spec in entity_commands(entity).items():
        paths[f"{base}/{name}"] = {"parameters": id, "post": _command(entity, spec, schemas)}
    return paths


def _command(entity: Entity[Any], spec: CommandSpec, schemas: _Schemas) -> Json:
    return {
        "operationId": f"{entity.kind}.{spec.name}",
        "tags": [entity.plural],
        "summary": spec.title,
        "description": spec.description,
        "parameters": [{"$ref": f"#/components/parameters/{p}"} for p in ("Chiave", "SeVersione", "Correlazione")],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schemas.command(spec)}}},
        "responses": {
            "201" if spec.creates else "200": {**_json("Registrato", _ref("Accettato")), "headers": _HEADERS},
            **_errors(COMMAND_ERRORS),
        },
    }


def _state(entity: Entity[Any], schemas: _Schemas) -> Json:
    body = _object(id={"type": "string"}, version={"type": "integer"}, stato=schemas.state(entity))
    return {
        "operationId": f"{entity.kind}.stato",
        "tags": [entity.plural],
        "summary": f"{entity.title}: lo stato",
        "parameters": [{"$ref": "#/components/parameters/SeNonVersione"}],
        "responses": {
            "200": {**_json("Lo stato", body), "headers": {"ETag": _HEADERS["ETag"]}},
            "304": {"description": "Non è cambiato"},
            **_errors(READ_ERRORS),
        },
    }


def _events(entity: Entity[Any]) -> Json:
    rows = {"type": "array", "items": _ref("EventoRegistrato")}
    body = _object(id={"type": "string"}, version={"type": "integer"}, eventi=rows)
    return {
        "operationId": f"{entity.kind}.eventi",
        "tags": [entity.plural],
        "summary": f"{entity.title}: la storia, con le rettifiche",
        "responses": {"200": _json("La storia", body), **_errors(READ_ERRORS)},
    }


def _list(vista: Vista) -> Json:
    rows = {"type": "array", "items": {"type": "object"}}
    after = {"type": ["string", "null"], "description": "Cursore della pagina seguente"}
    body = _object(nome={"type": "string"}, titolo={"type": "string"}, righe=rows, successivo=after)
    return {
        "operationId": f"lista.{vista.name}",
        "tags": ["liste"],
        "summary": vista.title,
        "parameters": [{"$ref": f"#/components/parameters/{p}"} for p in ("Limite", "Cursore")],
        "responses": {"200": _json("Una pagina della lista", body), **_errors((400, *READ_ERRORS))},
    }


def _id_parameter(entity: Entity[Any]) -> Json:
    values = {"const": entity.singleton} if entity.singleton else {"format": "uuid", "pattern": f"^{UUID.pattern}$"}
    return {"name": "id", "in": "path", "required": True, "schema": {"type": "string", **values}}


def _errors(statuses: tuple[int, ...]) -> Json:
    return {str(status): {"$ref": f"#/components/responses/{status}"} for status in statuses}


def _problem(status: int) -> Json:
    return {"description": TITLES[status], "content": {MEDIA_TYPE: {"schema": _ref("Problema")}}}


def _json(description: str, schema: Json) -> Json:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _ref(name: str) -> Json:
    return {"$ref": REF.format(model=name)}


def _object(**properties: Json) -> Json:
    return {"type": "object", "required": list(properties), "properties": properties}


def _header(name: str, schema: Json, description: str) -> Json:
    return {"name": name, "in": "header", "required": False, "schema": schema, "description": description}


def _query(name: str, schema: Json) -> Json:
    return {"name": name, "in": "query", "required": False, "schema": schema}


_ABOUT = (
    "Generato dalla dichiarazione del servizio. I comandi sono idempotenti con Idempotency-Key; gli errori sono"
    " problem+json (RFC 9457) con un codice stabile."
)
_STRING: Json = {"type": "string"}
_KEY: Json = {"type": "string", "pattern": f"^{TOKEN.pattern}$"}
_PARAMETERS: Json = {
    "Chiave": _header("Idempotency-Key", _KEY, "Con la stessa chiave, la stessa richiesta ha effetto una volta"),
    "SeVersione": _header("If-Match", _STRING, 'La versione che il chiamante ha visto, per esempio "3"'),
    "SeNonVersione": _header("If-None-Match", _STRING, "ETag già noto: 304 se nulla è cambiato"),
    "Correlazione": _header("X-Correlation-Id", _KEY, "Ripetuto nella risposta, nel diario e nei log"),
    "Limite": _query("limite", {"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": PAGE}),
    "Cursore": _query("cursore", _STRING),
}
_HEADERS: Json = {
    "ETag": {"schema": _STRING, "description": "La versione dell'entità"},
    "Location": {"schema": _STRING, "description": "Dove leggerne lo stato"},
}
_COMMON: Json = {
    "Accettato": _object(
        id=_STRING, version={"type": "integer"}, eventi={"type": "array", "items": {"type": "string", "format": "uuid"}}
    ),
    "EventoRegistrato": {
        **_object(
            id={"type": "string", "format": "uuid"},
            version={"type": "integer"},
            tipo=_STRING,
            versione_schema={"type": "integer"},
            avvenuto_il={"type": "string", "format": "date"},
            registrato_alle={"type": "string", "format": "date-time"},
            autore=_STRING,
            dati={"type": "object"},
        ),
        "description": "`rettificato` c'è solo dove un altro evento lo ha corretto o annullato.",
    },
    "Problema": {
        "type": "object",
        "required": ["type", "title", "status", "detail", "code"],
        "properties": {
            **dict.fromkeys(("type", "title", "detail", "code", "correlazione"), _STRING),
            "status": {"type": "integer"},
            "errors": {"type": "array", "items": _object(pointer=_STRING, campo=_STRING, messaggio=_STRING)},
        },
    },
}
