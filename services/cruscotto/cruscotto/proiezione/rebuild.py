"""Rebuilding the read models: a new generation is filled beside the served one, compared with it, and swapped in."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from time import monotonic
from typing import TextIO

from telaio.consumer.replay import Progress, replay
from telaio.database import Pool
from telaio.runtime import Runtime
from telaio.service import OwnCommand

from cruscotto.proiezione import generation
from cruscotto.proiezione.projection import Projection
from telaio import quarantine

TAIL = 1_000
"""A pass that reads fewer records than this is the last one of a rebuild."""

# What two generations filled from the same log must agree on: arrival times and the waiting table apart.
COMPARED = {
    "fact": "source, subject, version, id, type, schema_version, happened_on, recorded_at, data",
    "folded": "source, subject, state",
    "quota": "measure, source, comune, month, key, value",
    "riepilogo": "measure, comune, month, key, value",
    "totale": "measure, comune, key, value",
    "qualita": "source, month, eventi, tardivi, rettifiche, annullamenti, senza_comune",
    "freshness": "source, events, last_recorded",
    "gate": "source, subject, version, last_id, forked",
}


async def fill(runtime: Runtime, name: str, topics: Sequence[str], progress: Progress = lambda *_: None) -> int:
    """Fills a generation from Kafka up to its end, but for what came in during the last short pass; returns the
    records read. Under a steady load there is always something new: the live reader goes on from there.

    What an operator set aside in the served generation is set aside in this one.
    """
    total, read = 0, TAIL
    while read >= TAIL:
        read = await replay(
            kafka=runtime.settings.bus,
            topics=topics,
            transaction=lambda: generation.in_generation(runtime.pool, name),
            effect=Projection(),
            progress=progress,
        )
        total += read
    async with generation.in_served(runtime.pool) as connection:
        discarded = await quarantine.discarded(connection)
    async with generation.in_generation(runtime.pool, name) as connection:
        await quarantine.discard_again(connection, Projection(), discarded)
    await generation.finish(runtime.pool, name)
    return total


async def compare(pool: Pool, one: str, other: str) -> dict[str, int]:
    """How many rows differ between two generations, by table; the tables that agree are left out."""
    differences = {}
    for table, columns in COMPARED.items():
        left, right = (f"select {columns} from {generation.safe(name)}.{table}" for name in (one, other))  # noqa: S608
        count = await pool.fetchval(
            f"select count(*) from (({left} except {right}) union all ({right} except {left})) as difference"  # noqa: S608
        )
        if count:
            differences[table] = count
    return differences


async def prepare(runtime: Runtime) -> None:
    """Makes sure that what is served is of this release: after an upgrade that changes the tables all is read again
    from Kafka, before this release starts. Whoever still runs the earlier one is stopped first."""
    await generation.ensure_served(runtime.pool)
    if await generation.outdated(runtime.pool):
        print("le tabelle delle cifre sono di un'altra versione: si ricostruiscono", file=sys.stderr)
        await _renew(runtime)


async def _rebuild(runtime: Runtime, arguments: Namespace) -> int:
    """The word `rebuild` of the command line."""
    await generation.ensure_served(runtime.pool)
    return await (_swap_back(runtime.pool) if arguments.indietro else _renew(runtime))


async def _renew(runtime: Runtime) -> int:
    """Fills a new generation, tells how it differs, and serves it."""
    pool, served = runtime.pool, await generation.ensure_served(runtime.pool)
    assert runtime.service.consumer is not None
    name = await generation.create(pool)
    await fill(runtime, name, runtime.service.consumer(runtime).topics, Bar())
    print(file=sys.stderr)
    for table, count in (await compare(pool, served, name)).items() if not await generation.outdated(pool) else ():
        print(f"{table}: {count} righe diverse da quelle servite")
    before = await generation.swap(pool, name)
    await generation.drop_others(pool, name, before)
    print(f"si serve {name}; {before} resta per tornare indietro con --indietro")
    return 0


async def _swap_back(pool: Pool) -> int:
    name = await generation.previous(pool)
    if name is None:
        print("Nessuna generazione precedente.", file=sys.stderr)
        return 1
    await generation.swap(pool, name)
    print(f"si serve {name}")
    return 0


class Bar:
    """A progress bar: how much is done, how fast, and how long it may still take. Called with records done and all."""

    def __init__(self, out: TextIO = sys.stderr, now: Callable[[], float] = monotonic) -> None:
        self._out, self._now, self._begun = out, now, now()

    def __call__(self, done: int, total: int) -> None:
        done = min(done, total)  # a batch may go beyond the end as it was
        width, seconds = 40 * done // max(total, 1), max(self._now() - self._begun, 0.001)
        rate = done / seconds
        left = _lasting(round((total - done) / rate)) if done else "?"
        told = f"{_figure(done)}/{_figure(total)} · {_figure(rate)} eventi/s · mancano {left}"
        print(f"\r[{'#' * width:40}] {told}   ", end="", file=self._out, flush=True)


def _figure(number: float) -> str:
    return f"{number:,.0f}".replace(",", ".")


def _lasting(seconds: int) -> str:
    return f"{seconds} s" if seconds < 100 else f"{round(seconds / 60)} min"


def _arguments(word: ArgumentParser) -> None:
    word.add_argument("--indietro", action="store_true", help="serve di nuovo la generazione precedente")


REBUILD = OwnCommand("rilegge tutto da Kafka in una generazione nuova e la mette in servizio", _rebuild, _arguments)
