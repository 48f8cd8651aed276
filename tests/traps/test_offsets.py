"""Where a consumer starts when Kafka has no offset for it, or one that no longer exists; and who notices."""

# ruff: noqa: PLR0917 - pytest hands fixtures over by name

import asyncio
import time
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic, RecordsToDelete
from aiokafka.errors import NoOffsetForPartitionError, OffsetOutOfRangeError
from faststream.kafka import KafkaBroker

from .raw import RAW

pytestmark = pytest.mark.needs_kafka_features


class Reader(ConsumerRebalanceListener):
    """A subscriber with `auto_offset_reset="none"`; `place` is what its listener does on assignment."""

    def __init__(self, address: str, topic: str, group: str, log: Any, place: Any = None, **options: Any) -> None:
        self.seen: list[Any] = []
        self.log, self.place = log, place
        self.kafka = KafkaBroker(address, logger=log, apply_types=False, **options)
        self.subscriber = self.kafka.subscriber(
            topic,
            **RAW,
            group_id=group,
            auto_offset_reset="none",
            listener=self,
        )
        self.subscriber(self.handle)

    async def handle(self, records: Any) -> None:
        self.seen.extend(records)

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        if self.place is not None:
            await self.place(self.subscriber.consumer, assigned)

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """Nothing to do."""

    async def __aenter__(self) -> "Reader":
        await self.kafka.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.kafka.stop()


async def test_with_reset_none_and_no_stored_offset_faststream_logs_and_loops_every_five_seconds_for_ever(
    broker, topic, group, send, log
) -> None:
    await send(topic, b"1")
    async with Reader(broker.address, topic, group, log) as reader:
        await asyncio.sleep(6)
    assert reader.seen == []
    assert len(log.errors) == 2
    assert {type(error) for error in log.errors} == {NoOffsetForPartitionError}


async def test_a_listener_that_awaits_before_it_seeks_loses_five_seconds_to_that_error(
    broker, topic, group, send, log, until
) -> None:
    await send(topic, b"1")

    async def slow(consumer: Any, assigned: Any) -> None:
        await asyncio.sleep(0.3)  # asking PostgreSQL, say
        for tp in assigned:
            consumer.seek(tp, 0)

    begun = time.monotonic()
    async with Reader(broker.address, topic, group, log, slow) as reader:
        await until(lambda: reader.seen)
    took = time.monotonic() - begun
    assert {type(error) for error in log.errors} == {NoOffsetForPartitionError}
    assert took > 5


async def test_a_listener_that_pauses_and_seeks_before_it_awaits_starts_at_once_and_reads_nothing_early(
    broker, topic, group, send, log, until
) -> None:
    await send(topic, *(str(n).encode() for n in range(10)))

    async def careful(consumer: Any, assigned: Any) -> None:
        consumer.pause(*assigned)
        for tp in assigned:
            consumer.seek(tp, 0)
        await asyncio.sleep(0.3)
        for tp in assigned:
            consumer.seek(tp, 7)
        consumer.resume(*assigned)

    begun = time.monotonic()
    async with Reader(broker.address, topic, group, log, careful) as reader:
        await until(lambda: len(reader.seen) == 3)
    assert [record.offset for record in reader.seen] == [7, 8, 9]
    assert time.monotonic() - begun < 3
    assert log.errors == []


async def test_beginning_and_end_offsets_can_be_asked_inside_the_assignment_listener(
    broker, topic, group, send, log, until
) -> None:
    await send(topic, b"1", b"2")
    found: list[Any] = []

    async def ask(consumer: Any, assigned: Any) -> None:
        consumer.pause(*assigned)
        for tp in assigned:
            consumer.seek(tp, 0)
        found.append(await consumer.beginning_offsets(list(assigned)))
        found.append(await consumer.end_offsets(list(assigned)))
        consumer.resume(*assigned)

    async with Reader(broker.address, topic, group, log, ask) as reader:
        await until(lambda: len(reader.seen) == 2)
    assert [list(offsets.values()) for offsets in found] == [[0], [2]]


async def test_a_deleted_head_below_the_stored_offset_is_an_out_of_range_error_that_names_it(
    broker, admin, topic, group, send, log, until
) -> None:
    await send(topic, *(b"1" for _ in range(10)))
    await admin.delete_records({TopicPartition(topic, 0): RecordsToDelete(before_offset=6)})

    async def place(consumer: Any, assigned: Any) -> None:
        for tp in assigned:
            consumer.seek(tp, 3)

    async with Reader(broker.address, topic, group, log, place) as reader:
        await until(lambda: log.errors)
    assert reader.seen == []
    assert {type(error) for error in log.errors} == {OffsetOutOfRangeError}
    assert log.errors[0].args[0] == {TopicPartition(topic, 0): 3}


async def test_with_reset_earliest_a_deleted_head_is_skipped_in_silence(broker, admin, topic, send) -> None:
    await send(topic, *(b"1" for _ in range(10)))
    await admin.delete_records({TopicPartition(topic, 0): RecordsToDelete(before_offset=6)})
    async with AIOKafkaConsumer(bootstrap_servers=broker.address, auto_offset_reset="earliest") as consumer:
        consumer.assign([TopicPartition(topic, 0)])
        consumer.seek(TopicPartition(topic, 0), 3)
        assert (await asyncio.wait_for(consumer.getone(), 10)).offset == 6


async def test_a_position_lost_on_one_partition_slows_the_others_down_but_does_not_stop_them(
    broker, admin, make_topic, group, send, log, until
) -> None:
    topic = await make_topic(2)
    await send(topic, *(b"1" for _ in range(10)), partition=0)
    await admin.delete_records({TopicPartition(topic, 0): RecordsToDelete(before_offset=6)})

    async def place(consumer: Any, assigned: Any) -> None:
        for tp in assigned:
            consumer.seek(tp, 0)

    async with Reader(broker.address, topic, group, log, place) as reader:
        await until(lambda: log.errors)
        begun = time.monotonic()
        await send(topic, b"1", partition=1)
        await until(lambda: reader.seen)
    assert {record.partition for record in reader.seen} == {1}
    assert time.monotonic() - begun > 3


async def test_a_logger_that_pauses_the_lost_partition_lets_the_others_go_on_without_delay(
    broker, admin, make_topic, group, send, log, until
) -> None:
    topic = await make_topic(2)
    lost, healthy = TopicPartition(topic, 0), TopicPartition(topic, 1)
    await send(topic, *(b"1" for _ in range(10)), partition=0)
    await admin.delete_records({lost: RecordsToDelete(before_offset=6)})

    async def place(consumer: Any, assigned: Any) -> None:
        for tp in assigned:
            consumer.seek(tp, 0)

    reader = Reader(broker.address, topic, group, log, place)
    log.on_error = lambda error: reader.subscriber.consumer.pause(*error.args[0])
    async with reader:
        await until(lambda: log.errors)
        await asyncio.sleep(5.1)  # the one sleep that cannot be avoided
        begun = time.monotonic()
        await send(topic, b"1", partition=1)
        await until(lambda: reader.seen)
        assert time.monotonic() - begun < 1
        assert reader.subscriber.consumer.paused() == {lost}
    assert {record.partition for record in reader.seen} == {healthy.partition}
    assert len(log.errors) == 1


async def test_a_topic_deleted_and_made_again_is_assigned_again_at_a_refresh_of_the_metadata(
    broker, admin, topic, group, send, log, until
) -> None:
    await send(topic, *(f"vecchio {n}".encode() for n in range(5)))
    assigned_then: list[Any] = []

    async def place(consumer: Any, assigned: Any) -> None:
        assigned_then.append(assigned)
        for tp in assigned:
            consumer.seek(tp, 0)

    async with Reader(broker.address, topic, group, log, place, metadata_max_age_ms=300) as reader:
        await until(lambda: len(reader.seen) == 5)
        await admin.delete_topics([topic])
        await until(lambda: assigned_then[-1] == set())
        await admin.create_topics([NewTopic(topic, 1, 1)])
        await send(topic, *(f"nuovo {n}".encode() for n in range(8)))
        await until(lambda: len(reader.seen) == 13)
    assert assigned_then == [{TopicPartition(topic, 0)}, set(), {TopicPartition(topic, 0)}]


async def test_after_its_broker_was_wiped_a_running_consumer_joins_again_and_its_listener_can_start_over(
    own_broker, group, log, until
) -> None:
    mine, topic = own_broker(), "azzerato"
    await _fill(mine.address, topic, "vecchio", 5)
    ends: list[int] = []

    async def place(consumer: Any, assigned: Any) -> None:
        for tp in assigned:
            consumer.seek(tp, 0)
        ends.extend((await consumer.end_offsets(list(assigned))).values())

    async with Reader(mine.address, topic, group, log, place) as reader:
        await until(lambda: len(reader.seen) == 5)
        await asyncio.to_thread(mine.wipe)
        await asyncio.to_thread(mine.start)
        await _fill(mine.address, topic, "nuovo", 8)
        await until(lambda: len(reader.seen) == 13, within=30)
    assert len(ends) == 2
    assert [record.value for record in reader.seen[5:]] == [f"nuovo {n}".encode() for n in range(8)]


async def _fill(address: str, topic: str, word: str, count: int) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    await admin.create_topics([NewTopic(topic, 1, 1)])
    await admin.close()
    async with AIOKafkaProducer(bootstrap_servers=address) as producer:
        for n in range(count):
            await producer.send_and_wait(topic, f"{word} {n}".encode())


async def test_a_stored_offset_beyond_the_end_of_a_log_made_again_is_out_of_range_too(
    broker, topic, group, send, log, until
) -> None:
    await send(topic, b"1")

    async def place(consumer: Any, assigned: Any) -> None:
        for tp in assigned:
            consumer.seek(tp, 100)

    async with Reader(broker.address, topic, group, log, place) as reader:
        await until(lambda: log.errors)
    assert isinstance(log.errors[0], OffsetOutOfRangeError)
    assert reader.seen == []


async def test_lag_is_the_highwater_mark_less_the_position_and_agrees_with_the_end_offset(
    broker, topic, group, send, until
) -> None:
    tp = TopicPartition(topic, 0)
    await send(topic, *(b"1" for _ in range(10)))
    async with AIOKafkaConsumer(bootstrap_servers=broker.address, auto_offset_reset="none") as consumer:
        consumer.assign([tp])
        consumer.seek(tp, 0)
        assert consumer.highwater(tp) is None  # nothing fetched yet
        await asyncio.wait_for(consumer.getmany(timeout_ms=2000, max_records=4), 5)
        assert consumer.highwater(tp) == 10
        assert await consumer.position(tp) == 4
        assert await consumer.end_offsets([tp]) == {tp: 10}
        await send(topic, b"1")
        assert await consumer.end_offsets([tp]) == {tp: 11}
        assert consumer.highwater(tp) == 10  # as of the last fetch, and there is none while records wait to be read
