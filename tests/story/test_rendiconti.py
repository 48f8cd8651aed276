"""The reports approved in the story say for ever what was known then, whatever was told or corrected later."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any

import pytest
from scenario.conto import conta, fini_dei_mesi
from scenario.invii.sportelli import NODI
from scenario.plan import FROM
from scenario.play import Performance, Played
from scenario.readmodels import BY_ITSELF
from scenario.rendiconti import SEMESTRI, Pagine, Rapporto, Rendiconti
from stack.entering import enter

from .conftest import COORDINATOR, Story
from .indicatori import CODES, Reckoning, Shown

APPROVED = [r for r in SEMESTRI if r.approvato]
OWN = {"casa": "CA", "lavoro": "LA", "giovani": "AD", "punti": "PU"}
TERMS = ("valore", "numeratore", "denominatore")
Figures = dict[str, Shown]
Late = tuple[str, str, date, bool]
"""Strand, entity, the day that is touched, whether by a correction."""


class Report:
    """A report of the story: what its own journal says, and what had been told when it was approved."""

    def __init__(self, story: Story, report: Rapporto) -> None:
        self.story, self.id = story, report.id
        first, last = (date.fromisoformat(f"{month}-01") for month in report.periodo.split("/"))
        self.before, self.until = first - timedelta(1), fini_dei_mesi(last, last)[0]

    @cached_property
    def events(self) -> dict[str, list[dict[str, Any]]]:
        """The data of its events, by type."""
        found: dict[str, list[dict[str, Any]]] = {}
        for event in self.story.get("cruscotto", f"/rapporti/{self.id}/eventi")["eventi"]:
            found.setdefault(event["tipo"], []).append(event["dati"])
        return found

    @property
    def approved(self) -> date:
        return date.fromisoformat(self.events["cruscotto.RapportoApprovato"][0]["avvenuto_il"])

    def frozen(self, ente: str | None = None) -> Figures:
        """The figures of the whole network, or of one partner."""
        figures = next(e["cifre"] for e in self.events["cruscotto.CifreFissate"] if e["ente"] == ente)
        return {figure["codice"]: shown(figure) for figure in figures}

    def told(self, *services: str) -> list[Played]:
        """The commands accepted till then, by all services or by some: it was approved before the desks opened."""
        accepted = [p for p in self.story.performance.accepted if p.passo.giorno < self.approved]
        return [p for p in accepted if not services or p.passo.servizio in services]

    def reckoned(self, told: list[Played]) -> Figures:
        """The figures of its period, from commands."""
        figures = conta(told, FROM, self.until)
        whole, part = (Reckoning(figures, self.until, since=since) for since in (None, self.before))
        rows = self.story.get("cruscotto", "/api/v1/indicatori")["indicatori"]
        of_period = {row["codice"] for row in rows if row["finestra"] == "nel_periodo"}
        return {code: (part if code in of_period else whole).of(code) for code in CODES}


def shown(figure: dict[str, Any]) -> Shown:
    """A frozen figure, as the reckoning says it."""
    value, over, under = (None if (said := figure[term]) is None else Decimal(said) for term in TERMS)
    return Shown(value, (over, under)) if over is not None and under is not None else Shown(value)


@pytest.fixture(scope="module", params=APPROVED, ids=lambda r: r.periodo.replace("/", ".."))
def report(story: Story, request: pytest.FixtureRequest) -> Report:
    """Each approved report."""
    return Report(story, request.param)


@pytest.fixture(scope="module")
def verified(story: Story) -> dict[str, str]:
    """The page that verifies each approved report."""
    return {r.id: page(story, f"/{r.id}/verifica") for r in APPROVED}


def page(story: Story, path: str = "") -> str:
    return enter(story.addresses["services"]["cruscotto"]["url"], COORDINATOR).page(f"/rendicontazione{path}")


def test_the_page_lists_the_draft_and_the_reports_with_their_numbers(story: Story) -> None:
    listed = re.findall(r'<a href="/rendicontazione/([0-9a-f-]{36})">([^<]+)<', page(story))
    numbered = [(r.id, f"n. {n}") for n, r in enumerate(APPROVED, 1)]
    assert listed == [(SEMESTRI[-1].id, "Bozza"), *reversed(numbered)]


def test_recomputed_from_what_it_had_read_it_is_the_same(report: Report, verified: dict[str, str]) -> None:
    assert "<strong>Intatto:</strong>" in verified[report.id]
    assert "<strong>Identico:</strong>" in verified[report.id]


def test_what_came_later_makes_the_figures_of_today_differ(verified: dict[str, str]) -> None:
    different = {id: html.count("Diversa oggi") for id, html in verified.items()}
    assert any(different.values())


def test_its_figures_are_those_of_what_had_been_told(report: Report) -> None:
    assert report.frozen() == report.reckoned(report.told())


@pytest.mark.parametrize("strand", OWN)
def test_the_part_of_a_partner_is_what_it_had_told_itself(report: Report, strand: str) -> None:
    own = {c: s for c, s in report.frozen(NODI[strand].partition("/")[2]).items() if c.startswith(OWN[strand])}
    right = report.reckoned(report.told(strand))
    assert own == {c: s for c, s in right.items() if c.startswith(OWN[strand])}


def test_a_report_lists_what_came_late_for_those_before_it(story: Story) -> None:
    reports = [Report(story, r) for r in APPROVED]
    assert "cruscotto.RettificheElencate" not in reports[0].events
    for earlier, later in pairwise(reports):
        listed = [r for e in later.events.get("cruscotto.RettificheElencate", ()) for r in e["rettifiche"]]
        assert {said(r) for r in listed if r["tipo"] not in BY_ITSELF} == set(came_late(earlier, later))
    assert listed


def test_what_has_not_all_been_heard_is_not_approved_and_that_is_told() -> None:
    performance = Performance()

    def nobody() -> Pagine:
        raise AssertionError("somebody signed in to write a report")

    Rendiconti(nobody, lambda: False, performance).al(SEMESTRI[1].dal)
    assert [told.split(":")[0] for told in performance.surprises] == [
        f"rapporto {r.periodo} {SEMESTRI[1].dal}" for r in SEMESTRI[:2]
    ]


def said(listed: dict[str, Any]) -> Late:
    day = date.fromisoformat(listed["avvenuto_il"])
    return listed["fonte"].split("/")[1], listed["soggetto"].split("/")[1], day, listed["corregge"]


def came_late(earlier: Report, later: Report) -> Iterator[Late]:
    """What was told between two reports and touches the days of the first: facts of then, and corrections."""
    told_by = {event: p for p in later.told() for event in p.events}
    for p in later.told():
        wrong = told_by.get(p.body.get("rettifica", ""))
        days = [p.passo.il] if wrong is None else [wrong.passo.il, *_days(p.body["data"])]
        if p.passo.giorno >= earlier.approved and min(days) <= earlier.until:
            yield p.passo.servizio, p.passo.entita, min(days), wrong is not None


def _days(data: dict[str, Any] | None) -> list[date]:
    """The day of a fact, once corrected; none, where it is annulled."""
    return [] if data is None else [date.fromisoformat(data["avvenuto_il"])]
