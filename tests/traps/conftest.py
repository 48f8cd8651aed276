"""What the traps are laid with: topics of one's own, raw records, subscribers that remember what reached them."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from stack.broker import Broker

MakeTopic = Callable[..., Awaitable[str]]


@pytest.fixture
async def admin(broker: Broker) -> AsyncIterator[AIOKafkaAdminClient]:
    """An administrator of the session's broker."""
    client = AIOKafkaAdminClient(bootstrap_servers=broker.address)
    await client.start()
    yield client
    await client.close()


@pytest.fixture
def make_topic(admin: AIOKafkaAdminClient) -> MakeTopic:
    """Makes a topic with a name of its own."""

    async def make(partitions: int = 1, **config: str) -> str:
        name = f"trappola-{secrets.token_hex(4)}"
        await admin.create_topics([NewTopic(name, partitions, 1, topic_configs=config)])
        return name

    return make


@pytest.fixture
async def topic(make_topic: MakeTopic) -> str:
    """A topic of one partition."""
    return await make_topic()


@pytest.fixture
def group() -> str:
    """A consumer group nobody else uses."""
    return f"gruppo-{secrets.token_hex(4)}"


@pytest.fixture
def send(broker: Broker) -> Callable[..., Awaitable[None]]:
    """Sends values (or `(value, headers)`) to a partition, in order."""

    async def send(topic: str, *values: Any, partition: int = 0) -> None:
        async with AIOKafkaProducer(bootstrap_servers=broker.address, acks="all", linger_ms=5) as producer:
            waiting = []
            for value in values:
                body, headers = value if isinstance(value, tuple) else (value, None)
                waiting.append(await producer.send(topic, body, key=b"k", partition=partition, headers=headers))
            await asyncio.gather(*waiting)

    return send


@pytest.fixture
def committed(admin: AIOKafkaAdminClient) -> Callable[[str, str], Awaitable[int | None]]:
    """The offset a group has committed in Kafka for partition 0; `None` when it has none."""

    async def committed(group: str, topic: str) -> int | None:
        offsets = await admin.list_consumer_group_offsets(group)
        found = offsets.get(TopicPartition(topic, 0))
        return None if found is None or found.offset < 0 else found.offset

    return committed


@dataclass
class Log:
    """A logger for FastStream that remembers: the only public place where a consumer's errors surface."""

    errors: list[BaseException] = field(default_factory=list)
    on_error: Callable[[Any], None] = lambda error: None

    def log(self, level: int, message: str, *, exc_info: Any = None, extra: Any = None) -> None:
        if isinstance(exc_info, BaseException):
            self.errors.append(exc_info)
            self.on_error(exc_info)


@pytest.fixture
def log() -> Log:
    """A logger that keeps the exceptions it was given."""
    return Log()


@pytest.fixture
def until() -> Callable[..., Awaitable[None]]:
    """Waits for a condition; fails when it does not come."""

    async def until(condition: Callable[[], Any], within: float = 10) -> None:
        async with asyncio.timeout(within):
            while not condition():
                await asyncio.sleep(0.01)

    return until
