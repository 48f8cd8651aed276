"""The arrows of the house, kept by import-linter; each rule is broken once, to see that it fires."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLACES = {
    "contratti": "schemas",
    "telaio": "telaio",
    "casa": "services/casa",
    "lavoro": "services/lavoro",
    "giovani": "services/giovani",
    "punti": "services/punti",
    "cruscotto": "services/cruscotto",
    "stack": "deploy/local",
    "scenario": "deploy/local",
}
CANARIES = {
    "contratti depends on pydantic alone": ("contratti/casa.py", "import asyncpg"),
    "telaio knows no strand, and of the contract only what is common": ("telaio/relay.py", "import contratti.casa"),
    "no service imports another": ("cruscotto/apporti/casa.py", "import casa.famiglia"),
    "a strand's entities are pure: no database, bus, web or clock": ("casa/famiglia.py", "import telaio.clock"),
    "services know nothing of the local stack and the scenario": ("casa/viste.py", "import stack.kafka"),
}


def lint(root: Path) -> str:
    """What import-linter says of the packages below `root`."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache"]
    done = subprocess.run(
        command, cwd=root, env={"PYTHONPATH": str(root), "PATH": ""}, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The packages, side by side, and the rules."""
    for package, place in PLACES.items():
        shutil.copytree(
            ROOT / place / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "static")
        )
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def test_the_rules_hold(copy: Path) -> None:
    assert f"{len(CANARIES)} kept, 0 broken" in lint(copy)


@pytest.mark.parametrize("rule", CANARIES)
def test_a_canary_breaks_its_rule_and_no_other(copy: Path, rule: str) -> None:
    file, line = CANARIES[rule]
    with (copy / file).open("a", encoding="utf-8") as source:
        source.write(f"\n{line}\n")
    said = lint(copy)
    assert f"{rule} BROKEN" in said
    assert f"{len(CANARIES) - 1} kept, 1 broken" in said
