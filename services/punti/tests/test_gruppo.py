"""Groups: born in an open Punto, meeting each other, disbanded."""

from datetime import date

import pytest
from contratti import punti as contratto
from contratti.rete import Event
from punti.gruppo import Gruppo, gruppi
from punti.punto import Punto
from pydantic import ValidationError
from telaio.entity import Rejected
from telaio.testing.given import ID, Case, given

GIORNO = date(2016, 6, 1)
FINE = date(2017, 6, 1)
PUNTO, ALTRO, TERZO = (f"00000000-0000-4000-8000-00000000000{n}" for n in range(1, 4))
NATO = contratto.GruppoNato(avvenuto_il=GIORNO, punto=PUNTO, tema="genitori")
SCIOLTO = contratto.GruppoSciolto(avvenuto_il=FINE)
APERTO = Punto(id=PUNTO, aperto=1)


def incontro(*altri: str, giorno: date = GIORNO) -> contratto.IncontroDiGruppoSvolto:
    return contratto.IncontroDiGruppoSvolto(avvenuto_il=giorno, presenze=8, con_gruppi=altri)


def gruppo(*history: Event) -> Case:
    return given(gruppi, *history).with_(APERTO)


def after(*history: Event) -> Gruppo:
    state = gruppi.replay(ID, [NATO, *history], checked=True)
    assert state is not None
    return state


def refused(*history: Event) -> str:
    with pytest.raises(Rejected) as refusal:
        gruppi.replay(ID, [NATO, *history], checked=True)
    return refusal.value.code


def test_a_group_is_born_once_and_may_be_born_again() -> None:
    gruppo().when("nascita", NATO).then(NATO)
    gruppo(NATO).when("nascita", NATO).rejected("gruppo-gia-nato")
    later = NATO.model_copy(update={"avvenuto_il": date(2018, 1, 1)})
    gruppo(NATO, SCIOLTO).when("nascita", later).then(later)
    assert after(SCIOLTO, later, incontro(giorno=date(2018, 2, 1))).attivo == 1


def test_a_group_is_born_in_a_place_that_is_there_and_open_that_day() -> None:
    given(gruppi).when("nascita", NATO).rejected("punto-non-trovato")
    closed_that_day = Punto(id=PUNTO, chiuso_il=GIORNO)
    given(gruppi).with_(closed_that_day).when("nascita", NATO).then(NATO)
    closed_before = Punto(id=PUNTO, chiuso_il=date(2016, 5, 31))
    given(gruppi).with_(closed_before).when("nascita", NATO).rejected("punto-chiuso")


def test_meetings_and_ties_with_other_groups_are_counted_each_tie_once() -> None:
    gruppo(NATO).when("incontro", incontro(ALTRO)).then(incontro(ALTRO))
    state = after(incontro(), incontro(ALTRO, TERZO), incontro(ALTRO))
    assert (state.incontri, state.legami) == (3, (ALTRO, TERZO))


def test_the_last_meeting_is_the_latest_day_however_late_it_is_told() -> None:
    assert after(incontro(giorno=FINE), incontro(giorno=GIORNO)).ultimo_incontro_il == FINE


def test_a_group_does_not_meet_itself_nor_another_twice_in_one_meeting() -> None:
    gruppo(NATO).when("incontro", incontro(ID)).rejected("gruppo-con-se-stesso")
    with pytest.raises(ValidationError, match="lo stesso gruppo compare due volte"):
        incontro(ALTRO, ALTRO)


def test_a_meeting_up_to_the_day_of_disbanding_may_be_told_later_and_none_after() -> None:
    gruppo(NATO, SCIOLTO).when("incontro", incontro(giorno=FINE)).then(incontro(giorno=FINE))
    gruppo(NATO, SCIOLTO).when("incontro", incontro(giorno=date(2017, 6, 2))).rejected("gruppo-gia-sciolto")


def test_a_group_is_disbanded_once() -> None:
    gruppo(NATO).when("scioglimento", SCIOLTO).then(SCIOLTO)
    gruppo(NATO, SCIOLTO).when("scioglimento", SCIOLTO).rejected("gruppo-gia-sciolto")


def test_corrections_are_judged_alike() -> None:
    assert refused(incontro(ID)) == "gruppo-con-se-stesso"
    assert refused(SCIOLTO, incontro(giorno=date(2017, 6, 2))) == "gruppo-gia-sciolto"
    assert refused(NATO) == "gruppo-gia-nato"
