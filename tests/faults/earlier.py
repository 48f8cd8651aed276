"""An earlier release of a service, taken out of the history and run beside the newest of the rest."""

import io
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path

from stack.services import ServiceSpec

from .network import Service

ROOT = Path(__file__).parents[2]
PARTS = ("schemas", "telaio", "services/casa")


def earlier_release(into: Path, commit: str = "HEAD~1") -> Path | None:
    """The folder with casa as it was at that commit, its chassis and its contract; None where there is no history."""
    done = subprocess.run(["git", "-C", ROOT, "archive", commit, *PARTS], capture_output=True, check=False)
    if done.returncode != 0:
        return None
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(into, filter="data")
    return into


class Earlier(Service):
    """A service that runs from that folder."""

    def __init__(self, directory: Path, spec: ServiceSpec, settings: Mapping[str, str], release: Path) -> None:
        super().__init__(directory, spec, settings)
        self._path = ":".join(str(release / part) for part in PARTS)

    def environment(self) -> dict[str, str]:
        return {**super().environment(), "PYTHONPATH": self._path}

    def runs_from(self) -> str:
        """Where its chassis is, as it finds it itself."""
        words = [self.command()[0], "-c", "import telaio, casa, contratti; print(telaio.__file__, casa.__file__)"]
        return subprocess.run(words, env=self.environment(), capture_output=True, text=True, check=True).stdout
