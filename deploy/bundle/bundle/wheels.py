"""The wheels of a bundle: ours are built, the others fetched, each checked against its hash in the lock."""

import hashlib
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from bundle.locked import Locked

GLIBC = ("manylinux_2_28", "manylinux_2_27", "manylinux_2_26", "manylinux_2_24", "manylinux2014")
"""Whose wheels run on the distributions in use: Debian 11, Ubuntu 20.04, RHEL 8 and what came after."""


def build(folders: Iterable[Path], into: Path) -> list[str]:
    """Builds our packages, without looking for anything outside; returns a locked requirement for each."""
    lines = []
    for folder in folders:
        with tempfile.TemporaryDirectory() as alone:
            _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", alone, str(folder))
            (made,) = Path(alone).glob("*.whl")
            wheel = Path(into / made.name)
            wheel.write_bytes(made.read_bytes())
        name, version = wheel.name.split("-")[:2]
        lines.append(f"{name}=={version} \\\n    --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}")
    return lines


def fetch(packages: Sequence[Locked], pythons: Iterable[str], into: Path) -> None:
    """Fetches the wheels for these versions of Python, for Linux on this machine's kind of processor.

    pip decides by the Python it runs on which packages are wanted, not by the one it fetches for: so it is told.
    Raises: subprocess.CalledProcessError, also where a package has no wheel.
    """
    platforms = [f"--platform={glibc}_{platform.machine()}" for glibc in GLIBC]
    for python in pythons:
        wanted = [p for p in packages if p.wanted_on(python)]
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.writelines(p.line(marked=False) + "\n" for p in wanted)
            file.flush()
            _pip("download", "--no-deps", "--only-binary=:all:", f"--python-version={python}", *platforms,
                 "--require-hashes", "-r", file.name, "--dest", str(into))  # fmt: skip


def _pip(word: str, *options: str) -> None:
    command = [sys.executable, "-m", "pip", word, "--quiet", "--disable-pip-version-check", *options]
    subprocess.run(command, check=True)  # noqa: S603
