"""The bundles the tests here install from, made once; and what took how long, told at the end."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from bundle.assemble import archive, assemble
from stack import broker as brokers
from stack.databases import Databases
from stack.fixtures import NEEDS_KAFKA, running
from stack.services import SERVICES

from .unpacked import this_python
from .workshop import Workshop

TOLD = pytest.StashKey[list[str]]()
Tell = Callable[[str], None]
Open = Callable[[str, str], AbstractContextManager[Workshop]]


def pytest_configure(config: pytest.Config) -> None:
    """Prepares the list of what is told."""
    config.stash[TOLD] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Tells sizes and times."""
    for line in config.stash[TOLD]:
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def tell(pytestconfig: pytest.Config) -> Tell:
    """A function that adds a line to the summary."""
    return pytestconfig.stash[TOLD].append


@pytest.fixture(scope="session")
def bundled(tmp_path_factory: pytest.TempPathFactory, tell: Tell) -> Callable[[str, str], Path]:
    """`bundled("casa", "3.13")`: the archive of a service for one version of Python."""
    made: dict[tuple[str, str], Path] = {}

    def make(service: str, python: str) -> Path:
        if (service, python) not in made:
            begun = time.monotonic()
            packed = archive(assemble(service, tmp_path_factory.mktemp("dist"), [python]))
            size = packed.stat().st_size / 1e6
            tell(f"bundle of {service} for Python {python}: {size:.1f} MB, made in {time.monotonic() - begun:.0f} s")
            made[service, python] = packed
        return made[service, python]

    return make


@pytest.fixture(scope="session")
def received(
    bundled: Callable[[str, str], Path],
    databases: Databases,
    stack_files: Path,
    tmp_path_factory: pytest.TempPathFactory,
    pytestconfig: pytest.Config,
) -> Open:
    """`with received("casa", "3.13") as workshop`: a partner's folder with the archive in it, beside a network."""
    if brokers.chosen() == "embedded":
        pytest.skip(NEEDS_KAFKA)  # the guide's doctor looks at what only Apache Kafka tells

    @contextmanager
    def receive(name: str, python: str) -> Iterator[Workshop]:
        broker = brokers.private(stack_files / f"kafka-consegna-{name}-{python}", None, None)
        (spec,) = (spec for spec in SERVICES if spec.name == name)
        with running(broker, pytestconfig):
            dsns = {each: databases.fresh() for each in {name, "cruscotto"}}
            found = Workshop(tmp_path_factory.mktemp("partner"), broker, spec, dsns)
            try:
                found.receive(bundled(name, python))
                yield found
            finally:
                found.stop()

    return receive


@pytest.fixture(scope="session")
def opened(received: Open) -> Callable[[str], AbstractContextManager[Workshop]]:
    """`with opened("casa") as workshop`: the same, where the service has been installed by the guide."""

    @contextmanager
    def install(name: str) -> Iterator[Workshop]:
        with received(name, this_python()) as found:
            found.install()
            yield found

    return install


@pytest.fixture(scope="session")
def workshop(opened: Callable[[str], AbstractContextManager[Workshop]]) -> Iterator[Workshop]:
    """Casa's."""
    with opened("casa") as found:
        yield found
