"""What a measurement says: the median ratio of two that take turns, beside its goal."""

import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Any

Run = Callable[[], Awaitable[float]]
"""One round; returns events (or commands) a second."""


@dataclass(frozen=True)
class Result:
    """One line of the table. `goal` is a lower bound, or an upper one where `lower_is_better`; None: only told."""

    name: str
    reached: float
    goal: float | None
    ours: str
    peer: str
    lower_is_better: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached."""
        if self.goal is None:
            return None
        return self.reached <= self.goal if self.lower_is_better else self.reached >= self.goal

    def as_json(self) -> dict[str, Any]:
        """The line, for the file."""
        return asdict(self) | {"met": self.met}


async def in_turns(name: str, goal: float, ours: Run, peer: Run, *, rounds: int, unit: str = "eventi/s") -> Result:
    """Runs the two in turns, A B A B …, and compares each turn with its neighbour."""
    a, b = [], []
    for _ in range(rounds):
        a.append(await ours())
        b.append(await peer())
    return compared(name, goal, a, b, unit)


def compared(name: str, goal: float, ours: list[float], peer: list[float], unit: str) -> Result:
    """The median of the ratios of neighbours: a machine that is slower for a while is so for both."""
    ratio = statistics.median(a / b for a, b in zip(ours, peer, strict=True))
    return Result(name, ratio, goal, _told(ours, unit), _told(peer, unit))


def _told(runs: list[float], unit: str) -> str:
    middle = statistics.median(runs)
    return f"{middle:,.0f} {unit} ({min(runs):,.0f}–{max(runs):,.0f})".replace(",", " ")


class Stopwatch:
    """Wall time of a block: `with Stopwatch() as watch: …; watch.per_second(n)`."""

    def __enter__(self) -> "Stopwatch":
        self._start, self.seconds = time.perf_counter(), 0.0
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = time.perf_counter() - self._start

    def per_second(self, count: int) -> float:
        """How many a second."""
        return count / self.seconds
