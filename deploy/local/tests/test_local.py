"""`up`, `status`, `down`, `run`: the whole stack, with a service that only obeys the conventions."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from stack import supervisor, tether, waiting
from stack.local import LocalStack
from stack.services import ServiceSpec

HERE = Path(__file__).parent


@pytest.fixture
def files(stack_files: Path, request: pytest.FixtureRequest) -> Path:
    return stack_files / f"pila-{request.node.name[:20]}"


@pytest.fixture(autouse=True)
def _finto(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(HERE / "servizi"), prepend=os.pathsep)
    monkeypatch.syspath_prepend(HERE / "servizi")
    monkeypatch.setenv("GENERA_BROKER", "embedded")  # it starts in no time; the broker is not what is tested here
    monkeypatch.setenv("TEST_BACKEND", "")


def _stack(*words: str, files: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "GENERA_STACK": str(files), "GENERA_SERVIZI": "finto"}
    command = [sys.executable, "-m", "stack", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def up(files: Path) -> Iterator[dict]:
    done = _stack("up", files=files)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "finto" in done.stdout
    yield json.loads((files / "addresses.json").read_text())
    _stack("down", files=files)


def test_up_starts_everything_and_tells_each_service_where_it_is(up: dict) -> None:
    assert set(up) == {"broker", "postgres", "identity", "services", "tokens", "utenti"}
    with urllib.request.urlopen(up["services"]["finto"]["url"], timeout=5) as answer:
        settings = json.load(answer)
    assert settings["GENERA_DATABASE"] == up["services"]["finto"]["database"]
    assert settings["GENERA_KAFKA"] == up["broker"]["address"]
    assert settings["GENERA_OIDC"] == up["identity"]
    assert Path(settings["GENERA_CHIAVI_FILE"]).exists()
    assert settings["GENERA_IDEMPOTENTE"] == "0"  # the embedded broker has no idempotent producer
    assert "GENERA_BROKER" not in settings  # a service refuses settings it does not know


def test_a_second_up_says_that_it_is_up_and_starts_nothing(up: dict, files: Path) -> None:
    again = _stack("up", files=files)
    assert again.returncode == 0
    assert "già avviata" in again.stdout
    assert json.loads((files / "addresses.json").read_text()) == up


def test_down_ends_every_process_and_leaves_no_address(up: dict, files: Path) -> None:
    records = [json.loads(path.read_text()) for path in files.glob("*/*.json") if path.stem not in {"ports"}]
    assert len(records) >= 4
    assert _stack("status", files=files).returncode == 0
    assert _stack("down", files=files).returncode == 0
    assert not any(tether.lives(record["pid"], record["born"]) for record in records)
    assert not (files / "addresses.json").exists()
    assert _stack("status", files=files).returncode == 3


def test_a_stack_whose_supervisor_was_killed_ends_and_can_be_started_again(up: dict, files: Path) -> None:
    records = [json.loads(path.read_text()) for path in files.glob("*/*.json") if path.stem not in {"ports"}]
    owner = supervisor.owner(files)
    assert owner is not None
    owner.kill()
    waiting.until(lambda: not any(tether.lives(r["pid"], r["born"]) for r in records), "end of all", within=5)
    assert _stack("status", files=files).returncode == 3
    assert _stack("up", files=files).returncode == 0
    url = json.loads((files / "addresses.json").read_text())["services"]["finto"]["url"]
    with urllib.request.urlopen(url, timeout=5) as answer:
        assert answer.status == 200


def test_run_stays_until_interrupted_and_then_stops_everything(files: Path) -> None:
    environment = {**os.environ, "GENERA_STACK": str(files), "GENERA_SERVIZI": "finto"}
    running = subprocess.Popen(
        [sys.executable, "-m", "stack", "run"], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    while "pronta" not in running.stdout.readline():
        assert running.poll() is None
    records = [json.loads(path.read_text()) for path in files.glob("*/*.json") if path.stem not in {"ports"}]
    running.send_signal(signal.SIGINT)
    assert running.wait(20) == 0
    running.stdout.close()
    assert not any(tether.lives(record["pid"], record["born"]) for record in records)


def test_a_service_that_cannot_migrate_stops_the_start_with_its_own_words(files: Path) -> None:
    stack = LocalStack(files, [ServiceSpec("finto", "rotto")])
    with pytest.raises(waiting.NotReady, match="migrazione impossibile"):
        stack.start(lambda line: None)
    stack.stop()
    assert not list(files.glob("*/postgres.json"))
