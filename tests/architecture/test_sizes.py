"""Files and functions stay small enough to read, and large enough to be worth a name."""

import subprocess
from pathlib import Path

import pytest

from .sizes import EXCEPTIONS, Breach, breaches

ROOT = Path(__file__).parents[2]
STRAND_LINES = 900
FORBIDDEN_NAMES = {"utils.py", "helpers.py", "common.py", "manager.py", "base.py"}


def sources() -> list[str]:
    """Our Python files, tests apart."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [f for f in listed.stdout.split() if "/tests/" not in f and not f.startswith(("tests/", "conftest"))]


def test_files_and_functions_keep_their_bounds() -> None:
    assert breaches(ROOT, sources()) == []


def test_every_exception_is_still_needed() -> None:
    names = {place.partition(":")[0] for place in EXCEPTIONS}
    assert sorted(names - set(sources())) == []


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("long.py", "x = 1\n" * 251, "251 lines"),
        ("short.py", "x = 1\n", "only 1 lines"),
        ("f.py", "def f():\n" + "    x = 1\n" * 40 + "#\n" * 10, "41 lines"),
        ("p.py", "def f(a, b, c, d, e, g, h):\n    pass\n" + "#\n" * 30, "7 parameters"),
        ("d.py", "def f():\n if 1:\n  if 1:\n   if 1:\n    if 1:\n     pass\n" + "#\n" * 30, "nested 4 deep"),
    ],
)
def test_a_canary_of_each_bound_is_seen(tmp_path: Path, name: str, text: str, what: str) -> None:
    (tmp_path / name).write_text(text)
    found = breaches(tmp_path, [name])
    assert [b.what for b in found] == [what]
    assert all(isinstance(b, Breach) for b in found)


@pytest.mark.parametrize("strand", ["casa", "lavoro", "giovani", "punti"])
def test_a_strand_stays_under_its_size(strand: str) -> None:
    files = [f for f in sources() if f.startswith(f"services/{strand}/{strand}/")]
    assert files
    assert sum((ROOT / f).read_text().count("\n") for f in files) < STRAND_LINES


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [f for f in sources() if Path(f).name in FORBIDDEN_NAMES] == []
