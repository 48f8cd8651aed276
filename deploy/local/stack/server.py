"""What a server of the stack can be asked to do, and how one that is a process of this machine does it."""

import json
import shutil
import signal
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path

from stack import waiting
from stack.ports import free_ports, is_free
from stack.process import Order, Process, end_leftover


class Server(ABC):
    """A server that tests and the local stack start, stop and mistreat. `kind` is what a result is "obtained on"."""

    kind: str

    @abstractmethod
    def start(self) -> None:
        """Return when the server answers. Keeps the data of an earlier run, and its port within this object's life."""

    @abstractmethod
    def stop(self) -> None:
        """End it cleanly; no effect when it is not running."""

    @abstractmethod
    def kill(self) -> None:
        """End it with -9, data kept; no effect when it is not running."""

    @abstractmethod
    def pause(self) -> None:
        """Freeze it: connections stay open, nobody answers."""

    @abstractmethod
    def resume(self) -> None:
        """End a pause."""

    @abstractmethod
    def wipe(self) -> None:
        """Stop it and delete its data; `start` then gives an empty server at the same address."""

    def restart(self) -> None:
        """Stop it cleanly if it runs, and return when it answers again at the same address."""
        self.stop()
        self.start()


class LocalServer(Server):
    """A server process of this machine, with everything it writes under one directory."""

    name: str
    stop_signal: signal.Signals = signal.SIGTERM
    ready_within: float = 60.0
    ports_needed: int = 1

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._ports: list[int] = []
        self._process: Process | None = None

    @abstractmethod
    def prepare(self) -> None:
        """Write what the server needs before it starts; keep what is there."""

    @abstractmethod
    def command(self) -> Sequence[str]:
        """Return program and arguments."""

    @abstractmethod
    def answers(self) -> bool:
        """Return whether the server does real work for a client now."""

    def environment(self) -> Mapping[str, str] | None:
        """Return the whole environment of the process; `None` for our own."""
        return None

    @property
    def ports(self) -> list[int]:
        """Return the ports: those of this object, else those used here last time if free, else free ones."""
        if not self._ports:
            self._ports = self._remembered() or free_ports(self.ports_needed)
        return self._ports

    @property
    def log(self) -> Path:
        """Return the server's log file."""
        return self.directory / f"{self.name}.log"

    @property
    def alive(self) -> bool:
        """Return whether the process exists (paused counts)."""
        return self._process is not None and self._process.alive

    def start(self) -> None:
        if self.alive:
            return
        self.directory.mkdir(parents=True, exist_ok=True)
        end_leftover(self._record)
        self.prepare()
        self._port_file.write_text(json.dumps(self.ports))
        order = Order(self.name, self.command(), self.directory, self.environment(), self.stop_signal)
        self._process = Process.start(order)
        try:
            waiting.until(lambda: self.answers() or not self.alive, f"{self.kind} ready", within=self.ready_within)
        except waiting.NotReady:
            self.kill()
            raise
        if not self.alive:
            self.stop()
            raise waiting.NotReady(f"{self.kind} ended while starting; its log ends with:\n{self._last_words()}")

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop()
            self._process = None

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process = None

    def pause(self) -> None:
        self._running().pause()

    def resume(self) -> None:
        self._running().resume()

    def wipe(self) -> None:
        self.kill()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _running(self) -> Process:
        if self._process is None:
            raise RuntimeError(f"{self.name} is not running")
        return self._process

    @property
    def _record(self) -> Path:
        return self.directory / f"{self.name}.json"

    @property
    def _port_file(self) -> Path:
        return self.directory / "ports.json"

    def _remembered(self) -> list[int]:
        try:
            ports: list[int] = json.loads(self._port_file.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return []
        return ports if len(ports) == self.ports_needed and all(map(is_free, ports)) else []

    def _last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
