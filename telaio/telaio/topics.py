"""The manifest of topics. They are created by an explicit command, never by being used."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code
from aiokafka.protocol.metadata import MetadataRequest

from telaio import heartbeat
from telaio.bus import Bus, bus

# The broker unpacks what a foreign producer compresses: a codec a reader has not installed would stop it.
READABLE_BY_ALL = {"compression.type": "uncompressed"}


@dataclass(frozen=True)
class TopicSpec:
    """A topic. The partition count is fixed for ever: it decides where a key lives. `keep_ms`: how long it remembers,
    -1 for ever."""

    name: str
    partitions: int = 6
    replicas: int = 1
    keep_ms: int = -1

    @property
    def configs(self) -> dict[str, str]:
        """The broker's settings of the topic."""
        return {"retention.ms": str(self.keep_ms), "retention.bytes": "-1", "cleanup.policy": "delete"}


def manifest(services: Iterable[str], partitions: int = 6, replicas: int = 1) -> list[TopicSpec]:
    """For each service of the network one topic of events, kept for ever, and one of heartbeats, soon forgotten."""
    names = list(services)
    events = [TopicSpec(f"{service}.eventi", partitions, replicas) for service in names]
    beats = [TopicSpec(heartbeat.topic_of(s), 1, replicas, heartbeat.KEEP_MINUTES * 60_000) for s in names]
    return events + beats


async def create_topics(kafka: Bus | str, wanted: Iterable[TopicSpec]) -> list[str]:
    """Creates what is missing and returns its names; what exists is left as it is. Raises: KafkaError."""
    async with _admin(kafka) as admin:
        new = [NewTopic(t.name, t.partitions, t.replicas, topic_configs=t.configs | READABLE_BY_ALL) for t in wanted]
        answer = await admin.create_topics(new)
    created = []
    for name, code, *_ in answer.topic_errors:
        error: type[KafkaError] = for_code(code)
        if code == 0:
            created.append(name)
        elif error is not TopicAlreadyExistsError:
            raise error(name)
    return created


async def partitions(kafka: Bus | str, topics: Sequence[str]) -> list[TopicPartition]:
    """All partitions of the topics. Raises: KafkaError, also where a topic does not exist."""
    async with _admin(kafka) as admin:
        described = await describe(admin, topics)
    found = []
    for topic in described:
        if topic["error_code"]:
            raise for_code(topic["error_code"])(topic["topic"])
        found += [TopicPartition(topic["topic"], p["partition"]) for p in topic["partitions"]]
    return sorted(found)


async def describe(admin: Any, topics: Iterable[str]) -> list[dict[str, Any]]:
    """What the broker says of the topics, `error_code` for one that is not there. Raises: KafkaError.

    (aiokafka's own `describe_topics` lets a broker make what it is asked about, with partitions of its own choice.)
    """
    answer = await admin._send_request(MetadataRequest(list(topics), allow_auto_topic_creation=False))
    described: list[dict[str, Any]] = answer.to_object()["topics"]
    return described


@asynccontextmanager
async def _admin(kafka: Bus | str) -> AsyncIterator[Any]:
    admin = AIOKafkaAdminClient(**bus(kafka).client, request_timeout_ms=10_000)
    await admin.start()
    try:
        yield admin
    finally:
        await asyncio.wait_for(admin.close(), 5)
