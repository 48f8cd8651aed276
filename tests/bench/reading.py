"""Wrapper, live projection and rebuild against fetching and validating the same records."""

import asyncio
from collections.abc import Sequence
from secrets import token_hex
from typing import Any

from aiokafka import AIOKafkaConsumer
from casa.service import servizio as casa
from cruscotto.proiezione import generation
from cruscotto.proiezione.rebuild import fill as refill
from cruscotto.service import consumo
from cruscotto.service import servizio as cruscotto
from telaio.consumer.ingest import Effect, ingest
from telaio.consumer.reader import Reader
from telaio.consumer.record import Received, receive
from telaio.consumer.subscription import MAX_RECORDS
from telaio.relay import Relay
from telaio.runtime import Runtime
from telaio.service import Consumption
from telaio.topics import create_topics, manifest, partitions

from bench.histories import fill
from bench.result import Result, Stopwatch, in_turns
from bench.world import World

ONE_BY_ONE = 1_500
IN_BATCHES = 40_000


class Nothing:
    """An effect that does nothing: what is left is the wrapper."""

    async def apply(self, connection: Any, events: Sequence[Received]) -> None:
        """Nothing."""

    async def known(self, connection: Any, versions: Sequence[Any]) -> dict[Any, str]:
        """Nothing is known."""
        return {}


async def measure(world: World, events: int, rounds: int) -> list[Result]:
    """The four ratios, on one topic filled by the relay."""
    await create_topics(world.broker.address, manifest(["casa"]))
    async with world.service(casa) as source, world.service(cruscotto) as reader:
        count = await _publish(source, events)
        records = (await _fetch(world))[:IN_BATCHES]
        raw = lambda: _raw(world, count)  # noqa: E731
        return [
            await in_turns(
                "lettore : aiokafka + validazione",
                0.8,
                lambda: _wrapper(world, reader, Nothing(), count),
                raw,
                rounds=rounds,
            ),
            await in_turns(
                "proiezione : un evento per transazione",
                30,
                lambda: _batches(reader, records, MAX_RECORDS),
                lambda: _batches(reader, records[:ONE_BY_ONE], 1),
                rounds=rounds,
            ),
            await in_turns("ricostruzione : lettura + validazione", 0.5, lambda: _rebuild(reader), raw, rounds=rounds),
        ]


async def _publish(source: Runtime, events: int) -> int:
    count = await fill(source.pool, events)
    relay = Relay(source)
    task = asyncio.create_task(relay.run())
    while relay.status["spediti"] < count:
        await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return count


async def _fetch(world: World) -> list[Any]:
    """All records of the topic, raw."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=world.broker.address, auto_offset_reset="earliest", max_partition_fetch_bytes=4 * 1024 * 1024
    )
    await consumer.start()
    try:
        every = await partitions(world.broker.address, [casa.topic])
        consumer.assign(every)
        left = sum((await consumer.end_offsets(every)).values())
        found: list[Any] = []
        while len(found) < left:
            for own in (await consumer.getmany(timeout_ms=100, max_records=MAX_RECORDS)).values():
                found += own
        return found
    finally:
        await consumer.stop()


async def _raw(world: World, count: int) -> float:
    """aiokafka and the same validation, with no database at all."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=world.broker.address, auto_offset_reset="earliest", max_partition_fetch_bytes=4 * 1024 * 1024
    )
    await consumer.start()
    try:
        consumer.assign(await partitions(world.broker.address, [casa.topic]))
        got = 0
        with Stopwatch() as watch:
            while got < count:
                for own in (await consumer.getmany(timeout_ms=100, max_records=MAX_RECORDS)).values():
                    got += len(receive(own))
        return watch.per_second(count)
    finally:
        await consumer.stop()


async def _wrapper(world: World, runtime: Runtime, effect: Effect, count: int) -> float:
    """The wrapper on FastStream, from its first batch to its last, offsets and gates kept."""
    name = await generation.create(runtime.pool)
    consumption = Consumption([casa.topic], lambda: generation.in_generation(runtime.pool, name), effect)
    reader = Reader(consumption, kafka=world.broker.address, group=f"bench-{token_hex(4)}")
    task = asyncio.create_task(reader.run())
    await reader.positioned.wait()
    with Stopwatch() as watch:
        while reader.status["letti"] < count:
            await asyncio.sleep(0.002)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return watch.per_second(count)


async def _batches(runtime: Runtime, records: Sequence[Any], size: int) -> float:
    """The same effect (facts, gate, read models), `size` events to a transaction."""
    name, effect = await generation.create(runtime.pool), consumo(runtime).effect
    with Stopwatch() as watch:
        for start in range(0, len(records), size):
            async with generation.in_generation(runtime.pool, name, durable=True) as connection:
                await ingest(connection, effect, receive(records[start : start + size]))
    return watch.per_second(len(records))


async def _rebuild(runtime: Runtime) -> float:
    """A whole rebuild from Kafka, indexes included."""
    name = await generation.create(runtime.pool)
    with Stopwatch() as watch:
        count = await refill(runtime, name, [casa.topic])
    return watch.per_second(count)
