"""A request for help: taken once, measured at the start and again, concluded once."""

from datetime import date
from typing import Any

import pytest
from contratti import punti as contratto
from contratti.rete import Event
from punti.ascolto import Ascolto, ascolti
from punti.punto import Punto
from pydantic import ValidationError
from telaio.entity import Rejected
from telaio.testing.given import Case, given

GIORNO = date(2016, 6, 1)
FINE = date(2016, 9, 1)
POI = date(2016, 12, 1)
PUNTO = "00000000-0000-4000-8000-000000000001"
ANNA, BRUNO = "p-anna01", "p-bruno1"
APERTO = Punto(id=PUNTO, aperto=1)
CONCLUSO = contratto.AscoltoConcluso(avvenuto_il=FINE, esito="risposta_della_comunita")


def richiesta(**fields: Any) -> contratto.RichiestaDiAiutoRaccolta:
    known = {"avvenuto_il": GIORNO, "punto": PUNTO, "comune": "017203", "bisogni": ["relazioni"]}
    return contratto.RichiestaDiAiutoRaccolta.model_validate(known | fields)


RACCOLTA = richiesta(persona=ANNA)


def rete(persona: str = ANNA, giorno: date = GIORNO) -> contratto.ReteDiAppoggioRilevata:
    return contratto.ReteDiAppoggioRilevata(
        avvenuto_il=giorno, persona=persona, persone_di_appoggio=0, stabile=False, difficolta_economica=True
    )


def star_bene(persona: str = ANNA, giorno: date = GIORNO, **fields: Any) -> contratto.StarBeneRilevato:
    known = {"avvenuto_il": giorno, "persona": persona, "benessere": 40, "fiducia": 5, "conoscenze": 3}
    return contratto.StarBeneRilevato.model_validate(known | fields)


def ascolto(*history: Event) -> Case:
    return given(ascolti, *history).with_(APERTO)


def after(*history: Event) -> Ascolto:
    state = ascolti.replay("a", [RACCOLTA, *history], checked=True)
    assert state is not None
    return state


def refused(*history: Event) -> str:
    with pytest.raises(Rejected) as refusal:
        ascolti.replay("a", [RACCOLTA, *history], checked=True)
    return refusal.value.code


def test_a_request_is_taken_once_and_a_new_one_is_a_new_case() -> None:
    ascolto().when("richiesta", RACCOLTA).then(RACCOLTA)
    ascolto(RACCOLTA).when("richiesta", RACCOLTA).rejected("richiesta-gia-raccolta")
    ascolto(RACCOLTA, CONCLUSO).when("richiesta", RACCOLTA).rejected("richiesta-gia-raccolta")


def test_who_asks_may_stay_unknown_but_not_what_is_needed() -> None:
    ascolto().when("richiesta", richiesta()).then(richiesta())
    with pytest.raises(ValidationError, match="bisogni"):
        richiesta(bisogni=[])


def test_a_request_is_taken_in_a_place_that_is_there_and_open_that_day() -> None:
    given(ascolti).when("richiesta", RACCOLTA).rejected("punto-non-trovato")
    given(ascolti).with_(Punto(id=PUNTO, chiuso_il=GIORNO)).when("richiesta", RACCOLTA).then(RACCOLTA)
    closed_before = Punto(id=PUNTO, chiuso_il=date(2016, 5, 31))
    given(ascolti).with_(closed_before).when("richiesta", RACCOLTA).rejected("punto-chiuso")


@pytest.mark.parametrize(("name", "measured"), [("rete-di-appoggio", rete), ("star-bene", star_bene)])
def test_several_people_are_measured_several_times_each_once_a_day(name: str, measured: Any) -> None:
    ascolto(RACCOLTA).when(name, measured()).then(measured())
    ascolto(RACCOLTA, measured()).when(name, measured(BRUNO)).then(measured(BRUNO))
    ascolto(RACCOLTA, measured()).when(name, measured(giorno=POI)).then(measured(giorno=POI))
    ascolto(RACCOLTA, measured()).when(name, measured()).rejected("rilevazione-gia-registrata")


def test_support_and_well_being_are_measured_on_the_same_day() -> None:
    ascolto(RACCOLTA, rete()).when("star-bene", star_bene()).then(star_bene())


@pytest.mark.parametrize(("name", "measured"), [("rete-di-appoggio", rete), ("star-bene", star_bene)])
def test_people_are_measured_after_the_conclusion_too(name: str, measured: Any) -> None:
    later = measured(giorno=POI)
    ascolto(RACCOLTA, measured(), CONCLUSO).when(name, later).then(later)


@pytest.mark.parametrize(("field", "highest"), [("benessere", 100), ("fiducia", 10), ("conoscenze", 500)])
def test_measures_stay_on_their_scale(field: str, highest: int) -> None:
    assert star_bene(**{field: highest})
    assert star_bene(**{field: 0})
    for outside in (-1, highest + 1):
        with pytest.raises(ValidationError, match=field):
            star_bene(**{field: outside})


def test_a_case_is_concluded_once_with_an_outcome() -> None:
    ascolto(RACCOLTA).when("conclusione", CONCLUSO).then(CONCLUSO)
    ascolto(RACCOLTA, CONCLUSO).when("conclusione", CONCLUSO).rejected("ascolto-gia-concluso")
    assert (after(CONCLUSO).in_corso, after(CONCLUSO).esito) == (0, "risposta_della_comunita")


def test_nothing_of_a_case_is_before_its_request() -> None:
    before = date(2016, 5, 31)
    ascolto(RACCOLTA).when("star-bene", star_bene(giorno=before)).rejected("prima-della-richiesta")
    ascolto(RACCOLTA).when("rete-di-appoggio", rete(giorno=before)).rejected("prima-della-richiesta")
    early = CONCLUSO.model_copy(update={"avvenuto_il": before})
    ascolto(RACCOLTA).when("conclusione", early).rejected("prima-della-richiesta")
    same_day = CONCLUSO.model_copy(update={"avvenuto_il": GIORNO})
    ascolto(RACCOLTA).when("conclusione", same_day).then(same_day)


def test_corrections_are_judged_alike() -> None:
    assert refused(rete(), rete()) == "rilevazione-gia-registrata"
    assert refused(CONCLUSO, CONCLUSO) == "ascolto-gia-concluso"
    assert refused(star_bene(giorno=date(2016, 5, 31))) == "prima-della-richiesta"
