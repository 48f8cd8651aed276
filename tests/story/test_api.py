"""The cruscotto's API says what the independent calculation says: by month, by comune, and with the events behind."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from scenario.check import arrived
from scenario.conto import Cifra, fini_dei_mesi
from scenario.plan import FROM

from .conftest import Story
from .indicatori import CODES, OF_THE_DISTRICT, PARTS, Reckoning, Shown

MONTHS = fini_dei_mesi(FROM, date(2018, 6, 29))
HALF_YEARS = [end for end in MONTHS if end.month in (6, 12)]


@pytest.fixture(scope="module")
async def board(story: Story) -> Story:
    """The story, once all of it has arrived."""
    assert await arrived(story.board, story.performance.events)
    return story


def shown(answer: dict[str, Any]) -> Shown:
    """What the API says, as the reckoning says it."""
    value = None if answer["valore"] is None else Decimal(str(answer["valore"]))
    if "denominatore" not in answer:
        return Shown(value)
    return Shown(value, (Decimal(str(answer["numeratore"])), Decimal(str(answer["denominatore"]))))


def comuni(story: Story) -> list[str]:
    return sorted({c.comune for c in story.conto if c.comune})


def parts(row: dict[str, Any]) -> dict[str, Shown]:
    return {part["nome"]: shown(part) for part in row["a_parte"]}


def rows_of(story: Story, query: str) -> list[dict[str, Any]]:
    """The rows that the API answers."""
    found: list[dict[str, Any]] = story.get("cruscotto", f"/api/v1/indicatori?{query}")["indicatori"]
    return found


def test_every_row_of_the_registry_and_every_part_of_it_is_reckoned(board: Story) -> None:
    rows = {row["codice"]: row for row in board.get("cruscotto", "/api/v1/indicatori")["indicatori"]}
    assert rows.keys() == CODES.keys()
    assert {code: parts(rows[code]).keys() for code in CODES} == {code: PARTS.get(code, {}).keys() for code in CODES}


@pytest.mark.parametrize("comune", [None, *range(7)], ids=lambda n: "distretto" if n is None else f"comune {n + 1}")
def test_the_indicators_at_the_end_of_each_quarter(board: Story, comune: int | None) -> None:
    code = None if comune is None else comuni(board)[comune]
    figures, where = board.conto, f"&comune={code}" if code else ""
    for end in MONTHS[::3] + MONTHS[-1:]:
        rows = rows_of(board, f"al={end:%Y-%m}{where}")
        right = Reckoning(figures, end, code)
        assert {row["codice"]: shown(row) for row in rows} == {
            row["codice"]: right.of(row["codice"]) for row in rows
        }, end
        if comune is None:
            assert {r["codice"]: parts(r) for r in rows} == {r["codice"]: right.parts_of(r["codice"]) for r in rows}, (
                end
            )


@pytest.mark.parametrize("end", HALF_YEARS, ids=str)
def test_the_rows_of_a_period_in_each_half_year(board: Story, end: date) -> None:
    begin = date(end.year, end.month - 5, 1)
    rows = rows_of(board, f"dal={begin:%Y-%m}&al={end:%Y-%m}")
    right = Reckoning(board.conto, end, since=begin - timedelta(1))
    of_period = [row for row in rows if row["finestra"] == "nel_periodo"]
    assert {r["codice"]: shown(r) for r in of_period} == {r["codice"]: right.of(r["codice"]) for r in of_period}


@pytest.mark.parametrize("code", CODES)
def test_an_indicator_month_by_month_and_comune_by_comune(board: Story, code: str) -> None:
    figures = board.conto
    found = board.get("cruscotto", f"/api/v1/indicatori/{code}?dal={MONTHS[0]:%Y-%m}&al={MONTHS[-1]:%Y-%m}")
    assert [m["mese"] for m in found["per_mese"]] == [f"{end:%Y-%m}" for end in MONTHS]
    monthly = [shown(m["a_fine_mese"]) for m in found["per_mese"]]
    assert monthly == [Reckoning(figures, end).of(code) for end in MONTHS]
    places = {row["comune"]: shown(row) for row in found["per_comune"] if row["comune"]}
    those = [] if code in OF_THE_DISTRICT else comuni(board)
    assert places == {c: Reckoning(figures, MONTHS[-1], c).of(code) for c in those}


def test_the_fund_at_the_end_of_each_month(board: Story) -> None:
    figures = board.conto
    for end in MONTHS:
        said = board.get("cruscotto", f"/api/v1/fondo?al={end:%Y-%m}")
        moved = {name: figures.get(Cifra("CA09", end, "", name), 0) for name in ("escussione", "recupero")}
        paid = {
            c.chiave.removeprefix("versato "): v for c, v in figures.items() if c.al == end and "versato" in c.chiave
        }
        assert said["versato_per_tipo_centesimi"] == paid
        assert said["escusso_centesimi"] == moved["escussione"]
        assert said["saldo_centesimi"] == sum(paid.values()) - moved["escussione"] + moved["recupero"]
        assert said["impegnato_centesimi"] == figures.get(Cifra("fondo", end, "", "impegnato"), 0)
        assert said["garanzie_attive"] == figures.get(Cifra("fondo", end, "", "garanzie attive"), 0)


def test_the_fund_for_experiences_at_the_end_of_each_month(board: Story) -> None:
    figures = board.conto
    some = 0
    for end in MONTHS:
        said = board.get("cruscotto", f"/api/v1/fondo?al={end:%Y-%m}")["esperienze"]
        names = ("dotazione", "speso", "impegnato")
        versato, speso, impegnato = (figures.get(Cifra("fondo-esperienze", end, "", n), 0) for n in names)
        assert (said["versato_centesimi"], said["speso_centesimi"]) == (versato, speso)
        assert said["impegnato_centesimi"] == impegnato
        assert said["saldo_centesimi"] == versato - speso
        some += bool(impegnato) + bool(speso)
    assert some > len(MONTHS)


@pytest.mark.parametrize(
    ("code", "commands"),
    [
        ("CA01", ["garanzie/concessione"]),
        ("CA03", ["condomini/avvio", "condomini/incarico-custode"]),
        ("CA07", ["famiglie/sfratto-eseguito"]),
        ("CA10", ["condomini/attivita"]),
    ],
)
def test_behind_a_figure_stand_its_events(board: Story, code: str, commands: list[str]) -> None:
    expected = {e for p in board.performance.accepted if p.passo.nome in commands for e in p.events}
    corrected = {p.body["rettifica"] for p in board.performance.accepted if p.passo.nome.endswith("/rettifica")}
    found, cursor = [], ""
    while cursor is not None:
        page = board.get("cruscotto", f"/api/v1/indicatori/{code}/eventi?limite=100&cursore={cursor}")
        found, cursor = found + page["eventi"], page["successivo"]
    assert {e["id"] for e in found} == expected
    assert {e["id"] for e in found if e["rettificato"]} == expected & corrected
