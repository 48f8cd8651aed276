"""The one FastStream subscriber of the project, with the options that lose nothing (docs/kafka-misurato.md)."""

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

from aiokafka import TopicPartition
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaMessage

from telaio.bus import Bus, bus

MAX_RECORDS = 5_000
BATCH_TIMEOUT_MS = 5  # FastStream sleeps as long again after an empty poll
CONNECTION: dict[str, Any] = {
    "log_level": logging.DEBUG,
    "graceful_timeout": 10,
    "allow_auto_create_topics": False,
    "metadata_max_age_ms": 10_000,  # a topic made again is noticed
}
READING: dict[str, Any] = {
    "batch": True,
    "ack_policy": AckPolicy.MANUAL,
    "auto_offset_reset": "none",
    "max_records": MAX_RECORDS,
    "batch_timeout_ms": BATCH_TIMEOUT_MS,
    "max_partition_fetch_bytes": 2 * 1024 * 1024,
    "fetch_max_wait_ms": 100,
    "session_timeout_ms": 15_000,
    "rebalance_timeout_ms": 60_000,
    "max_poll_interval_ms": 600_000,
}
log = logging.getLogger("telaio.consumer.faststream")


def subscribe(
    kafka: Bus | str,
    group: str,
    topics: Sequence[str],
    *,
    instance: str | None,
    listener: Any,
    handle: Callable[[Any], Awaitable[None]],
) -> tuple[KafkaBroker, Any]:
    """A broker, not started, and its subscriber; `handle` gets a tuple of raw records, each partition in order.

    instance: a name that outlives the process; one that was killed then takes its partitions back at once, instead of
    after the session's fifteen seconds.
    """
    broker = KafkaBroker(bus(kafka).address, security=bus(kafka).security, apply_types=False, logger=log, **CONNECTION)
    options = {"parser": _parse, "decoder": _decode, "listener": listener, **READING}
    subscriber = broker.subscriber(*topics, group_id=group, group_instance_id=instance, **options)
    subscriber(handle)
    return broker, subscriber


async def _parse(message: Any) -> KafkaMessage:
    """Total: a header that is null or not UTF-8 makes FastStream's own parser drop the whole batch."""
    return KafkaMessage(body=message, headers={}, raw_message=message, consumer=None)  # type: ignore[arg-type]


async def _decode(message: KafkaMessage) -> Any:
    """The raw records: each is validated on its own, in the handler."""
    return message.raw_message


async def births(consumer: Any, partitions: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
    """When each log was born: the timestamp of its first record, in milliseconds; 0 where that is not there (yet, or
    any more). A log that was made again has another birth, though it may hold the same records."""
    found = await consumer.offsets_for_times(dict.fromkeys(partitions, 0)) if partitions else {}
    # Of a log without records the embedded broker says that its first is at 0, from the time -1.
    return {tp: max(first.timestamp, 0) if first and first.offset == 0 else 0 for tp, first in found.items()}
