"""What FastStream does with a batch that is not perfect, and the options under which nothing is lost."""

# ruff: noqa: PLR0917 - pytest hands fixtures over by name

import asyncio
from typing import Any

import pytest
from faststream import AckPolicy
from faststream.kafka import KafkaBroker

from .raw import RAW

pytestmark = pytest.mark.needs_kafka_features

QUICK = {"batch": True, "batch_timeout_ms": 20, "auto_offset_reset": "earliest", "fetch_max_wait_ms": 50}
SIX_KINDS = [
    (b"{", None),
    (None, None),
    (b"\xff\xfe", None),
    (b"{}", [("content-type", None)]),
    (b"{}", [("x", b"\xff")]),
    (b"", [("content-type", b"application/json")]),
]


async def test_under_the_default_policy_a_failed_record_is_never_seen_again(broker, topic, group, send, until) -> None:
    await send(topic, *(str(n).encode() for n in range(5)))
    seen: list[int] = []

    def reader() -> KafkaBroker:
        kafka = KafkaBroker(broker.address, logger=None)

        @kafka.subscriber(topic, group_id=group, auto_offset_reset="earliest")
        async def handle(number: int) -> None:
            seen.append(number)
            if number == 2 and seen.count(2) == 1:
                raise RuntimeError("a bug, once")

        return kafka

    for _ in range(2):
        async with reader() as kafka:
            await kafka.start()
            await until(lambda: 4 in seen)
            await asyncio.sleep(0.3)
    assert seen == [0, 1, 2, 3, 4]  # 2 failed and was not given again, neither at once nor after the restart


async def test_under_the_default_policy_a_stop_commits_what_was_never_processed(
    broker, topic, group, send, committed, until
) -> None:
    await send(topic, *(b"1" for _ in range(100)))
    kafka = KafkaBroker(broker.address, logger=None, graceful_timeout=0.2)
    done: list[Any] = []
    begun = asyncio.Event()

    @kafka.subscriber(topic, group_id=group, max_records=100, **QUICK)
    async def handle(batch: list[int]) -> None:
        begun.set()
        await asyncio.sleep(30)
        done.extend(batch)

    await kafka.start()
    await asyncio.wait_for(begun.wait(), 10)
    await kafka.stop()
    assert done == []
    assert await committed(group, topic) == 100


async def test_one_undecodable_record_drops_the_whole_batch_before_the_handler_sees_it(
    broker, topic, group, send, log, until
) -> None:
    await send(topic, *(b"1" for _ in range(50)), (b"1", [("x", b"\xff")]), *(b"1" for _ in range(49)))
    await send(topic, b"2")
    kafka = KafkaBroker(broker.address, logger=log)
    seen: list[Any] = []

    @kafka.subscriber(topic, group_id=group, ack_policy=AckPolicy.MANUAL, max_records=100, **QUICK)
    async def handle(batch: list[Any]) -> None:
        seen.extend(batch)

    async with kafka:
        await kafka.start()
        await until(lambda: 2 in seen)
    assert seen == [2]
    assert [type(error) for error in log.errors] == [UnicodeDecodeError]


async def test_nack_on_error_gives_a_batch_with_bad_json_again_and_again_without_a_pause(
    broker, topic, group, send, log
) -> None:
    await send(topic, (b"{", [("content-type", b"application/json")]))
    kafka = KafkaBroker(broker.address, logger=log)

    @kafka.subscriber(topic, group_id=group, ack_policy=AckPolicy.NACK_ON_ERROR, **QUICK)
    async def handle(batch: list[Any]) -> None:
        """Never called."""

    async with kafka:
        await kafka.start()
        await asyncio.sleep(1)
    assert len(log.errors) > 100


async def test_nack_on_error_loses_a_batch_with_a_bad_header_because_it_cannot_even_be_refused(
    broker, topic, group, send, log, until
) -> None:
    await send(topic, b"1", (b"1", [("x", b"\xff")]))
    kafka = KafkaBroker(broker.address, logger=log)
    seen: list[Any] = []

    @kafka.subscriber(topic, group_id=group, ack_policy=AckPolicy.NACK_ON_ERROR, **QUICK)
    async def handle(batch: list[Any]) -> None:
        seen.extend(batch)

    async with kafka:
        await kafka.start()
        await until(lambda: log.errors)
        await send(topic, b"2")
        await until(lambda: 2 in seen)
    assert seen == [2]


async def test_with_a_total_parser_and_a_raw_decoder_every_kind_of_record_reaches_the_handler(
    broker, topic, group, send, log, until
) -> None:
    await send(topic, b"1", *SIX_KINDS, b"2")
    kafka = KafkaBroker(broker.address, logger=log, apply_types=False)
    seen: list[Any] = []

    @kafka.subscriber(topic, group_id=group, auto_offset_reset="earliest", **RAW)
    async def handle(records: Any) -> None:
        seen.extend(records)

    async with kafka:
        await kafka.start()
        await until(lambda: len(seen) == 8)
    assert [record.offset for record in seen] == list(range(8))
    assert [record.value for record in seen] == [b"1", *(value for value, _ in SIX_KINDS), b"2"]
    assert log.errors == []


async def test_under_manual_an_exception_in_the_handler_is_logged_and_the_position_has_moved(
    broker, topic, group, send, log, committed, until
) -> None:
    kafka = KafkaBroker(broker.address, logger=log, apply_types=False)
    seen: list[bytes] = []

    @kafka.subscriber(topic, group_id=group, auto_offset_reset="earliest", **RAW)
    async def handle(records: Any) -> None:
        seen.extend(record.value for record in records)
        raise RuntimeError("a bug")

    async with kafka:
        await kafka.start()
        for value in (b"1", b"2", b"3"):
            await send(topic, value)
            await until(lambda value=value: value in seen)
    assert seen == [b"1", b"2", b"3"]
    assert [str(error) for error in log.errors] == ["a bug"] * 3
    assert await committed(group, topic) is None  # and MANUAL commits nothing by itself


async def test_a_batch_mixes_topics_and_partitions_but_keeps_each_partition_in_order(
    broker, make_topic, group, send, until
) -> None:
    topics = [await make_topic(2), await make_topic(2)]
    for name in topics:
        for partition in (0, 1):
            await send(name, *(str(n).encode() for n in range(20)), partition=partition)
    kafka = KafkaBroker(broker.address, logger=None, apply_types=False)
    batches: list[Any] = []

    @kafka.subscriber(*topics, group_id=group, auto_offset_reset="earliest", **RAW)
    async def handle(records: Any) -> None:
        batches.append(records)

    async with kafka:
        await kafka.start()
        await until(lambda: sum(map(len, batches)) == 80)
    by_partition: dict[Any, list[int]] = {}
    for record in (record for batch in batches for record in batch):
        by_partition.setdefault((record.topic, record.partition), []).append(record.offset)
    assert list(by_partition.values()) == [list(range(20))] * 4
