"""The relay: ships the journal to Kafka in order, once each if all goes well, again if anything does not.

Exactly one relay works on a journal at a time. What is to be shipped is named by the outbox, a table of pointers that
are deleted, exactly those read, after the broker has acknowledged them. On any error the producer is thrown away and
everything not yet deleted is shipped again, in order: readers drop what they already have.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

import asyncpg
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.partitioner import murmur2

from telaio import metrics, tracing
from telaio.database import ANY, Connection
from telaio.heartbeat import Pulse
from telaio.runtime import Runtime

LOCK = (0x67656E, 2)
PAGE = 5_000
POLL_SECONDS = 0.03
LINGER_SECONDS = 0.004  # what commits meanwhile goes in the same batch: a tenth of the whole pipeline's work at 200/s
RETRY_SECONDS = 1.0
# It does not wait for the disk: pointers that a crash of the server brings back are shipped again.
SESSION = {"synchronous_commit": "off"}
ANSWER_SECONDS = 20.0
MAX_BATCH_BYTES = 900_000
HEADERS = [("content-type", b"application/cloudevents+json")]
TROUBLE: tuple[type[Exception], ...] = (*ANY, KafkaError, asyncio.TimeoutError)

# The envelope is written by the database: the data are already JSON there, and it is the other processor's work.
_PAGE = """
select seq, round, traceparent, kind || '/' || entity as key,
       '{"specversion":"1.0","id":"' || id || '","source":"' || $1 || '","type":"' || type
       || '","subject":"' || kind || '/' || entity
       || '","time":"' || to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
       || '","dataschema":"/schemas/' || type || '/' || schema_version
       || '","datacontenttype":"application/json","entityversion":' || version
       || coalesce(',"correlationid":' || to_json(correlation), '')
       || coalesce(',"causationid":' || to_json(causation), '')
       || coalesce(',"traceparent":' || to_json(traceparent), '')
       || ',"data":' || data::text || '}' as value
from journal join outbox using (seq)
where seq > $2 order by seq limit $3
"""
_SHIPPED = """
delete from outbox using unnest($1::bigint[], $2::int[]) as shipped (seq, round)
where outbox.seq = shipped.seq and outbox.round = shipped.round
"""
Page = list[Any]

log = logging.getLogger("telaio.relay")


class Relay:
    """Ships one service's journal. `run` never returns; cancel it to stop."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._topic = runtime.service.topic
        self._partitions = _Partitions()
        self._pulse = Pulse(runtime)
        self.status: dict[str, Any] = runtime.status.setdefault(
            "relay", {"attivo": False, "kafka": None, "ultimo_riscontro": None, "spediti": 0}
        )

    async def run(self) -> None:
        """Takes the lead when it is free, ships until something breaks, and starts again."""
        while True:
            try:
                await self._lead()
            except TROUBLE as trouble:
                self._leads(False)
                log.warning("relay interrupted", extra={"reason": type(trouble).__name__})
                await asyncio.sleep(RETRY_SECONDS)

    async def _lead(self) -> None:
        dsn = self._runtime.settings.database
        connection = await asyncpg.connect(dsn, timeout=10, command_timeout=60, server_settings=SESSION)
        try:
            await _wait_for_lead(connection)
            self._leads(True)
            await self._ship_all(connection)
        finally:
            self._leads(False)
            connection.terminate()  # the lock goes with the session, also when the server is gone

    def _leads(self, leads: bool) -> None:
        self.status.update(attivo=leads)
        metrics.RELAY_LEADING.set(leads)

    async def _ship_all(self, connection: Connection) -> None:
        """A page is read while the one before is on its way. Raises: whatever broke."""
        producer = await self._producer()
        beating = asyncio.create_task(self._pulse.run(producer), name="heartbeat")
        try:
            while True:
                self._runtime.committed.clear()
                page = await self._read(connection, 0)
                while page:
                    page = await self._ship(connection, producer, page)
                self._pulse.passed()
                await self._rest()
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
            await _throw_away(producer)

    async def _producer(self) -> AIOKafkaProducer:
        settings = self._runtime.settings
        producer = AIOKafkaProducer(
            **settings.bus.client,
            acks="all",
            enable_idempotence=settings.idempotente,
            max_batch_size=MAX_BATCH_BYTES,
            max_request_size=MAX_BATCH_BYTES + 100_000,
            request_timeout_ms=10_000,
            retry_backoff_ms=50,
        )
        try:
            async with asyncio.timeout(15):
                await producer.start()
                self._partitions.count = len(await producer.partitions_for(self._topic))
        except BaseException:
            self._pulse.broker(False)
            await _throw_away(producer)
            raise
        self._pulse.broker(True)
        return producer

    async def _read(self, connection: Connection, after: int) -> Page:
        """The next pointers after `after` with their envelopes. For one entity, pointer order is version order."""
        return await connection.fetch(_PAGE, self._runtime.source, after, PAGE)

    async def _ship(self, connection: Connection, producer: AIOKafkaProducer, page: Page) -> Page:
        """Ships the page, reads the next meanwhile, and deletes the pointers shipped; returns the next page.

        Pointers that commit late below this page belong to entities not in it: the next pass finds them. Not so those
        of a republication that began meanwhile: its pointers go out from the first, so the pass starts again.
        """
        began = perf_counter()
        with tracing.batch("relay", (row["traceparent"] for row in page), len(page)):
            following = await self._deliver(connection, producer, page)
        await connection.execute(_SHIPPED, [row["seq"] for row in page], [row["round"] for row in page])
        self._acknowledged(len(page), perf_counter() - began)
        return [] if _newest(following) > _newest(page) else following

    async def _deliver(self, connection: Connection, producer: AIOKafkaProducer, page: Page) -> Page:
        """Ships the page and reads the next, until all is acknowledged. Raises: KafkaError, TimeoutError."""
        try:
            acknowledged = await self._send(producer, page)
            following = await self._read(connection, page[-1]["seq"]) if len(page) == PAGE else []
            async with asyncio.timeout(ANSWER_SECONDS):  # an idempotent batch waits for ever by itself
                await asyncio.gather(*acknowledged)
        except (KafkaError, TimeoutError):
            self._pulse.broker(False)
            raise
        return following

    def _acknowledged(self, events: int, seconds: float) -> None:
        now = datetime.now(UTC)
        self.status["spediti"] += events
        self.status.update(ultimo_riscontro=now.isoformat(timespec="milliseconds"))
        self._pulse.broker(True)
        metrics.RELAY_SHIPPED.inc(events)
        metrics.RELAY_BATCH_EVENTS.observe(events)
        metrics.RELAY_BATCH_SECONDS.observe(seconds)
        metrics.RELAY_LAST_ACK.set(now.timestamp())

    async def _send(self, producer: AIOKafkaProducer, page: Page) -> Sequence[asyncio.Future[Any]]:
        """Hands one record batch per partition to the producer; returns the acknowledgements to wait for."""
        batches: dict[int, Any] = {}
        acknowledged = []
        for _, _, _, key_text, value_text in page:
            key, value = key_text.encode(), value_text.encode()
            partition = self._partitions.of(key)
            batch = batches.get(partition)
            if batch is None:
                batch = batches[partition] = producer.create_batch()
            if batch.append(key=key, value=value, timestamp=None, headers=HEADERS) is None:
                acknowledged.append(await self._submit(producer, batch, partition))
                batch = batches[partition] = producer.create_batch()
                batch.append(key=key, value=value, timestamp=None, headers=HEADERS)
        acknowledged += [await self._submit(producer, batch, p) for p, batch in batches.items()]
        return acknowledged

    async def _submit(self, producer: AIOKafkaProducer, batch: Any, partition: int) -> asyncio.Future[Any]:
        batch.close()
        acknowledgement: asyncio.Future[Any] = await producer.send_batch(batch, self._topic, partition=partition)
        return acknowledgement

    async def _rest(self) -> None:
        """Until a command commits in this process, and a moment for its neighbours; or for one poll."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._runtime.committed.wait(), POLL_SECONDS)
            await asyncio.sleep(LINGER_SECONDS)


def _newest(page: Page) -> int:
    """The latest republication a page has pointers of."""
    return max((row["round"] for row in page), default=0)


class _Partitions:
    """The default partitioner's answer for a key, remembered: hashing is the dearest step of a record."""

    def __init__(self) -> None:
        self.count = 0
        self._known: dict[bytes, int] = {}

    def of(self, key: bytes) -> int:
        """The partition of `key` among `count`."""
        found = self._known.get(key)
        if found is None:
            if len(self._known) > 100_000:
                self._known.clear()
            found = self._known[key] = murmur2(key) & 0x7FFFFFFF
        return found % self.count


async def _wait_for_lead(connection: Connection) -> None:
    """Polled: a blocking wait for the lock deadlocks with CREATE INDEX CONCURRENTLY."""
    while not await connection.fetchval("select pg_try_advisory_lock($1, $2)", *LOCK):
        await asyncio.sleep(RETRY_SECONDS)


async def _throw_away(producer: AIOKafkaProducer) -> None:
    """Stops the producer without waiting for what it still holds: all of that is shipped again."""
    with suppress(*TROUBLE):
        await asyncio.wait_for(producer.stop(), 2)
    with suppress(*TROUBLE):
        await asyncio.wait_for(producer.client.close(), 2)
