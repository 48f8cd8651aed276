"""What happens to a batch in flight when another member joins, and to a listener that fails or is slow."""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from aiokafka import ConsumerRebalanceListener, TopicPartition
from faststream.kafka import KafkaBroker

from .raw import RAW

pytestmark = pytest.mark.needs_kafka_features

Store = dict[TopicPartition, int]


class Member(ConsumerRebalanceListener):
    """A member of a group that keeps its offsets in `store`, as ours keep theirs in PostgreSQL."""

    def __init__(
        self, address: str, topic: str, group: str, store: Store, *, waits: bool = True, **options: Any
    ) -> None:
        self.started: list[Any] = []
        self.done: list[Any] = []
        self.assignments: list[set[TopicPartition]] = []
        self.revocations: list[set[TopicPartition]] = []
        self.store, self.waits, self.busy, self.slow = store, waits, asyncio.Lock(), 0.0
        self.before_seek: Callable[[], Any] | None = None
        self.kafka = KafkaBroker(address, logger=None, apply_types=False, graceful_timeout=5)
        settings = {
            "auto_offset_reset": "none",
            "session_timeout_ms": 6000,
            "heartbeat_interval_ms": 100,
            "rebalance_timeout_ms": 10_000,
        }
        self.subscriber = self.kafka.subscriber(
            topic,
            **RAW,
            max_records=10,
            group_id=group,
            listener=self,
            **{**settings, **options},
        )
        self.subscriber(self.handle)

    async def handle(self, records: Any) -> None:
        async with self.busy:
            self.started += [(r.partition, r.offset) for r in records]
            await asyncio.sleep(self.slow)
            self.done += [(r.partition, r.offset) for r in records]
            for r in records:
                self.store[TopicPartition(r.topic, r.partition)] = r.offset + 1

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        self.assignments.append(assigned)
        consumer = self.subscriber.consumer
        consumer.pause(*assigned)
        for tp in assigned:
            consumer.seek(tp, 0)
        if self.before_seek is not None:
            await self.before_seek()
        for tp in assigned:
            consumer.seek(tp, self.store.get(tp, 0))
        consumer.resume(*assigned)

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        self.revocations.append(revoked)
        if self.waits:
            async with self.busy:
                return

    async def __aenter__(self) -> "Member":
        await self.kafka.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.kafka.stop()


async def _one_joins_while_the_other_is_slow(
    address: str, topic: str, group: str, until: Any, *, waits: bool
) -> Counter:
    store: Store = {}
    first, second = (Member(address, topic, group, store, waits=waits) for _ in range(2))
    first.slow = 1.0
    async with first:
        await until(lambda: first.started)
        async with second:
            await until(lambda: len(set(first.done + second.done)) == 40, within=20)
    return Counter(first.started + second.started)


async def test_a_batch_in_flight_is_started_again_by_the_member_that_joins(
    broker, make_topic, group, send, until
) -> None:
    topic = await make_topic(2)
    for partition in (0, 1):
        await send(topic, *(b"1" for _ in range(20)), partition=partition)
    started = await _one_joins_while_the_other_is_slow(broker.address, topic, group, until, waits=False)
    assert max(started.values()) == 2


async def test_no_record_is_started_twice_when_the_revoke_listener_awaits_the_batch_in_flight(
    broker, make_topic, group, send, until
) -> None:
    topic = await make_topic(2)
    for partition in (0, 1):
        await send(topic, *(b"1" for _ in range(20)), partition=partition)
    started = await _one_joins_while_the_other_is_slow(broker.address, topic, group, until, waits=True)
    assert set(started.values()) == {1}
    assert len(started) == 40


async def test_a_restarted_member_goes_on_from_the_offset_that_was_stored_outside_kafka(
    broker, topic, group, send, until
) -> None:
    store: Store = {}
    await send(topic, *(b"1" for _ in range(15)))
    async with Member(broker.address, topic, group, store) as first:
        await until(lambda: len(first.done) == 15)
    await send(topic, *(b"1" for _ in range(5)))
    async with Member(broker.address, topic, group, store) as second:
        await until(lambda: len(second.done) == 5)
    assert [offset for _, offset in second.done] == [15, 16, 17, 18, 19]


async def test_an_exception_in_the_assignment_listener_is_swallowed_and_reading_goes_on_from_wherever(
    broker, topic, group, send, until
) -> None:
    await send(topic, *(b"1" for _ in range(5)))
    member = Member(broker.address, topic, group, {TopicPartition(topic, 0): 3}, auto_offset_reset="earliest")

    async def fails(assigned: set[TopicPartition]) -> None:
        raise OSError("PostgreSQL is away")

    member.on_partitions_assigned = fails
    async with member:
        await until(lambda: member.done)
    assert member.done[0] == (0, 0)  # not 3


async def test_records_reach_the_handler_while_the_assignment_listener_is_still_at_work_unless_it_paused(
    broker, topic, group, send, until
) -> None:
    await send(topic, *(b"1" for _ in range(5)))
    member = Member(broker.address, topic, group, {}, auto_offset_reset="earliest")
    early: list[Any] = []

    async def slow(assigned: set[TopicPartition]) -> None:
        await asyncio.sleep(1)
        early.extend(member.done)

    member.on_partitions_assigned = slow
    async with member:
        await until(lambda: early)


async def test_a_member_sends_no_heartbeat_while_its_assignment_listener_works_and_is_evicted_after_a_session(
    broker, topic, group, send, until
) -> None:
    await send(topic, b"1")
    member = Member(broker.address, topic, group, {}, session_timeout_ms=1000)
    slow_once = [2.5]

    async def work() -> None:
        if slow_once:
            await asyncio.sleep(slow_once.pop())

    member.before_seek = work
    async with member:
        await until(lambda: len(member.assignments) == 2 and member.done)
    assert len(member.revocations) >= 2


async def test_the_revoke_listener_is_not_called_on_stop(broker, topic, group, send, until) -> None:
    await send(topic, b"1")
    async with Member(broker.address, topic, group, {}) as member:
        await until(lambda: member.done)
    assert member.revocations == [set()]  # the empty one before the first assignment, and no other
