"""Fault tests: a network of one's own, how many rounds to go, and one line of results for each fault.

`GENERA_COLLAUDO=lungo` asks for the full rounds and the long holds; without it each fault is tried a few times.
"""

import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from stack.broker import Broker
from stack.postgres import Postgres

from .network import Network
from .oracle import Verdict, judge

LONG = os.environ.get("GENERA_COLLAUDO") == "lungo"
LINES = pytest.StashKey[list[str]]()


def rounds(short: int, long: int) -> int:
    """How many rounds, or seconds, this run goes for."""
    return long if LONG else short


@dataclass
class Outcome:
    """What one fault came to. `recovery`: the worst of the seconds from the end of a fault to no lag; `judged`: how the
    oracle is to judge, where that differs."""

    fault: str
    network: Network
    rounds: int = 0
    recovery: float = 0.0
    judged: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    async def over(self, within: float = 30) -> None:
        """A fault is over, the load goes on: waits until the dashboard shows as much as is committed now (I5)."""
        self.rounds += 1
        self.recovery = max(self.recovery, await self.network.caught_up(within))

    async def recovered(self, within: float = 30) -> None:
        """All is over: waits until nothing lags (I5)."""
        self.recovery = max(self.recovery, await self.network.settled(within))

    def line(self, verdict: Verdict) -> str:
        """The fault's line in the summary."""
        return (
            f"{self.fault:<44} {self.rounds:>3} rounds {verdict.events:>6} events  lost {verdict.lost}"
            f"  doubled {verdict.doubled}  lag gone in {self.recovery:.1f} s  {self.network.broker.kind}"
            f"  {' '.join(self.notes)}"
        )


Try = Callable[..., "Trial"]


class Trial:
    """`async with trial("3 relay killed") as outcome:` mistreat the network; at the end the oracle judges."""

    def __init__(self, config: pytest.Config, outcome: Outcome, within: float) -> None:
        self._config, self._outcome, self._within = config, outcome, within

    async def __aenter__(self) -> Outcome:
        return self._outcome

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            print(self._outcome.network.last_words())
            return
        outcome = self._outcome
        await outcome.recovered(self._within)
        verdict = await judge(outcome.network, **outcome.judged)
        self._config.stash[LINES].append(outcome.line(verdict))
        print(outcome.line(verdict))
        assert not verdict.wrong, "\n".join(verdict.wrong)
        outcome.network.clean = True


def pytest_configure(config: pytest.Config) -> None:
    config.stash[LINES] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """One line a fault."""
    if config.stash[LINES]:
        terminalreporter.section("faults")
        for line in config.stash[LINES]:
            terminalreporter.write_line(line)


@pytest.fixture(scope="module")
async def networks(
    stack_files: Path, own_broker: Callable[..., Broker], own_postgres: Callable[..., Postgres]
) -> AsyncIterator[Callable[[], object]]:
    """Gives the module's network as long as every test leaves it right; after a failure, a new one."""
    made: list[Network] = []

    async def one() -> Network:
        if not made or not made[-1].clean:
            network = Network(stack_files, own_broker(), (own_postgres(), own_postgres()))
            await network.start()
            made.append(network)
        made[-1].clean = False
        return made[-1]

    yield one
    for network in made:
        await network.stop()


@pytest.fixture
async def network(networks: Callable[[], object]) -> Network:
    """A healthy network with whatever history the tests before left."""
    return await networks()  # type: ignore[misc, no-any-return]


@pytest.fixture
def trial(network: Network, pytestconfig: pytest.Config) -> Try:
    """Begins a trial: its name, within how many seconds no lag may be left, how the oracle judges where it differs."""

    def begin(fault: str, within: float = 30, **judged: Any) -> Trial:
        return Trial(pytestconfig, Outcome(fault, network, judged=judged), within)

    return begin
