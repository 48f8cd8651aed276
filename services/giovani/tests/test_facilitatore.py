"""The facilitator: where the appointment runs, whom it meets, and on which days."""

from datetime import date

import pytest
from contratti import giovani
from contratti.rete import Event
from giovani.facilitatore import Facilitatore, facilitatori
from telaio.entity import Rejected
from telaio.testing.given import given

INIZIO, FINE = date(2016, 3, 1), date(2016, 12, 20)
INCARICATO = giovani.FacilitatoreIncaricato(avvenuto_il=INIZIO, comuni=("017113", "017032"))
CESSATO = giovani.FacilitatoreCessato(avvenuto_il=FINE)
TORNATO = giovani.FacilitatoreIncaricato(avvenuto_il=date(2017, 2, 1), comuni=("017203",))


def coinvolgimento(giorno: date = date(2016, 5, 2), presenti: int = 12, nuovi: int = 4) -> giovani.CoinvolgimentoSvolto:
    return giovani.CoinvolgimentoSvolto(
        avvenuto_il=giorno, comune="017113", luogo="piazza", giovani=presenti, nuovi=nuovi
    )


def after(*history: Event) -> Facilitatore:
    state = facilitatori.replay("f", history)
    facilitatori.check(state)
    assert state is not None
    return state


def refused(*history: Event) -> str:
    with pytest.raises(Rejected) as refusal:
        facilitatori.replay("f", history, checked=True)
    return refusal.value.code


def test_a_facilitator_is_appointed_once_at_a_time() -> None:
    given(facilitatori).when("incarico", INCARICATO).then(INCARICATO)
    given(facilitatori, INCARICATO).when("incarico", INCARICATO).rejected("facilitatore-gia-incaricato")


def test_a_facilitator_who_returns_reopens_the_same_case() -> None:
    given(facilitatori, INCARICATO, CESSATO).when("incarico", TORNATO).then(TORNATO)
    back = after(INCARICATO, coinvolgimento(), CESSATO, TORNATO)
    assert (back.incaricato, back.comuni, back.cessato_il, back.coinvolgimenti) == (1, ("017203",), None, 1)


def test_only_who_has_an_appointment_leaves_it() -> None:
    given(facilitatori, INCARICATO).when("cessazione", CESSATO).then(CESSATO)
    given(facilitatori, INCARICATO, CESSATO).when("cessazione", CESSATO).rejected("facilitatore-non-incaricato")
    given(facilitatori).when("cessazione", CESSATO).rejected("non-trovato")


def test_an_appointment_does_not_end_before_it_begins() -> None:
    same_day = giovani.FacilitatoreCessato(avvenuto_il=INIZIO)
    given(facilitatori, INCARICATO).when("cessazione", same_day).then(same_day)
    early = giovani.FacilitatoreCessato(avvenuto_il=date(2016, 2, 29))
    given(facilitatori, INCARICATO).when("cessazione", early).rejected("cessazione-prima-dell-incarico")
    before_return = giovani.FacilitatoreCessato(avvenuto_il=date(2017, 1, 31))
    again = given(facilitatori, INCARICATO, CESSATO, TORNATO)
    again.when("cessazione", before_return).rejected("cessazione-prima-dell-incarico")


@pytest.mark.parametrize("giorno", [INIZIO, FINE])
def test_meetings_are_recorded_even_after_the_end_if_they_happened_during_the_appointment(giorno: date) -> None:
    given(facilitatori, INCARICATO).when("coinvolgimento", coinvolgimento(giorno)).then(coinvolgimento(giorno))
    given(facilitatori, INCARICATO, CESSATO).when("coinvolgimento", coinvolgimento(giorno)).then(coinvolgimento(giorno))


def test_a_meeting_outside_the_appointment_is_refused() -> None:
    early, late = coinvolgimento(date(2016, 2, 29)), coinvolgimento(date(2016, 12, 21))
    given(facilitatori, INCARICATO).when("coinvolgimento", early).rejected("coinvolgimento-fuori-incarico")
    given(facilitatori, INCARICATO, CESSATO).when("coinvolgimento", late).rejected("coinvolgimento-fuori-incarico")
    given(facilitatori, INCARICATO, late).when("cessazione", CESSATO).rejected("coinvolgimento-fuori-incarico")


def test_a_meeting_of_an_earlier_appointment_may_be_recorded_after_the_return() -> None:
    given(facilitatori, INCARICATO, CESSATO, TORNATO).when("coinvolgimento", coinvolgimento()).then(coinvolgimento())


def test_of_those_present_all_may_be_new_and_not_one_more() -> None:
    given(facilitatori, INCARICATO).when("coinvolgimento", coinvolgimento(nuovi=12)).then(coinvolgimento(nuovi=12))
    more = coinvolgimento(nuovi=13)
    given(facilitatori, INCARICATO).when("coinvolgimento", more).rejected("nuovi-oltre-i-giovani")
    many = coinvolgimento(presenti=100, nuovi=0)
    given(facilitatori, INCARICATO, many).when("coinvolgimento", more).rejected("nuovi-oltre-i-giovani")


def test_meetings_and_young_people_add_up() -> None:
    state = after(INCARICATO, coinvolgimento(), coinvolgimento(date(2016, 4, 1), 5, 5))
    assert (state.coinvolgimenti, state.giovani, state.nuovi) == (2, 17, 9)
    assert (state.primo_coinvolgimento_il, state.ultimo_coinvolgimento_il) == (date(2016, 4, 1), date(2016, 5, 2))


def test_corrections_keep_the_appointment_in_order() -> None:
    assert refused(INCARICATO, TORNATO) == "facilitatore-gia-incaricato"
    later = INCARICATO.model_copy(update={"avvenuto_il": date(2016, 5, 3)})
    assert refused(later, coinvolgimento()) == "coinvolgimento-fuori-incarico"
    earlier = CESSATO.model_copy(update={"avvenuto_il": date(2016, 5, 1)})
    assert refused(INCARICATO, coinvolgimento(), earlier) == "coinvolgimento-fuori-incarico"
    assert refused(INCARICATO, coinvolgimento(nuovi=13)) == "nuovi-oltre-i-giovani"
