"""`make bench`: measures side by side, prints goal and reached, writes JSON. Never a pass or fail on absolute time."""

import argparse
import asyncio
import json
import os
import platform
import warnings
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from bench import command, latency, pages, reading, relay, watching
from bench.result import Result
from bench.world import World, world

Measure = Callable[[World, int, int], Awaitable[list[Result]]]
MEASURES: dict[str, tuple[Measure, int]] = {
    "latenza": (latency.measure, 3_000),  # the first three share a topic, and each fills it more than the one before
    "lettura": (reading.measure, 250_000),  # a district's log: to start and to end takes 0.3 s of a rebuild
    "relay": (relay.measure, 30_000),
    "pagine": (pages.measure, 1_000_000),
    "comando": (command.measure, 3_200),
    "metriche": (watching.measure, 40_000),
}


def main() -> None:
    """Runs the measures asked for (all, when none is)."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("misure", nargs="*", choices=[*MEASURES, []], help="quali misure (tutte, se nessuna)")
    parser.add_argument("--giri", type=int, default=3, help="giri di ciascuna; si confrontano le mediane")
    parser.add_argument("--scrivi", type=Path, default=Path(".stack/bench.json"))
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    with world() as servers:
        where = (
            f"{servers.broker.kind}, {servers.postgres.kind}, Python {platform.python_version()}, {os.cpu_count()} CPU"
        )
        print(f"misurato su: {where}; mediane di {arguments.giri} giri\n")
        results = asyncio.run(_all(servers, arguments.misure or list(MEASURES), arguments.giri))
    _write(arguments.scrivi, where, results)


async def _all(servers: World, names: list[str], rounds: int) -> list[Result]:
    results = []
    print(f"{'misura':48} {'obiettivo':>10} {'raggiunto':>10}")
    for name in names:
        measure, size = MEASURES[name]
        for result in await measure(servers, size, rounds):
            results.append(result)
            print(_line(result), flush=True)
    return results


def _line(r: Result) -> str:
    sign = "≤" if r.lower_is_better else "≥"
    goal = f"{sign} {r.goal:g}" if r.goal is not None else "—"
    mark = {True: "sì", False: "NO", None: ""}[r.met]
    return f"{r.name:48} {goal:>10} {r.reached:>10.2f} {mark:3} {r.ours} : {r.peer}"


def _write(path: Path, where: str, results: list[Result]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {"misurato": datetime.now(UTC).isoformat(), "su": where, "risultati": [r.as_json() for r in results]}
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False), encoding="utf-8")
    print(f"\nscritto {path}")


if __name__ == "__main__":
    main()
