"""What the application says about itself: OpenAPI, messages, health, headers, metrics, static files."""

import hashlib
import json
from pathlib import Path
from typing import Any, get_args

import pytest
from prometheus_client import REGISTRY
from pydantic_core import core_schema
from starlette.requests import Request
from starlette.responses import Response
from telaio.web import make_app, openapi, static
from telaio.web.messages import GENERIC, MESSAGES, NOT_FROM_JSON, message
from telaio.web.routing import public

from .conftest import Web, client_of, orto
from .orti import strand


def references(node: Any) -> set[str]:
    """Every $ref in a document."""
    if isinstance(node, list):
        return set().union(*map(references, node))
    if not isinstance(node, dict):
        return set()
    own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
    return own.union(*(references(v) for v in node.values()))


def resolve(document: Any, reference: str) -> Any:
    for step in reference.removeprefix("#/").split("/"):
        document = document[step.replace("~1", "/").replace("~0", "~")]
    return document


async def test_the_openapi_document_needs_no_token_and_every_reference_leads_somewhere(offline: Web) -> None:
    answer = await offline.client.get("/openapi.json")
    document = answer.json()
    assert document["openapi"].startswith("3.1.")
    for reference in references(document):
        assert reference.startswith("#/")
        assert resolve(document, reference), reference


def test_the_document_has_every_command_and_names_each_operation_once() -> None:
    document = openapi.document(strand())
    operations = [o for p in document["paths"].values() for m, o in p.items() if m in ("get", "post")]
    names = [o["operationId"] for o in operations]
    assert len(names) == len(set(names))
    assert {"orto.apertura", "orto.vendita", "orto.rettifica", "cassa.rettifica", "lista.aperti"} <= set(names)
    for operation in operations:
        assert all(key in ("200", "201", "304") or int(key) >= 400 for key in operation["responses"])
        assert operation["responses"].keys() & {"200", "201"}


def test_every_parameter_of_a_path_is_declared() -> None:
    for path, item in openapi.document(strand())["paths"].items():
        declared = {p["name"] for p in item.get("parameters", [])}
        assert declared == ({"id"} if "{id}" in path else set()), path


def test_the_document_says_that_commands_take_no_other_fields() -> None:
    document = openapi.document(strand())
    body = document["paths"]["/orti/{id}/apertura"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    model = resolve(document, body["$ref"])
    assert model["additionalProperties"] is False
    assert model["properties"]["posti"] == {
        "title": "Posti",
        "type": "integer",
        "minimum": 1,
        "maximum": 50,
        "examples": [12],
    }


def test_every_error_of_pydantic_has_an_italian_sentence_or_a_reason_to_need_none() -> None:
    kinds = set(get_args(core_schema.ErrorType))
    assert kinds - MESSAGES.keys() - NOT_FROM_JSON.keys() == set()
    assert MESSAGES.keys() & NOT_FROM_JSON.keys() == set()


def test_an_unknown_error_gets_a_generic_sentence() -> None:
    assert message("nato_ieri") == GENERIC
    assert message("greater_than", {}) == GENERIC
    assert message("value_error", {}, "Value error, la stessa persona compare due volte") == (
        "la stessa persona compare due volte"
    )


async def test_ready_says_what_is_missing_and_live_does_not_care(offline: Web, web: Web) -> None:
    assert (await offline.client.get("/health/live")).status_code == 200
    away = await offline.client.get("/health/ready")
    assert (away.status_code, away.json()["code"]) == (503, "database-non-raggiungibile")
    assert (await web.client.get("/health/ready")).json()["stato"] == "pronto"
    web.runtime.status["relay"] = {"kafka": False}
    degraded = await web.client.get("/health/ready")
    assert (degraded.status_code, degraded.json()["stato"]) == (200, "degradato")
    assert (await web.client.get("/status")).json()["parti"] == {"relay": {"kafka": False}}
    await web.runtime.pool.execute("delete from migration where name like '%0001%'")
    waiting = await web.client.get("/health/ready")
    assert (waiting.status_code, waiting.json()["code"]) == (503, "migrazioni-da-applicare")


async def test_what_nobody_foresaw_is_500_without_internals_and_is_logged(
    offline: Web, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(request: Request) -> Response:
        raise RuntimeError("password: segreta")

    app = make_app(offline.runtime, [public("/rotto", broken)])
    async with client_of(offline.runtime, app) as client:
        answer = await client.get("/rotto", headers={"X-Correlation-Id": "c-1"})
        page = await client.get("/rotto", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.json()["correlazione"]) == (500, "c-1")
    assert "segreta" not in answer.text + page.text
    assert page.headers["content-type"].startswith("text/html")
    assert any(r.exc_info and r.__dict__["correlation"] == "c-1" for r in caplog.records)


async def test_every_answer_carries_the_security_headers(offline: Web) -> None:
    for path in ("/health/live", "/openapi.json", "/static/vendor/fonts.css", "/niente", f"/orti/{orto(1)}"):
        headers = (await offline.client.get(path)).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        rules = headers["content-security-policy"].split("; ")
        assert [rule for rule in rules if "unsafe" in rule] == ["style-src-attr 'unsafe-inline'"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-correlation-id"]


async def test_requests_are_counted_under_the_route_and_never_the_address(offline: Web) -> None:
    def count(route: str, status: str) -> float:
        labels = {"method": "GET", "route": route, "status": status}
        return REGISTRY.get_sample_value("genera_http_request_duration_seconds_count", labels) or 0

    before = count("/orti/{id}", "503"), count("sconosciuta", "404")
    await offline.get(f"/orti/{orto(1)}")
    await offline.get("/un/indirizzo/qualunque")
    assert (count("/orti/{id}", "503"), count("sconosciuta", "404")) == (before[0] + 1, before[1] + 1)


async def test_static_files_are_kept_for_ever_under_their_hash(offline: Web) -> None:
    path = static.address("vendor/bootstrap-italia.min.css")
    answer = await offline.client.get(path)
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "gzip"
    again = await offline.client.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert "immutable" not in (await offline.client.get(path.partition("?")[0])).headers["cache-control"]


@pytest.mark.parametrize("path", ["../app.py", "..%2fapp.py", "%2e%2e/app.py", "/etc/passwd", "vendor", "", "a%00b"])
async def test_nothing_outside_the_static_folder_is_served(offline: Web, path: str) -> None:
    assert (await offline.client.get(f"/static/{path}")).status_code == 404


def test_the_vendored_files_are_those_of_the_manifest() -> None:
    vendor = Path(static.FOLDER) / "vendor"
    manifest = json.loads((vendor / "MANIFEST.json").read_text())["files"]
    found = {p.relative_to(vendor).as_posix() for p in vendor.rglob("*") if p.is_file()}
    assert found == manifest.keys() | {"MANIFEST.json"}
    for name, digest in manifest.items():
        assert hashlib.sha256((vendor / name).read_bytes()).hexdigest() == digest, name
