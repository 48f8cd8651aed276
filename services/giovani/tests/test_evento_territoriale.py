"""The territorial event: in the programme, then held or cancelled, never both."""

from datetime import date

import pytest
from contratti import giovani
from contratti.rete import Event
from giovani.evento_territoriale import Evento, eventi
from pydantic import ValidationError
from telaio.entity import Rejected
from telaio.testing.given import given

MARZO, MAGGIO = date(2016, 3, 20), date(2016, 5, 21)
SVOLTO = giovani.EventoTerritoriale(
    avvenuto_il=MAGGIO, comune="017113", partecipanti=120, giovani_organizzatori=9, con=("scuola", "associazione")
)
ANNULLATO = giovani.EventoTerritorialeAnnullato(avvenuto_il=MAGGIO, motivo="maltempo")


def programmato(giorno: date = MARZO, previsto_il: date = MAGGIO) -> giovani.EventoTerritorialeProgrammato:
    return giovani.EventoTerritorialeProgrammato(
        avvenuto_il=giorno, comune="017113", titolo="Festa dei giovani", previsto_il=previsto_il
    )


def after(*history: Event) -> Evento:
    state = eventi.replay("e", history, checked=True)
    assert state is not None
    return state


def refused(*history: Event) -> str:
    with pytest.raises(Rejected) as refusal:
        eventi.replay("e", history, checked=True)
    return refusal.value.code


def test_an_event_is_programmed_and_takes_place() -> None:
    given(eventi).when("programma", programmato()).then(programmato())
    given(eventi, programmato()).when("svolgimento", SVOLTO).then(SVOLTO)
    state = after(programmato(), SVOLTO)
    assert (state.titolo, state.svolto_il, state.partecipanti) == ("Festa dei giovani", MAGGIO, 120)
    assert state.giovani_organizzatori == 9


def test_an_event_nobody_had_programmed_may_have_taken_place() -> None:
    given(eventi).when("svolgimento", SVOLTO).then(SVOLTO)
    assert after(SVOLTO).titolo is None


def test_an_event_takes_place_once() -> None:
    given(eventi, SVOLTO).when("svolgimento", SVOLTO).rejected("evento-gia-svolto")


def test_an_event_in_the_programme_is_cancelled_once_and_with_a_reason() -> None:
    given(eventi, programmato()).when("annullamento", ANNULLATO).then(ANNULLATO)
    given(eventi, programmato(), ANNULLATO).when("annullamento", ANNULLATO).rejected("evento-gia-annullato")
    given(eventi).when("annullamento", ANNULLATO).rejected("non-trovato")
    with pytest.raises(ValidationError):
        giovani.EventoTerritorialeAnnullato.model_validate({"avvenuto_il": MAGGIO})


def test_an_event_is_not_both_held_and_cancelled() -> None:
    given(eventi, programmato(), SVOLTO).when("annullamento", ANNULLATO).rejected("evento-svolto-e-annullato")
    given(eventi, programmato(), ANNULLATO).when("svolgimento", SVOLTO).rejected("evento-svolto-e-annullato")


def test_an_event_is_moved_to_another_day_until_it_is_held_or_cancelled() -> None:
    moved = programmato(date(2016, 5, 20), date(2016, 6, 4))
    given(eventi, programmato()).when("programma", moved).then(moved)
    assert after(programmato(), moved).previsto_il == date(2016, 6, 4)
    given(eventi, programmato(), SVOLTO).when("programma", moved).rejected("evento-gia-svolto")
    given(eventi, programmato(), ANNULLATO).when("programma", moved).rejected("evento-gia-annullato")


def test_an_event_is_not_planned_for_a_day_already_gone() -> None:
    today = programmato(MARZO, MARZO)
    given(eventi).when("programma", today).then(today)
    given(eventi).when("programma", programmato(MARZO, date(2016, 3, 19))).rejected("previsto-nel-passato")


@pytest.mark.parametrize("titolo", ["x", "a@b.it", "<script>", "Festa\ndei giovani", "-" * 10, "F" * 81, " Festa"])
def test_a_title_is_short_and_plain(titolo: str) -> None:
    with pytest.raises(ValidationError):
        giovani.EventoTerritorialeProgrammato.model_validate(programmato().model_dump() | {"titolo": titolo})


@pytest.mark.parametrize(
    "titolo", ["Festa dei giovani", "«Suona la piazza!» 2016", "Può darsi: sport & musica (gratis)"]
)
def test_a_title_is_written_as_people_write_it(titolo: str) -> None:
    assert giovani.EventoTerritorialeProgrammato.model_validate(programmato().model_dump() | {"titolo": titolo})


def test_a_correction_that_brings_back_a_cancellation_is_refused() -> None:
    assert refused(programmato(), ANNULLATO, SVOLTO) == "evento-svolto-e-annullato"
    assert refused(SVOLTO, SVOLTO) == "evento-gia-svolto"
    assert refused(programmato(MARZO, date(2016, 3, 19))) == "previsto-nel-passato"
