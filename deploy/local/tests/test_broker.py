"""The broker can be started, stopped and mistreated, and keeps address and records where it should."""

import asyncio
import time

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from stack import ports, probe
from stack.broker import Broker


async def _create(address: str, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, 1, 1)])
    finally:
        await admin.close()


async def _send(address: str, topic: str, value: bytes) -> None:
    async with AIOKafkaProducer(bootstrap_servers=address, acks="all") as producer:
        await producer.send_and_wait(topic, value)


async def _read(address: str, topic: str, count: int) -> list[bytes]:
    async with AIOKafkaConsumer(topic, bootstrap_servers=address, auto_offset_reset="earliest") as consumer:
        return [bytes((await asyncio.wait_for(consumer.getone(), 10)).value or b"") for _ in range(count)]


@pytest.fixture(scope="module")
def mine(own_broker) -> Broker:
    return own_broker()


def test_the_sessions_broker_answers_at_its_address(broker: Broker) -> None:
    host, port = broker.address.split(":")
    assert probe.brokers_known(host, int(port)) == 1


@pytest.mark.needs_kafka_features
async def test_records_and_address_survive_a_restart_and_a_kill(mine: Broker) -> None:
    address = mine.address
    await _create(address, "durevole")
    await _send(address, "durevole", b"uno")
    mine.restart()
    await _send(address, "durevole", b"due")
    mine.kill()
    mine.start()
    assert mine.address == address
    assert await _read(address, "durevole", 2) == [b"uno", b"due"]


async def test_a_paused_broker_keeps_connections_and_answers_nobody_until_it_is_resumed(mine: Broker) -> None:
    mine.pause()
    host, port = mine.address.split(":")
    assert probe.brokers_known(host, int(port), timeout=0.5) == 0
    mine.resume()
    assert probe.brokers_known(host, int(port), timeout=5) == 1


async def test_a_wiped_broker_starts_empty_at_the_same_address(mine: Broker) -> None:
    address = mine.address
    await _create(address, "svanita")
    mine.wipe()
    mine.start()
    assert mine.address == address
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    assert "svanita" not in await admin.list_topics()
    await admin.close()


def test_a_stopped_broker_frees_its_port_and_stopping_again_is_harmless(mine: Broker) -> None:
    port = int(mine.address.split(":")[1])
    mine.stop()
    assert ports.is_free(port)
    mine.stop()
    begun = time.monotonic()
    mine.start()
    assert time.monotonic() - begun < 30


@pytest.mark.needs_kafka_features
def test_a_paused_broker_can_be_stopped_and_killed(mine: Broker) -> None:
    mine.pause()
    mine.stop()
    mine.start()
    mine.pause()
    mine.kill()
    mine.start()
