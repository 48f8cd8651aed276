"""The training event: planned, then held or cancelled, once."""

from datetime import date

import pytest
from contratti import lavoro
from contratti.rete import Event
from lavoro.evento_formativo import formativi
from telaio.testing.given import given

GIORNO = date(2016, 3, 20)
PROGRAMMATO = lavoro.EventoFormativoProgrammato(avvenuto_il=GIORNO, comune="017113", tema="orientamento", posti=20)
SVOLTO = lavoro.EventoFormativoSvolto(avvenuto_il=GIORNO, presenze=16)
ANNULLATO = lavoro.EventoFormativoAnnullato(avvenuto_il=GIORNO)


def test_an_event_is_planned_once() -> None:
    given(formativi).when("programma", PROGRAMMATO).then(PROGRAMMATO)
    given(formativi, PROGRAMMATO).when("programma", PROGRAMMATO).rejected("evento-gia-programmato")


@pytest.mark.parametrize(("name", "event"), [("svolgimento", SVOLTO), ("annullamento", ANNULLATO)])
@pytest.mark.parametrize("end", [SVOLTO, ANNULLATO])
def test_an_event_is_held_or_cancelled_and_that_once(name: str, event: Event, end: Event) -> None:
    given(formativi, PROGRAMMATO).when(name, event).then(event)
    given(formativi, PROGRAMMATO, end).when(name, event).rejected("evento-gia-finito")
    given(formativi).when(name, event).rejected("non-trovato")


def test_who_was_there_is_kept() -> None:
    state = formativi.replay("e", [PROGRAMMATO, SVOLTO])
    assert state is not None
    assert (state.svolto_il, state.presenze, state.annullato_il) == (GIORNO, 16, None)
