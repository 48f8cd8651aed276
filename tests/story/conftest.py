"""The scenario, played once for all tests here, on a stack of its own: Kafka, PostgreSQL, every service."""

import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from scenario.check import arrived
from scenario.clock import SimulatedClock
from scenario.conto import Cifre, conta
from scenario.guasti import Guasti
from scenario.passo import Passo
from scenario.plan import FROM, TO, plan
from scenario.play import Performance, Player
from stack import waiting
from stack.demo import mornings
from stack.fixtures import OBTAINED_ON
from stack.local import LocalStack
from stack.services import SERVICES

COORDINATOR = "giulia.rossi"


@dataclass
class Story:
    """What was planned, what was played, and where it can be looked at."""

    passi: list[Passo]
    performance: Performance
    addresses: dict[str, Any]
    player: Player
    to: date = TO
    counted: tuple[int, Cifre] = (0, {})

    @property
    def board(self) -> str:
        """The cruscotto's database."""
        return str(self.addresses["services"]["cruscotto"]["database"])

    @property
    def conto(self) -> Cifre:
        """The figures of the independent calculation."""
        played = len(self.performance.played)
        if self.counted[0] != played:
            self.counted = played, conta(self.performance.accepted, FROM, self.to)
        return self.counted[1]

    def get(self, service: str, path: str, user: str = COORDINATOR) -> Any:
        """The JSON that a service answers to a user."""
        headers = {"authorization": f"Bearer {self.addresses['tokens'][user]}"}
        request = urllib.request.Request(self.addresses["services"][service]["url"] + path, headers=headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)


@pytest.fixture(scope="package")
def story(stack_files: Path, pytestconfig: pytest.Config) -> Iterator[Story]:
    """Yield the whole scenario, played."""
    clock = SimulatedClock(stack_files / "story" / "adesso")
    clock.move(FROM)
    stack = LocalStack(clock.file.parent, SERVICES, {"GENERA_ADESSO": clock.setting})
    try:
        stack.start(lambda line: None)
        for server in (stack.broker, stack.postgres):
            pytestconfig.stash[OBTAINED_ON][server.kind] = server.kind
        addresses, passi = stack.addresses(), plan()
        urls = {name: service["url"] for name, service in addresses["services"].items()}
        player = Player(urls, addresses["tokens"], clock)
        guasti = Guasti(stack.services)
        player.play(passi, morning=mornings(stack, player, guasti))
        guasti.finiti()
        clock.move(TO)
        made = Story(passi, player.performance, addresses, player)
        waiting.run(arrived(made.board, made.performance.events))  # whether they have is a test's to say
        yield made
    finally:
        stack.stop()
