"""What needs Prometheus is skipped aloud where Debian's packages are not there (`make system`)."""

from pathlib import Path

import pytest

from .servers import MISSING


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skips the tests of this folder that the missing programs are needed for."""
    for item in items:
        if MISSING and Path(__file__).parent in item.path.parents and item.get_closest_marker("needs_prometheus"):
            item.add_marker(pytest.mark.skip(reason=f"needs {', '.join(MISSING)} (make system)"))
