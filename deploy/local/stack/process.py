"""One server process: started under a tether, signalled by pid only after its identity was checked."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil

from stack import tether, waiting


class AlreadyRunning(RuntimeError):
    """Another process, which is at work, has started this very server."""


@dataclass(frozen=True)
class Order:
    """What to start and how to end it. `files` is the directory of `<name>.json` (the record) and `<name>.log`."""

    name: str
    command: Sequence[str]
    files: Path
    environment: Mapping[str, str] | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 1.5  # seconds between the polite signal and -9, when the starter has died

    @property
    def record(self) -> Path:
        """Return the file that names the process (pid and birth) while it runs."""
        return self.files / f"{self.name}.json"

    @property
    def log(self) -> Path:
        """Return the file that its output is appended to."""
        return self.files / f"{self.name}.log"


class Process:
    """A running server, and the tether that holds it."""

    def __init__(self, order: Order, held_by: subprocess.Popen[bytes], pid: int, born: float) -> None:
        self.order, self.pid, self._born, self._tether = order, pid, born, held_by

    @classmethod
    def start(cls, order: Order) -> Self:
        """Return the process once it exists (which is not yet ready)."""
        order.files.mkdir(parents=True, exist_ok=True)
        wish = {
            "command": list(order.command),
            "log": str(order.log),
            "record": str(order.record),
            "starter": me(),
            "stop_signal": int(order.stop_signal),
            "grace": order.grace,
        }
        held_by = subprocess.Popen(
            [sys.executable, tether.__file__, json.dumps(wish)],
            env=order.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C in the terminal is for the starter, which then stops servers in order
        )
        waiting.until(lambda: order.record.exists() or held_by.poll() is not None, f"start of {order.name}", within=20)
        if not order.record.exists():
            raise waiting.NotReady(f"{order.name} could not be started: {order.command[0]}")
        found = json.loads(order.record.read_text())
        return cls(order, held_by, found["pid"], found["born"])

    @property
    def alive(self) -> bool:
        """Return whether the server itself is running (paused counts as running)."""
        return tether.lives(self.pid, self._born)

    def stop(self, within: float = 30) -> None:
        """End the server politely, paused or not; after `within` seconds with -9."""
        self.resume()
        _signal(self._main(), self.order.stop_signal)
        try:
            self._tether.wait(within)
        except subprocess.TimeoutExpired:
            self.kill()
        self._forget()

    def kill(self) -> None:
        """End the server and its children with -9, as a power cut would."""
        family = self._family()
        _signal(family[:1], signal.SIGSTOP)  # it must not answer the death of a child
        _kill(family)
        self._tether.wait(10)
        self._forget()

    def pause(self) -> None:
        """Freeze the server and its children (SIGSTOP): connections stay open and nobody answers."""
        _signal(self._family(), signal.SIGSTOP)
        _signal(self._family(), signal.SIGSTOP)  # children born between the listing and the signal

    def resume(self) -> None:
        """Let the server and its children go on after a pause."""
        _signal(reversed(self._family()), signal.SIGCONT)

    def _main(self) -> list[psutil.Process]:
        return [psutil.Process(self.pid)] if self.alive else []

    def _family(self) -> list[psutil.Process]:
        """Return the server first, then everything it started; empty when it has ended."""
        return [member for main in self._main() for member in (main, *main.children(recursive=True))]

    def _forget(self) -> None:
        self.order.record.unlink(missing_ok=True)


def _signal(processes: Iterable[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(number)


def _kill(family: Sequence[psutil.Process]) -> None:
    """End processes with -9 and return when none lives. A zombie is dead: init may take seconds to reap it."""
    _signal(family, signal.SIGKILL)
    waiting.until(lambda: not any(map(_works, family)), "end after -9", within=10, every=0.01)


def _works(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def me() -> tuple[int, float]:
    """Return the identity of this process: pid and birth."""
    return os.getpid(), tether.birth(os.getpid())


def end_leftover(record: Path) -> None:
    """End the server named by a record whose starter is dead. Raises: AlreadyRunning when the starter is at work."""
    try:
        found = json.loads(record.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return
    if not isinstance(found, dict) or "starter" not in found:
        return  # not a record (the ports or the addresses, say)
    if tether.lives(found["pid"], found["born"]):
        if tether.lives(*found["starter"]):
            raise AlreadyRunning(f"{record.stem} is already running, started by process {found['starter'][0]}")
        leftover = psutil.Process(found["pid"])
        family = [leftover, *leftover.children(recursive=True)]
        _kill(family)
    record.unlink(missing_ok=True)
