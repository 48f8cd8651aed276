"""The bundles the tests here install from, made once; and what took how long, told at the end."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from bundle.assemble import archive, assemble

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
