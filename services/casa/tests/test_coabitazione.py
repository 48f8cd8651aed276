"""The cohabitation: never above its places, nobody twice, nobody forgotten inside."""

from datetime import date

import pytest
from casa.coabitazione import Coabitazione, coabitazioni
from contratti import casa
from contratti.rete import Event
from telaio.entity import Rejected
from telaio.testing.given import given

GIORNO = date(2016, 3, 20)
AVVIATA = casa.CoabitazioneAvviata(avvenuto_il=GIORNO, comune="017203", posti=2)
OSPITATA = casa.CoabitazioneAvviata(avvenuto_il=GIORNO, comune="017203", posti=2, ospitante="p-ospite")
ACCOMPAGNATA = casa.AccompagnamentoSvolto(avvenuto_il=GIORNO)
CONCLUSA = casa.CoabitazioneConclusa(avvenuto_il=GIORNO, esito="fine_del_progetto")


def entra(persona: str) -> casa.CoabitanteEntrato:
    return casa.CoabitanteEntrato(avvenuto_il=GIORNO, persona=persona)


def esce(persona: str) -> casa.CoabitanteUscito:
    return casa.CoabitanteUscito(avvenuto_il=GIORNO, persona=persona, esito="autonomia_abitativa")


ANNA, BRUNO, CARLA = "p-anna01", "p-bruno1", "p-carla1"


def after(*history: Event) -> Coabitazione:
    state = coabitazioni.replay("c", history)
    coabitazioni.check(state)
    assert state is not None
    return state


def refused(*history: Event) -> str:
    with pytest.raises(Rejected) as refusal:
        coabitazioni.check(coabitazioni.replay("c", history))
    return refusal.value.code


def test_a_cohabitation_starts_once() -> None:
    given(coabitazioni).when("avvio", AVVIATA).then(AVVIATA)
    given(coabitazioni, AVVIATA).when("avvio", AVVIATA).rejected("coabitazione-gia-avviata")
    given(coabitazioni, AVVIATA, CONCLUSA).when("avvio", AVVIATA).rejected("coabitazione-gia-avviata")


def test_people_enter_up_to_the_places() -> None:
    given(coabitazioni, AVVIATA, entra(ANNA)).when("ingresso", entra(BRUNO)).then(entra(BRUNO))
    full = given(coabitazioni, AVVIATA, entra(ANNA), entra(BRUNO))
    full.when("ingresso", entra(CARLA)).rejected("posti-esauriti")


def test_a_place_left_is_a_place_free() -> None:
    left = given(coabitazioni, AVVIATA, entra(ANNA), entra(BRUNO), esce(ANNA))
    left.when("ingresso", entra(CARLA)).then(entra(CARLA))


def test_the_host_takes_no_place_and_does_not_enter() -> None:
    hosted = given(coabitazioni, OSPITATA, entra(ANNA))
    hosted.when("ingresso", entra(BRUNO)).then(entra(BRUNO))
    hosted.when("ingresso", entra("p-ospite")).rejected("persona-gia-presente")


def test_a_person_does_not_enter_twice() -> None:
    given(coabitazioni, AVVIATA, entra(ANNA)).when("ingresso", entra(ANNA)).rejected("persona-gia-presente")
    back = given(coabitazioni, AVVIATA, entra(ANNA), esce(ANNA))
    back.when("ingresso", entra(ANNA)).then(entra(ANNA))


def test_a_person_lives_in_one_cohabitation() -> None:
    assert set(coabitazioni.keys(after(AVVIATA, entra(ANNA)))) == {f"persona-gia-in-coabitazione:{ANNA}"}
    assert not coabitazioni.keys(after(AVVIATA, entra(ANNA), esce(ANNA)))


def test_only_who_is_inside_leaves() -> None:
    given(coabitazioni, AVVIATA, entra(ANNA)).when("uscita", esce(ANNA)).then(esce(ANNA))
    given(coabitazioni, AVVIATA, entra(ANNA)).when("uscita", esce(BRUNO)).rejected("persona-non-presente")


def test_accompaniments_are_counted() -> None:
    given(coabitazioni, AVVIATA).when("accompagnamento", ACCOMPAGNATA).then(ACCOMPAGNATA)
    assert after(AVVIATA, ACCOMPAGNATA, ACCOMPAGNATA).accompagnamenti == 2


def test_a_cohabitation_ends_when_everybody_has_left_with_an_outcome() -> None:
    given(coabitazioni, AVVIATA, entra(ANNA)).when("conclusione", CONCLUSA).rejected("coabitanti-ancora-presenti")
    given(coabitazioni, AVVIATA, entra(ANNA), esce(ANNA)).when("conclusione", CONCLUSA).then(CONCLUSA)
    given(coabitazioni, OSPITATA).when("conclusione", CONCLUSA).then(CONCLUSA)


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("ingresso", entra(ANNA)),
        ("uscita", esce(ANNA)),
        ("accompagnamento", ACCOMPAGNATA),
        ("conclusione", CONCLUSA),
    ],
)
def test_nothing_happens_in_an_ended_cohabitation(name: str, command: Event) -> None:
    given(coabitazioni, AVVIATA, CONCLUSA).when(name, command).rejected("coabitazione-conclusa")


def test_corrections_keep_places_and_people_in_order() -> None:
    fewer = AVVIATA.model_copy(update={"posti": 1})
    assert refused(fewer, entra(ANNA), entra(BRUNO)) == "posti-esauriti"
    assert refused(AVVIATA, esce(ANNA)) == "persona-non-presente"
    assert refused(AVVIATA, entra(ANNA), entra(ANNA)) == "persona-gia-presente"
    assert refused(AVVIATA, entra(ANNA), CONCLUSA) == "coabitanti-ancora-presenti"
    assert after(AVVIATA, entra(BRUNO), esce(BRUNO), CONCLUSA).conclusa
