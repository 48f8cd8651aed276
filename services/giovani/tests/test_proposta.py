"""The school-work catalogue: places, students a tutor may follow, hours that make a path valid, names of their year."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from contratti import giovani
from contratti.rete import Event
from giovani import regole
from giovani.proposta import ConclusionePercorso, Percorso, Proposta, proposte
from giovani.regole import NORMATIVA, Regole
from hypothesis import given as for_all
from hypothesis import strategies as st
from telaio.entity import Rejected
from telaio.rules import Dated
from telaio.testing.given import Case, given

REGOLE = Regole.load(Path(regole.__file__).with_name("regole.toml"))
PRIMA, DOPO = date(2018, 1, 4), date(2018, 1, 5)
"""The last day without and the first with a number of students per tutor."""

ANNA, BRUNO, CARLA = "p-anna01", "p-bruno1", "p-carla1"


def pubblicata(**fields: Any) -> giovani.PropostaPubblicata:
    given_ = {
        "avvenuto_il": DOPO, "ente": "consorzio-tenda", "ambito": "sociale", "comune": "017113", "posti": 2,
        "dal": date(2018, 6, 11), "al": date(2018, 7, 6), "competenze": ("cittadinanza",),
        "finalita": ("orientamento_professionale",), "rischio": "basso", "tutor": 1,
    }  # fmt: skip
    return giovani.PropostaPubblicata.model_validate(given_ | fields)


def assegnato(persona: str = ANNA, giorno: date = DOPO, ore: int = 80, tipo: Any = None) -> giovani.StudenteAssegnato:
    return giovani.StudenteAssegnato(
        avvenuto_il=giorno, persona=persona, istituto="liceo-di-prova", ore_previste=ore, tipo_istituto=tipo
    )


def conclusione(ore: int, persona: str = ANNA) -> ConclusionePercorso:
    return ConclusionePercorso(
        avvenuto_il=date(2018, 7, 6), persona=persona, ore_svolte=ore, competenze_acquisite=("cittadinanza",)
    )


def conclusa(ore: int, valida: bool, persona: str = ANNA, soglia: int | None = 75) -> giovani.AlternanzaConclusa:
    return giovani.AlternanzaConclusa(
        avvenuto_il=date(2018, 7, 6),
        persona=persona,
        ore_svolte=ore,
        valida=valida,
        competenze_acquisite=("cittadinanza",),
        soglia_percento=soglia,
    )


def ritirata(giorno: date = DOPO) -> giovani.PropostaRitirata:
    return giovani.PropostaRitirata(avvenuto_il=giorno)


def proposta(*history: Event, **fields: Any) -> Case:
    """A published offer, with this history."""
    return given(proposte, pubblicata(**fields), *history).with_(rules=REGOLE)


def after(*history: Event) -> Proposta:
    state = proposte.replay("p", history, checked=True)
    assert state is not None
    return state


def refused(*history: Event) -> str:
    with pytest.raises(Rejected) as refusal:
        proposte.replay("p", history, checked=True)
    return refusal.value.code


# Published


def test_an_offer_is_published_once() -> None:
    given(proposte).with_(rules=REGOLE).when("pubblicazione", pubblicata()).then(pubblicata())
    proposta().when("pubblicazione", pubblicata()).rejected("proposta-gia-pubblicata")
    proposta(ritirata()).when("pubblicazione", pubblicata()).rejected("proposta-gia-pubblicata")


def test_an_offer_does_not_end_before_it_begins() -> None:
    one_day, backwards = pubblicata(al=date(2018, 6, 11)), pubblicata(al=date(2018, 6, 10))
    given(proposte).with_(rules=REGOLE).when("pubblicazione", one_day).then(one_day)
    given(proposte).with_(rules=REGOLE).when("pubblicazione", backwards).rejected("fine-prima-dell-inizio")


@pytest.mark.parametrize(
    ("rischio", "tutor", "posti"),
    [("alto", 1, 5), ("medio", 1, 8), ("basso", 1, 12), ("altro", 1, 5), ("alto", 2, 10), ("basso", 3, 36)],
)
def test_places_are_as_many_as_the_tutors_may_follow_at_that_risk(rischio: str, tutor: int, posti: int) -> None:
    enough = pubblicata(rischio=rischio, tutor=tutor, posti=posti)
    given(proposte).with_(rules=REGOLE).when("pubblicazione", enough).then(enough)
    one_more = pubblicata(rischio=rischio, tutor=tutor, posti=posti + 1)
    given(proposte).with_(rules=REGOLE).when("pubblicazione", one_more).rejected("tutor-insufficienti")


def test_before_the_decree_no_number_of_students_per_tutor_was_set() -> None:
    many = pubblicata(avvenuto_il=PRIMA, posti=30, rischio="alto")
    given(proposte).with_(rules=REGOLE).when("pubblicazione", many).then(many)
    late = pubblicata(avvenuto_il=DOPO, posti=30, rischio="alto")
    given(proposte).with_(rules=REGOLE).when("pubblicazione", late).rejected("tutor-insufficienti")


# Assigned


def test_students_are_assigned_up_to_the_places() -> None:
    proposta(assegnato(ANNA)).when("assegnazione", assegnato(BRUNO)).then(assegnato(BRUNO))
    proposta(assegnato(ANNA), assegnato(BRUNO)).when("assegnazione", assegnato(CARLA)).rejected("posti-esauriti")


def test_who_has_finished_has_used_the_place() -> None:
    full = proposta(assegnato(ANNA), conclusa(80, True), posti=1)
    full.when("assegnazione", assegnato(BRUNO)).rejected("posti-esauriti")


def test_a_student_has_one_place_in_an_offer_and_may_have_others_elsewhere() -> None:
    proposta(assegnato()).when("assegnazione", assegnato()).rejected("studente-gia-assegnato")
    assert not proposte.keys(after(pubblicata(), assegnato()))


def test_an_offer_older_than_the_decree_takes_no_more_students_than_it_allows_on_the_day() -> None:
    students = [assegnato(f"p-studente{n}", PRIMA) for n in range(5)]
    old = proposta(*students, avvenuto_il=PRIMA, posti=30, rischio="alto")
    old.when("assegnazione", assegnato(ANNA, PRIMA)).then(assegnato(ANNA, PRIMA))
    old.when("assegnazione", assegnato(ANNA, DOPO)).rejected("tutor-insufficienti")


def test_students_are_assigned_until_the_last_day() -> None:
    last, later = assegnato(giorno=date(2018, 7, 6)), assegnato(giorno=date(2018, 7, 7))
    proposta().when("assegnazione", last).then(last)
    proposta().when("assegnazione", later).rejected("proposta-finita")


# Withdrawn


def test_an_offer_is_withdrawn_once() -> None:
    proposta().when("ritiro", ritirata()).then(ritirata())
    proposta(ritirata()).when("ritiro", ritirata()).rejected("proposta-gia-ritirata")


def test_a_withdrawn_offer_takes_nobody_after_that_day() -> None:
    withdrawn = proposta(ritirata(DOPO))
    withdrawn.when("assegnazione", assegnato(giorno=DOPO)).then(assegnato(giorno=DOPO))
    withdrawn.when("assegnazione", assegnato(giorno=date(2018, 1, 6))).rejected("proposta-ritirata")


def test_who_is_assigned_finishes_also_in_a_withdrawn_offer() -> None:
    proposta(assegnato(), ritirata()).when("conclusione-percorso", conclusione(80)).then(conclusa(80, True))


# Finished


@pytest.mark.parametrize(("ore", "valida"), [(80, True), (60, True), (59, False), (0, False), (100, True)])
def test_a_path_is_valid_at_three_quarters_of_the_planned_hours_and_ends_anyway(ore: int, valida: bool) -> None:
    proposta(assegnato(ore=80)).when("conclusione-percorso", conclusione(ore)).then(conclusa(ore, valida))


@for_all(st.integers(1, 1000), st.integers(0, 2000))
def test_hours_are_enough_exactly_from_three_quarters(previste: int, svolte: int) -> None:
    case = proposta(assegnato(ore=previste)).when("conclusione-percorso", conclusione(svolte))
    case.then(conclusa(svolte, valida=svolte / previste >= 0.75))


def test_validity_is_judged_by_the_threshold_of_the_day() -> None:
    half = Dated[int].model_validate([{"valore": 50, "fonte": "prova"}])
    rules = REGOLE.model_copy(update={"soglia_di_validita_percento": half})
    case = proposta(assegnato(ore=80)).with_(rules=rules).when("conclusione-percorso", conclusione(40))
    case.then(conclusa(40, True, soglia=50))


def test_a_path_ends_once_and_only_for_who_has_a_place() -> None:
    ended = proposta(assegnato(), conclusa(80, True))
    ended.when("conclusione-percorso", conclusione(80)).rejected("percorso-gia-concluso")
    ended.when("conclusione-percorso", conclusione(80, BRUNO)).rejected("studente-non-assegnato")


def test_the_state_tells_how_each_path_ended() -> None:
    state = after(pubblicata(), assegnato(ANNA), assegnato(BRUNO), conclusa(59, False, BRUNO))
    assert state.percorso_di(ANNA) == Percorso(
        persona=ANNA, istituto="liceo-di-prova", ore_previste=80, ore_minime_nel_triennio=None, assegnato_il=DOPO
    )
    bruno = state.percorso_di(BRUNO)
    assert bruno
    assert (bruno.ore_svolte, bruno.valida, bruno.concluso_il) == (59, False, date(2018, 7, 6))


# What the law calls it, and how much it asks for


@pytest.mark.parametrize(
    ("dal", "etichetta"),
    [
        ("2016-06-06", "Alternanza scuola-lavoro"),
        ("2018-08-31", "Alternanza scuola-lavoro"),
        ("2018-09-01", "PCTO"),
        ("2025-08-31", "PCTO"),
        ("2025-09-01", "Formazione scuola-lavoro"),
    ],
)
def test_the_name_is_that_of_the_school_year_of_the_offer(dal: str, etichetta: str) -> None:
    assert after(pubblicata(dal=dal, al="2030-01-01")).etichetta == etichetta


@pytest.mark.parametrize(
    ("dal", "tipo", "ore"),
    [
        ("2018-08-31", "liceo", 200),
        ("2018-08-31", "tecnico", 400),
        ("2018-08-31", "professionale", 400),
        ("2018-09-01", "liceo", 90),
        ("2018-09-01", "tecnico", 150),
        ("2018-09-01", "professionale", 210),
        ("2018-09-01", "altro", None),
        ("2018-09-01", None, None),
    ],
)
def test_beside_each_student_stand_the_hours_their_school_asks_for(dal: str, tipo: str | None, ore: int | None) -> None:
    path = after(pubblicata(dal=dal, al="2030-01-01"), assegnato(tipo=tipo)).percorso_di(ANNA)
    assert path
    assert path.ore_minime_nel_triennio == ore


@pytest.mark.parametrize("giorno", [date.min, date(1916, 6, 6), date.max])
def test_the_law_has_an_answer_for_any_date_somebody_may_write(giorno: date) -> None:
    assert NORMATIVA.etichetta.al(giorno)
    assert NORMATIVA.ore_minime_nel_triennio.al(giorno)


# Corrections


def test_corrections_keep_places_people_and_days_in_order() -> None:
    two = (assegnato(ANNA), assegnato(BRUNO))
    assert refused(pubblicata(posti=1), *two) == "posti-esauriti"
    assert refused(pubblicata(), assegnato(ANNA), assegnato(ANNA)) == "studente-gia-assegnato"
    assert refused(pubblicata(), conclusa(80, True)) == "studente-non-assegnato"
    assert refused(pubblicata(), assegnato(), conclusa(80, True), conclusa(80, True)) == "percorso-gia-concluso"
    assert refused(pubblicata(al="2018-06-10")) == "fine-prima-dell-inizio"
    assert refused(pubblicata(dal="2017-06-11", al="2018-01-04"), assegnato()) == "proposta-finita"
    assert refused(pubblicata(), assegnato(), ritirata(PRIMA)) == "proposta-ritirata"


def test_hours_and_validity_are_corrected_together() -> None:
    assert after(pubblicata(), assegnato(ore=80), conclusa(59, False))
    assert refused(pubblicata(), assegnato(ore=80), conclusa(60, False)) == "validita-incoerente"
    assert refused(pubblicata(), assegnato(ore=80), conclusa(59, True)) == "validita-incoerente"
    assert refused(pubblicata(), assegnato(ore=81), conclusa(60, True)) == "validita-incoerente"
    assert after(pubblicata(), assegnato(ore=80), conclusa(59, True, soglia=None))


def test_a_correction_brings_back_no_publication_beside_a_later_one() -> None:
    assert refused(pubblicata(), assegnato(), pubblicata(posti=3)) == "proposta-gia-pubblicata"
