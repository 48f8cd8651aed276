"""Facts that are told later than others that happened after them: the figures follow the days, not the telling.

After the end of the scenario, so that its own figures stay as they are.
"""

from collections.abc import Iterator
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from scenario.check import arrived, verdict
from scenario.passo import Passo, accolto

from .conftest import Story

END = date(2018, 12, 31)
HERE, THERE = "017113", "017034"
_numbers = count(1)


def told(on: str, path: str, happened: str, **fields: Any) -> Passo:
    """A command given on a day of 2018 about a fact of another day of 2018."""
    id, body = f"x{next(_numbers):04}", {"avvenuto_il": f"2018-{happened}", **fields}
    return Passo(id, date.fromisoformat(f"2018-{on}"), path, body, accolto(path), "anna.bianchi", id)


def entity(number: int) -> str:
    return str(UUID(int=number, version=4))


def late_cohabitant() -> Iterator[Passo]:
    """B came while A was still there, and that is known only after A's leaving was."""
    on = f"coabitazioni/{entity(1)}"
    yield told("07-02", f"{on}/avvio", "07-02", comune=HERE, posti=3, ospitante=None)
    yield told("07-02", f"{on}/ingresso", "07-02", persona="p-ritardo0001")
    yield told("08-13", f"{on}/uscita", "08-10", persona="p-ritardo0001", esito="rinuncia")
    yield told("08-20", f"{on}/ingresso", "08-01", persona="p-ritardo0002")


def eviction_left_behind() -> Iterator[Passo]:
    """A family comes back in another comune with an eviction still open, which is then prevented."""
    on, family = f"famiglie/{entity(2)}", {"componenti": ["p-ritardo0003"], "minori": 0}
    yield told("07-02", f"{on}/presa-in-carico", "07-02", comune=HERE, **family)
    yield told("07-03", f"{on}/sfratto-intimato", "07-03")
    yield told("08-01", f"{on}/conclusione", "08-01", esito="altro")
    yield told("09-03", f"{on}/presa-in-carico", "09-03", comune=THERE, **family)
    yield told("09-10", f"{on}/sfratto-prevenuto", "09-10", come="altro")


def late_farewell() -> Iterator[Passo]:
    """Arrears of September are noted before it is known that the family had left in August."""
    on = f"famiglie/{entity(3)}"
    yield told("07-02", f"{on}/presa-in-carico", "07-02", comune=HERE, componenti=["p-ritardo0004"], minori=0)
    yield told("09-03", f"{on}/rilievo-morosita", "09-03", importo_centesimi=10000, mensilita=1)
    yield told("09-10", f"{on}/conclusione", "08-20", esito="altro")


def returned_with_its_debts() -> Iterator[Passo]:
    """A family comes back with the arrears it had when it left, corrected meanwhile, and pays."""
    on, family = f"famiglie/{entity(4)}", {"componenti": ["p-ritardo0005"], "minori": 0}
    yield told("07-02", f"{on}/presa-in-carico", "07-02", comune=HERE, **family)
    yield told("07-03", f"{on}/rilievo-morosita", "07-03", importo_centesimi=50000, mensilita=1)
    yield told("08-01", f"{on}/conclusione", "08-01", esito="altro")
    yield told("09-03", f"{on}/presa-in-carico", "09-03", comune=THERE, **family)
    yield told("10-01", f"{on}/morosita-sanata", "10-01", importo_centesimi=50000)


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        (late_cohabitant, "CA02"),
        (late_farewell, "CA06"),
        (eviction_left_behind, "CA08 aperti"),
        (returned_with_its_debts, "CA06"),
    ],
    ids=lambda p: getattr(p, "__name__", None),
)
async def test_the_figures_follow_the_days(story: Story, steps: Any, code: str) -> None:
    before = await differences(story, code)
    story.player.play(list(steps()))
    assert story.performance.surprises == []
    assert await arrived(story.board, story.performance.events)
    assert await differences(story, code) == before


async def differences(story: Story, code: str) -> list[str]:
    found = await verdict(story.board, story.performance, END)
    return [line for line in found.differences if line.startswith(code)]
