"""`python -m stack demo`, shortened: what it says, and that it ends as it was asked to."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from stack import tether

SHORT = ["--giorni", "30"]


def started(files: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "stack", "demo", *SHORT, *options]
    environment = {**os.environ, "GENERA_STACK": str(files)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def test_it_shows_the_pages_first_then_plays_checks_and_stays_until_interrupted(stack_files: Path) -> None:
    files = stack_files / "demo"
    demo, said = started(files), ""
    assert demo.stdout is not None
    while "fino a Ctrl-C" not in said:
        assert demo.poll() is None, said
        said += demo.stdout.readline()
    records = [json.loads(path.read_text()) for path in files.glob("demo/*/*.json")]
    servers = [(r["pid"], r["born"]) for r in records if isinstance(r, dict) and "starter" in r]
    assert len(servers) >= 8  # broker, database, sign-in, five services
    demo.send_signal(signal.SIGINT)
    assert demo.wait(30) == 0
    demo.stdout.close()
    assert said.index("Il cruscotto") < said.index("Per entrare si sceglie con chi") < said.index("recita")
    assert re.search(r"Famiglie garantite +\d+ +obiettivo 80", said)
    assert re.search(r"^recitata in [\d.]+ s: [1-9]\d* comandi$", said, re.M)
    assert re.search(r"^verificato: [1-9]\d* cifre uguali al calcolo indipendente$", said, re.M)
    assert not any(tether.lives(*server) for server in servers)
    assert not (files / "demo" / "addresses.json").exists()


def test_it_begins_anew_where_another_was_and_can_end_by_itself(stack_files: Path) -> None:
    left = stack_files / "demo" / "demo" / "casa" / "left-by-another"
    left.parent.mkdir(parents=True, exist_ok=True)
    left.touch()
    demo = started(stack_files / "demo", "--exit")
    said, _ = demo.communicate(timeout=120)
    assert demo.returncode == 0, said
    assert "verificato" in said
    assert not left.exists()
