"""How fit a candidate is for an offer: told apart by skills, distance and availability, with a reason for each."""

from datetime import date
from typing import Any

import pytest
from contratti.rete import ALTRO
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st
from lavoro.affinita import affinita, classifica
from lavoro.candidato import Candidato
from lavoro.offerta import Offerta
from lavoro.regole import Pesi
from telaio.district import District

QUI = District.load(None)
ALTROVE = District(comuni={"015146": "Milano", "015209": "Sesto San Giovanni"})
PESI = Pesi(competenze=60, distanza=25, disponibilita=15, vicino_km=8, lontano_km=15)
MONTICHIARI, CALCINATO, VISANO, REMEDELLO = "017113", "017032", "017203", "017160"


def candidato(**fields: Any) -> Candidato:
    known = {"id": "c", "comune": MONTICHIARI, "competenze": ("cucina", "pulizie"), "in_carico": 1}
    return Candidato.model_validate(known | {"disponibilita": ("mattina", "sera")} | fields)


def offerta(**fields: Any) -> Offerta:
    known = {"id": "o", "aderente": "a", "tipo": "lavoro", "posti": 1, "comune": MONTICHIARI}
    wanted = {"competenze": ("cucina", "pulizie"), "orario": ("mattina",), "pubblicata_il": date(2016, 3, 1)}
    return Offerta.model_validate(known | wanted | fields)


def found(o: Offerta, c: Candidato | None = None, district: District = QUI) -> tuple[int, tuple[str, ...]]:
    return affinita(c or candidato(), o, district, PESI)


def test_all_that_is_wanted_where_one_lives_is_a_hundred() -> None:
    assert found(offerta()) == (100, ("tutte_le_competenze", "stesso_comune", "orario_compatibile"))


@pytest.mark.parametrize(
    ("wanted", "score", "reason"),
    [
        (("cucina",), 100, "tutte_le_competenze"),
        (("cucina", "saldatura"), 70, "parte_delle_competenze"),
        (("saldatura",), 40, "competenze_da_formare"),
        ((), 100, "nessuna_competenza_richiesta"),
        ((ALTRO,), 100, "nessuna_competenza_richiesta"),
        (("cucina", ALTRO), 100, "tutte_le_competenze"),
    ],
)
def test_skills(wanted: tuple[str, ...], score: int, reason: str) -> None:
    result = found(offerta(competenze=wanted))
    assert (result[0], result[1][0]) == (score, reason)


@pytest.mark.parametrize(
    ("comune", "score", "reason"),
    [
        (MONTICHIARI, 100, "stesso_comune"),
        (CALCINATO, 91, "comune_vicino"),
        (VISANO, 82, "comune_raggiungibile"),
        (REMEDELLO, 75, "comune_lontano"),
    ],
)
def test_distance(comune: str, score: int, reason: str) -> None:
    result = found(offerta(comune=comune))
    assert (result[0], result[1][1]) == (score, reason)


@pytest.mark.parametrize(
    ("when", "score", "reason"),
    [
        (("mattina", "sera"), 100, "orario_compatibile"),
        (("mattina", "notte"), 92, "orario_in_parte"),
        (("notte",), 85, "orario_non_compatibile"),
        ((), 92, "orario_da_concordare"),
        ((ALTRO,), 92, "orario_da_concordare"),
    ],
)
def test_availability(when: tuple[str, ...], score: int, reason: str) -> None:
    result = found(offerta(orario=when))
    assert (result[0], result[1][2]) == (score, reason)


def test_another_district_without_centres_ranks_by_the_rest_and_says_so() -> None:
    here = candidato(comune="015146")
    assert found(offerta(comune="015209"), here, ALTROVE) == (
        88,
        ("tutte_le_competenze", "distanza_non_nota", "orario_compatibile"),
    )
    assert found(offerta(comune="015146"), here, ALTROVE)[0] == 100


# The ranking


def test_only_what_is_possible_is_ranked() -> None:
    impossible = [
        (candidato(in_carico=0), offerta()),
        (candidato(), offerta(chiusa_il=date(2016, 3, 2))),
        (candidato(), offerta(posti=2, occupati=2)),
    ]
    assert classifica(impossible, QUI, PESI) == []
    assert len(classifica([(candidato(), offerta(posti=2, occupati=1))], QUI, PESI)) == 1


def test_the_fittest_come_first_and_equals_in_the_same_order_always() -> None:
    offers = [offerta(id="b"), offerta(id="a"), offerta(id="lontana", comune=REMEDELLO)]
    for order in (offers, offers[::-1]):
        assert [o.id for _, o, _ in classifica([(candidato(), o) for o in order], QUI, PESI)] == ["a", "b", "lontana"]


SKILLS = ("cucina", "pulizie", "saldatura", "patente_auto", ALTRO)
SLOTS = ("mattina", "pomeriggio", "sera", "notte", ALTRO)
skills = st.lists(st.sampled_from(SKILLS), max_size=5).map(tuple)
slots = st.lists(st.sampled_from(SLOTS), max_size=5).map(tuple)
comuni = st.sampled_from(sorted(QUI.comuni))
offers = st.builds(lambda c, o, where: offerta(competenze=c, orario=o, comune=where), skills, slots, comuni)
people = st.builds(lambda c, d, where: candidato(competenze=c, disponibilita=d, comune=where), skills, slots, comuni)


@settings(max_examples=200, deadline=None)
@for_all(offers, people, st.sampled_from(SKILLS), st.sampled_from(SLOTS))
def test_a_score_is_from_0_to_100_and_nobody_loses_by_learning_by_being_free_more_or_by_living_there(
    offer: Offerta, one: Candidato, skill: str, slot: str
) -> None:
    score, reasons = found(offer, one)
    assert 0 <= score <= 100
    assert len(reasons) == 3
    assert found(offer, one.with_(competenze=(*one.competenze, skill)))[0] >= score
    assert found(offer, one.with_(disponibilita=(*one.disponibilita, slot)))[0] >= score
    assert found(offer, one.with_(comune=offer.comune))[0] >= score
