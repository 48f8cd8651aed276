"""Free ports of the loopback interface."""

import random
import socket

HOST = "127.0.0.1"
# Below the ephemeral range: while a server is down, no outgoing connection may borrow its port
# (a client that connects to a port of the ephemeral range can even end up talking to itself).
RANGE = range(20_000, 32_000)


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
    """Return `count` distinct free ports. Raises: RuntimeError when the range is exhausted."""
    found: list[int] = []
    for port in random.sample(RANGE, k=len(RANGE)):
        if len(found) == count:
            return found
        if is_free(port):
            found.append(port)
    raise RuntimeError(f"no {count} free ports in {RANGE}")
