"""The consumer wrapper on a real broker and a real PostgreSQL: effects once, in order, whatever is on the wire."""

import asyncio
import contextlib
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from secrets import token_hex

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from stack.broker import Broker
from telaio.consumer.reader import Reader
from telaio.consumer.record import Received
from telaio.consumer.subscription import births
from telaio.database import transaction
from telaio.runtime import Runtime
from telaio.service import Consumption
from telaio.testing.wire import envelope
from telaio.topics import TopicSpec, create_topics

from .conftest import Start


class Sheet:
    """An effect that writes each event on a line, and fails where it is told to."""

    def __init__(self) -> None:
        self.failing: dict[str, Exception] = {}

    async def apply(self, connection, events: Sequence[Received]) -> None:
        for e in events:
            if e.envelope.subject in self.failing:
                raise self.failing[e.envelope.subject]
        rows = [(e.envelope.subject, e.envelope.entityversion, e.envelope.id) for e in events]
        await connection.executemany("insert into sheet (subject, version, id) values ($1, $2, $3)", rows)

    async def known(self, connection, versions) -> dict:
        return {}


class Wire:
    """A topic with its producer, and as many readers as a test wants."""

    def __init__(self, runtime: Runtime, broker: Broker, topic: str, producer: AIOKafkaProducer) -> None:
        self.runtime, self.broker, self.topic, self.producer = runtime, broker, topic, producer
        self.sheet = Sheet()

    async def put(self, version: int, subject: str = "famiglia/1", **changes) -> None:
        await self.put_raw(subject.encode(), json.dumps(envelope(version, subject=subject, **changes)).encode())

    async def put_raw(self, key: bytes | None, value: bytes | None, headers=()) -> None:
        await self.producer.send_and_wait(self.topic, value, key, headers=list(headers))

    @contextlib.asynccontextmanager
    async def reading(self, kinds: frozenset[str] = frozenset()) -> AsyncIterator[Reader]:
        consumption = Consumption([self.topic], lambda: transaction(self.runtime.pool), self.sheet, kinds=kinds)
        reader = Reader(consumption, kafka=self.broker.address, group=self.topic)
        task = asyncio.create_task(reader.run())
        try:
            yield reader
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def lines(self, subject: str = "famiglia/1") -> list[int]:
        rows = await self.runtime.pool.fetch("select version from sheet where subject = $1 order by line", subject)
        return [version for (version,) in rows]

    async def until(self, versions: list[int], subject: str = "famiglia/1", seconds: float = 30) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while await self.lines(subject) != versions:
                    await asyncio.sleep(0.02)
        assert await self.lines(subject) == versions

    async def waiting(self) -> list[tuple[str, int | None]]:
        rows = await self.runtime.pool.fetch("select reason, version from waiting order by id")
        return [tuple(r) for r in rows]


@pytest.fixture
async def wire(start: Start, broker: Broker) -> AsyncIterator[Wire]:
    topic = f"casa.{token_hex(4)}"
    await create_topics(broker.address, [TopicSpec(topic, 3)])
    runtime = await start()
    await runtime.pool.execute(
        "create table sheet (line bigint generated always as identity, subject text, version int, id text,"
        " unique (subject, version))"
    )
    producer = AIOKafkaProducer(bootstrap_servers=broker.address, acks="all")
    await producer.start()
    yield Wire(runtime, broker, topic, producer)
    await producer.stop()


async def test_events_are_applied_in_order_and_offsets_kept(wire: Wire) -> None:
    for version in (1, 2, 3):
        await wire.put(version)
    async with wire.reading():
        await wire.until([1, 2, 3])
        await wire.put(4)
        await wire.until([1, 2, 3, 4])
    assert await wire.runtime.pool.fetchval("select sum(next_offset) from consumer_offset") == 4


async def test_a_log_is_born_with_its_first_record(wire: Wire) -> None:
    async with AIOKafkaConsumer(bootstrap_servers=wire.broker.address) as consumer:
        own = [TopicPartition(wire.topic, number) for number in range(3)]
        assert set((await births(consumer, own)).values()) == {0}
        await wire.put(1)
        born = [at for at in (await births(consumer, own)).values() if at]
        assert len(born) == 1
        assert abs(born[0] / 1000 - time.time()) < 60


async def test_a_restarted_reader_goes_on_where_it_was(wire: Wire) -> None:
    await wire.put(1)
    async with wire.reading():
        await wire.until([1])
    await wire.put(2)
    async with wire.reading() as reader:
        await wire.until([1, 2])
        assert reader.status["ripetuti"] == 0


async def test_bad_records_take_nothing_with_them(wire: Wire) -> None:
    await wire.put(1)
    await wire.put_raw(b"famiglia/9", b"{not json")
    await wire.put_raw(b"famiglia/9", None)
    await wire.put_raw(b"famiglia/9", b"\xff\xfe", [("h", b"\xff"), ("n", None)])
    await wire.put_raw(None, json.dumps(envelope(1)).encode())
    await wire.put(1, subject="famiglia/8", source="/lavoro/ente")
    await wire.put(1, subject="famiglia/7", data={"avvenuto_il": "ieri"})
    await wire.put(2, subject="famiglia/7")
    await wire.put(1, subject="famiglia/6", type="casa.DelFuturo", dataschema="/schemas/casa.DelFuturo/1")
    await wire.put(2, subject="famiglia/6")
    await wire.put(2)
    async with wire.reading():
        await wire.until([1, 2])
        await wire.until([1, 2], "famiglia/6")
        await asyncio.sleep(0.2)
    assert Counter(await wire.waiting()) == {
        ("illeggibile", None): 3,  # no content, no key, a foreign source
        ("busta-non-valida", None): 2,  # not JSON, not even text
        ("dati-non-validi", 1): 1,
        ("in-attesa", 2): 1,
    }


async def test_a_gap_filled_later_lets_the_successors_through(wire: Wire) -> None:
    await wire.put(1)
    await wire.put(3)
    async with wire.reading():
        await wire.until([1])
        await wire.put(4)
        await asyncio.sleep(0.3)
        assert await wire.waiting() == [("in-attesa", 3), ("in-attesa", 4)]
        await wire.put(2)
        await wire.until([1, 2, 3, 4])
    assert await wire.waiting() == []


async def test_a_bug_parks_its_event_and_lets_the_others_go_on(wire: Wire) -> None:
    wire.sheet.failing["famiglia/2"] = ValueError("bug")
    for subject in ("famiglia/1", "famiglia/2", "famiglia/3"):
        await wire.put(1, subject)
    async with wire.reading():
        await wire.until([1], "famiglia/1")
        await wire.until([1], "famiglia/3")
        await wire.put(2, "famiglia/2")
        await asyncio.sleep(0.3)
    assert sorted(await wire.waiting()) == [("errore-interno", 1), ("in-attesa", 2)]


async def test_a_database_that_goes_away_is_waited_for(wire: Wire) -> None:
    wire.sheet.failing["famiglia/1"] = ConnectionResetError()
    await wire.put(1)
    async with wire.reading():
        await asyncio.sleep(2)
        assert await wire.lines() == []
        wire.sheet.failing.clear()
        await wire.until([1])
    assert await wire.waiting() == []


async def test_members_that_come_and_go_apply_everything_once(wire: Wire) -> None:
    async with wire.reading():
        for n in range(10):
            await wire.put(1, f"famiglia/{n}")
        async with wire.reading(), wire.reading():
            for n in range(10):
                await wire.put(2, f"famiglia/{n}")
            await asyncio.sleep(4)
        for n in range(10):
            await wire.put(3, f"famiglia/{n}")
        for n in range(10):
            await wire.until([1, 2, 3], f"famiglia/{n}")
    assert await wire.waiting() == []


async def test_what_is_not_wanted_is_passed_over_without_a_transaction(wire: Wire) -> None:
    written = "select sum(next_offset) from consumer_offset"
    async with wire.reading(frozenset({"invio"})) as reader:
        await wire.put(1, "invio/1")
        await wire.until([1], "invio/1")
        for version in range(1, 9):
            await wire.put(version)
        reader.status["ritardo"] = None
        async with asyncio.timeout(30):
            while reader.status["ritardo"] != 0:  # measured anew: all is read
                await asyncio.sleep(0.1)
        assert await wire.runtime.pool.fetchval(written) == 1
        for number in range(2, 9):  # in every partition
            await wire.put(1, f"invio/{number}")
            await wire.until([1], f"invio/{number}")
    assert await wire.runtime.pool.fetchval(written) == 16
    async with wire.reading(frozenset({"invio"})):
        await wire.put(2, "invio/1")
        await wire.until([1, 2], "invio/1")
    assert await wire.lines() == []


async def test_moved_offsets_fence_the_old_owner(wire: Wire) -> None:
    await wire.put(1)
    async with wire.reading():
        await wire.until([1])
        await wire.runtime.pool.execute("update consumer_offset set next_offset = 0, digest = null")
        await wire.put(2)
        await wire.until([1, 2])
    assert await wire.runtime.pool.fetchval("select sum(next_offset) from consumer_offset") == 2


async def test_a_log_made_again_is_read_from_its_start(wire: Wire) -> None:
    await wire.put(1)
    await wire.put(2)
    async with wire.reading():
        await wire.until([1, 2])
    await wire.runtime.pool.execute("update consumer_offset set digest = 'other' where next_offset > 0")
    await wire.put(3)
    async with wire.reading() as reader:
        await wire.until([1, 2, 3])
        assert reader.status["ripetuti"] == 2
