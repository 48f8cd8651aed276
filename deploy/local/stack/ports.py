"""Free ports of the loopback interface."""

import os
import random
import socket
from collections.abc import Iterator

HOST = "127.0.0.1"
# Below the ephemeral range: while a server is down, no outgoing connection may borrow its port
# (a client that connects to a port of the ephemeral range can even end up talking to itself).
RANGE = range(20_000, 32_000)
BLOCK = 500
_given: set[int] = set()


def is_free(port: int) -> bool:
    """Return whether a server could listen on `port` now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def free_ports(count: int) -> list[int]:
    """Return `count` free ports, none that this process was given before: its server may only be down for a moment.

    Raises: RuntimeError when the range is exhausted.
    """
    found: list[int] = []
    for port in _in_turn(os.getpid()):
        if len(found) == count:
            return found
        if port not in _given and is_free(port):
            _given.add(port)
            found.append(port)
    raise RuntimeError(f"no {count} free ports in {RANGE}")


def _in_turn(pid: int) -> Iterator[int]:
    """Yield every port, beginning with a block that hardly another process begins with: two runs side by side must not
    take the port of each other's server while it is down."""
    own = RANGE[pid * BLOCK % len(RANGE) :][:BLOCK]
    yield from random.sample(own, k=BLOCK)
    yield from random.sample(RANGE, k=len(RANGE))
