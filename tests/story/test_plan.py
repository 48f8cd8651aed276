"""The plan itself: pure, and the same for everybody who has the seed."""

import re
from datetime import date
from itertools import groupby

import pytest
from scenario.passo import NOMI, Evento, Passo, catene
from scenario.plan import FROM, TO, plan

PASSI = plan()
STRANDS = ("lavoro", "giovani", "punti")
ONLY_ONE = ("fondi/", "capienza/")
"""Of these each service has one, whatever the seed."""


def test_the_same_seed_makes_the_same_steps_and_another_seed_others() -> None:
    assert plan() == PASSI
    other = plan(7)
    assert {p.path for p in other}.isdisjoint({p.path for p in PASSI if not p.path.startswith(ONLY_ONE)})


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


@pytest.mark.parametrize("strand", STRANDS)
def test_each_strand_has_late_entries_corrections_annulments_and_repeats(strand: str) -> None:
    accepted = [p for p in PASSI if p.servizio == strand and p.expects.accolto and not p.ripete]
    corrections = [p for p in accepted if p.nome.endswith("/rettifica")]
    assert sum(p.il < p.giorno for p in accepted) > len(accepted) / 20
    assert len(corrections) > 25
    assert any(p.body["data"] is None for p in corrections)
    again = [p.body["rettifica"] for p in corrections]
    assert len(set(again)) < len(again), "some event is corrected twice"
    assert sum(p.ripete for p in PASSI if p.servizio == strand) > 20


@pytest.mark.parametrize(("strand", "ways"), [("casa", 30), ("lavoro", 25), ("giovani", 25), ("punti", 20)])
def test_ways_to_be_refused(strand: str, ways: int) -> None:
    assert len({p.expects.codice for p in PASSI if p.servizio == strand} - {None}) >= ways


@pytest.mark.parametrize("seed", [2016, 1, 2, 3])
def test_it_reaches_the_neighbourhood_of_the_targets(seed: int) -> None:
    accepted = [p for p in plan(seed) if p.expects.accolto and not p.ripete and p.servizio == "casa"]
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


@pytest.mark.parametrize("seed", [2016, 1, 2, 3])
@pytest.mark.parametrize("strand", STRANDS)
def test_a_strand_is_of_a_size_to_be_seen_and_played(strand: str, seed: int) -> None:
    own = [p for p in plan(seed) if p.servizio == strand and not _of_invii(p)]
    assert 600 <= sum(p.expects.accolto and not p.ripete for p in own) <= 1050


def _of_invii(p: Passo) -> bool:
    return "invii" in p.path or "invio" in p.body or p.path.startswith("capienza/")


def test_persons_of_families_are_met_by_every_other_strand() -> None:
    people = {strand: _people(strand) for strand in ("casa", *STRANDS)}
    for strand in STRANDS:
        assert len(people["casa"] & people[strand]) >= 8, strand
    assert people["lavoro"] & people["punti"] - people["casa"]
    assert people["casa"] & people["lavoro"] & people["punti"]


def _people(strand: str) -> set[str]:
    """Whom a strand took in charge, enrolled, or listened to."""
    begins = {"famiglie/presa-in-carico", "candidati/presa-in-carico", "laboratori/iscrizione", "ascolti/richiesta"}
    bodies = [p.body for p in PASSI if p.servizio == strand and p.nome in begins and p.expects.accolto]
    return {name for body in bodies for name in re.findall(r"p-[a-z0-9]+", str(body))}


def test_what_is_known_of_the_project_happens_when_it_did() -> None:
    opened = {p.body["denominazione"]: p for p in reversed(PASSI) if p.nome == "punti/apertura" and p.expects.accolto}
    assert opened["Punto di Comunità di Montichiari"].body["gestore"] == "ama-brescia"
    assert f"{opened['Punto di Comunità di Visano'].il:%Y-%m}" == "2016-05"
    special = next(p for p in PASSI if p.nome == "punti/specializzazione" and p.expects.accolto)
    agent = next(p for p in PASSI if p.nome == "agenti/incarico")
    assert special.entita == agent.body["punto"]
    assert special.il < agent.il


def test_internships_are_judged_by_the_rules_of_their_day_across_june_2018() -> None:
    june = [p for p in PASSI if p.nome == "tirocini/attivazione" and p.giorno >= date(2018, 6, 1)]
    same = [p for p in june if p.body["indennita_centesimi"] == 42_000]
    assert [(p.il >= date(2018, 6, 1), p.expects.codice) for p in same if not p.ripete] == [
        (True, "indennita-sotto-il-minimo"),
        (False, None),
    ]


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


def test_what_is_said_to_one_entity_on_a_day_is_said_in_order_also_where_it_has_a_name_of_its_own() -> None:
    by_name = 0
    for _, steps in groupby(PASSI, key=lambda p: p.giorno):
        chains = catene(list(steps))
        for entity in {(p.servizio, p.entita) for chain in chains for p in chain}:
            those = [chain for chain in chains if any((p.servizio, p.entita) == entity for p in chain)]
            assert len(those) == 1, entity
            by_name += sum((p.servizio, p.entita) == entity and not NOMI.search(p.path) for p in those[0]) > 1
    assert by_name > 10


def test_a_correction_refers_to_a_step_already_played_on_the_same_entity() -> None:
    known = {p.id: p for p in PASSI}
    for passo in PASSI:
        event = passo.body.get("rettifica")
        if isinstance(event, Evento) and passo.expects.codice != "evento-non-trovato":
            assert event.passo < passo.id
            assert known[event.passo].entita == passo.entita
