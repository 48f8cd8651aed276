"""The options under which a FastStream batch subscriber hands over raw records, whatever is in them."""

from typing import Any

from faststream import AckPolicy
from faststream.kafka.message import KafkaMessage


async def _parse(records: Any) -> KafkaMessage:
    return KafkaMessage(body=records, headers={}, raw_message=records, consumer=None)


async def _decode(message: KafkaMessage) -> Any:
    return message.raw_message


RAW: dict[str, Any] = {
    "batch": True,
    "batch_timeout_ms": 20,
    "fetch_max_wait_ms": 50,
    "ack_policy": AckPolicy.MANUAL,
    "parser": _parse,
    "decoder": _decode,
}
