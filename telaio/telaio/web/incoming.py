"""What comes with a request beside its meaning: a bounded body, keys, versions, correlation."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request

from telaio.entity import Entity
from telaio.identity import new_event_id
from telaio.web.problems import Problem

MAX_BODY = 64 * 1024
FORM_TYPE = "application/x-www-form-urlencoded"
MAX_FIELDS = 500
TOKEN = re.compile(r"[A-Za-z0-9._:-]{1,128}")
TRACEPARENT = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ETAG = re.compile(r'"(\d{1,9})(-[0-9a-f]+)?"')


async def body(request: Request, media_type: str, limit: int = MAX_BODY) -> bytes:
    """The body, read only as far as the limit. Raises: Problem 413, 415."""
    sent, _, _ = request.headers.get("content-type", "").partition(";")
    if sent.strip().lower() != media_type or request.headers.get("content-encoding", "identity") != "identity":
        raise Problem(415, "formato-non-ammesso", f"Il corpo della richiesta deve essere {media_type}.")
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced[:20]) > limit:
        raise _too_large(limit)
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > limit:
            raise _too_large(limit)
    return bytes(read)


async def form(request: Request) -> dict[str, list[str]]:
    """The values typed, by name; read once, however often asked. Bytes that are no UTF-8 become U+FFFD.

    Raises: Problem 400, 413, 415.
    """
    if not hasattr(request.state, "form"):
        request.state.form = _fields(await body(request, FORM_TYPE))
    found: dict[str, list[str]] = request.state.form
    return found


def _fields(raw: bytes) -> dict[str, list[str]]:
    try:
        return parse_qs(raw.decode("latin-1"), keep_blank_values=True, errors="replace", max_num_fields=MAX_FIELDS)
    except ValueError as error:
        raise Problem(400, "modulo-non-valido", "Il modulo inviato ha troppi campi.") from error


def _too_large(limit: int) -> Problem:
    detail = f"Il corpo della richiesta supera {limit // 1024} KiB."
    return Problem(413, "richiesta-troppo-grande", detail, headers={"Connection": "close"})


def idempotency_key(headers: Mapping[str, str]) -> str | None:
    """The Idempotency-Key; None where none is sent. Raises: Problem 400."""
    key = headers.get("idempotency-key")
    if key is not None and not TOKEN.fullmatch(key):
        detail = "Idempotency-Key: da 1 a 128 fra lettere, cifre, punto, trattino, due punti e trattino basso."
        raise Problem(400, "chiave-non-valida", detail)
    return key


def expected_version(headers: Mapping[str, str]) -> int | None:
    """The version in If-Match; None where any will do. Raises: Problem 400."""
    condition = headers.get("if-match")
    if condition is None or condition.strip() == "*":
        return None
    found = ETAG.fullmatch(condition.strip())
    if found is None:
        raise Problem(400, "if-match-non-valido", 'If-Match: una sola versione fra virgolette, per esempio "3".')
    return int(found[1])


def seen(headers: Mapping[str, str], etag: str) -> bool:
    """Whether If-None-Match says that the caller already has `etag`."""
    known = [tag.strip().removeprefix("W/") for tag in headers.get("if-none-match", "").split(",")]
    return etag in known or "*" in known


def correlation(headers: Mapping[str, str]) -> str:
    """The caller's correlation id, or a new one."""
    sent = headers.get("x-correlation-id", "")
    return sent if TOKEN.fullmatch(sent) else new_event_id()


def traceparent(headers: Mapping[str, str]) -> str | None:
    """The W3C trace context; None where it is missing or malformed."""
    sent = headers.get("traceparent", "")
    return sent if TRACEPARENT.fullmatch(sent) else None


def entity_id(request: Request, entity: Entity[Any]) -> str:
    """The id in the path. Raises: Problem 404 where an entity of this kind cannot have it."""
    sent = str(request.path_params["id"]).lower()
    if sent == entity.singleton or (entity.singleton is None and UUID.fullmatch(sent)):
        return sent
    expected = f"l'unico ammesso è «{entity.singleton}»" if entity.singleton else "deve essere un UUID"
    raise Problem(404, "identificativo-non-valido", f"{entity.title}: l'identificativo non esiste ({expected}).")
