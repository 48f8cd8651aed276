"""A record as it came off the wire, made sense of as far as it can be."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol, Self

from contratti.rete import Envelope, Event, UnknownEvent
from pydantic import ValidationError

MAX_BYTES = 1_000_000


class RawRecord(Protocol):
    """What the wrapper needs of aiokafka's record."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None


@dataclass(frozen=True, slots=True)
class Received:
    """A record and what could be read of it.

    envelope: None for an unreadable one; event: None also for a type or version this release does not know;
    reason: why it cannot be applied, None where it can.
    """

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    envelope: Envelope | None = None
    event: Event | None = None
    reason: str | None = None
    detail: str = ""

    @property
    def subject(self) -> tuple[str, str] | None:
        """Source and subject: what the gate counts versions of."""
        return (self.envelope.source, self.envelope.subject) if self.envelope else None

    def refused(self, reason: str, detail: str = "") -> Self:
        """The same record, with why it cannot be applied."""
        return replace(self, reason=reason, detail=detail[:500])

    def ready(self) -> Self:
        """The same record, when nothing holds it any more."""
        return replace(self, reason=None, detail="")


def digest(record: RawRecord) -> bytes:
    """A fingerprint by which the record is recognised after a restart."""
    return hashlib.blake2b((record.key or b"") + b"\0" + (record.value or b""), digest_size=16).digest()


def receive(records: Sequence[RawRecord]) -> list[Received]:
    """All the records, read one by one: a bad one never takes its neighbours with it."""
    return [_receive(r) for r in records]


def _receive(raw: RawRecord) -> Received:
    topic, value = raw.topic, raw.value
    envelope, event, reason, detail = None, None, None, ""
    try:
        envelope = _open(topic, raw.key, value)
        event = envelope.event()
    except UnknownEvent:
        pass  # kept as a fact: a later release will know it
    except ValidationError as invalid:
        reason = "dati-non-validi" if envelope else "busta-non-valida"
        detail = _first_errors(invalid)
    except _Unreadable as unreadable:
        reason, detail = "illeggibile", str(unreadable)
        envelope = None
    return Received(topic, raw.partition, raw.offset, raw.key, value, envelope, event, reason, detail)


class _Unreadable(Exception):
    pass


def _open(topic: str, key: bytes | None, value: bytes | None) -> Envelope:
    """The envelope. Raises: _Unreadable, ValidationError."""
    if value is None or len(value) > MAX_BYTES:
        raise _Unreadable("senza contenuto" if value is None else f"{len(value)} byte")
    envelope = Envelope.model_validate_json(value)
    if not topic.startswith(envelope.source[1 : envelope.source.index("/", 1)] + "."):
        raise _Unreadable(f"{envelope.source} non pubblica su {topic}")
    if key is None or key.decode("utf-8", "replace") != envelope.subject:
        raise _Unreadable("la chiave non è il soggetto")
    return envelope


def _first_errors(invalid: ValidationError) -> str:
    """Where and what, never the value: it may be somebody's."""
    lines = invalid.errors(include_url=False, include_input=False, include_context=False)[:5]
    return "; ".join(f"{'/'.join(map(str, e['loc']))}: {e['type']}" for e in lines)
