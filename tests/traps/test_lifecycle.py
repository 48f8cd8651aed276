"""How a FastStream broker starts without Kafka, and how long it takes to stop."""

import asyncio
import time

import pytest
from aiokafka import ConsumerRebalanceListener
from aiokafka.errors import KafkaConnectionError, KafkaError
from faststream.kafka import KafkaBroker
from stack.ports import free_ports

pytestmark = pytest.mark.needs_kafka_features


async def test_start_with_kafka_away_fails_within_a_second_and_can_be_tried_again(broker, topic, group) -> None:
    away = KafkaBroker(f"127.0.0.1:{free_ports(1)[0]}", logger=None)

    @away.subscriber(topic, group_id=group)
    async def handle(body: str) -> None:
        """Never called."""

    for _ in range(2):
        begun = time.monotonic()
        with pytest.raises(KafkaError) as raised:
            await away.start()
        assert time.monotonic() - begun < 1
        await away.stop()
    assert isinstance(raised.value, KafkaConnectionError)


async def test_start_waits_for_the_first_assignment(broker, topic, group) -> None:
    kafka = KafkaBroker(broker.address, logger=None)

    @kafka.subscriber(topic, group_id=group)
    async def handle(body: str) -> None:
        """Never called."""

    await kafka.start()
    assert kafka.subscribers[0].consumer.assignment()
    begun = time.monotonic()
    await kafka.stop()
    assert time.monotonic() - begun < 2


async def test_stop_waits_for_the_handler_no_longer_than_the_graceful_timeout(
    broker, topic, group, send, until
) -> None:
    await send(topic, b"ciao")
    kafka = KafkaBroker(broker.address, logger=None, graceful_timeout=0.5)
    began = asyncio.Event()

    @kafka.subscriber(topic, group_id=group, auto_offset_reset="earliest")
    async def handle(body: str) -> None:
        began.set()
        await asyncio.sleep(30)

    await kafka.start()
    await asyncio.wait_for(began.wait(), 10)
    begun = time.monotonic()
    await kafka.stop()
    took = time.monotonic() - begun
    assert 0.4 < took < 3


async def test_a_member_that_is_still_joining_takes_until_the_others_have_left_their_batch_to_stop(
    broker, topic, group, send, until
) -> None:
    await send(topic, b"ciao")
    slow, joining = (KafkaBroker(broker.address, logger=None, graceful_timeout=10) for _ in range(2))
    began = asyncio.Event()

    class Waits(ConsumerRebalanceListener):
        async def on_partitions_revoked(self, revoked: object) -> None:
            if revoked:
                await asyncio.sleep(4)

        async def on_partitions_assigned(self, assigned: object) -> None:
            began.set()

    options = {"group_id": group, "heartbeat_interval_ms": 100, "rebalance_timeout_ms": 20_000}
    slow.subscriber(topic, listener=Waits(), **options)(_ignore)
    joining.subscriber(topic, **options)(_ignore)
    await slow.start()
    await asyncio.wait_for(began.wait(), 10)
    starting = asyncio.create_task(joining.start())
    await asyncio.sleep(1)
    assert not starting.done()
    starting.cancel()
    begun = time.monotonic()
    await joining.stop()
    assert 2 < time.monotonic() - begun < 6
    await slow.stop()


async def _ignore(body: str) -> None:
    """A handler that does nothing."""
