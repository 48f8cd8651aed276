"""What the relay promises, on a real broker and a real PostgreSQL."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from secrets import choice
from string import ascii_lowercase

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from contratti.rete import Envelope
from stack.broker import Broker
from telaio.relay import Relay
from telaio.republish import republish
from telaio.runtime import Runtime
from telaio.testing.strand import strand, vasi
from telaio.topics import create_topics, manifest

from .conftest import Start, send, vaso


@pytest.fixture
async def runtime(start: Start, broker: Broker) -> Runtime:
    """A service with a topic of its own on the session's broker."""
    name = "prova" + "".join(choice(ascii_lowercase) for _ in range(8))
    runtime = await start(
        strand(name=name),
        kafka=broker.address,
        idempotente=broker.features.idempotent,
        adesso="2016-03-22T09:31:05.120Z",
    )
    await create_topics(broker.address, manifest([name], partitions=3))
    return runtime


@contextlib.asynccontextmanager
async def relaying(runtime: Runtime) -> AsyncIterator[Relay]:
    relay = Relay(runtime)
    task = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def emptied(runtime: Runtime, seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while await runtime.pool.fetchval("select exists (select from outbox)"):
            await asyncio.sleep(0.01)


async def shipped(runtime: Runtime, partitions: int = 3) -> list[tuple[int, str, dict]]:
    """All records of the topic: partition, key, envelope."""
    consumer = AIOKafkaConsumer(bootstrap_servers=runtime.settings.kafka, auto_offset_reset="earliest")
    await consumer.start()
    try:
        every = [TopicPartition(runtime.service.topic, p) for p in range(partitions)]
        consumer.assign(every)
        ends, found = await consumer.end_offsets(every), []
        while any([await consumer.position(tp) < ends[tp] for tp in every]):
            for batch in (await consumer.getmany(timeout_ms=200)).values():
                found += [(r.partition, r.key.decode(), json.loads(r.value)) for r in batch]
        return found
    finally:
        await consumer.stop()


async def test_a_committed_event_reaches_kafka_as_a_cloudevent(runtime: Runtime) -> None:
    call = {"key": 'k"1', "correlation": "c-1", "traceparent": "00-1"}
    accepted = await send(runtime, vasi, vaso(1), "apertura", etichetta='a"è\n', biglie=3, call=call)
    async with relaying(runtime) as relay:
        await emptied(runtime)
        await asyncio.sleep(0.1)
        assert relay.status["spediti"] == 1
    ((_, key, value),) = await shipped(runtime)
    envelope = Envelope.model_validate(value)
    assert key == envelope.subject == f"vaso/{vaso(1)}"
    assert (envelope.id, envelope.source) == (accepted.events[0], f"/{runtime.service.name}/ente-di-prova")
    assert (envelope.entityversion, envelope.time) == (1, "2016-03-22T09:31:05.120Z")
    assert (envelope.correlationid, envelope.causationid, envelope.traceparent) == ("c-1", 'k"1', "00-1")
    assert envelope.data == {"avvenuto_il": "2016-03-01", "etichetta": 'a"è\n', "biglie": 3}


async def test_events_of_an_entity_arrive_in_version_order_on_one_partition(runtime: Runtime) -> None:
    async with relaying(runtime):
        for n in range(6):
            await send(runtime, vasi, vaso(n), "apertura", etichetta=str(n), biglie=1)
        await asyncio.gather(*[send(runtime, vasi, vaso(i % 6), "aggiunta", biglie=1) for i in range(120)])
        await emptied(runtime)
    records = await shipped(runtime)
    for n in range(6):
        mine = [(p, v["entityversion"]) for p, k, v in records if k == f"vaso/{vaso(n)}"]
        assert [version for _, version in mine] == list(range(1, 22))
        assert len({p for p, _ in mine}) == 1


async def test_a_relay_that_was_away_ships_everything_when_it_returns(runtime: Runtime) -> None:
    for n in range(50):
        await send(runtime, vasi, vaso(n), "apertura", etichetta=str(n), biglie=1)
    async with relaying(runtime):
        await emptied(runtime)
    assert len(await shipped(runtime)) == 50


async def test_two_relays_ship_each_event_once(runtime: Runtime) -> None:
    async with relaying(runtime) as one, relaying(runtime) as two:
        for n in range(50):
            await send(runtime, vasi, vaso(n), "apertura", etichetta=str(n), biglie=1)
        await emptied(runtime)
        assert sorted([one.status["attivo"], two.status["attivo"]]) == [True, True]  # they share one runtime's status
    assert len(await shipped(runtime)) == 50


async def test_a_relay_whose_session_is_cut_takes_the_lead_again(runtime: Runtime) -> None:
    async with relaying(runtime):
        await send(runtime, vasi, vaso(1), "apertura", etichetta="a", biglie=1)
        await emptied(runtime)
        killed = "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = 2"
        await runtime.pool.execute(killed + " and pid <> pg_backend_pid()")
        await send(runtime, vasi, vaso(1), "aggiunta", biglie=1)
        await emptied(runtime)
    assert [v["entityversion"] for _, _, v in await shipped(runtime)] == [1, 2]


async def test_republishing_one_entity_repeats_the_same_records(runtime: Runtime) -> None:
    async with relaying(runtime):
        for n in (1, 2):
            await send(runtime, vasi, vaso(n), "apertura", etichetta=str(n), biglie=1)
        await emptied(runtime)
        assert await republish(runtime.pool, entity=("vaso", vaso(1))) == 1
        await emptied(runtime)
    mine = [v for _, k, v in await shipped(runtime) if k == f"vaso/{vaso(1)}"]
    assert len(mine) == 2
    assert mine[0] == mine[1]
