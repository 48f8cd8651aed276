"""A broker with users: each is held to its ACLs, which can be revoked and restored while it runs."""

import asyncio
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAuthorizationFailedError
from aiokafka.protocol.admin import CreateAclsRequest, DeleteAclsRequest

pytestmark = pytest.mark.needs_kafka_features
TOPIC, LITERAL, ALLOW = 2, 3, 3
WRITE, DESCRIBE = 4, 8


@pytest.fixture(scope="module")
def mine(own_broker):
    """A broker with one user, `casa`, who may do nothing yet."""
    return own_broker(users={"casa": "segreto"})


@pytest.fixture
async def admin(mine):
    """The nameless administrator of the plain listener."""
    client = AIOKafkaAdminClient(bootstrap_servers=mine.address)
    await client.start()
    await client.create_topics([NewTopic("casa.eventi", 1, 1), NewTopic("lavoro.eventi", 1, 1)])
    yield client
    await client.close()


async def _rule(admin: AIOKafkaAdminClient, request: type[CreateAclsRequest] | type[DeleteAclsRequest]) -> None:
    for operation in (WRITE, DESCRIBE):
        await admin._send_request(request(TOPIC, "casa.eventi", LITERAL, "User:casa", "*", operation, ALLOW))


async def _write(address: str, topic: str, password: str = "segreto") -> Any:
    producer = AIOKafkaProducer(
        bootstrap_servers=address,
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="PLAIN",
        sasl_plain_username="casa",
        sasl_plain_password=password,
    )
    try:
        await producer.start()
        return await producer.send_and_wait(topic, b"x")
    finally:
        await asyncio.wait_for(producer.stop(), 5)


async def _writes(address: str) -> bool:
    try:
        await _write(address, "casa.eventi")
    except TopicAuthorizationFailedError:
        return False
    return True


async def test_a_user_writes_what_its_acl_allows_until_it_is_revoked_and_again_once_it_is_restored(mine, admin) -> None:
    address = mine.secured_address
    assert not await _writes(address)
    for request, expected in ((CreateAclsRequest, True), (DeleteAclsRequest, False), (CreateAclsRequest, True)):
        await _rule(admin, request)
        async with asyncio.timeout(5):
            while await _writes(address) is not expected:
                await asyncio.sleep(0.05)


async def test_a_user_may_not_write_to_another_services_topic(mine, admin) -> None:
    await _rule(admin, CreateAclsRequest)
    with pytest.raises(TopicAuthorizationFailedError):
        await _write(mine.secured_address, "lavoro.eventi")


async def test_a_wrong_password_is_refused(mine) -> None:
    with pytest.raises(KafkaError):
        await _write(mine.secured_address, "casa.eventi", password="sbagliato")


async def test_acls_survive_a_restart(mine, admin) -> None:
    await _rule(admin, CreateAclsRequest)
    await asyncio.to_thread(mine.restart)
    async with asyncio.timeout(5):
        while not await _writes(mine.secured_address):
            await asyncio.sleep(0.05)
