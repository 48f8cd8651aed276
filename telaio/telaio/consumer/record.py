"""A record as it came off the wire, made sense of as far as it can be."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol, Self

from contratti.rete import Envelope, Event, UnknownEvent
from pydantic import ValidationError

MAX_BYTES = 1_000_000
TURN = 256
"""Records read before others have their turn: two milliseconds."""
BORN = 8
"""How many bytes of a digest tell when the log was born."""


class RawRecord(Protocol):
    """What the wrapper needs of aiokafka's record."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None


@dataclass(slots=True)
class Received:
    """A record and what could be read of it. (Not frozen: that costs a microsecond each; treat it as if it were.)

    envelope: None for an unreadable one; event: None also for a type or version this release does not know;
    subject: source and subject, what the gate counts versions of; reason: why it cannot be applied, None where it can.
    """

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    envelope: Envelope | None = None
    event: Event | None = None
    subject: tuple[str, str] | None = None
    reason: str | None = None
    detail: str = ""

    @property
    def traceparent(self) -> str | None:
        """The way of the command that caused it, where it was traced."""
        return self.envelope.traceparent if self.envelope else None

    def refused(self, reason: str, detail: str = "") -> Self:
        """The same record, with why it cannot be applied."""
        return replace(self, reason=reason, detail=detail[:500])

    def ready(self) -> Self:
        """The same record, when nothing holds it any more."""
        return replace(self, reason=None, detail="")


def digest(record: RawRecord, born: int = 0) -> bytes:
    """A fingerprint by which record and log are recognised after a restart: when the log was born (see `births`; 0
    where that is not known), then what the record says."""
    said = (record.key or b"") + b"\0" + (record.value or b"")
    return born.to_bytes(BORN, "big") + hashlib.blake2b(said, digest_size=16).digest()


def receive(records: Sequence[RawRecord]) -> list[Received]:
    """All the records, read one by one: a bad one never takes its neighbours with it."""
    return [_receive(r) for r in records]


async def receive_in_turns(records: Sequence[RawRecord]) -> list[Received]:
    """As `receive`, giving way often: the database's answers, and a group's heartbeats, do not wait for a batch."""
    received: list[Received] = []
    for start in range(0, len(records), TURN):
        received += receive(records[start : start + TURN])
        await asyncio.sleep(0)
    return received


def _receive(raw: RawRecord) -> Received:
    topic, key, value = raw.topic, raw.key, raw.value
    envelope: Envelope | None = None
    try:
        envelope = _open(topic, key, value)
        event = _event(envelope)
    except ValidationError as invalid:
        return _refuse(raw, envelope, "dati-non-validi" if envelope else "busta-non-valida", _first_errors(invalid))
    except _Unreadable as unreadable:
        return _refuse(raw, None, "illeggibile", str(unreadable))
    subject = (envelope.source, envelope.subject)
    return Received(topic, raw.partition, raw.offset, key, value, envelope, event, subject)


def _event(envelope: Envelope) -> Event | None:
    """The event; None for a type or version this release does not know: kept as a fact, for a later release."""
    try:
        return envelope.event()
    except UnknownEvent:
        return None


def _refuse(raw: RawRecord, envelope: Envelope | None, reason: str, detail: str) -> Received:
    subject = (envelope.source, envelope.subject) if envelope else None
    return Received(raw.topic, raw.partition, raw.offset, raw.key, raw.value, envelope, None, subject, reason, detail)


class _Unreadable(Exception):
    pass


def _open(topic: str, key: bytes | None, value: bytes | None) -> Envelope:
    """The envelope. Raises: _Unreadable, ValidationError."""
    if value is None or len(value) > MAX_BYTES:
        raise _Unreadable("senza contenuto" if value is None else f"{len(value)} byte")
    envelope = Envelope.model_validate_json(value)
    source, subject = envelope.source, envelope.subject
    if source.split("/", 2)[1] != topic.partition(".")[0]:
        raise _Unreadable(f"{source} non pubblica su {topic}")
    if key != subject.encode():
        raise _Unreadable("la chiave non è il soggetto")
    return envelope


def _first_errors(invalid: ValidationError) -> str:
    """Where and what, never the value: it may be somebody's."""
    lines = invalid.errors(include_url=False, include_input=False, include_context=False)[:5]
    return "; ".join(f"{'/'.join(map(str, e['loc']))}: {e['type']}" for e in lines)
