"""The declaration: everything the contract says of casa can happen, and says in Italian what it is."""

import pytest
from casa.service import servizio
from contratti.esporta import modelli
from contratti.rete import CoprogettazioneSvolta, IncontroDiReteSvolto
from telaio.command import CommandSpec
from telaio.network import coprogettazioni, incontri_di_rete
from telaio.testing.given import given

COMMANDS = [pytest.param(c, id=f"{e.kind}/{n}") for e in servizio.entities for n, c in e.commands.items()]


def test_casa_publishes_all_its_events_and_those_of_the_network() -> None:
    contract = {m.type_name for m in modelli() if m.type_name.startswith("casa.")}
    assert set(servizio.events) == contract | {CoprogettazioneSvolta.type_name, IncontroDiReteSvolto.type_name}


def test_every_event_belongs_to_one_entity() -> None:
    handled = [m.type_name for e in servizio.entities for m in e.handlers]
    assert len(handled) == len(set(handled))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_describes_itself(command: CommandSpec) -> None:
    assert command.description.endswith((".", ";"))
    assert "Raises" not in command.description
    assert all(field.title for field in command.model.model_fields.values())


def test_the_network_s_meetings_are_recorded_once() -> None:
    together = CoprogettazioneSvolta.model_validate(
        {"avvenuto_il": "2016-03-20", "oggetto": "fondo", "con": ["agenzia", "proprietario"], "bisogni": ["abitare"]}
    )
    given(coprogettazioni).when("registrazione", together).then(together)
    given(coprogettazioni, together).when("registrazione", together).rejected("coprogettazione-gia-registrata")
    meeting = IncontroDiReteSvolto.model_validate({"avvenuto_il": "2016-03-20", "presenti": ["ente_locale"]})
    given(incontri_di_rete).when("registrazione", meeting).then(meeting)
    given(incontri_di_rete, meeting).when("registrazione", meeting).rejected("incontro-gia-registrato")


def test_a_meeting_s_state_is_what_was_recorded() -> None:
    together = CoprogettazioneSvolta.model_validate(
        {"avvenuto_il": "2016-03-20", "oggetto": "fondo", "con": ["agenzia"], "scelte": ["nuova_attivita"]}
    )
    state = coprogettazioni.replay("c", [together])
    assert state is not None
    assert state.model_dump() == {
        "id": "c", "svolta_il": together.avvenuto_il, "oggetto": "fondo", "con": ("agenzia",), "bisogni": (),
        "aspettative": (), "scelte": ("nuova_attivita",),
    }  # fmt: skip
