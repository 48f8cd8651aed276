"""A service's own topic, read once from its start to its end: what it has told, and its journal may have forgotten."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer

from telaio.bus import Bus, bus
from telaio.consumer.record import Received, receive_in_turns
from telaio.consumer.subscription import MAX_RECORDS
from telaio.topics import partitions


class HeadLost(Exception):
    """The topic no longer begins at its beginning: what it has lost cannot be taken back from it."""


async def own_log(kafka: Bus | str, topic: str) -> AsyncIterator[Sequence[Received]]:
    """Batches of the topic as it is now, each partition in order. Raises: KafkaError, HeadLost."""
    every = await partitions(kafka, [topic])
    consumer: Any = AIOKafkaConsumer(**bus(kafka).client, auto_offset_reset="none", enable_auto_commit=False)
    await consumer.start()
    try:
        begins, ends = await consumer.beginning_offsets(every), await consumer.end_offsets(every)
        if any(begins.values()):
            raise HeadLost(topic)
        consumer.assign(every)
        for partition in every:  # before anything is waited for: to be fetched without a position is an error
            consumer.seek(partition, 0)
        while any([await consumer.position(p) < ends[p] for p in every]):
            fetched = await consumer.getmany(timeout_ms=500, max_records=MAX_RECORDS)
            raw = [r for own in fetched.values() for r in own]
            if raw:
                yield await receive_in_turns(raw)
    finally:
        await asyncio.wait_for(consumer.stop(), 10)
