"""Casa's topic, read raw: nothing of the consumer under test is used."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

TOPIC = "casa.eventi"
PARTITIONS = [TopicPartition(TOPIC, number) for number in range(6)]


async def kafka_end(address: str) -> int:
    """How many records the topic holds."""
    async with _consumer(address) as consumer:
        return sum((await consumer.end_offsets(PARTITIONS)).values())


async def raw_records(address: str) -> list[Any]:
    """Every record, each partition in order."""
    async with _consumer(address) as consumer:
        ends = await consumer.end_offsets(PARTITIONS)
        found: list[Any] = []
        while len(found) < sum(ends.values()):
            for batch in (await consumer.getmany(timeout_ms=200)).values():
                found += batch
        return found


@asynccontextmanager
async def _consumer(address: str, partitions: Sequence[TopicPartition] = PARTITIONS) -> AsyncIterator[Any]:
    consumer = AIOKafkaConsumer(bootstrap_servers=address, auto_offset_reset="earliest", enable_auto_commit=False)
    try:
        await consumer.start()
        consumer.assign(partitions)
        yield consumer
    finally:
        await consumer.stop()
