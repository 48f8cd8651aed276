"""A service running in a test: its parts, its bus, its clients."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from starlette.routing import Route

from telaio.runtime import Runtime
from telaio.web import make_app

ISSUER = "conformita"
STREAM_SECONDS = 3


@asynccontextmanager
async def running(part: Callable[[], Any]) -> AsyncIterator[None]:
    """A part of the service, until the block ends; then it is cut off wherever it is."""
    task = asyncio.create_task(part())
    await asyncio.sleep(0.05)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(condition: Callable[[], Any], what: str, seconds: float = 30) -> None:
    try:
        async with asyncio.timeout(seconds):
            while not await condition():
                await asyncio.sleep(0.02)
    except TimeoutError:
        pytest.fail(f"not within {seconds:g} s: {what}")


async def put(runtime: Runtime, topic: str, records: Sequence[tuple[str, str]]) -> None:
    async with AIOKafkaProducer(bootstrap_servers=runtime.settings.kafka) as producer:
        for key, value in records:
            await producer.send_and_wait(topic, value.encode(), key.encode())


async def first_deliveries(runtime: Runtime) -> list[tuple[str, str, int]]:
    """Id, subject and version of what is on the service's topic, each subject's in order; repeats left out."""
    found: dict[tuple[str, int], str] = {}
    async with AIOKafkaConsumer(
        bootstrap_servers=runtime.settings.kafka, group_id=None, auto_offset_reset="earliest", enable_auto_commit=False
    ) as consumer:
        topic = runtime.service.topic
        partitions = [TopicPartition(topic, p) for p in range(runtime.service.partitions)]
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        while any([await consumer.position(p) < end for p, end in ends.items()]):
            batches = await consumer.getmany(timeout_ms=500)
            values = [json.loads(r.value or b"") for records in batches.values() for r in records]
            found = {(v["subject"], v["entityversion"]): v["id"] for v in reversed(values)} | found
    return [(id, subject, version) for (subject, version), id in found.items()]


@asynccontextmanager
async def client(runtime: Runtime, app: Any = None) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=app or make_app(runtime), raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://conformita.test") as client:
        yield client


def token(runtime: Runtime, role: str) -> str:
    """A good token of somebody with this role, the key of which the service is given."""
    key = ECKey.generate_key("P-256", {"alg": "ES256"}, auto_kid=True)
    assert runtime.settings.chiavi_file
    runtime.settings.chiavi_file.write_text(json.dumps(KeySet([key]).as_dict(private=False)))
    claims = {"iss": ISSUER, "aud": "genera", "sub": "anna", "exp": 4102444800, "ruoli": [role], "servizi": ["*"]}
    return jwt.encode({"alg": "ES256", "kid": key.kid}, claims, key)


async def status(client: httpx2.AsyncClient, route: Route, headers: Mapping[str, str]) -> int:
    """The status of the route's answer to an empty request with these headers; 200 for a stream, which goes on."""
    path = route.path
    for parameter in route.param_convertors:
        path = path.replace("{" + parameter + "}", str(uuid4())).replace("{" + parameter + ":path}", "x")
    method = "POST" if "POST" in (route.methods or ()) else "GET"
    try:
        async with asyncio.timeout(STREAM_SECONDS):
            return (await client.request(method, path, headers=dict(headers))).status_code
    except TimeoutError:
        return 200
