"""Heartbeats: that a service, its database, its relay and the broker work together, told once a minute in real time.

They are not events: no version, no gate, no figure, a topic of its own with a short memory, and only the latest counts.
They take the events' way, the relay and its producer, so that a heartbeat heard is a way that works.
"""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

from telaio import metrics
from telaio.runtime import Runtime
from telaio.settings import Settings

KEEP_MINUTES = 60
AGAIN_SECONDS = 10.0
SUFFIX = ".battiti"
log = logging.getLogger("telaio.heartbeat")


def topic_of(service: str) -> str:
    """Where a service's heart is heard."""
    return service + SUFFIX


class Pulse:
    """The sender. `passed` is called at each pass of the relay over the outbox: without a pass there is no beat."""

    def __init__(self, runtime: Runtime) -> None:
        self._service, self._partner = runtime.service.name, runtime.settings.partner
        self._every, self._status = runtime.settings.battito, runtime.status
        self._passes = asyncio.Event()

    def passed(self) -> None:
        """The relay has read the outbox and shipped what was there."""
        self._passes.set()

    async def run(self, producer: AIOKafkaProducer) -> None:
        """Beats until cancelled. A topic that is not there yet is waited for: events go out meanwhile."""
        while True:
            self._passes.clear()
            await self._passes.wait()
            try:
                await asyncio.wait_for(producer.send_and_wait(topic_of(self._service), self._beat()), AGAIN_SECONDS)
                metrics.HEARTBEAT.labels(self._service, self._partner, "sent").set(time.time())
                self.broker(True)
                await asyncio.sleep(self._every)
            except (KafkaError, TimeoutError) as trouble:
                log.warning("heartbeat not sent", extra={"reason": type(trouble).__name__})
                self.broker(False)
                await asyncio.sleep(AGAIN_SECONDS)

    def broker(self, answers: bool) -> None:
        """Tells whether the broker answers. While there is nothing to ship only a beat finds out that it does not."""
        self._status.setdefault("relay", {}).update(kafka=answers)
        metrics.KAFKA_UP.labels("relay").set(answers)

    def _beat(self) -> bytes:
        return json.dumps({"servizio": self._service, "partner": self._partner, "alle": time.time()}).encode()


async def listen(runtime: Runtime, partners: Mapping[str, str]) -> None:
    """Keeps `runtime.status["battiti"]` and the metric at the last beat of each service; never returns. A broker that
    is away, or a topic that is not there yet, is tried again. partners: who runs each service."""
    told = runtime.status.setdefault("battiti", {})

    def note(service: str, at: float) -> None:
        told[service] = at
        metrics.HEARTBEAT.labels(service, partners[service], "heard").set(at)

    while True:
        with suppress(KafkaError, OSError, TimeoutError):
            await _listen(runtime.settings, [topic_of(s) for s in partners], note)
        await asyncio.sleep(AGAIN_SECONDS)


async def _listen(settings: Settings, topics: list[str], note: Callable[[str, float], None]) -> None:
    consumer = AIOKafkaConsumer(**settings.bus.client, auto_offset_reset="latest", enable_auto_commit=False)
    await asyncio.wait_for(consumer.start(), AGAIN_SECONDS)
    try:
        there = sorted(set(topics) & await consumer.topics())
        consumer.assign([TopicPartition(topic, 0) for topic in there])
        await _rewind(consumer)
        until = time.monotonic() + settings.battito if len(there) < len(topics) else float("inf")
        while time.monotonic() < until:
            fetched = await consumer.getmany(timeout_ms=5_000)
            for record in (r for own in fetched.values() for r in own):
                _hear(record.topic, record.value, note)
    finally:
        with suppress(KafkaError, TimeoutError):
            await asyncio.wait_for(consumer.stop(), AGAIN_SECONDS)


async def _rewind(consumer: AIOKafkaConsumer) -> None:
    """To the last beat of each topic: a listener that has just come knows when each was heard last."""
    ends: Mapping[TopicPartition, int] = await consumer.end_offsets(consumer.assignment())
    begins: Mapping[TopicPartition, int] = await consumer.beginning_offsets(consumer.assignment())
    for tp, end in ends.items():
        consumer.seek(tp, max(end - 1, begins[tp]))


def _hear(topic: str, value: bytes | None, note: Callable[[str, float], None]) -> None:
    """Notes the beat, where it is one; of what it says only the time is believed: whose it is, the topic knows."""
    try:
        at = float(json.loads(value or b"")["alle"])
    except (ValueError, KeyError, TypeError):
        log.warning("not a heartbeat", extra={"topic": topic})
    else:
        note(topic.removesuffix(SUFFIX), at)
