"""Fault tests: a network of one's own, how many rounds to go, and one line of results for each fault.

`GENERA_COLLAUDO=lungo` asks for the full rounds and the long holds; without it each fault is tried a few times.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from stack import broker as brokers
from stack import postgres as postgreses
from stack.fixtures import running
from stack.server import Server

from .network import Network, off_loop
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


class Networks:
    """Gives a network as long as every test leaves it right; after a failure, a new one."""

    def __init__(self, files: Path, config: pytest.Config) -> None:
        self._files, self._config = files, config
        self._made: list[Network] = []
        self._servers = ExitStack()

    async def one(self) -> Network:
        """A healthy network, not clean until the test that asked for it has ended well."""
        if not self._made or not self._made[-1].clean:
            broker = brokers.private(self._files / f"kafka-{token_hex(4)}")
            places = [self._files / f"postgres-{token_hex(4)}" for _ in range(2)]
            databases = [postgreses.private(place, fsync=False) for place in places]
            await asyncio.gather(*(off_loop(self._started, server) for server in (broker, *databases)))
            network = Network(self._files, broker, (databases[0], databases[1]))
            await network.start()
            self._made.append(network)
        self._made[-1].clean = False
        return self._made[-1]

    def _started(self, server: Server) -> None:
        self._servers.enter_context(running(server, self._config))

    async def stop(self) -> None:
        """Stops all that was made."""
        for network in self._made:
            await network.stop()
        await off_loop(self._servers.close)


@pytest.fixture(scope="package")
async def shared(stack_files: Path, pytestconfig: pytest.Config) -> AsyncIterator[Networks]:
    """The networks of the modules that leave one as they found it."""
    found = Networks(stack_files, pytestconfig)
    yield found
    await found.stop()


@pytest.fixture(scope="module")
async def networks(
    shared: Networks, stack_files: Path, request: pytest.FixtureRequest, pytestconfig: pytest.Config
) -> AsyncIterator[Networks]:
    """The shared ones; those of the module alone where it says `OWN_NETWORK`, and in full rounds, which make long
    histories."""
    if not LONG and not getattr(request.module, "OWN_NETWORK", False):
        yield shared
        return
    found = Networks(stack_files, pytestconfig)
    yield found
    await found.stop()


@pytest.fixture
async def network(networks: Networks) -> Network:
    """A healthy network with whatever history the tests before left."""
    return await networks.one()


@pytest.fixture
def trial(network: Network, pytestconfig: pytest.Config) -> Try:
    """Begins a trial: its name, within how many seconds no lag may be left, how the oracle judges where it differs."""

    def begin(fault: str, within: float = 30, **judged: Any) -> Trial:
        return Trial(pytestconfig, Outcome(fault, network, judged=judged), within)

    return begin
