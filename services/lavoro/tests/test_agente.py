"""The job agent: in charge, working with the Punto and the facilitators."""

from datetime import date

import pytest
from contratti import lavoro
from contratti.rete import Event
from lavoro.agente import agenti
from telaio.entity import Rejected
from telaio.testing.given import given

GIORNO = date(2016, 3, 20)
PUNTO = "7f3c2a10-5b6d-4e8f-9a01-23456789abcd"
INCARICATO = lavoro.AgenteSviluppoLavoroIncaricato(avvenuto_il=GIORNO, comuni=("017113", "017032"), punto=PUNTO)
CESSATO = lavoro.AgenteSviluppoLavoroCessato(avvenuto_il=GIORNO)
RACCORDO = lavoro.RaccordoSvolto(avvenuto_il=GIORNO, con=("punto", "facilitatore"))
SERVIZIO = lavoro.ServizioSpecialisticoErogato(avvenuto_il=GIORNO, punto=PUNTO, tipo="curriculum", persona="p-aaaaaa")


def test_an_agent_is_in_charge_once_and_may_come_back() -> None:
    given(agenti).when("incarico", INCARICATO).then(INCARICATO)
    given(agenti, INCARICATO).when("incarico", INCARICATO).rejected("agente-gia-incaricato")
    given(agenti, INCARICATO, CESSATO).when("incarico", INCARICATO).then(INCARICATO)


def test_only_who_is_in_charge_ceases() -> None:
    given(agenti, INCARICATO).when("cessazione", CESSATO).then(CESSATO)
    given(agenti, INCARICATO, CESSATO).when("cessazione", CESSATO).rejected("agente-non-incaricato")


@pytest.mark.parametrize(("name", "event"), [("raccordo", RACCORDO), ("servizio", SERVIZIO)])
def test_only_who_is_in_charge_works(name: str, event: Event) -> None:
    given(agenti, INCARICATO).when(name, event).then(event)
    given(agenti, INCARICATO, CESSATO).when(name, event).rejected("agente-non-incaricato")
    given(agenti).when(name, event).rejected("non-trovato")


def test_what_was_done_is_counted() -> None:
    state = agenti.replay("a", [INCARICATO, RACCORDO, SERVIZIO, SERVIZIO])
    assert state is not None
    assert (state.raccordi, state.servizi, state.punto) == (1, 2, PUNTO)


def test_annulling_a_cessation_before_a_return_is_refused() -> None:
    with pytest.raises(Rejected, match="agente-gia-incaricato"):
        agenti.replay("a", [INCARICATO, INCARICATO], checked=True)
