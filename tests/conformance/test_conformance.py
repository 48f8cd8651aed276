"""The suite every service must pass, over the five of the network and a sixth that only knows the chassis."""

import sys
from importlib import import_module
from pathlib import Path

import pytest
from stack.broker import Broker
from telaio.testing.conformance import StrandConformance

from .conftest import declaration

FIFTH = Path(__file__).with_name("quinta")
FIFTH_LINES = 80

sys.path.append(str(FIFTH))


@pytest.fixture
def kafka(broker: Broker) -> str:
    """The session's broker: the suite uses topics of its own."""
    return broker.address


class TestCasa(StrandConformance):
    service = declaration("casa")


class TestLavoro(StrandConformance):
    service = declaration("lavoro")


class TestGiovani(StrandConformance):
    service = declaration("giovani")


class TestPunti(StrandConformance):
    service = declaration("punti")


class TestCruscotto(StrandConformance):
    service = declaration("cruscotto")


class TestMensa(StrandConformance):
    """A strand nobody has heard of, in fewer lines than a page."""

    service = import_module("mensa.service").servizio

    def test_it_is_declared_in_under_eighty_lines(self) -> None:
        lines = sum(len(f.read_text(encoding="utf-8").splitlines()) for f in FIFTH.rglob("*.py"))
        assert lines < FIFTH_LINES
