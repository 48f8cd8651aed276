"""The smallest possible Kafka client: asks a broker who is in the cluster."""

import socket
import struct

METADATA, VERSION_1, NO_TOPICS = 3, 1, 0
REQUEST = struct.pack(">hhih", METADATA, VERSION_1, 1, -1) + struct.pack(">i", NO_TOPICS)


def brokers_known(host: str, port: int, timeout: float = 1.0) -> int:
    """Return how many brokers a Metadata answer names; 0 while nobody answers. A registered broker serves requests."""
    try:
        with socket.create_connection((host, port), timeout) as connection:
            connection.sendall(struct.pack(">i", len(REQUEST)) + REQUEST)
            answer = connection.makefile("rb").read(4 + 4 + 4)
    except OSError:
        return 0
    if len(answer) < 12:
        return 0
    _size, _correlation, brokers = struct.unpack(">iii", answer)
    return int(brokers)
