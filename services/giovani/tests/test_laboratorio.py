"""The lab: consent before enrolment, never above its places, attendance only of who was enrolled that day."""

from datetime import date
from typing import Any

import pytest
from contratti import giovani
from contratti.rete import Event
from giovani.laboratorio import Laboratorio, laboratori
from telaio.entity import Rejected
from telaio.testing.given import Case, given

MARZO, APRILE, MAGGIO, GIUGNO = (date(2016, month, 10) for month in (3, 4, 5, 6))
COPROGETTATO = giovani.LaboratorioCoprogettato(
    avvenuto_il=MARZO, ambito="culturale", comune="017113", con=("scuola", "biblioteca"), enti=("comune-montichiari",)
)
AVVIATO = giovani.LaboratorioAvviato(avvenuto_il=MARZO, posti=2)
CONCLUSO = giovani.LaboratorioConcluso(avvenuto_il=GIUGNO)
ANNA, BRUNO, CARLA = "p-anna01", "p-bruno1", "p-carla1"
MINORI = ["0-5", "6-10", "11-13", "14-17", "altro"]
ADULTI = ["18-29", "30-64", "65_e_oltre"]


def iscritta(
    persona: str = ANNA, giorno: date = MARZO, fascia: Any = "14-17", da: Any = "entrambi_i_genitori"
) -> giovani.IscrizioneRaccolta:
    return giovani.IscrizioneRaccolta(avvenuto_il=giorno, persona=persona, fascia_eta=fascia, consenso_espresso_da=da)


def ritirata(persona: str = ANNA, giorno: date = APRILE) -> giovani.IscrizioneRitirata:
    return giovani.IscrizioneRitirata(avvenuto_il=giorno, persona=persona)


def presenze(*persone: str, incontro: int = 1, giorno: date = APRILE) -> giovani.PresenzeRegistrate:
    return giovani.PresenzeRegistrate(avvenuto_il=giorno, incontro=incontro, persone=persone)


def laboratorio(*history: Event) -> Case:
    """A lab under way, with this history."""
    return given(laboratori, COPROGETTATO, AVVIATO, *history)


def after(*history: Event) -> Laboratorio:
    state = laboratori.replay("l", [COPROGETTATO, AVVIATO, *history], checked=True)
    assert state is not None
    return state


def refused(*history: Event) -> str:
    """The code with which a corrected history is refused."""
    with pytest.raises(Rejected) as refusal:
        laboratori.replay("l", [COPROGETTATO, *history], checked=True)
    return refusal.value.code


# Designed, started, concluded


def test_a_lab_is_designed_once_and_started_once() -> None:
    given(laboratori).when("coprogettazione", COPROGETTATO).then(COPROGETTATO)
    given(laboratori, COPROGETTATO).when("coprogettazione", COPROGETTATO).rejected("laboratorio-gia-coprogettato")
    given(laboratori, COPROGETTATO).when("avvio", AVVIATO).then(AVVIATO)
    laboratorio().when("avvio", AVVIATO).rejected("laboratorio-gia-avviato")
    given(laboratori).when("avvio", AVVIATO).rejected("non-trovato")


def test_a_lab_ends_once_with_its_people_inside_and_even_if_it_never_started() -> None:
    laboratorio(iscritta()).when("conclusione", CONCLUSO).then(CONCLUSO)
    given(laboratori, COPROGETTATO).when("conclusione", CONCLUSO).then(CONCLUSO)
    laboratorio(CONCLUSO).when("conclusione", CONCLUSO).rejected("laboratorio-gia-concluso")


def test_nothing_happens_after_the_end() -> None:
    over = laboratorio(iscritta(), CONCLUSO)
    later = date(2016, 6, 11)
    over.when("iscrizione", iscritta(BRUNO, later)).rejected("laboratorio-concluso")
    over.when("ritiro", ritirata(ANNA, later)).rejected("laboratorio-concluso")
    over.when("presenze", presenze(ANNA, giorno=later)).rejected("laboratorio-concluso")
    restart = AVVIATO.model_copy(update={"avvenuto_il": later})
    given(laboratori, COPROGETTATO, CONCLUSO).when("avvio", restart).rejected("laboratorio-concluso")


def test_what_happened_up_to_the_last_day_may_be_recorded_after_it() -> None:
    over = laboratorio(iscritta(), CONCLUSO)
    for name, command in (
        ("iscrizione", iscritta(BRUNO, GIUGNO)),
        ("ritiro", ritirata(ANNA, GIUGNO)),
        ("presenze", presenze(ANNA, giorno=GIUGNO)),
    ):
        over.when(name, command).then(command)


def test_a_lab_does_not_end_before_what_happened_in_it() -> None:
    early = giovani.LaboratorioConcluso(avvenuto_il=date(2016, 5, 9))
    laboratorio(iscritta(), presenze(ANNA, giorno=MAGGIO)).when("conclusione", early).rejected("laboratorio-concluso")
    laboratorio(iscritta(ANNA, MAGGIO)).when("conclusione", early).rejected("laboratorio-concluso")


# Consent


@pytest.mark.parametrize("fascia", MINORI)
@pytest.mark.parametrize("ruolo", ["un_genitore", "entrambi_i_genitori", "genitore_unico", "tutore", "affidatario"])
def test_a_minor_enrols_with_the_consent_of_who_is_responsible(fascia: str, ruolo: str) -> None:
    command = iscritta(fascia=fascia, da=ruolo)
    laboratorio().when("iscrizione", command).then(command)


@pytest.mark.parametrize("fascia", MINORI)
@pytest.mark.parametrize("ruolo", ["persona_maggiorenne", "altro"])
def test_a_minor_does_not_enrol_on_their_own_consent_or_nobody_knows_whose(fascia: str, ruolo: str) -> None:
    laboratorio().when("iscrizione", iscritta(fascia=fascia, da=ruolo)).rejected("consenso-mancante")


@pytest.mark.parametrize("fascia", ADULTI)
@pytest.mark.parametrize("ruolo", ["persona_maggiorenne", "tutore"])
def test_an_adult_consents_for_themselves_or_through_a_guardian(fascia: str, ruolo: str) -> None:
    command = iscritta(fascia=fascia, da=ruolo)
    laboratorio().when("iscrizione", command).then(command)


@pytest.mark.parametrize("fascia", ADULTI)
@pytest.mark.parametrize("ruolo", ["un_genitore", "entrambi_i_genitori", "genitore_unico", "affidatario", "altro"])
def test_nobody_else_consents_for_an_adult(fascia: str, ruolo: str) -> None:
    laboratorio().when("iscrizione", iscritta(fascia=fascia, da=ruolo)).rejected("consenso-non-proprio")


# Enrolment


def test_nobody_enrols_before_the_places_are_known() -> None:
    given(laboratori, COPROGETTATO).when("iscrizione", iscritta()).rejected("laboratorio-non-avviato")


def test_people_enrol_up_to_the_places() -> None:
    laboratorio(iscritta(ANNA)).when("iscrizione", iscritta(BRUNO)).then(iscritta(BRUNO))
    laboratorio(iscritta(ANNA), iscritta(BRUNO)).when("iscrizione", iscritta(CARLA)).rejected("posti-esauriti")


def test_who_withdraws_frees_the_place_and_may_come_back() -> None:
    left = laboratorio(iscritta(ANNA), iscritta(BRUNO), ritirata(ANNA))
    left.when("iscrizione", iscritta(CARLA, APRILE)).then(iscritta(CARLA, APRILE))
    left.when("iscrizione", iscritta(ANNA, APRILE)).then(iscritta(ANNA, APRILE))


def test_nobody_is_enrolled_twice() -> None:
    laboratorio(iscritta()).when("iscrizione", iscritta()).rejected("persona-gia-iscritta")


def test_only_who_is_enrolled_withdraws() -> None:
    laboratorio(iscritta()).when("ritiro", ritirata()).then(ritirata())
    laboratorio(iscritta()).when("ritiro", ritirata(BRUNO)).rejected("persona-non-iscritta")
    laboratorio(iscritta(), ritirata()).when("ritiro", ritirata()).rejected("persona-non-iscritta")


def test_nobody_withdraws_before_enrolling() -> None:
    same_day = ritirata(ANNA, APRILE)
    laboratorio(iscritta(ANNA, APRILE)).when("ritiro", same_day).then(same_day)
    early = ritirata(ANNA, date(2016, 4, 9))
    laboratorio(iscritta(ANNA, APRILE)).when("ritiro", early).rejected("ritiro-prima-dell-iscrizione")


# Attendance


def test_the_enrolled_attend() -> None:
    laboratorio(iscritta(ANNA), iscritta(BRUNO)).when("presenze", presenze(ANNA, BRUNO)).then(presenze(ANNA, BRUNO))
    laboratorio(iscritta(ANNA)).when("presenze", presenze(ANNA, BRUNO)).rejected("presenza-senza-iscrizione")
    laboratorio().when("presenze", presenze(ANNA)).rejected("presenza-senza-iscrizione")


def test_attendance_is_judged_by_the_day_of_the_meeting_and_not_by_when_it_is_recorded() -> None:
    enrolled_in_april = laboratorio(iscritta(ANNA, APRILE))
    enrolled_in_april.when("presenze", presenze(ANNA, giorno=APRILE)).then(presenze(ANNA, giorno=APRILE))
    before = presenze(ANNA, giorno=date(2016, 4, 9))
    enrolled_in_april.when("presenze", before).rejected("presenza-senza-iscrizione")
    left_in_april = laboratorio(iscritta(ANNA), ritirata(ANNA, APRILE))
    left_in_april.when("presenze", presenze(ANNA, giorno=APRILE)).then(presenze(ANNA, giorno=APRILE))
    after_leaving = presenze(ANNA, giorno=date(2016, 4, 11))
    left_in_april.when("presenze", after_leaving).rejected("presenza-senza-iscrizione")


def test_nobody_withdraws_from_before_a_meeting_they_attended() -> None:
    attended = laboratorio(iscritta(), presenze(ANNA, giorno=MAGGIO))
    attended.when("ritiro", ritirata(ANNA, APRILE)).rejected("presenza-senza-iscrizione")


def test_a_meeting_is_recorded_once_whoever_was_there() -> None:
    met = laboratorio(iscritta(ANNA), iscritta(BRUNO), presenze(ANNA))
    met.when("presenze", presenze(BRUNO, giorno=MAGGIO)).rejected("incontro-gia-registrato")
    met.when("presenze", presenze(BRUNO, incontro=2)).then(presenze(BRUNO, incontro=2))


def test_nobody_is_at_a_meeting_twice() -> None:
    with pytest.raises(ValueError, match="la stessa persona compare due volte"):
        presenze(ANNA, ANNA)


# State and corrections


def test_the_state_tells_who_attends_now() -> None:
    state = after(iscritta(ANNA), iscritta(BRUNO), presenze(ANNA), ritirata(ANNA))
    assert (state.iscritti, state.posti, state.incontri[0].persone) == ([BRUNO], 2, (ANNA,))


def test_completing_a_consent_is_a_correction_of_the_enrolment() -> None:
    assert after(iscritta(da="entrambi_i_genitori")).iscrizioni[0].consenso_espresso_da == "entrambi_i_genitori"
    assert refused(AVVIATO, iscritta(da="persona_maggiorenne")) == "consenso-mancante"
    assert refused(AVVIATO, iscritta(fascia="18-29", da="un_genitore")) == "consenso-non-proprio"


def test_corrections_keep_places_people_and_meetings_in_order() -> None:
    one_place = AVVIATO.model_copy(update={"posti": 1})
    assert refused(one_place, iscritta(ANNA), iscritta(BRUNO)) == "posti-esauriti"
    assert refused(iscritta()) == "laboratorio-non-avviato"
    assert refused(AVVIATO, AVVIATO) == "laboratorio-gia-avviato"
    assert refused(AVVIATO, CONCLUSO, CONCLUSO) == "laboratorio-gia-concluso"
    assert refused(AVVIATO, iscritta(), iscritta()) == "persona-gia-iscritta"
    assert refused(AVVIATO, ritirata()) == "persona-non-iscritta"
    assert refused(AVVIATO, presenze(ANNA)) == "presenza-senza-iscrizione"
    assert refused(AVVIATO, iscritta(), presenze(ANNA), presenze(ANNA, giorno=MAGGIO)) == "incontro-gia-registrato"
    assert refused(AVVIATO, iscritta(giorno=GIUGNO), CONCLUSO.model_copy(update={"avvenuto_il": MAGGIO})) == (
        "laboratorio-concluso"
    )


def test_a_correction_brings_back_no_design_beside_a_later_one() -> None:
    assert refused(AVVIATO, iscritta(), COPROGETTATO) == "laboratorio-gia-coprogettato"
