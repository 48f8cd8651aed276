"""The cases of one kind, those changed last first: for the list, the search and the choice of a case in a form."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from telaio.database import Connection
from telaio.district import District
from telaio.entity import Entity
from telaio.web import formats
from telaio.web.forms import Option

PAGE = 30
CHOICES = 100

_CASES = """
select s.id, s.state, last.seq, last.type, last.happened_on, last.recorded_at
from snapshot s
join lateral (
    select seq, type, happened_on, recorded_at from journal
    where kind = s.kind and entity = s.id order by version desc limit 1
) as last on true
where s.kind = $1 and s.state is not null and ($2::bigint is null or last.seq < $2)
  and ($3 = '' or s.id like '%' || $3 || '%' or exists (
    select from jsonb_path_query(s.state, 'strict $.** ? (@.type() == "string")') as v (value)
    where lower(v.value #>> '{}') like '%' || $3 || '%' or v.value #>> '{}' = any($4)
  ))
order by last.seq desc limit $5
"""


@dataclass(frozen=True)
class Case:
    """One line of the list of cases; `happened_on` and `recorded_at` are those of the last event, `named_by` the fields
    of the state that tell it from the others."""

    id: str
    state: dict[str, Any]
    seq: int
    last: str
    happened_on: date
    recorded_at: datetime
    named_by: Sequence[str]

    def caption(self, district: District) -> str:
        """What tells it from the others, where it has that, and the end of its id."""
        known = [formats.shown(name, self.state[name], district) for name in self.named_by if self.state.get(name)]
        return " · ".join([*known, formats.short(self.id)])


async def find(
    connection: Connection, entity: Entity[Any], district: District, sought: str = "", before: int | None = None
) -> tuple[list[Case], int | None]:
    """A page of cases with `sought` somewhere in their id or state (a comune by name), and where the next begins."""
    comuni = [code for code, name in district.comuni.items() if sought and sought.lower() in name.lower()]
    text = _literal(sought.lower())
    rows = await connection.fetch(_CASES, entity.kind, before, text, comuni, PAGE + 1)
    found = [_case(row, entity) for row in rows]
    return found[:PAGE], found[PAGE - 1].seq if len(found) > PAGE else None


async def choices(connection: Connection, entity: Entity[Any], district: District) -> Sequence[Option]:
    """The cases to choose from in a form; none where they are too many for a list, so that the id is typed."""
    rows = await connection.fetch(_CASES, entity.kind, None, "", [], CHOICES + 1)
    found = [_case(row, entity) for row in rows]
    return [Option(c.id, c.caption(district)) for c in found] if len(found) <= CHOICES else []


def _case(row: Any, entity: Entity[Any]) -> Case:
    last = (row["seq"], row["type"], row["happened_on"], row["recorded_at"])
    return Case(row["id"], json.loads(row["state"]), *last, entity.named_by)


def _literal(text: str) -> str:
    """Text for LIKE, its wildcards taken literally; PostgreSQL takes no NUL."""
    return text.replace("\0", "").replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
