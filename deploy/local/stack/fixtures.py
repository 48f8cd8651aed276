"""Fixtures: a broker and a PostgreSQL for the session, private ones for fault tests, a database for each test.

Use with `pytest_plugins = ["stack.fixtures"]` in the root conftest. The summary says on what results were obtained.
"""

import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from stack import broker as brokers
from stack import places, tether
from stack import postgres as postgreses
from stack.broker import Broker
from stack.databases import Databases
from stack.postgres import Postgres
from stack.process import AlreadyRunning, end_leftover, me
from stack.server import Server

OBTAINED_ON = pytest.StashKey[dict[str, str]]()
NEEDS_KAFKA = "needs Apache Kafka; this run uses the embedded broker (a JDK >= 17 and Maven bring Apache Kafka)"


def pytest_configure(config: pytest.Config) -> None:
    """Prepare the list of servers that results are obtained on."""
    config.stash[OBTAINED_ON] = {}


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what the embedded broker cannot do, aloud."""
    if item.get_closest_marker("needs_kafka_features") and brokers.chosen() == "embedded":
        pytest.skip(NEEDS_KAFKA)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Name the broker and the database behind the results."""
    if config.stash[OBTAINED_ON]:
        terminalreporter.write_line("obtained on: " + ", ".join(config.stash[OBTAINED_ON].values()))


@contextmanager
def running(server: Server, config: pytest.Config) -> Iterator[None]:
    """Start a server, note it for the summary, and stop it at the end."""
    server.start()
    config.stash[OBTAINED_ON][server.kind] = server.kind
    try:
        yield
    finally:
        server.stop()


@pytest.fixture(scope="session")
def stack_files() -> Iterator[Path]:
    """Yield the directory of this session's servers; what dead sessions left is removed first."""
    sessions = places.state() / "sessions"
    for old in sessions.glob("*-*"):
        pid, _, born = old.name.partition("-")
        if not tether.lives(int(pid), float(born)):
            with suppress(AlreadyRunning):  # a stack that the dead session left in the background
                _remove(old)
    mine = sessions / "{}-{}".format(*me())
    mine.mkdir(parents=True)
    yield mine
    _remove(mine)


@pytest.fixture(scope="session")
def broker(stack_files: Path, pytestconfig: pytest.Config) -> Iterator[Broker]:
    """Yield the session's broker. It is shared: use topics and groups with names of your own."""
    found = brokers.broker(stack_files / "kafka")
    with running(found, pytestconfig):
        yield found


@pytest.fixture(scope="session")
def postgres(stack_files: Path, pytestconfig: pytest.Config) -> Iterator[Postgres]:
    """Yield the session's PostgreSQL, with fsync off. It is shared: ask for `database`."""
    found = postgreses.postgres(stack_files / "postgres", fsync=False)
    with running(found, pytestconfig):
        yield found


@pytest.fixture(scope="session")
def databases(postgres: Postgres) -> Databases:
    """Return the maker of databases: `databases.fresh("casa", migrate)` clones what `migrate(dsn)` made once."""
    return Databases(postgres)


@pytest.fixture
def database(databases: Databases) -> Iterator[str]:
    """Yield the connection string of an empty database of this test's own."""
    dsn = databases.fresh()
    yield dsn
    databases.drop(dsn)


@pytest.fixture(scope="module")
def own_broker(stack_files: Path, pytestconfig: pytest.Config) -> Iterator[Callable[..., Broker]]:
    """Yield a factory of started private brokers, ended with the module: `own_broker({"a.property": "value"})`."""
    with ExitStack() as open_ones:

        def make(settings: Mapping[str, str] | None = None, users: Mapping[str, str] | None = None) -> Broker:
            found = brokers.private(stack_files / f"kafka-{secrets.token_hex(4)}", settings, users)
            open_ones.enter_context(running(found, pytestconfig))
            return found

        yield make


@pytest.fixture(scope="module")
def own_postgres(stack_files: Path, pytestconfig: pytest.Config) -> Iterator[Callable[..., Postgres]]:
    """Yield a factory of started private PostgreSQLs, ended with the module: `own_postgres(fsync=True)`."""
    with ExitStack() as open_ones:

        def make(*, fsync: bool = False, settings: Mapping[str, str] | None = None) -> Postgres:
            found = postgreses.private(stack_files / f"postgres-{secrets.token_hex(4)}", fsync=fsync, settings=settings)
            open_ones.enter_context(running(found, pytestconfig))
            return found

        yield make


def _remove(session: Path) -> None:
    for record in session.rglob("*.json"):
        end_leftover(record)
    shutil.rmtree(session, ignore_errors=True)
