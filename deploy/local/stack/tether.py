"""The parent of one server: starts it, and ends it when whoever asked for it dies. Run as a script, never imported.

A server's starter (a test session, the supervisor) may be killed with -9; nobody would then end the server. This
process outlives the starter by a moment. Being the server's parent it also reaps it, so that a dead server is not
mistaken for a living one.
"""

import contextlib
import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any

import psutil


def lives(pid: int, born: float) -> bool:
    """Return whether that very process is running: same pid, same birth, not a zombie."""
    try:
        return birth(pid) == born and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except (psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
        return False


def birth(pid: int) -> float:
    """Return when a process was born, to tell it from another with the same pid.

    On Linux in ticks since boot: psutil's time moves with the clock, and whoever sets the clock would end every server.
    Raises: psutil.NoSuchProcess, FileNotFoundError.
    """
    if sys.platform == "linux":
        return float(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
    return psutil.Process(pid).create_time()


def end(server: subprocess.Popen[bytes], stop_signal: int, grace: float) -> None:
    """Stop the server and whatever it started: politely, then after `grace` seconds with -9."""
    try:
        family = psutil.Process(server.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return
    for child in family:
        _send(child, signal.SIGCONT)
    server.send_signal(signal.SIGCONT)
    server.send_signal(stop_signal)
    deadline = time.monotonic() + grace
    while time.monotonic() < deadline:
        time.sleep(0.05)  # when the server ends, the main thread ends this process and with it this thread
    for child in family:
        _send(child, signal.SIGKILL)
    server.kill()


def _send(process: psutil.Process, number: signal.Signals) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(number)


def _write(record: Path, content: dict[str, Any]) -> None:
    beside = record.with_suffix(".new")
    beside.write_text(json.dumps(content))
    beside.replace(record)


def main() -> int:
    """Return the server's exit code, once it has ended for whatever reason."""
    order = json.loads(sys.argv[1])
    with Path(order["log"]).open("ab") as log:
        server = subprocess.Popen(order["command"], stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)

    asked = threading.Event()

    def watch() -> None:
        while lives(*order["starter"]) and not asked.wait(0.4):
            pass
        end(server, order["stop_signal"], order["grace"])

    def ask(number: int, frame: FrameType | None) -> None:
        asked.set()

    signal.signal(signal.SIGTERM, ask)
    born = birth(server.pid) if server.poll() is None else 0.0
    _write(Path(order["record"]), {"pid": server.pid, "born": born, "starter": order["starter"]})
    threading.Thread(target=watch, daemon=True).start()
    return server.wait()


if __name__ == "__main__":
    sys.exit(main())
