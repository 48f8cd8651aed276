"""The pages show the same numbers: the Sintesi of the cruscotto, and the lists that casa's people work with."""

import re
from datetime import date
from decimal import Decimal

import pytest
from scenario.conto import conta, fini_dei_mesi
from scenario.plan import FROM, TO
from stack.entering import enter

from .conftest import COORDINATOR, Story
from .indicatori import CODES, Reckoning

FIGURE = re.compile(r'class="cifra">([^<]+)<')
LATER = date(2018, 12, 31)  # when whatever other tests add has happened too


def page(story: Story, path: str) -> str:
    return enter(story.addresses["services"]["cruscotto"]["url"], COORDINATOR).page(path)


def figures_on(html: str) -> dict[str, Decimal | None]:
    """What is written for each indicator; None where it says that there is nothing to reckon."""
    parts = [part.partition('"') for part in html.split('data-codice="')[1:]]
    return {code: number(found[1]) if (found := FIGURE.search(rest)) else None for code, _, rest in parts}


def number(written: str) -> Decimal | None:
    """What a person reads: 1.234,50 € is 1234.50; None for words."""
    digits = re.sub(r"[^\d,]", "", written).replace(",", ".")
    return Decimal(digits) if digits else None


@pytest.mark.parametrize("comune", [None, "017113", "017001"], ids=["distretto", "montichiari", "acquafredda"])
def test_the_sintesi_shows_the_figures_of_the_calculation(story: Story, comune: str | None) -> None:
    end = fini_dei_mesi(TO, TO)[0]
    shown = figures_on(page(story, f"/?al={end:%Y-%m}" + (f"&comune={comune}" if comune else "")))
    right = {code: Reckoning(story.conto, end, comune).of(code).value for code in CODES}
    assert {code: shown[code] for code in CODES} == right


def test_casa_lists_the_families_in_charge_and_what_they_owe(story: Story) -> None:
    figures = conta(story.performance.accepted, FROM, LATER)
    at_the_end = Reckoning(figures, LATER)
    assert len(rows(story, "in-carico")) == at_the_end.total("in_carico")
    assert sum(r["morosita_centesimi"] for r in rows(story, "morosita-aperte")) == at_the_end.total("CA06")
    assert len(rows(story, "sfratti-in-corso")) <= at_the_end.total("CA08", "aperti")  # those of families in charge


def rows(story: Story, name: str) -> list[dict]:
    """All rows of one of casa's lists."""
    found, cursor = [], ""
    while cursor is not None:
        answer = story.get("casa", f"/liste/{name}?limite=200&cursore={cursor}", user="anna.bianchi")
        found, cursor = found + answer["righe"], answer["successivo"]
    return found
