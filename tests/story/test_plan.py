"""The plan itself: pure, and the same for everybody who has the seed."""

import re
from datetime import date
from itertools import groupby

import pytest
from scenario.passo import Evento, catene
from scenario.plan import FROM, TO, plan

PASSI = plan()


def test_the_same_seed_makes_the_same_steps_and_another_seed_others() -> None:
    assert plan() == PASSI
    other = plan(7)
    assert {p.path for p in other}.isdisjoint({p.path for p in PASSI} - {p.path for p in PASSI if "fondi/" in p.path})


def test_an_earlier_end_makes_the_same_story_shorter() -> None:
    shorter = plan(to=date(2016, 12, 31))
    assert shorter == PASSI[: len(shorter)]
    assert 200 < len(shorter) < len(PASSI)


def test_steps_come_in_order_of_day_when_desks_are_open() -> None:
    days = [p.giorno for p in PASSI]
    assert days == sorted(days)
    assert days[0] >= FROM
    assert days[-1] <= TO
    assert all(day.weekday() < 5 for day in days)


def test_nothing_happens_after_it_was_recorded_save_where_a_refusal_is_wanted() -> None:
    assert {p.expects.codice for p in PASSI if p.il > p.giorno} == {"dati-non-validi"}


def test_late_entries_corrections_annulments_and_repeats_are_many() -> None:
    accepted = [p for p in PASSI if p.expects.accolto and not p.ripete]
    corrections = [p for p in accepted if p.nome.endswith("/rettifica")]
    assert sum(p.il < p.giorno for p in accepted) > len(accepted) / 10
    assert len(corrections) > 30
    assert sum(p.body["data"] is None for p in corrections) > 5
    assert len({p.nome for p in corrections}) >= 6
    assert sum(p.ripete for p in PASSI) > 50
    again = [p.body["rettifica"] for p in corrections]
    assert len(set(again)) < len(again), "some event is corrected twice"


def test_thirty_ways_to_be_refused() -> None:
    assert len({p.expects.codice for p in PASSI} - {None}) >= 30


@pytest.mark.parametrize("seed", [2016, 1, 2, 3])
def test_it_reaches_the_neighbourhood_of_the_targets(seed: int) -> None:
    accepted = [p for p in plan(seed) if p.expects.accolto and not p.ripete]
    families = {p.body["famiglia"] for p in accepted if p.nome == "garanzie/concessione"}
    assert 72 <= len(families) <= 90
    assert 18 <= sum(p.nome == "coabitazioni/avvio" for p in accepted) <= 25
    assert sum(p.nome == "condomini/avvio" for p in accepted) == 4
    assert 2000 <= len(accepted) <= 3000


def test_all_comuni_appear_the_larger_the_more() -> None:
    where = [p.body["comune"] for p in PASSI if p.nome == "famiglie/presa-in-carico" and p.expects.accolto]
    counts = {comune: where.count(comune) for comune in set(where)}
    assert len(counts) == 7
    assert max(counts, key=lambda c: counts[c]) == "017113"  # Montichiari


def test_persons_are_opaque() -> None:
    people = {name for p in PASSI for name in re.findall(r"p-[a-z0-9]+", str(p.body))}
    assert len(people) > 300
    assert all(re.fullmatch(r"p-[0-9a-f]{12}", name) for name in people)


def test_chains_of_a_day_touch_nothing_in_common_and_keep_the_order() -> None:
    for _, steps in groupby(PASSI, key=lambda p: p.giorno):
        day = list(steps)
        chains = catene(day)
        assert sorted(p.id for chain in chains for p in chain) == [p.id for p in day]
        touched = [frozenset[str]().union(*(p.tocca for p in chain)) for chain in chains]
        assert sum(map(len, touched)) == len(frozenset[str]().union(*touched))
        assert all([p.id for p in chain] == sorted(p.id for p in chain) for chain in chains)


def test_a_correction_refers_to_a_step_already_played_on_the_same_entity() -> None:
    known = {p.id: p for p in PASSI}
    for passo in PASSI:
        event = passo.body.get("rettifica")
        if isinstance(event, Evento) and passo.expects.codice != "evento-non-trovato":
            assert event.passo < passo.id
            assert known[event.passo].entita == passo.entita
