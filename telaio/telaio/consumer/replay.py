"""Reading topics from their start to their end, once, into an effect: what a rebuild does beside the live reader."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from telaio.bus import Bus, bus
from telaio.consumer import store
from telaio.consumer.ingest import NOT_BUGS, Effect, ingest, ingest_singly
from telaio.consumer.record import Received, digest, receive_in_turns
from telaio.consumer.subscription import births
from telaio.database import Connection
from telaio.topics import partitions

LANES, RECORDS = 2, 7_500
"""Measured on two processors, where one lane leaves a third of their time unused: larger batches ask less of the
database for each event, and what lies between one that is read and one that is written still has its place in memory.
"""
Transaction = Callable[[], AbstractAsyncContextManager[Connection]]
Ingest = Callable[[Connection, Effect, Sequence[Received]], Awaitable[Any]]
Progress = Callable[[int, int], None]
"""Called with the records read so far, and how many there are."""


@dataclass(frozen=True)
class Parsed:
    """A batch on its way to the database."""

    records: list[Received]
    steps: list[store.Step]


async def replay(
    *,
    kafka: Bus | str,
    topics: Sequence[str],
    transaction: Transaction,
    effect: Effect,
    progress: Progress = lambda *_: None,
) -> int:
    """Applies every record up to the ends as they are now; returns how many. Raises: KafkaError and what breaks.

    The partitions are read in lanes, side by side: what one lane has to think about is thought while the database
    writes what another has thought. No subject is in two of them.
    """
    every = await partitions(kafka, topics)
    shares = [own for lane in range(LANES) if (own := every[lane::LANES])]
    reached = [(0, 0)] * len(shares)

    def tell(lane: int, done: int, total: int) -> None:
        reached[lane] = (done, total)
        progress(sum(d for d, _ in reached), sum(t for _, t in reached))

    lanes = [
        asyncio.ensure_future(_lane(kafka, own, transaction, effect, partial(tell, lane)))
        for lane, own in enumerate(shares)
    ]
    try:
        return sum(await asyncio.gather(*lanes))
    finally:
        for lane in lanes:
            lane.cancel()
        await asyncio.gather(*lanes, return_exceptions=True)


async def _lane(
    kafka: Bus | str, own: Sequence[TopicPartition], transaction: Transaction, effect: Effect, progress: Progress
) -> int:
    """Applies the records of some partitions. One batch is fetched and validated while the one before is written."""
    async with _consumer(kafka) as consumer:
        ends = await consumer.end_offsets(own)
        born = await births(consumer, own)
        places = await _places(transaction, own)
        total = sum(ends.values()) - sum(places.values())
        batches = _batches(consumer, places, ends, born)
        return await _pump(batches, lambda parsed: _write(transaction, effect, parsed), lambda n: progress(n, total))


async def _pump(
    batches: AsyncIterator[Parsed], write: Callable[[Parsed], Awaitable[None]], progress: Callable[[int], None]
) -> int:
    """Writes the batches in order, each while the next one is made ready; returns how many records there were."""
    done, writing = 0, asyncio.ensure_future(asyncio.sleep(0))
    try:
        async for parsed in batches:
            await writing
            writing = asyncio.ensure_future(write(parsed))
            done += len(parsed.records)
            progress(done)
        await writing
    finally:
        writing.cancel()
    return done


@asynccontextmanager
async def _consumer(kafka: Bus | str) -> AsyncIterator[Any]:
    consumer = AIOKafkaConsumer(
        **bus(kafka).client,
        auto_offset_reset="none",
        enable_auto_commit=False,
        max_partition_fetch_bytes=4 * 1024 * 1024,
    )
    await consumer.start()
    try:
        yield consumer
    finally:
        await asyncio.wait_for(consumer.stop(), 10)


async def _places(transaction: Transaction, every: Sequence[TopicPartition]) -> dict[TopicPartition, int]:
    async with transaction() as connection:
        stored = await store.offsets(connection, [(tp.topic, tp.partition) for tp in every])
    return {tp: stored[tp.topic, tp.partition][0] for tp in every}


async def _batches(
    consumer: Any,
    places: dict[TopicPartition, int],
    ends: Mapping[TopicPartition, int],
    born: Mapping[TopicPartition, int],
) -> AsyncIterator[Parsed]:
    """Batches in offset order, until every partition has reached its end."""
    consumer.assign(list(places))
    for tp, offset in places.items():  # before anything is waited for: to be fetched without a position is an error
        consumer.seek(tp, offset)
    while any(places[tp] < ends[tp] for tp in places):
        fetched = await consumer.getmany(timeout_ms=200, max_records=RECORDS)
        raw = [r for own in fetched.values() for r in own]
        if raw:
            yield Parsed(await receive_in_turns(raw), _steps(places, fetched, born))


def _steps(
    places: dict[TopicPartition, int],
    fetched: Mapping[TopicPartition, Sequence[Any]],
    born: Mapping[TopicPartition, int],
) -> list[store.Step]:
    """How far the batch takes each partition; `places` moves on."""
    steps = []
    for tp, own in sorted(fetched.items()):
        if own:
            fingerprint = digest(own[-1], born[tp])
            steps.append(store.Step(tp.topic, tp.partition, places[tp], own[-1].offset + 1, fingerprint))
            places[tp] = own[-1].offset + 1
    return steps


async def _write(transaction: Transaction, effect: Effect, parsed: Parsed) -> None:
    try:
        await _write_with(ingest, transaction, effect, parsed)
    except NOT_BUGS:
        raise
    except Exception:  # noqa: BLE001 - as in the live reader: one bad event must not stop all others
        await _write_with(ingest_singly, transaction, effect, parsed)


async def _write_with(way: Ingest, transaction: Transaction, effect: Effect, parsed: Parsed) -> None:
    async with transaction() as connection:
        await store.advance(connection, parsed.steps)
        await way(connection, effect, parsed.records)
