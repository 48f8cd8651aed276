"""Cases as tables: every field of a state is a column, on a real PostgreSQL."""

from datetime import date
from typing import Annotated, Any, Literal

import asyncpg
import pytest
from pydantic import BaseModel, Field
from stack.databases import Databases
from telaio.entity import Entity, State
from telaio.tables import column_type, tables

CREATE = "create table snapshot (kind text, id text, version int, fold int, state jsonb, primary key (kind, id))"


class Visita(BaseModel):
    """A part of a case."""

    fatta_il: date


class Alveare(State):
    comune: str = ""
    api: int = 0
    peso: float = 0.0
    abitato: bool = True
    nato_il: date | None = None
    razza: Literal["ligustica", "altro"] = "ligustica"
    fiori: tuple[str, ...] = ()
    visite: tuple[Visita, ...] = ()


class Prato(State):
    comune: str = ""


alveari, prati = Entity("alveare", Alveare, "alveari", "Alveare"), Entity("prato", Prato, "prati", "Prato")


@pytest.mark.parametrize(
    ("annotation", "column"),
    [
        (str, "text"),
        (str | None, "text"),
        (Annotated[int, Field(ge=0)], "bigint"),
        (bool, "boolean"),
        (date | None, "date"),
        (Literal["a", "b"], "text"),
        (tuple[Literal["a", "b"], ...], "text[]"),
        (tuple[str, ...], "text[]"),
        (tuple[int, ...], "jsonb"),
        (tuple[Visita, ...], "jsonb"),
        (dict[str, int], "jsonb"),
    ],
)
def test_a_field_has_the_column_of_its_type(annotation: Any, column: str) -> None:
    assert column_type(annotation) == column


async def test_cases_are_read_as_tables_and_joined(databases: Databases) -> None:
    dsn = databases.fresh()
    connection = await asyncpg.connect(dsn)
    await connection.execute(CREATE)
    full = Alveare(
        id="a", comune="017113", api=3, peso=1.5, nato_il=date(2016, 3, 1), fiori=("tiglio",),
        visite=(Visita(fatta_il=date(2016, 3, 2)),),
    )  # fmt: skip
    cases = [
        ("alveare", full),
        ("alveare", Alveare(id="b", comune="017032")),
        ("prato", Prato(id="p", comune="017113")),
    ]
    rows = [(kind, case.id, case.model_dump_json()) for kind, case in cases] + [("alveare", "annullato", None)]
    await connection.executemany("insert into snapshot values ($1, $2, 1, 1, $3)", rows)
    found = await connection.fetch(f"{tables(alveari)} select * from alveare order by id")
    assert tuple(found[0]) == (
        "a", "017113", 3, 1.5, True, date(2016, 3, 1), "ligustica", ["tiglio"], '[{"fatta_il": "2016-03-02"}]',
    )  # fmt: skip
    assert [r["id"] for r in found] == ["a", "b"]
    joined = f"{tables(alveari, prati)} select a.id, p.id as prato from alveare a join prato p using (comune)"
    assert [tuple(r) for r in await connection.fetch(joined)] == [("a", "p")]
    await connection.close()
    databases.drop(dsn)
