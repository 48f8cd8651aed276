"""The bundles the tests here install from, made once; and what took how long, told at the end."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bundle.assemble import archive, assemble
from stack import broker as brokers
from stack.databases import Databases
from stack.fixtures import NEEDS_KAFKA, running

from .unpacked import this_python
from .workshop import Workshop

TOLD = pytest.StashKey[list[str]]()
Tell = Callable[[str], None]


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
def workshop(
    bundled: Callable[[str, str], Path],
    databases: Databases,
    stack_files: Path,
    tmp_path_factory: pytest.TempPathFactory,
    pytestconfig: pytest.Config,
) -> Iterator[Workshop]:
    """A partner's folder where casa has been installed by the guide, beside a running network."""
    if brokers.chosen() == "embedded":
        pytest.skip(NEEDS_KAFKA)  # the guide's doctor looks at what only Apache Kafka tells
    broker = brokers.private(stack_files / "kafka-consegna", None, None)
    with running(broker, pytestconfig):
        folder = tmp_path_factory.mktemp("partner")
        found = Workshop(folder, broker, (databases.create("consegna_casa"), databases.create("consegna_cruscotto")))
        found.receive(bundled("casa", this_python()))
        try:
            found.install()
            yield found
        finally:
            found.stop()
