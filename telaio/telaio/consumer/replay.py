"""Reading topics from their start to their end, once, into an effect: what a rebuild does beside the live reader."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from telaio.consumer import store
from telaio.consumer.ingest import INFRASTRUCTURE, Effect, ingest, ingest_singly
from telaio.consumer.record import Received, digest, receive_in_turns
from telaio.consumer.subscription import MAX_RECORDS, births
from telaio.database import Connection, savepoint
from telaio.topics import partitions

Transaction = Callable[[], AbstractAsyncContextManager[Connection]]
Progress = Callable[[int, int], None]
"""Called with the records read so far, and how many there are."""


@dataclass(frozen=True)
class Parsed:
    """A batch on its way to the database."""

    records: list[Received]
    steps: list[store.Step]


async def replay(
    *, kafka: str, topics: Sequence[str], transaction: Transaction, effect: Effect, progress: Progress = lambda *_: None
) -> int:
    """Applies every record up to the ends as they are now; returns how many. Raises: KafkaError and what breaks.

    One batch is fetched and validated while the one before is being written.
    """
    async with _consumer(kafka) as consumer:
        every = await partitions(kafka, topics)
        consumer.assign(every)
        ends = await consumer.end_offsets(every)
        born = await births(consumer, every)
        places = await _places(transaction, every)
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
async def _consumer(kafka: str) -> AsyncIterator[Any]:
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka,
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
    for tp, offset in places.items():
        consumer.seek(tp, offset)
    while any(places[tp] < ends[tp] for tp in places):
        fetched = await consumer.getmany(timeout_ms=200, max_records=MAX_RECORDS)
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
    async with transaction() as connection:
        await store.advance(connection, parsed.steps)
        try:
            async with savepoint(connection):
                await ingest(connection, effect, parsed.records)
        except INFRASTRUCTURE:
            raise
        except Exception:  # noqa: BLE001 - as in the live reader: one bad event must not stop all others
            await ingest_singly(connection, effect, parsed.records)
