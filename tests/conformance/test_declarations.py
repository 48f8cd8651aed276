"""Every strand publishes its whole contract and says in Italian what each command is."""

from collections.abc import Iterator

import pytest
from contratti.esporta import modelli
from contratti.invii import InvioAnnullato
from contratti.rete import CoprogettazioneSvolta, IncontroDiReteSvolto
from telaio.command import CommandSpec
from telaio.network import coprogettazioni, incontri_di_rete
from telaio.rules import Dated
from telaio.testing.given import given

from .conftest import STRANDS, declaration

MEETINGS = {CoprogettazioneSvolta.type_name, IncontroDiReteSvolto.type_name}


def commands() -> Iterator[object]:
    for strand in STRANDS:
        for entity in declaration(strand).entities:
            for name, command in entity.commands.items():
                yield pytest.param(command, id=f"{strand}/{entity.kind}/{name}")


@pytest.mark.parametrize("strand", STRANDS)
def test_a_strand_publishes_all_its_events_and_those_of_the_network(strand: str) -> None:
    own = {m.type_name for m in modelli() if m.type_name.startswith(f"{strand}.")}
    protocol = {m.type_name for m in modelli() if m.type_name.startswith("invii.")}
    assert set(declaration(strand).events) == own | protocol | MEETINGS


@pytest.mark.parametrize("strand", STRANDS)
def test_every_event_belongs_to_one_entity(strand: str) -> None:
    handled = [m.type_name for e in declaration(strand).entities for m in e.handlers]
    either_side = [InvioAnnullato.type_name]  # of the sender or of the receiver
    assert len(handled) == len({*handled}) + len(either_side)


@pytest.mark.parametrize("command", list(commands()))
def test_every_command_describes_itself(command: CommandSpec) -> None:
    assert command.description.endswith((".", ";"))
    assert "Raises" not in command.description
    assert all(field.title for field in command.model.model_fields.values())


@pytest.mark.parametrize("strand", STRANDS)
def test_every_rule_has_its_source_and_says_whether_it_is_to_be_confirmed(strand: str) -> None:
    service = declaration(strand)
    if service.rules is None or service.rules_file is None:
        pytest.skip(f"{strand} has no dated rules")
    rules = service.rules.load(service.rules_file)
    for name in service.rules.model_fields:
        dated = getattr(rules, name)
        assert isinstance(dated, Dated)
        for validity in dated.root:
            assert validity.fonte
            assert validity.da_verificare or "esempio" not in validity.fonte


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
