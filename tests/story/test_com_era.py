"""What was known then: the figures of the past are those reckoned from the commands given until then, and no others."""

from datetime import date

import pytest
from scenario.check import arrived
from scenario.conto import conta
from scenario.plan import FROM

from .conftest import Story
from .indicatori import Reckoning
from .test_api import rows_of, shown

THEN = (date(2016, 12, 31), date(2017, 6, 30))


@pytest.mark.parametrize("then", THEN, ids=str)
async def test_as_known_then_is_what_had_been_told_then(story: Story, then: date) -> None:
    assert await arrived(story.board, story.performance.events)
    told = [p for p in story.performance.accepted if p.passo.giorno <= then]
    assert 0 < len(told) < len(story.performance.accepted)
    right = Reckoning(conta(told, FROM, then), then)
    rows = rows_of(story, f"al={then:%Y-%m}&registrato_entro={then}")
    assert {r["codice"]: shown(r) for r in rows} == {r["codice"]: right.of(r["codice"]) for r in rows}


@pytest.mark.parametrize("then", THEN, ids=str)
def test_what_was_told_or_corrected_later_makes_the_difference(story: Story, then: date) -> None:
    known, now = (
        {r["codice"]: shown(r) for r in rows_of(story, f"al={then:%Y-%m}{more}")}
        for more in (f"&registrato_entro={then}", "")
    )
    assert known.keys() == now.keys()
    assert known != now
