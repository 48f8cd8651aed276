"""A service on a broker that asks who it is: held to its ACLs, up and saying so while they are gone (fault 22)."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.protocol.admin import CreateAclsRequest, DeleteAclsRequest
from pydantic import ValidationError
from telaio.bus import Bus
from telaio.runtime import Runtime
from telaio.testing.strand import strand, vasi
from telaio.topics import create_topics, manifest

from .conftest import Start, send, settings, vaso
from .test_relay import emptied, relaying

TOPIC, LITERAL, ALLOW = 2, 3, 3
WRITE, DESCRIBE = 4, 8
SIGN_IN = {"kafka_utente": "vasi", "kafka_password": "segreto", "kafka_meccanismo": "PLAIN"}


@pytest.fixture(scope="module")
def guarded(own_broker: Any) -> Any:
    """A broker with one user, who may do nothing yet."""
    return own_broker(users={"vasi": "segreto"})


@pytest.fixture
async def admin(guarded: Any) -> AsyncIterator[AIOKafkaAdminClient]:
    client = AIOKafkaAdminClient(bootstrap_servers=guarded.address)
    await client.start()
    await create_topics(guarded.address, manifest(["vasi"]))
    yield client
    await client.close()


async def allow(admin: Any, request: type[CreateAclsRequest] | type[DeleteAclsRequest]) -> None:
    for topic in ("vasi.eventi", "vasi.battiti"):
        for operation in (WRITE, DESCRIBE):
            await admin._send_request(request(TOPIC, topic, LITERAL, "User:vasi", "*", operation, ALLOW))


async def says(runtime: Runtime, kafka: bool) -> None:
    async with asyncio.timeout(30):
        while runtime.status["relay"]["kafka"] is not kafka:
            await asyncio.sleep(0.05)


@pytest.mark.needs_kafka_features
async def test_a_partner_whose_right_is_taken_away_stays_up_and_says_so_and_goes_on_when_it_is_back(
    guarded: Any, admin: AIOKafkaAdminClient, start: Start
) -> None:
    runtime = await start(strand(name="vasi"), kafka=guarded.secured_address, **SIGN_IN)
    async with relaying(runtime):
        await says(runtime, False)
        await allow(admin, CreateAclsRequest)
        await send(runtime, vasi, vaso(1), "apertura", etichetta="a", biglie=1)
        await emptied(runtime, 40)
        await allow(admin, DeleteAclsRequest)
        await send(runtime, vasi, vaso(2), "apertura", etichetta="b", biglie=1)
        await says(runtime, False)
        assert await runtime.pool.fetchval("select count(*) from outbox") == 1
        await allow(admin, CreateAclsRequest)
        await emptied(runtime, 40)
        await says(runtime, True)


@pytest.mark.needs_kafka_features
async def test_a_wrong_password_ships_nothing(guarded: Any, start: Start) -> None:
    runtime = await start(strand(name="vasi"), kafka=guarded.secured_address, **(SIGN_IN | {"kafka_password": "no"}))
    await send(runtime, vasi, vaso(1), "apertura", etichetta="a", biglie=1)
    async with relaying(runtime):
        await says(runtime, False)
        assert await runtime.pool.fetchval("select count(*) from outbox") == 1


def test_a_sign_in_is_whole_or_refused(tmp_path: Path) -> None:
    for half, said in (
        ({"kafka_utente": "vasi"}, "insieme"),
        ({"kafka_tls": True, "kafka_chiave_file": "k.pem"}, "insieme"),
        ({"kafka_ca_file": "ca.pem"}, "KAFKA_TLS"),
        (SIGN_IN | {"sviluppo": False}, "non si manda senza"),
    ):
        with pytest.raises(ValidationError, match=said):
            settings(**half)


def test_passwords_are_told_to_nobody() -> None:
    found = settings(**SIGN_IN)
    assert "segreto" not in repr(found) + repr(found.bus)


def test_tls_believes_only_whom_it_is_told_to(tmp_path: Path) -> None:
    assert Bus("b:1").protocol == "PLAINTEXT"
    assert Bus("b:1", user="u", password="p", tls=True).protocol == "SASL_SSL"
    context = Bus("b:1", tls=True).context()
    assert context is not None
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    (tmp_path / "ca.pem").write_text("niente")
    with pytest.raises(ssl.SSLError):
        Bus("b:1", tls=True, ca_file=tmp_path / "ca.pem").context()
