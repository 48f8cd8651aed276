"""The internship as it goes on: attendance month by month, and how it ends."""

from datetime import date
from typing import Any

import pytest
from contratti import lavoro
from contratti.rete import Event
from lavoro.tirocinio import Tirocinio, tirocini
from telaio.entity import Rejected
from telaio.testing.given import Case, given

DAL, AL = date(2016, 4, 11), date(2016, 9, 30)
CANDIDATO = "7f3c2a10-5b6d-4e8f-9a01-23456789abcd"


def attivato(**fields: Any) -> lavoro.TirocinioAttivato:
    known = {"avvenuto_il": date(2016, 4, 1), "candidato": CANDIDATO, "aderente": CANDIDATO, "dal": DAL, "al": AL}
    money = {"ore_settimanali": 30, "indennita_centesimi": 40000, "tutor_aziendale": "p-tutor1"}
    return lavoro.TirocinioAttivato.model_validate(known | money | fields)


def frequenza(mese: str, percentuale: int = 100) -> lavoro.FrequenzaRegistrata:
    return lavoro.FrequenzaRegistrata(
        avvenuto_il=date(2016, 10, 5), mese=mese, percentuale=percentuale, indennita_dovuta_centesimi=40000
    )


def concluso(giorno: date = AL) -> lavoro.TirocinioConcluso:
    return lavoro.TirocinioConcluso(avvenuto_il=giorno, esito="assunzione_da_chi_ospita")


def interrotto(giorno: date) -> lavoro.TirocinioInterrotto:
    return lavoro.TirocinioInterrotto(avvenuto_il=giorno, motivo="rinuncia")


def prorogato(al: date) -> lavoro.TirocinioProrogato:
    return lavoro.TirocinioProrogato(avvenuto_il=date(2016, 9, 1), al=al)


def tirocinio(*history: Event) -> Case:
    return given(tirocini, attivato(), *history)


def after(*history: Event) -> Tirocinio:
    state = tirocini.replay("t", [attivato(), *history], checked=True)
    assert state is not None
    return state


def refused(*history: Event) -> str:
    with pytest.raises(Rejected) as refusal:
        tirocini.replay("t", history, checked=True)
    return refusal.value.code


def test_an_internship_is_concluded_from_its_last_day_on() -> None:
    tirocinio().when("conclusione", concluso(AL)).then(concluso(AL))
    tirocinio().when("conclusione", concluso(date(2016, 9, 29))).rejected("conclusione-prima-del-termine")


def test_an_internship_is_interrupted_at_any_time_and_ends_once() -> None:
    early = interrotto(date(2016, 5, 1))
    tirocinio().when("interruzione", early).then(early)
    tirocinio(early).when("interruzione", early).rejected("tirocinio-finito")
    tirocinio(early).when("conclusione", concluso()).rejected("tirocinio-finito")
    tirocinio(concluso()).when("interruzione", early).rejected("tirocinio-finito")


def test_a_candidate_is_in_one_internship_while_it_runs() -> None:
    assert set(tirocini.keys(after())) == {f"candidato-gia-in-tirocinio:{CANDIDATO}"}
    assert not tirocini.keys(after(concluso()))
    assert not tirocini.keys(after(interrotto(date(2016, 5, 1))))


def test_its_place_is_taken_until_its_last_day_or_until_it_is_interrupted() -> None:
    assert after().fino_al == AL
    assert after(prorogato(date(2016, 12, 31))).fino_al == date(2016, 12, 31)
    assert after(interrotto(date(2016, 5, 1))).fino_al == date(2016, 5, 1)
    assert after(concluso(date(2016, 10, 15))).fino_al == AL


# Attendance (registering it is in test_attivazione.py)


def test_attendance_is_of_a_month_in_which_the_internship_was() -> None:
    assert [f.mese for f in after(frequenza("2016-04"), frequenza("2016-09")).frequenze] == ["2016-04", "2016-09"]
    assert refused(attivato(), frequenza("2016-03")) == "mese-fuori-dal-tirocinio"
    assert refused(attivato(), frequenza("2016-10")) == "mese-fuori-dal-tirocinio"
    assert refused(attivato(), interrotto(date(2016, 5, 31)), frequenza("2016-06")) == "mese-fuori-dal-tirocinio"
    assert after(interrotto(date(2016, 6, 1)), frequenza("2016-06")).stato == "interrotto"


def test_attendance_of_a_month_is_told_once() -> None:
    assert refused(attivato(), frequenza("2016-04"), frequenza("2016-04", 50)) == "mese-gia-registrato"


# Corrections


def test_corrections_keep_days_and_months_in_order() -> None:
    assert refused(attivato(dal="2016-10-01")) == "fine-prima-dell-inizio"
    assert refused(attivato(al="2016-06-30"), frequenza("2016-07")) == "mese-fuori-dal-tirocinio"
    assert refused(attivato(al="2016-10-31"), concluso(AL)) == "conclusione-prima-del-termine"
    assert after(prorogato(date(2016, 12, 31)), concluso(date(2016, 12, 31))).stato == "concluso"
