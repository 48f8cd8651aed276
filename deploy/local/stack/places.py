"""Where the local stack keeps its state, and which settings of the environment it obeys."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
KAFKA_FILES = Path(__file__).resolve().parents[1] / "kafka"


def state() -> Path:
    """Return the directory of all state: `GENERA_STACK`, or `.stack` beside the Makefile."""
    return Path(os.environ.get("GENERA_STACK") or ROOT / ".stack").resolve()


def cache() -> Path:
    """Return the directory of what is fetched or computed once, shared by every state: `GENERA_CACHE` moves it."""
    return Path(os.environ.get("GENERA_CACHE") or ROOT / ".stack" / "cache").resolve()


def setting(name: str) -> str | None:
    """Return a setting of the environment; `None` when absent or empty."""
    return os.environ.get(name) or None


def on_docker() -> bool:
    """Return whether servers run in containers (`TEST_BACKEND=docker`) rather than as processes of this machine."""
    return setting("TEST_BACKEND") == "docker"
