"""GET /liste/{name}: a Vista's rows, a page at a time."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic_core import to_jsonable_python
from starlette.requests import Request
from starlette.responses import Response

from telaio.database import Connection
from telaio.rules import Rules
from telaio.runtime import Runtime
from telaio.service import Service, Vista
from telaio.web.answers import json
from telaio.web.problems import Problem
from telaio.web.reads import reading
from telaio.web.routing import Guarded, Handler, api, here

PAGE, MAX_PAGE = 50, 200
CURSOR = re.compile(r"(\d{1,9}):([a-z0-9-]{0,64})")
TODAY, RULES = re.compile(r"\$1\b"), re.compile(r"\$2\b")


@dataclass(frozen=True)
class Page:
    """Rows of a list, and the cursor of the rows after them; None at the end."""

    rows: list[dict[str, Any]]
    next: str | None


def routes(service: Service) -> list[Guarded]:
    """One route for each list."""
    return [api(f"/liste/{vista.name}", _handler(vista), action="lettura") for vista in service.lists]


async def read_page(
    connection: Connection, vista: Vista, runtime: Runtime, cursor: str | None, limit: int = PAGE
) -> Page:
    """The rows after the cursor. Raises: Problem 400 for a cursor that was not given out here.

    A cursor names the last row read and its position. Rows that come or go before it shift nothing while that row is
    in the list; where it has left it, reading goes on from its position. A list without `id` goes by position alone.
    """
    position, last = _decoded(cursor)
    today = runtime.clock.today()
    if vista.rows is not None:
        return _slice(await vista.rows(connection, runtime.here, today), position, last, limit)
    given = arguments(vista, today, runtime.rules)
    first = len(given) + 1
    sql = (
        f"with lista as (select *, row_number() over () as posizione_ from ({vista.sql}) as righe)"  # noqa: S608  declared
        f" select * from lista where posizione_ > coalesce({_found(first)}, ${first + 1})"
        f" order by posizione_ limit ${first + 2}"
    )
    rows = await connection.fetch(sql, *given, last, position, limit + 1)
    plain = [{n: _plain(v) for n, v in row.items()} for row in rows]
    more = len(plain) > limit
    return Page([_without_position(r) for r in plain[:limit]], _encoded(plain[limit - 1]) if more else None)


def arguments(vista: Vista, today: date, rules: Rules | None) -> list[Any]:
    """What the query of a list names: `$1` today, `$2` the rules, each with all its validities."""
    known = [today, rules.model_dump_json() if rules else "{}"]
    return known[: 2 if RULES.search(vista.sql) else 1 if TODAY.search(vista.sql) else 0]


def _slice(rows: list[dict[str, Any]], position: int, last: str, limit: int) -> Page:
    """A page of rows that are all there."""
    after = next((n + 1 for n, row in enumerate(rows) if last and row.get("id") == last), position)
    page = [{n: _plain(v) for n, v in row.items()} for row in rows[after : after + limit]]
    if after + limit >= len(rows):
        return Page(page, None)
    return Page(page, _encoded({**page[-1], "posizione_": after + limit}))


def _found(parameter: int) -> str:
    """SQL for the present position of the row the cursor names; null for a list without `id`."""
    return f"(select posizione_ from lista where ${parameter} <> '' and to_jsonb(lista)->>'id' = ${parameter} limit 1)"  # noqa: S608


def _without_position(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "posizione_"}


def _plain(value: Any) -> Any:
    """A value as JSON has it; whole decimals, which sums of integers are, as integers."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return to_jsonable_python(value)


def _encoded(row: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(f"{row['posizione_']}:{row.get('id', '')}".encode()).decode().rstrip("=")


def _decoded(cursor: str | None) -> tuple[int, str]:
    if not cursor:
        return 0, ""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except ValueError:
        text = ""
    found = CURSOR.fullmatch(text)
    if found is None:
        raise Problem(400, "cursore-non-valido", "Il cursore non è fra quelli dati da questa lista.")
    return int(found[1]), found[2]


def limit_in(request: Request) -> int:
    """The page's length. Raises: Problem 400."""
    sent = request.query_params.get("limite", str(PAGE))
    if not re.fullmatch(r"[0-9]{1,3}", sent) or not 1 <= int(sent) <= MAX_PAGE:
        raise Problem(400, "limite-non-valido", f"limite: un numero fra 1 e {MAX_PAGE}.")
    return int(sent)


def _handler(vista: Vista) -> Handler:
    async def handle(request: Request) -> Response:
        runtime, limit = here(request).runtime, limit_in(request)
        async with reading(runtime) as connection:
            cursor = request.query_params.get("cursore")
            page = await read_page(connection, vista, runtime, cursor, limit)
        body = {"nome": vista.name, "titolo": vista.title, "righe": page.rows, "successivo": page.next}
        return json(body)

    return handle
