"""Whatever is wrong with a request is a 4xx that names each field in Italian; never a 500, and nothing is written."""

import json
from typing import Any

import pytest

from .conftest import APERTURA, Web, orto

PATH = f"/orti/{orto(1)}/apertura"
MANY = [f"p-{n:06d}" for n in range(21)]

WRONG_FIELDS: list[tuple[dict[str, Any], str, str, str]] = [
    ({"posti": "dodici"}, "/posti", "Posti", "deve essere un numero intero"),
    ({"posti": 3.5}, "/posti", "Posti", "deve essere un numero intero"),
    ({"posti": True}, "/posti", "Posti", "deve essere un numero intero"),
    ({"posti": 10**4000}, "/posti", "Posti", "deve essere al massimo 50"),
    ({"irriguo": "sì"}, "/irriguo", "Irriguo", "deve essere sì o no"),
    ({"terreno": "demanio"}, "/terreno", "Terreno", "deve essere uno fra: privato, ente_pubblico, altro"),
    ({"canone_centesimi": -1}, "/canone_centesimi", "Canone mensile", "deve essere almeno 0"),
    ({"ortolani": MANY}, "/ortolani", "Ortolani", "deve avere al massimo 20 voci"),
    ({"ortolani": []}, "/ortolani", "Ortolani", "deve avere almeno 1 voce"),
    ({"ortolani": "p-aaaaaa"}, "/ortolani", "Ortolani", "deve essere un elenco"),
    (
        {"ortolani": ["p-aaaaaa", "Mario Rossi"]},
        "/ortolani/1",
        "Ortolani, voce 2",
        "non ha il formato atteso, per esempio p-3f9a1c72d4e8",
    ),
    ({"comune": "015146"}, "/comune", "Comune", "non è un comune del distretto"),
    ({"comune": None}, "/comune", "Comune", "deve essere un testo"),
    ({"avvenuto_il": "2016-03-02"}, "/avvenuto_il", "Data", "non può essere nel futuro"),
    ({"avvenuto_il": "2016-02-30"}, "/avvenuto_il", "Data", "deve essere una data, per esempio 2016-03-20"),
    ({"avvenuto_il": 1456000000}, "/avvenuto_il", "Data", "deve essere una data, per esempio 2016-03-20"),
    ({"nome": "Mario"}, "/nome", "nome", "non è un campo previsto"),
    ({"a/b~c": 1}, "/a~1b~0c", "a/b~c", "non è un campo previsto"),
    ({"note_di_cantiere": "a\0b"}, "/note_di_cantiere", "Note di cantiere", "contiene un carattere non ammesso"),
    (
        {"note_di_cantiere": "x" * 201},
        "/note_di_cantiere",
        "Note di cantiere",
        "deve avere al massimo 200 caratteri",
    ),
]


@pytest.mark.parametrize(("change", "pointer", "label", "message"), WRONG_FIELDS)
async def test_a_wrong_field_is_named_in_italian(
    offline: Web, change: dict[str, Any], pointer: str, label: str, message: str
) -> None:
    answer = await offline.post(PATH, {**APERTURA, **change})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"] == [{"pointer": pointer, "campo": label, "messaggio": message}]


async def test_every_missing_field_is_named(offline: Web) -> None:
    answer = await offline.post(PATH, {})
    fields = {e["pointer"]: e["messaggio"] for e in answer.json()["errors"]}
    assert fields == {f"/{name}": "va compilato" for name in APERTURA}


MALFORMED = [
    b"",
    b"{",
    b"{'a': 1}",
    b'{"a": NaN}',
    b"\xff\xfe",
    b"[" * 5000,
    b'{"posti": ' + b"9" * 5000 + b"}",
    b'{"comune": "\\ud800"}',
    b'{"comune": "\xed\xa0\x80"}',
    b'{"comune": "\x00"}',
]


@pytest.mark.parametrize("raw", MALFORMED)
async def test_malformed_json_is_400(offline: Web, raw: bytes) -> None:
    answer = await offline.client.post(PATH, content=raw, headers=offline.bearer(Content_Type="application/json"))
    assert (answer.status_code, answer.json()["code"]) == (400, "json-non-valido")


@pytest.mark.parametrize("raw", [b"null", b"[]", b'"a"', b"1", b"true"])
async def test_json_that_is_not_an_object_is_422(offline: Web, raw: bytes) -> None:
    answer = await offline.client.post(PATH, content=raw, headers=offline.bearer(Content_Type="application/json"))
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"pointer": "", "campo": "Richiesta", "messaggio": "deve essere un oggetto"}]


@pytest.mark.parametrize("type", ["text/plain", "application/x-www-form-urlencoded", "", "application/problem+json"])
async def test_another_media_type_is_415(offline: Web, type: str) -> None:
    answer = await offline.client.post(PATH, content=b"{}", headers=offline.bearer(Content_Type=type))
    assert answer.status_code == 415


async def test_a_compressed_body_is_415(offline: Web) -> None:
    headers = offline.bearer(Content_Type="application/json", Content_Encoding="gzip")
    assert (await offline.client.post(PATH, content=b"{}", headers=headers)).status_code == 415


async def test_two_megabytes_are_413_without_being_read(offline: Web) -> None:
    read = 0

    async def megabytes() -> Any:
        nonlocal read
        for _ in range(2048):
            read += 1024
            yield b" " * 1024

    headers = offline.bearer(Content_Type="application/json")
    answer = await offline.client.post(PATH, content=megabytes(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "richiesta-troppo-grande")
    assert read <= 66 * 1024
    announced = await offline.client.post(PATH, content=b" " * 2_000_000, headers=headers)
    assert announced.status_code == 413


@pytest.mark.parametrize("key", ["", "a b", "x" * 129, "è", "a/b", "a\tb"])
async def test_a_wrong_idempotency_key_is_400(offline: Web, key: str) -> None:
    headers = offline.bearer()
    raw = [(k.encode(), v.encode()) for k, v in headers.items()] + [(b"Idempotency-Key", key.encode())]
    answer = await offline.client.post(PATH, json=APERTURA, headers=raw)
    assert (answer.status_code, answer.json()["code"]) == (400, "chiave-non-valida")


@pytest.mark.parametrize("condition", ["3", 'W/"3"', '"a"', '"1", "2"', '"-1"', '"99999999999"'])
async def test_a_wrong_if_match_is_400(offline: Web, condition: str) -> None:
    answer = await offline.post(PATH, APERTURA, headers={"If_Match": condition})
    assert (answer.status_code, answer.json()["code"]) == (400, "if-match-non-valido")


@pytest.mark.parametrize("id", ["1", "%00", "%ED%A0%80", "p-aaaaaa", "..%2f..", "0" * 36])
async def test_an_id_that_cannot_be_is_404(offline: Web, id: str) -> None:
    for path in (f"/orti/{id}/apertura", f"/orti/{id}/rettifica"):
        answer = await offline.post(path, APERTURA)
        assert answer.status_code == 404


async def test_a_good_command_without_a_database_is_503_with_retry_after(offline: Web) -> None:
    for answer in (await offline.post(PATH, APERTURA), await offline.get(f"/orti/{orto(1)}")):
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "2"
        assert "127.0.0.1" not in answer.text


async def test_corrections_with_wrong_data_are_refused_and_nothing_is_written(web: Web) -> None:
    id = await web.open_garden()
    opened = (await web.get(f"/orti/{id}/eventi")).json()["eventi"][0]["id"]
    correction = {"avvenuto_il": "2016-03-01", "rettifica": opened, "motivo": "altro"}
    nan = b'{"x": 1e999}'
    future = {**APERTURA, "avvenuto_il": "2016-03-02"}
    for data, status in (({"x": "\0"}, 422), ({"\0": 1}, 422), ({"posti": 1}, 409), (future, 409)):
        answer = await web.post(f"/orti/{id}/rettifica", {**correction, "data": data})
        assert answer.status_code == status, answer.text
    raw = json.dumps({**correction, "data": 0}).encode().replace(b'"data": 0', b'"data": ' + nan)
    headers = web.bearer(Content_Type="application/json")
    assert (await web.client.post(f"/orti/{id}/rettifica", content=raw, headers=headers)).status_code == 422
    assert await web.count("journal") == 1


async def test_no_refusal_writes_anything(web: Web) -> None:
    for change, *_ in WRONG_FIELDS:
        assert (await web.post(PATH, {**APERTURA, **change})).status_code == 422
    for headers in ({"Authorization": "Bearer x"}, {"Idempotency_Key": "a b"}, {"If_Match": "3"}):
        assert (await web.post(PATH, APERTURA, headers=headers)).status_code in (400, 401)
    assert [await web.count(t) for t in ("journal", "outbox", "snapshot", "idempotency")] == [0, 0, 0, 0]
