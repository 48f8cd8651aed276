"""Records as they come off the wire, for tests of readers."""

import json
from dataclasses import dataclass
from itertools import count
from typing import Any

from telaio.consumer.record import Received, receive

_offsets = count()
BETWEEN = "00000000-0000-7000-8000-"


@dataclass
class Raw:
    """What aiokafka hands over."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    timestamp: int = 0


def envelope(version: int, *, subject: str = "famiglia/1", fork: int = 0, **changes: Any) -> dict[str, Any]:
    """An envelope of a fact every service may publish; `fork` makes another event of the same version."""
    number = hash((subject, version)) % 10**10
    value = {
        "specversion": "1.0",
        "id": f"{BETWEEN}{number * 10 + fork:012x}",
        "source": "/casa/ente",
        "type": "rete.IncontroDiReteSvolto",
        "subject": subject,
        "time": "2016-03-22T09:31:05.120Z",
        "dataschema": "/schemas/rete.IncontroDiReteSvolto/1",
        "datacontenttype": "application/json",
        "entityversion": version,
        "data": {"avvenuto_il": "2016-03-20", "presenti": ["cittadini"]},
    }
    return value | changes


def raw(version: int, *, topic: str = "casa.eventi", partition: int = 0, **changes: Any) -> Raw:
    """A record of that envelope."""
    value = envelope(version, **changes)
    return Raw(topic, partition, next(_offsets), value["subject"].encode(), json.dumps(value).encode())


def record(version: int, **changes: Any) -> Received:
    """The record, read."""
    return receive([raw(version, **changes)])[0]
