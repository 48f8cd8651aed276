"""Whoever starts servers may die in any way: nothing is orphaned, nothing stale blocks the next start."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import psutil
import pytest
from stack import ports, process, tether, waiting
from stack.embedded import Tansu
from stack.postgres import private

STARTER = """
import sys, time
from pathlib import Path
from stack.embedded import Tansu
from stack.postgres import private
files = Path(sys.argv[1])
servers = Tansu(files / "tansu"), private(files / "postgres", fsync=False)
for server in servers:
    server.start()
print("pronti", flush=True)
time.sleep(600)
"""


@pytest.fixture(autouse=True)
def _processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """These are about processes of this machine, also where other tests use containers."""
    monkeypatch.setenv("TEST_BACKEND", "")


@pytest.fixture
def starter(stack_files: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """A process that has started two servers under a directory."""
    files = stack_files / f"avviatore-{time.time_ns()}"
    files.mkdir()
    started = subprocess.Popen([sys.executable, "-c", STARTER, str(files)], stdout=subprocess.PIPE)
    assert started.stdout is not None
    assert started.stdout.readline() == b"pronti\n"
    yield started, files
    started.kill()
    started.wait()
    started.stdout.close()


def _servers(files: Path) -> list[tuple[int, float]]:
    found = [json.loads(path.read_text()) for path in (files / "tansu/tansu.json", files / "postgres/postgres.json")]
    return [(record["pid"], record["born"]) for record in found]


def test_servers_end_soon_after_their_starter_is_killed(starter: tuple[subprocess.Popen[bytes], Path]) -> None:
    started, files = starter
    servers = _servers(files)
    started.kill()  # and not waited for: a zombie is dead too
    waiting.until(lambda: not any(tether.lives(*server) for server in servers), "end of the servers", within=4)


def test_a_paused_server_also_ends_after_its_starter(starter: tuple[subprocess.Popen[bytes], Path]) -> None:
    started, files = starter
    servers = _servers(files)
    os.kill(servers[0][0], signal.SIGSTOP)
    started.kill()
    waiting.until(lambda: not any(tether.lives(*server) for server in servers), "end of the servers", within=4)


def test_what_a_dead_starter_left_does_not_block_the_next_start(starter: tuple[subprocess.Popen[bytes], Path]) -> None:
    started, files = starter
    for pid, _ in _servers(files):
        psutil.Process(psutil.Process(pid).ppid()).kill()  # the tether too: nobody is left to end the server
    identity = started.pid, tether.birth(started.pid)
    started.kill()
    waiting.until(lambda: not tether.lives(*identity), "death of the starter", within=5)
    leftovers = _servers(files)
    for server in (Tansu(files / "tansu"), private(files / "postgres", fsync=False)):
        server.start()
        server.stop()
    assert not any(tether.lives(*leftover) for leftover in leftovers)


def test_a_server_whose_starter_is_at_work_is_left_alone(starter: tuple[subprocess.Popen[bytes], Path]) -> None:
    _, files = starter
    with pytest.raises(process.AlreadyRunning, match="already running"):
        Tansu(files / "tansu").start()
    assert all(tether.lives(*server) for server in _servers(files))


def test_a_recorded_pid_that_now_belongs_to_someone_else_is_not_touched(tmp_path: Path) -> None:
    bystander = subprocess.Popen(["sleep", "60"])
    record = tmp_path / "tansu.json"
    record.write_text(json.dumps({"pid": bystander.pid, "born": 1.0, "starter": [1, 1.0]}))
    process.end_leftover(record)
    assert bystander.poll() is None
    bystander.kill()
    bystander.wait()


def test_ports_are_remembered_but_not_insisted_upon(stack_files: Path) -> None:
    files = stack_files / "porte"
    first = Tansu(files)
    first.start()
    first.stop()
    assert Tansu(files).ports == first.ports
    taker = Tansu(stack_files / "altro")
    taker._ports = first.ports
    taker.start()
    assert Tansu(files).ports != first.ports
    taker.stop()


def test_a_server_that_cannot_start_says_why(stack_files: Path) -> None:
    server = private(stack_files / "sbagliato", settings={"shared_buffers": "tanti"})
    with pytest.raises(waiting.NotReady, match="shared_buffers"):
        server.start()


def test_free_ports_are_distinct_and_outside_the_range_of_outgoing_connections() -> None:
    found = ports.free_ports(50) + ports.free_ports(50)
    assert len(set(found)) == 100
    assert max(found) < 32_768


def test_two_processes_begin_to_look_for_ports_in_blocks_of_their_own() -> None:
    one, other = (set(islice(ports._in_turn(pid), ports.BLOCK)) for pid in (4711, 4712))
    assert len(one) == len(other) == ports.BLOCK
    assert not one & other
    assert set(ports._in_turn(4711)) == set(ports.RANGE)
