"""Exchanges of knowledge and the time bank: many to many, given is received, nobody is left out for a balance."""

from datetime import date
from typing import Any

import pytest
from contratti import punti as contratto
from contratti.punti import Partecipante
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st
from punti.banca import Banca, banche
from punti.punto import Punto
from punti.scambio import Scambio, scambi
from pydantic import ValidationError
from telaio.entity import Rejected
from telaio.testing.given import given

GIORNO = date(2016, 6, 1)
PUNTO = "00000000-0000-4000-8000-000000000001"
ANNA, BRUNO, CARLA = "p-anna01", "p-bruno1", "p-carla1"
Minuti = tuple[str, int, int]
"""Who, minutes given, minutes received."""


def parti(*minuti: Minuti) -> tuple[Partecipante, ...]:
    return tuple(Partecipante(persona=p, dato_minuti=d, ricevuto_minuti=r) for p, d, r in minuti)


def avvenuto(*minuti: Minuti, **fields: Any) -> contratto.ScambioAvvenuto:
    return contratto.ScambioAvvenuto(avvenuto_il=GIORNO, partecipanti=parti(*minuti), **fields)


LEZIONE = avvenuto((ANNA, 90, 0), (BRUNO, 0, 90))


def invalid(*minuti: Minuti) -> str:
    with pytest.raises(ValidationError) as error:
        avvenuto(*minuti)
    return error.value.errors()[0]["msg"].removeprefix("Value error, ")


def scambio(*minuti: Minuti) -> Scambio:
    return Scambio(scambiato_il=GIORNO, partecipanti=parti(*minuti))


def saldi(banca: Banca | None) -> dict[str, int]:
    return {conto.persona: conto.saldo_minuti for conto in banca.conti} if banca else {}


def test_an_exchange_is_recorded_once() -> None:
    given(scambi).when("registrazione", LEZIONE).then(LEZIONE)
    given(scambi, LEZIONE).when("registrazione", LEZIONE).rejected("scambio-gia-registrato")


def test_many_give_and_many_receive_and_one_may_do_both() -> None:
    many = avvenuto((ANNA, 60, 30), (BRUNO, 30, 0), (CARLA, 0, 60))
    given(scambi).when("registrazione", many).then(many)


def test_minutes_given_and_received_are_the_same_in_all() -> None:
    said = "i minuti dati (90) e quelli ricevuti (89) devono essere uguali"
    assert invalid((ANNA, 90, 0), (BRUNO, 0, 89)) == said


def test_who_takes_part_gives_or_receives_and_appears_once() -> None:
    assert invalid((ANNA, 30, 0), (BRUNO, 0, 30), (CARLA, 0, 0)) == "chi partecipa dà o riceve almeno un minuto"
    assert invalid((ANNA, 30, 0), (ANNA, 0, 30)) == "la stessa persona compare due volte"


def test_an_exchange_takes_two() -> None:
    with pytest.raises(ValidationError, match="partecipanti"):
        avvenuto((ANNA, 30, 30))


def test_a_history_written_elsewhere_is_judged_by_the_same_rules() -> None:
    for code, minuti in {
        "scambio-non-in-pareggio": ((ANNA, 90, 0), (BRUNO, 0, 89)),
        "partecipante-ripetuto": ((ANNA, 30, 0), (ANNA, 0, 30)),
    }.items():
        with pytest.raises(Rejected, match=code):
            scambi.check(scambio(*minuti))
    scambi.check(scambio((ANNA, 90, 0), (BRUNO, 0, 90)))


def test_the_place_of_an_exchange_is_there_and_open_that_day_where_one_is_named() -> None:
    there = LEZIONE.model_copy(update={"punto": PUNTO})
    given(scambi).when("registrazione", there).rejected("punto-non-trovato")
    given(scambi).with_(Punto(id=PUNTO, aperto=1)).when("registrazione", there).then(there)
    given(scambi).with_(Punto(id=PUNTO, chiuso_il=GIORNO)).when("registrazione", there).then(there)
    closed = Punto(id=PUNTO, chiuso_il=date(2016, 5, 31))
    given(scambi).with_(closed).when("registrazione", there).rejected("punto-chiuso")


def test_who_has_received_much_more_than_given_takes_part_like_everybody() -> None:
    indebted = Banca.model_validate(
        {"conti": [{"persona": ANNA, "dato_minuti": 99999}, {"persona": BRUNO, "ricevuto_minuti": 99999}]}
    )
    given(scambi).with_(indebted).when("registrazione", LEZIONE).then(LEZIONE)


def test_a_balance_is_given_less_received_over_all_exchanges() -> None:
    banca = banche.follow("scambio", None, None, scambio((ANNA, 90, 0), (BRUNO, 0, 90)))
    banca = banche.follow("scambio", banca, None, scambio((BRUNO, 30, 0), (CARLA, 0, 30)))
    assert saldi(banca) == {ANNA: 90, BRUNO: -60, CARLA: -30}
    assert [(c.dato_minuti, c.ricevuto_minuti) for c in banca.conti] == [(90, 0), (30, 90), (0, 30)]


def test_a_corrected_exchange_leaves_no_trace_of_the_wrong_one() -> None:
    wrong, right = scambio((ANNA, 90, 0), (BRUNO, 0, 90)), scambio((ANNA, 60, 0), (CARLA, 0, 60))
    banca = banche.follow("scambio", None, None, wrong)
    assert saldi(banche.follow("scambio", banca, wrong, right)) == {ANNA: 60, CARLA: -60}
    assert banche.follow("scambio", banca, wrong, None) == banche.initial


def test_a_bank_that_does_not_balance_is_refused() -> None:
    with pytest.raises(Rejected, match="banca-non-in-pareggio"):
        banche.check(Banca.model_validate({"conti": [{"persona": ANNA, "dato_minuti": 1}]}))


PEOPLE = [f"p-persona{n}" for n in range(5)]


@st.composite
def exchanges(draw: st.DrawFn) -> Scambio:
    """Any balanced exchange: minutes pass from one to another, several times."""
    given_, received = dict.fromkeys(PEOPLE, 0), dict.fromkeys(PEOPLE, 0)
    for giver, taker in draw(st.lists(st.permutations(PEOPLE).map(lambda p: p[:2]), min_size=1, max_size=4)):
        minutes = draw(st.integers(1, 300))
        given_[giver] += minutes
        received[taker] += minutes
    return scambio(*[(p, given_[p], received[p]) for p in PEOPLE if given_[p] or received[p]])


@settings(max_examples=150, deadline=None)
@for_all(st.lists(st.tuples(exchanges(), exchanges() | st.none(), st.booleans()), max_size=8), st.randoms())
def test_in_any_order_and_after_any_correction_the_bank_is_the_sum_of_what_is_there(
    told: list[tuple[Scambio, Scambio | None, bool]], order: Any
) -> None:
    banca, standing = banche.initial, []
    for first, then, corrected in told:
        scambi.check(first)
        banca = banche.follow("scambio", banca, None, first)
        if corrected:
            banca = banche.follow("scambio", banca, first, then)
        standing += [s for s in ([then] if corrected else [first]) if s]
        banche.check(banca)
    order.shuffle(standing)
    rebuilt = banche.initial
    for one in standing:
        rebuilt = banche.follow("scambio", rebuilt, None, one)
    assert rebuilt == banca
    for person in PEOPLE:
        mine = [p for s in standing for p in s.partecipanti if p.persona == person]
        assert saldi(banca).get(person, 0) == sum(p.dato_minuti for p in mine) - sum(p.ricevuto_minuti for p in mine)
    assert sum(saldi(banca).values()) == 0
