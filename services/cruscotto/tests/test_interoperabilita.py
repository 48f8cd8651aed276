"""Il documento OpenAPI segue le regole italiane, per quanto si può verificare senza rete.

Sono quelle del profilo ModI dell'OAS Checker (italia/api-oas-checker-rules), riscritte; di ognuna un canarino dice che
scatta. Le intestazioni RateLimit mancano apposta: il documento dice che le mette chi pubblica il servizio.
"""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest

from .conftest import Web

Json = Any
METODI = {"get", "post", "put", "patch", "delete"}
Regola = Callable[[Json], Iterator[str]]


def operazioni(d: Json) -> Iterator[tuple[str, str, Json]]:
    for percorso, sue in d["paths"].items():
        yield from ((percorso, metodo, o) for metodo, o in sue.items() if metodo in METODI)


def risposte(d: Json) -> Iterator[tuple[str, str, Json]]:
    for percorso, _, operazione in operazioni(d):
        for codice, risposta in operazione["responses"].items():
            rif = risposta.get("$ref", "")
            yield percorso, codice, d["components"]["responses"][rif.rpartition("/")[2]] if rif else risposta


def schemi(parte: Json) -> Iterator[Json]:
    if isinstance(parte, dict):
        if isinstance(parte.get("type"), str | list) or "properties" in parte:
            yield parte
        for sotto in parte.values():
            yield from schemi(sotto)
    elif isinstance(parte, list):
        for sotto in parte:
            yield from schemi(sotto)


def chi_la_tiene(d: Json) -> Iterator[str]:
    """has-contact, has-x-summary, has-x-api-id, has-termsOfService, e una licenza."""
    for campo in ("title", "description", "x-summary", "x-api-id", "contact", "license", "termsOfService"):
        if not d["info"].get(campo):
            yield f"info.{campo}"


def versione_semantica(d: Json) -> Iterator[str]:
    """use-semver."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", d["info"]["version"]):
        yield d["info"]["version"]


def server_sicuri(d: Json) -> Iterator[str]:
    """servers-use-https, servers-description."""
    for server in d["servers"]:
        if not server.get("description") or not (server["url"].startswith("https://") or server.get("x-sandbox")):
            yield server["url"]


def percorsi_con_trattini_e_versione(d: Json) -> Iterator[str]:
    """paths-kebab-case; la versione è nel percorso delle cifre."""
    for percorso in d["paths"]:
        if not re.fullmatch(r"(/[a-z0-9.-]+|/\{[A-Za-z0-9_]+\})+", percorso):
            yield percorso
        if percorso.startswith("/api/") and not percorso.startswith("/api/v1/"):
            yield percorso


def stato_presente(d: Json) -> Iterator[str]:
    """paths-status, paths-status-return-json."""
    if "application/json" not in d["paths"].get("/status", {}).get("get", {}).get("responses", {}).get("200", {}).get(
        "content", {}
    ):
        yield "/status"


def errori_come_problemi(d: Json) -> Iterator[str]:
    """use-problem-json-for-errors, use-problem-schema."""
    for percorso, codice, risposta in risposte(d):
        if codice[0] in "45" and set(risposta["content"]) != {"application/problem+json"}:
            yield f"{percorso} {codice}"
    if not {"type", "title", "status", "detail"} <= set(d["components"]["schemas"]["Problema"]["properties"]):
        yield "Problema"


def quando_riprovare(d: Json) -> Iterator[str]:
    """missing-retry-after."""
    yield from (p for p, codice, r in risposte(d) if codice == "503" and "Retry-After" not in r.get("headers", {}))


def numeri_con_formato(d: Json) -> Iterator[str]:
    """integer-format, number-format, e i formati ammessi."""
    for s in schemi(d):
        tipi = s.get("type") if isinstance(s.get("type"), list) else [s.get("type")]
        ammessi = {"integer": {"int32", "int64"}, "number": {"float", "double"}}
        for tipo in set(tipi) & ammessi.keys():
            if s.get("format") not in ammessi[tipo]:
                yield str(s)


def operazioni_con_nome(d: Json) -> Iterator[str]:
    """operationId unico, senza il metodo; summary e tag dichiarati."""
    visti, tag = set(), {t["name"] for t in d["tags"]}
    for percorso, metodo, o in operazioni(d):
        id = o.get("operationId", "")
        if not id or id in visti or re.search(r"(?i)\b(get|post|put|delete|patch)", id):
            yield f"{percorso}: {id}"
        if not o.get("summary") or not o.get("tags") or not set(o["tags"]) <= tag:
            yield f"{metodo} {percorso}"
        visti.add(id)


def nomi_in_minuscolo(d: Json) -> Iterator[str]:
    """I campi e i parametri sono snake_case; gli schemi CamelCase."""
    for s in schemi(d["components"]["schemas"]):
        yield from (n for n in s.get("properties", {}) if not re.fullmatch(r"[a-z][a-z0-9_]*", n))
    for percorso, _, o in operazioni(d):
        for p in o.get("parameters", ()):
            if p.get("in") in ("query", "path") and not re.fullmatch(r"[a-z][a-z0-9_]*", p["name"]):
                yield f"{percorso}: {p['name']}"
    yield from (n for n in d["components"]["schemas"] if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", n))


def niente_segreti_ne_corpi(d: Json) -> Iterator[str]:
    """sec-credentials-parameters, http-request-GET-no-body: si accede con un token nell'intestazione."""
    for percorso, metodo, o in operazioni(d):
        if metodo in ("get", "delete") and "requestBody" in o:
            yield percorso
        yield from (p["name"] for p in o.get("parameters", ()) if re.search("token|password|key", p.get("name", "")))
    if d["components"]["securitySchemes"]["token"] != {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}:
        yield "token"


def oggetti_in_risposta(d: Json) -> Iterator[str]:
    """response-with-json-object: ciò che risponde può crescere."""
    for percorso, codice, r in risposte(d):
        for tipo, contenuto in r.get("content", {}).items():
            schema = contenuto["schema"]
            nome = schema.get("$ref", "").rpartition("/")[2]
            if (
                tipo == "application/json"
                and (d["components"]["schemas"][nome] if nome else schema)["type"] != "object"
            ):
                yield f"{percorso} {codice}"


def _senza(d: Json, *dove: str) -> None:
    for nome in dove[:-1]:
        d = d[nome]
    del d[dove[-1]]


def _con(d: Json, valore: Any, *dove: str) -> None:
    for nome in dove[:-1]:
        d = d[nome]
    d[dove[-1]] = valore


INDICATORI = ("paths", "/api/v1/indicatori", "get")
REGOLE: dict[Regola, Callable[[Json], None]] = {
    chi_la_tiene: lambda d: _senza(d, "info", "contact"),
    versione_semantica: lambda d: _con(d, "1", "info", "version"),
    server_sicuri: lambda d: _con(d, [{"url": "http://x", "description": "x"}], "servers"),
    percorsi_con_trattini_e_versione: lambda d: _con(d, {}, "paths", "/api/Indicatori_Tutti"),
    stato_presente: lambda d: _senza(d, "paths", "/status"),
    errori_come_problemi: lambda d: _con(d, {"application/json": {}}, "components", "responses", "422", "content"),
    quando_riprovare: lambda d: _senza(d, "components", "responses", "503", "headers"),
    numeri_con_formato: lambda d: _senza(d, "components", "schemas", "Freschezza", "properties", "in_attesa", "format"),
    operazioni_con_nome: lambda d: _con(d, "indicatore", *INDICATORI, "operationId"),
    nomi_in_minuscolo: lambda d: _con(d, {}, "components", "schemas", "Cifra", "properties", "valorePieno"),
    niente_segreti_ne_corpi: lambda d: _con(d, {}, *INDICATORI, "requestBody"),
    oggetti_in_risposta: lambda d: _con(d, "array", "components", "schemas", "Indicatori", "type"),
}
"""Ogni regola, con il guasto che la fa scattare."""


async def letto(web: Web) -> Json:
    return (await web.client.get("/openapi.json")).json()


@pytest.mark.parametrize("regola", REGOLE, ids=lambda r: r.__name__)
async def test_the_document_follows_the_rule(web: Web, regola: Regola) -> None:
    assert list(regola(await letto(web))) == []


@pytest.mark.parametrize("regola", REGOLE, ids=lambda r: r.__name__)
async def test_the_rule_fires(web: Web, regola: Regola) -> None:
    guasto = deepcopy(await letto(web))
    REGOLE[regola](guasto)
    assert list(regola(guasto))


async def test_every_reference_leads_somewhere(web: Web) -> None:
    intero = await letto(web)
    for rif in re.findall(r'"\$ref": ?"#/([^"]+)"', str(intero).replace("'", '"')):
        trovato = intero
        for nome in rif.split("/"):
            trovato = trovato[nome]
