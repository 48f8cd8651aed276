"""The relay against aiokafka's own `send()`, and against faststream-outbox at its best."""

import asyncio
from secrets import token_hex
from typing import Any

from aiokafka import AIOKafkaProducer
from casa.service import servizio as casa
from faststream.kafka import KafkaBroker
from faststream_outbox import OutboxBroker, make_outbox_table
from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import create_async_engine
from telaio.relay import _PAGE, HEADERS, Relay
from telaio.runtime import Runtime
from telaio.topics import TopicSpec, create_topics

from bench.histories import fill
from bench.result import Result, Stopwatch, in_turns
from bench.world import World

WORKERS = 64


async def measure(world: World, events: int, rounds: int) -> list[Result]:
    """Both ratios, on the same events."""
    async with world.service(casa) as runtime:
        await create_topics(world.broker.address, [TopicSpec(casa.topic), TopicSpec("pari.eventi")])
        await fill(runtime.pool, events)
        await runtime.pool.execute("vacuum analyze")
        rows = await runtime.pool.fetch(_PAGE, runtime.source, 0, events)
        records = [(r["key"].encode(), r["value"].encode()) for r in rows]
        few = max(len(records) // 10, 1)
        return [
            await in_turns(
                "relay : send() di aiokafka", 1.2, lambda: _relay(runtime), lambda: _send(world, records), rounds=rounds
            ),
            await in_turns(
                "relay : faststream-outbox",
                12,
                lambda: _relay(runtime),
                lambda: _outbox(world, records[:few]),
                rounds=rounds,
            ),
        ]


async def _relay(runtime: Runtime) -> float:
    """From all pointers there to none, the leadership and the producer's start included."""
    await runtime.pool.execute("insert into outbox (seq) select seq from journal on conflict do nothing")
    count = int(await runtime.pool.fetchval("select count(*) from outbox"))
    relay = Relay(runtime)
    relay.status["spediti"] = 0
    with Stopwatch() as watch:
        task = asyncio.create_task(relay.run())
        while relay.status["spediti"] < count:
            await asyncio.sleep(0.005)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return watch.per_second(count)


async def _send(world: World, records: list[tuple[bytes, bytes]]) -> float:
    """aiokafka's usual way, without any database."""
    producer = AIOKafkaProducer(
        bootstrap_servers=world.broker.address, acks="all", enable_idempotence=world.broker.features.idempotent
    )
    await producer.start()
    try:
        with Stopwatch() as watch:
            sent = [await producer.send("pari.eventi", value, key, headers=HEADERS) for key, value in records]
            await asyncio.gather(*sent)
    finally:
        await producer.stop()
    return watch.per_second(len(records))


async def _outbox(world: World, records: list[tuple[bytes, bytes]]) -> float:
    """faststream-outbox with many workers, large fetches and batched deletes, publishing through FastStream's Kafka."""
    dsn = world.databases.fresh()
    engine = create_async_engine(dsn.replace("postgresql://", "postgresql+asyncpg://"), pool_size=WORKERS + 5)
    metadata = MetaData()
    table = make_outbox_table(metadata, table_name=f"outbox_{token_hex(3)}")
    kafka, outbox = (
        KafkaBroker(world.broker.address, logger=None),
        OutboxBroker(engine, outbox_table=table, logger=None),
    )
    done = asyncio.Event()
    left = len(records)

    @outbox.subscriber(
        "casa", max_workers=WORKERS, fetch_batch_size=1000, min_fetch_interval=0.001, terminal_flush_batch_size=200
    )
    async def ship(body: dict[str, Any]) -> None:
        nonlocal left
        await kafka.publish(body["value"], topic="pari.eventi", key=body["key"].encode())
        left -= 1
        if not left:
            done.set()

    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
        for key, value in records:
            await outbox.publish({"key": key.decode(), "value": value.decode()}, queue="casa", session=connection)
    await kafka.start()
    try:
        with Stopwatch() as watch:
            await outbox.start()
            await asyncio.wait_for(done.wait(), 120)
        return watch.per_second(len(records))
    finally:
        await outbox.stop()
        await kafka.stop()
        await engine.dispose()
        world.databases.drop(dsn)
