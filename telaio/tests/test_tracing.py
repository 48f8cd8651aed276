"""One trace from the request to the projection; nothing of anybody in it; nothing at all while it is off."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import get_tracer_provider
from telaio.consumer.reader import Reader
from telaio.database import transaction
from telaio.runtime import Runtime
from telaio.service import Consumption
from telaio.settings import SettingsError
from telaio.testing.strand import vasi
from telaio.web import make_app

from telaio import tracing

from .conftest import send, settings, vaso
from .test_relay import emptied, relaying, runtime

__all__ = ["runtime"]
CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
TRACE = int(CALLER.split("-")[1], 16)


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    """Tracing, into memory."""
    exporter = InMemorySpanExporter()
    tracing.start(settings(tracce="http://127.0.0.1:9/v1/traces"), "prova", exporter)
    yield exporter
    tracing.stop()


def finished(exporter: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    provider = tracing._tracers[0].span_processor
    provider.force_flush()
    return {span.name.split()[0]: span for span in exporter.get_finished_spans()}


class Nothing:
    async def apply(self, connection: object, events: object) -> None: ...

    async def known(self, connection: object, versions: object) -> dict[object, str]:
        return {}


async def read_all(runtime: Runtime) -> None:
    consumption = Consumption([runtime.service.topic], lambda: transaction(runtime.pool), Nothing())
    reader = Reader(consumption, kafka=runtime.settings.bus, group=runtime.service.name)
    task = asyncio.create_task(reader.run())
    async with asyncio.timeout(20):
        while not reader.status["letti"]:
            await asyncio.sleep(0.02)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_command_is_followed_through_journal_and_kafka_to_the_projection(
    runtime: Runtime, spans: InMemorySpanExporter
) -> None:
    with tracing.request("POST", CALLER) as span:
        await send(runtime, vasi, vaso(1), "apertura", etichetta="a", biglie=1, call={"traceparent": tracing.current()})
        tracing.finished(span, "/vasi/{id}/apertura", 201)
    async with relaying(runtime):
        await emptied(runtime)
        await asyncio.sleep(0.1)
    await read_all(runtime)
    found = finished(spans)
    request = found["POST"]
    assert (request.context.trace_id, request.name) == (TRACE, "POST /vasi/{id}/apertura")
    for part in ("relay", "projection"):
        (link,) = found[part].links
        assert (link.context.trace_id, link.context.span_id) == (TRACE, request.context.span_id)
        assert dict(found[part].attributes or {}) == {"genera.events": 1}


async def test_a_request_gets_a_span_by_its_route_never_by_its_address(
    runtime: Runtime, spans: InMemorySpanExporter
) -> None:
    transport = httpx2.ASGITransport(app=make_app(runtime))
    async with httpx2.AsyncClient(transport=transport, base_url="http://prova") as client:
        await client.get(f"/vasi/{vaso(7)}", headers={"traceparent": CALLER})
    said = str([(s.name, dict(s.attributes or {})) for s in finished(spans).values()])
    assert "/vasi/{id}" in said
    assert vaso(7) not in said


async def test_a_batch_has_links_to_its_first_causes_only(spans: InMemorySpanExporter) -> None:
    parents = [f"00-{n:032x}-{n:016x}-01" for n in range(1, 100)]
    with tracing.batch("relay", [*parents[:3], *parents, "malformato", None], 104):
        pass
    assert len(finished(spans)["relay"].links) == tracing.MOST_LINKS


def test_while_it_is_off_nothing_is_made_nor_read() -> None:
    def unread() -> Iterator[str]:
        raise AssertionError("read for nothing")
        yield ""

    with tracing.request("POST", CALLER) as span, tracing.batch("relay", unread(), 1):
        assert span is None
        assert tracing.current() is None
    assert not isinstance(get_tracer_provider(), TracerProvider)


def test_packages_that_are_not_there_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(__import__("sys").modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(SettingsError, match=r"telaio\[tracce\]"):
        tracing.start(settings(tracce="http://127.0.0.1:9"), "prova")
