"""What a producer guarantees when the broker goes away under it, and where its records go."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, RequestTimedOutError
from aiokafka.partitioner import murmur2
from faststream.kafka import KafkaBroker, KafkaPublishMessage

pytestmark = pytest.mark.needs_kafka_features


@pytest.fixture(scope="module")
def private(own_broker):
    """A broker of this module's own."""
    return own_broker()


@pytest.fixture
def mine(private):
    """A broker that may be mistreated: it is running again for the next test."""
    yield private
    if private.alive:
        private.resume()
    private.start()


@asynccontextmanager
async def producer(address: str, **options: Any) -> AsyncIterator[AIOKafkaProducer]:
    made = AIOKafkaProducer(bootstrap_servers=address, acks="all", **options)
    await made.start()
    try:
        yield made
    finally:
        await asyncio.wait_for(made.stop(), 10)


async def _topic(address: str, name: str, partitions: int = 1) -> str:
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    await admin.create_topics([NewTopic(name, partitions, 1)])
    await admin.close()
    return name


async def _values(address: str, topic: str) -> list[int]:
    tp = TopicPartition(topic, 0)
    async with AIOKafkaConsumer(bootstrap_servers=address, auto_offset_reset="earliest") as consumer:
        consumer.assign([tp])
        end = (await consumer.end_offsets([tp]))[tp]
        found: list[int] = []
        while await consumer.position(tp) < end:
            for records in (await consumer.getmany(timeout_ms=200)).values():
                found += [int(record.value or b"") for record in records]
        return found


async def _send_batch(made: AIOKafkaProducer, topic: str, *numbers: int) -> Any:
    batch = made.create_batch()
    for number in numbers:
        assert batch.append(key=b"k", value=str(number).encode(), timestamp=None)
    batch.close()
    return await made.send_batch(batch, topic, partition=0)


async def _outcome(future: Any, within: float = 3) -> Any:
    """The answer to a batch, or the error; `None` when neither came."""
    try:
        return await asyncio.wait_for(asyncio.shield(future), within)
    except TimeoutError:
        return None
    except KafkaError as error:
        return type(error)


async def _all_arrive_once_in_order(address: str, topic: str, trouble: Callable[[], None]) -> None:
    """Send numbered batches of ten before, during and after trouble, and read them back."""
    async with producer(address, enable_idempotence=True, retry_backoff_ms=50) as made:
        waiting = [await _send_batch(made, topic, *range(10))]
        troubled = asyncio.create_task(asyncio.to_thread(trouble))
        while not troubled.done():
            waiting.append(await _send_batch(made, topic, *range(10 * len(waiting), 10 * len(waiting) + 10)))
            await asyncio.sleep(0.04)
        waiting.append(await _send_batch(made, topic, *range(10 * len(waiting), 10 * len(waiting) + 10)))
        answers = await asyncio.gather(*waiting, return_exceptions=True)
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert await _values(address, topic) == list(range(10 * len(waiting)))


async def test_idempotent_batches_sent_through_a_restart_arrive_once_and_in_order(mine) -> None:
    await _all_arrive_once_in_order(mine.address, await _topic(mine.address, "riavvio"), mine.restart)


async def test_idempotent_batches_sent_through_a_kill_arrive_once_and_in_order(mine) -> None:
    def kill_and_start() -> None:
        mine.kill()
        mine.start()

    await _all_arrive_once_in_order(mine.address, await _topic(mine.address, "uccisione"), kill_and_start)


async def test_without_idempotence_a_batch_expires_in_an_outage_while_the_next_one_arrives(mine) -> None:
    topic = await _topic(mine.address, "scaduto")
    async with producer(mine.address, request_timeout_ms=8000, retry_backoff_ms=50) as made:
        await (await _send_batch(made, topic, 5))
        mine.stop()
        sixth = await _send_batch(made, topic, 6)
        await asyncio.sleep(7.7)  # the first expires before the broker is up, the second long after
        seventh = await _send_batch(made, topic, 7)
        await asyncio.to_thread(mine.start)
        assert (await _outcome(seventh)).offset == 1
        assert issubclass(await _outcome(sixth), KafkaError)
        await (await _send_batch(made, topic, 6))
    assert await _values(mine.address, topic) == [5, 7, 6]


async def test_without_idempotence_an_unanswered_batch_fails_although_the_broker_wrote_it(mine) -> None:
    topic = await _topic(mine.address, "scritto")
    async with producer(mine.address, request_timeout_ms=1000, retry_backoff_ms=50) as made:
        await (await _send_batch(made, topic, 0))
        mine.pause()
        first = await _send_batch(made, topic, 1)
        assert await _outcome(first) is RequestTimedOutError
        mine.resume()
        await (await _send_batch(made, topic, 2))
    assert await _values(mine.address, topic) == [0, 1, 2]


async def test_with_idempotence_a_batch_never_expires_and_arrives_once_when_the_broker_is_back(mine) -> None:
    topic = await _topic(mine.address, "paziente")
    async with producer(mine.address, enable_idempotence=True, request_timeout_ms=1000, retry_backoff_ms=50) as made:
        await (await _send_batch(made, topic, 0))
        mine.pause()
        first, second = await _send_batch(made, topic, 1), await _send_batch(made, topic, 2)
        assert await _outcome(first) is None  # three request timeouts later: neither an answer nor an error
        mine.resume()
        assert (await _outcome(second, 5)).offset == 2
        assert (await _outcome(first, 5)).offset == 1
    assert await _values(mine.address, topic) == [0, 1, 2]


async def test_stopping_a_producer_waits_for_batches_that_cannot_be_sent_so_it_must_be_bounded(mine) -> None:
    topic = await _topic(mine.address, "fermata")
    made = AIOKafkaProducer(bootstrap_servers=mine.address, acks="all", enable_idempotence=True, retry_backoff_ms=50)
    await made.start()
    await (await _send_batch(made, topic, 0))
    mine.pause()
    await _send_batch(made, topic, 1)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(made.stop(), 2)
    mine.resume()


async def test_a_producer_does_not_notice_that_its_broker_was_wiped_once_its_topic_is_made_again(mine) -> None:
    topic = await _topic(mine.address, "azzerato")
    async with producer(mine.address, enable_idempotence=True, retry_backoff_ms=50) as made:
        for number in range(3):
            await (await _send_batch(made, topic, number))
        await asyncio.to_thread(mine.wipe)
        await asyncio.to_thread(mine.start)
        waiting = await _send_batch(made, topic, 3)
        assert await _outcome(waiting, 1) is None  # no topic: no error either
        await _topic(mine.address, topic)
        assert (await _outcome(waiting, 10)).offset == 0
    assert await _values(mine.address, topic) == [3]  # nobody was told that 0, 1 and 2 are gone


async def test_publish_batch_spreads_the_records_of_one_key_over_the_partitions(mine) -> None:
    topic = await _topic(mine.address, "chiavi", 6)
    async with KafkaBroker(mine.address, logger=None) as kafka:
        await kafka.start()
        for _ in range(12):
            await kafka.publish_batch(*(KafkaPublishMessage(b"x", key=b"una") for _ in range(3)), topic=topic)
    assert await _partitions_used(mine.address, topic) > 1


async def test_send_batch_to_the_default_partitioners_choice_keeps_a_key_on_the_partition_that_send_uses(mine) -> None:
    topic = await _topic(mine.address, "stessa", 6)
    async with producer(mine.address) as made:
        sent = await made.send_and_wait(topic, b"x", key=b"famiglia/1")
    assert sent.partition == (murmur2(b"famiglia/1") & 0x7FFFFFFF) % 6


async def _partitions_used(address: str, topic: str) -> int:
    tps = [TopicPartition(topic, partition) for partition in range(6)]
    async with AIOKafkaConsumer(bootstrap_servers=address) as consumer:
        return sum(end > 0 for end in (await consumer.end_offsets(tps)).values())
