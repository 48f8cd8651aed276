"""Tracing, optional and off by default: one trace from a request through journal, relay and Kafka to the projection.

The way is kept in the journal (`traceparent`) and travels in the envelope, so it survives any wait. A batch has many
causes: its span has links to them, the first few. Attributes are routes and counts: nothing about anybody.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any

from telaio.settings import Settings, SettingsError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Link, SpanContext, Tracer

MOST_LINKS = 32
PARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
_tracers: list["Tracer"] = []
"""The process' tracer; none while tracing is off, and then nothing here costs anything."""
_providers: list["TracerProvider"] = []


def start(settings: Settings, service: str, exporter: Any = None) -> None:
    """Begins tracing where GENERA_TRACCE says where to. Raises: SettingsError where the packages are not installed."""
    if not settings.tracce:
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError as missing:
        raise SettingsError("GENERA_TRACCE: installare anche telaio[tracce]") from missing
    whose = Resource.create({"service.name": service, "service.namespace": settings.partner})
    provider = TracerProvider(resource=whose)
    provider.add_span_processor(BatchSpanProcessor(exporter or OTLPSpanExporter(endpoint=settings.tracce)))
    _providers[:], _tracers[:] = [provider], [provider.get_tracer("telaio")]


def stop() -> None:
    """Ends tracing in this process; what was gathered is sent first."""
    _tracers.clear()
    for provider in _providers:
        provider.shutdown()
    _providers.clear()


@contextmanager
def request(method: str, parent: str | None) -> Iterator[Any]:
    """A span over a request, which goes on from the caller's trace; None while tracing is off."""
    if not _tracers:
        yield None
        return
    from opentelemetry.trace import NonRecordingSpan, SpanKind, set_span_in_context  # noqa: PLC0415

    caller = context_of(parent)
    before = set_span_in_context(NonRecordingSpan(caller)) if caller else None
    with _tracers[0].start_as_current_span(method, context=before, kind=SpanKind.SERVER) as span:
        yield span


def finished(span: Any, route: str | None, status: int) -> None:
    """Says what the request turned out to be."""
    if span is not None:
        span.update_name(f"{span.name} {route or 'sconosciuta'}")
        span.set_attributes({"http.route": route or "", "http.response.status_code": status})


def current() -> str | None:
    """The way so far, as it is kept in the journal; None while tracing is off."""
    if not _tracers:
        return None
    from opentelemetry.trace import get_current_span  # noqa: PLC0415

    here = get_current_span().get_span_context()
    return f"00-{here.trace_id:032x}-{here.span_id:016x}-{here.trace_flags:02x}" if here.is_valid else None


@contextmanager
def batch(name: str, parents: Iterable[str | None], size: int) -> Iterator[None]:
    """A span over a batch, linked to what caused its first events. `parents` is not read while tracing is off."""
    if not _tracers:
        yield
        return
    links = list(islice(_links(parents), MOST_LINKS))
    with _tracers[0].start_as_current_span(name, links=links, attributes={"genera.events": size}):
        yield


def _links(parents: Iterable[str | None]) -> Iterator["Link"]:
    from opentelemetry.trace import Link  # noqa: PLC0415

    for parent in dict.fromkeys(parents):
        cause = context_of(parent)
        if cause is not None:
            yield Link(cause)


def context_of(parent: str | None) -> "SpanContext | None":
    """The place in a trace that a traceparent names; None for none, or for one that is malformed."""
    found = PARENT.fullmatch(parent or "")
    if found is None:
        return None
    from opentelemetry.trace import SpanContext, TraceFlags  # noqa: PLC0415

    trace, span, flags = (int(part, 16) for part in found.groups())
    return SpanContext(trace, span, is_remote=True, trace_flags=TraceFlags(flags)) if trace and span else None
