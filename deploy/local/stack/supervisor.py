"""The process that owns the local stack: in the foreground (`run`), or behind `up` and `down`."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import psutil

from stack import tether, waiting
from stack.local import LocalStack
from stack.process import me
from stack.services import wanted

READY_WITHIN = 300.0  # seconds: a cold start fetches jars
DOWN_WITHIN = 60.0
OURS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(files: Path) -> int:
    """Start the stack, stay until Ctrl-C, SIGTERM or SIGHUP, stop it. Returns the exit code."""
    if owner(files):
        print("la pila locale è già avviata: `down` la ferma", file=sys.stderr)
        return 1
    files.mkdir(parents=True, exist_ok=True)
    for number in OURS:
        signal.signal(number, _interrupt)
    _owner_file(files).write_text(json.dumps(me()))
    try:
        return _stay(LocalStack(files, wanted()))
    except KeyboardInterrupt:
        return 0
    except waiting.NotReady as error:
        print(f"non avviata: {error}", file=sys.stderr)
        return 1
    finally:
        _owner_file(files).unlink(missing_ok=True)


def up(files: Path) -> int:
    """Start the stack in the background and return when it is ready, or say that it already is."""
    if owner(files):
        print("la pila locale è già avviata")
        return status(files)
    files.mkdir(parents=True, exist_ok=True)
    _addresses_file(files).unlink(missing_ok=True)  # of a supervisor that was killed
    log = files / "stack.log"
    with log.open("wb") as output:
        command = [sys.executable, "-m", "stack", "run"]
        behind = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    try:
        _follow(log, lambda: _addresses_file(files).exists() or behind.poll() is not None)
    except (waiting.NotReady, KeyboardInterrupt):
        behind.terminate()
        behind.wait(DOWN_WITHIN)
    return 0 if _addresses_file(files).exists() else 1


def down(files: Path) -> int:
    """Stop the stack that `up` or `run` started, and return when it has ended. No effect when there is none."""
    found = owner(files)
    if found is None:
        print("la pila locale non è avviata")
        return 0
    found.send_signal(signal.SIGTERM)
    identity = found.pid, tether.birth(found.pid)
    try:
        waiting.until(lambda: not tether.lives(*identity), "down", within=DOWN_WITHIN)
    except waiting.NotReady:
        found.kill()  # the tethers end what it had started
    _owner_file(files).unlink(missing_ok=True)
    print("pila locale fermata")
    return 0


def status(files: Path) -> int:
    """Print where everything is; returns 0 when the stack is up, 3 when it is not (as `systemctl status`)."""
    if owner(files) is None:
        print("la pila locale non è avviata")
        return 3
    if not _addresses_file(files).exists():
        print("la pila locale si sta avviando")
        return 0
    print(described(json.loads(_addresses_file(files).read_text())))
    return 0


def owner(files: Path) -> psutil.Process | None:
    """Return the process that owns the stack under `files`; `None` when there is none, whatever a dead one left."""
    try:
        pid, born = json.loads(_owner_file(files).read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return psutil.Process(pid) if tether.lives(pid, born) else None


def described(addresses: dict[str, Any]) -> str:
    """Return the addresses as lines for a terminal."""
    services = [f"  {name:<10} {service['url']}" for name, service in addresses["services"].items()]
    people = [f"  {user['id']:<16} {user['nome']}, {user['mestiere']}" for user in addresses["utenti"]]
    return "\n".join(
        [
            f"ottenuto su: {addresses['broker']['kind']}, {addresses['postgres']['kind']}",
            f"  broker     {addresses['broker']['address']}",
            f"  identità   {addresses['identity']}",
            *services,
            "utenti di prova:",
            *people,
        ]
    )


def _stay(stack: LocalStack) -> int:
    begun = time.monotonic()
    try:
        stack.start(lambda line: print(line, flush=True))
        print(f"pronta in {time.monotonic() - begun:.1f} s", flush=True)
        print(described(stack.addresses()), flush=True)
        told: set[str] = set()
        while True:
            time.sleep(1)
            for name in {name for name, service in stack.services.items() if not service.alive} - told:
                print(f"il servizio {name} è terminato: {stack.services[name].log}", file=sys.stderr, flush=True)
                told.add(name)
    finally:
        stack.stop()


def _interrupt(number: int, frame: FrameType | None) -> None:
    for ours in OURS:
        signal.signal(ours, signal.SIG_IGN)  # a second Ctrl-C must not cut the stopping short
    raise KeyboardInterrupt


def _follow(log: Path, done: Callable[[], bool]) -> None:
    """Copy a growing log to the terminal until `done`. Raises: NotReady."""
    with log.open() as lines:

        def step() -> bool:
            finished = done()
            print(lines.read(), end="", flush=True)
            return finished

        waiting.until(step, "pila locale pronta", within=READY_WITHIN, every=0.2)


def _owner_file(files: Path) -> Path:
    return files / "owner.json"


def _addresses_file(files: Path) -> Path:
    return files / "addresses.json"
