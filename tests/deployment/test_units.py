"""The systemd units: systemd takes them where it is there, and they run what exists."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from telaio.cli import COMMON

from .composing import DEPLOY

UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]


def _verified(folder: Path, units: list[Path]) -> str:
    """What systemd has against the units, as they would be for casa."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("needs systemd-analyze")
    for unit in units:
        (folder / unit.name.replace("@", "@casa")).write_text(_runnable(unit.read_text()))
    files = [str(file) for file in sorted(folder.iterdir())]
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *files], capture_output=True, text=True, check=False
    )
    own = [line for line in said.stderr.splitlines() if any(Path(f).name in line for f in files)]
    return "\n".join(own) or ("" if said.returncode == 0 or not own else said.stderr)


def _runnable(text: str) -> str:
    """With a program that is there, so that it is the unit that is judged."""
    return text.replace("/opt/genera/%i/venv/bin/python", "/bin/true").replace("%i", "casa")


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    assert _verified(tmp_path, UNITS) == ""


def test_a_word_that_systemd_does_not_know_is_noticed(tmp_path: Path) -> None:
    """The canary of the test above."""
    (tmp_path / "unit").mkdir()
    broken = tmp_path / "unit" / "genera@.service"
    broken.write_text(SERVICES[-1].read_text().replace("NoNewPrivileges", "NessunPrivilegio"))
    into = tmp_path / "verified"
    into.mkdir()
    assert "NessunPrivilegio" in _verified(into, [broken])


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_what_a_unit_runs_is_a_word_of_the_service(unit: Path) -> None:
    words = re.findall(r"venv/bin/python -m %i (\w+)", unit.read_text())
    assert words
    assert set(words) <= set(COMMON)


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_unit_is_closed(unit: Path) -> None:
    text = unit.read_text()
    for line in ("User=genera", "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=", "UMask=0077"):
        assert f"\n{line}\n" in text


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_the_pages_a_unit_names_exist(unit: Path) -> None:
    for page in re.findall(r"guide/(\w+)\.md", unit.read_text()):
        assert (DEPLOY.parent / "docs/guide" / f"{page}.md").exists()


@pytest.mark.parametrize("word", ["api", "relay"])
def test_what_stays_up_ends_at_the_signal_that_systemd_and_docker_send(word: str) -> None:
    """SIGTERM, as neither unit nor compose file says another; also with database and broker away."""
    assert not any("KillSignal" in unit.read_text() for unit in UNITS)
    away = {"DATABASE": "postgresql://prova@127.0.0.1:1/prova", "KAFKA": "127.0.0.1:1", "PARTNER": "prova"}
    away |= {"EMITTENTE": "prova", "CHIAVI_FILE": "/dev/null", "PORT": "0", "METRICS_PORT": "0"}
    ours = {name: value for name, value in os.environ.items() if not name.startswith("GENERA_")}
    environment = ours | {f"GENERA_{name}": value for name, value in away.items()}
    command = [sys.executable, "-u", "-m", "casa", word]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert "relay interrupted" in next(line for line in running.stdout if "relay" in line)
        running.terminate()
        assert running.wait(15) == 0
