"""Reading Kafka with FastStream: position from PostgreSQL, one batch at a time, retry for ever what may pass.

Offsets live beside the effect, so Kafka's own are never used: where the broker and the database disagree, the database
is right. Nothing here skips a record: what cannot be positioned stops and says so.
"""

import asyncio
import logging
import math
from collections.abc import Callable
from itertools import chain
from time import perf_counter
from typing import Any

from aiokafka import ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError

from telaio import metrics, tracing
from telaio.bus import Bus
from telaio.consumer import store
from telaio.consumer.gate import Passage
from telaio.consumer.ingest import NOT_BUGS, ingest, ingest_singly
from telaio.consumer.lag import Lag
from telaio.consumer.places import Places
from telaio.consumer.position import little
from telaio.consumer.record import Received, receive_in_turns
from telaio.consumer.subscription import subscribe
from telaio.service import Consumption

BUG_TRIES = 3
BACK_OFF_SECONDS = (0.05, 0.2, 0.5, 1.0, 2.0)

WATCH_SECONDS = 5.0
LISTENER_SECONDS = 8.0

log = logging.getLogger("telaio.consumer")


class Reader(ConsumerRebalanceListener):  # type: ignore[misc]
    """Reads topics into an effect. `start` returns once the first assignment is made; `stop` finishes the batch.

    instance: see `subscribe`; positioned: set once the first assignment is in place.
    """

    def __init__(
        self,
        consumption: Consumption,
        *,
        kafka: Bus | str,
        group: str,
        instance: str | None = None,
        status: dict[str, Any] | None = None,
    ) -> None:
        self._transaction, self._effect = consumption.transaction, consumption.effect
        self._committed, self._wanted = consumption.committed, consumption.wanted
        self.status = {} if status is None else status
        self.status.update(letti=0, applicati=0, ripetuti=0, parcheggiati=0, allarmi={})
        self._places = Places(consumption.transaction, self.status)
        self._positions = self._places.positions
        self._lag = Lag()
        self.positioned = asyncio.Event()
        self._busy = asyncio.Lock()
        self._writing: asyncio.Future[None] = _done()
        self._leaving = asyncio.Event()
        self._broker, self._subscriber = subscribe(
            kafka, group, consumption.topics, instance=instance, listener=self, handle=self._handle
        )

    async def run(self) -> None:
        """Connects, with back-off while the broker is away, and reads until cancelled."""
        while True:
            try:
                await self._broker.start()
                await self._watch()
            except (KafkaError, OSError) as away:
                log.warning("kafka away", extra={"reason": type(away).__name__})
                self._broker_answers(False)
                await self.stop()
                await asyncio.sleep(2)
            finally:
                await self.stop()

    async def stop(self) -> None:
        """Lets the batch in flight finish and leaves the group; bounded, for a member in mid-rejoin hangs."""
        self._leaving.set()
        try:
            async with asyncio.timeout(15):
                await self._broker.stop()
                await self._writing
        except TimeoutError:
            log.warning("consumer left without saying so")

    async def _watch(self) -> None:
        """Measures the lag, and puts right a partition that has no place, or whose log was cut or made again."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            consumer: Any = self._subscriber.consumer
            behind, astray = await self._places.survey(consumer)
            self.status.update(ritardo=sum(behind.values()), partizioni=len(behind))
            self._lag.tell(behind, len(self.status["allarmi"]))
            self._broker_answers(True)
            if astray:
                async with self._busy:
                    await self._writing
                    await self._insist(lambda: self._places.take(consumer, astray), LISTENER_SECONDS)  # noqa: B023

    def _broker_answers(self, so: bool) -> None:
        self.status["kafka"] = so
        metrics.KAFKA_UP.labels("reader").set(so)

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """Waits for the batch in flight, so that no record is begun by two members."""
        self._leaving.set()
        async with self._busy:
            await self._writing
            self._positions.clear()

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """Goes to where the database says. aiokafka swallows what a listener raises, so it is retried here, for less
        than a session: no heartbeat is sent meanwhile. Whatever has no place then stays paused until `_watch` finds it.

        The pause and the seek come before the first await: a partition without a position at its first fetch is an
        error on which FastStream sleeps for five seconds.
        """
        consumer: Any = self._subscriber.consumer
        consumer.pause(*assigned)
        for partition in assigned:
            consumer.seek(partition, 0)
        self._leaving.clear()
        async with self._busy:
            await self._writing
            if await self._insist(lambda: self._places.take(consumer, assigned), LISTENER_SECONDS):
                self.positioned.set()

    async def _handle(self, records: Any) -> None:
        """One batch of raw records. Never raises: under manual acknowledgement FastStream would go on without it.

        It is read and validated while the batch before is being written. Where that one fails, this one's offsets no
        longer follow on, and the compare-and-set throws it away. (Typed Any: FastStream builds a model of it.)
        """
        async with self._busy:
            due, astray = self._positions.sort(records)
            for (topic, partition), place in astray.items():
                tp = TopicPartition(topic, partition)
                await self._insist(lambda: self._places.take_back(self._subscriber.consumer, tp, place))  # noqa: B023
            if due:
                steps, wanted = self._positions.steps(due), self._wanted(chain.from_iterable(due.values()))
                write = bool(wanted) or not little(steps)
                self._positions.advance(steps, written=write)
                if not write:
                    return
                received = await receive_in_turns(wanted)
                await self._writing
                self._writing = asyncio.ensure_future(self._apply(steps, received))

    async def _apply(self, steps: list[store.Step], received: list[Received]) -> None:
        """Writes one batch, however often it takes. A bug gets a few tries, then its event is parked alone."""
        bugs = 0

        async def attempt() -> None:
            nonlocal bugs
            try:
                await self._write(steps, received, singly=bugs >= BUG_TRIES)
            except NOT_BUGS:
                raise
            except Exception:
                bugs += 1
                log.exception("effect failed", extra={"try": bugs})
                raise

        try:
            if await self._insist(attempt) and received:
                self._committed()
        except store.Fenced:
            consumer: Any = self._subscriber.consumer
            await self._insist(lambda: self._places.take(consumer, set(consumer.assignment())))

    async def _write(self, steps: list[store.Step], received: list[Received], *, singly: bool) -> None:
        began = perf_counter()
        with tracing.batch("projection", (r.traceparent for r in received), len(received)):
            async with self._transaction() as connection:
                await store.advance(connection, steps)
                if singly:
                    await ingest_singly(connection, self._effect, received)
                    return
                passage = await ingest(connection, self._effect, received) if received else Passage()
        self._count(len(received), passage, perf_counter() - began)

    def _count(self, read: int, passage: Passage, seconds: float) -> None:
        self.status["letti"] += read
        for name, what, number in (
            ("applicati", "applied", len(passage.apply)),
            ("ripetuti", "repeated", passage.repeats),
            ("parcheggiati", "parked", len(passage.park)),
        ):
            self.status[name] += number
            metrics.CONSUMER_EVENTS.labels(what).inc(number)
        metrics.CONSUMER_BATCH_EVENTS.observe(read)
        metrics.CONSUMER_BATCH_SECONDS.observe(seconds)

    async def _insist(self, work: Callable[[], Any], seconds: float = math.inf) -> bool:
        """Does the work, again and again while it fails; False when the partitions are being left meanwhile, or when
        it has failed for `seconds`."""
        tries, end = 0, asyncio.get_running_loop().time() + seconds
        while True:
            try:
                await work()
            except store.Fenced:
                raise
            except Exception as trouble:
                pause = BACK_OFF_SECONDS[min(tries, len(BACK_OFF_SECONDS) - 1)]
                tries += 1
                log.warning(
                    "batch retried", extra={"reason": type(trouble).__name__, "tries": tries}, exc_info=tries == 3
                )
                if await self._left_within(pause) or asyncio.get_running_loop().time() > end:
                    return False
            else:
                return True

    async def _left_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._leaving.wait(), seconds)
        except TimeoutError:
            return False
        return True


def _done() -> "asyncio.Future[None]":
    """The write before the first one."""
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    done.set_result(None)
    return done
