"""Where the local stack keeps its state, and which settings of the environment it obeys."""

import functools
import hashlib
import os
import stat
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
KAFKA_FILES = Path(__file__).resolve().parents[1] / "kafka"


def state() -> Path:
    """Return the directory of all state: `GENERA_STACK`, or `.stack` beside the Makefile."""
    wish = setting("GENERA_STACK")
    return Path(wish).resolve() if wish else _default()


def cache() -> Path:
    """Return the directory of what is fetched or computed once, shared by every state: `GENERA_CACHE` moves it."""
    wish = setting("GENERA_CACHE")
    return Path(wish).resolve() if wish else _default() / "cache"


def made(directory: Path) -> Path:
    """Return the directory, which now exists."""
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def setting(name: str) -> str | None:
    """Return a setting of the environment; `None` when absent or empty."""
    return os.environ.get(name) or None


def on_docker() -> bool:
    """Return whether servers run in containers (`TEST_BACKEND=docker`) rather than as processes of this machine."""
    return setting("TEST_BACKEND") == "docker"


def enterable(path: Path) -> bool:
    """Return whether any user may reach `path`: root's PostgreSQL runs as one that owns nothing."""
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in path.parents)


@functools.cache
def _default() -> Path:
    """Return `.stack`; for root in a place that others may not enter (its home, say) a directory `.stack` points to."""
    own = ROOT / ".stack"
    if os.geteuid() != 0 or enterable(own):
        return own
    elsewhere = Path(tempfile.gettempdir()) / f"genera-{hashlib.sha256(bytes(ROOT)).hexdigest()[:12]}"
    elsewhere.mkdir(exist_ok=True)
    if elsewhere.is_symlink() or elsewhere.stat().st_uid != 0:
        raise RuntimeError(f"{elsewhere} belongs to someone else: set GENERA_STACK and GENERA_CACHE")
    elsewhere.chmod(0o755)
    if not own.exists():
        own.unlink(missing_ok=True)
        own.symlink_to(elsewhere)
    return elsewhere
