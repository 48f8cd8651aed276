"""Prometheus, Alertmanager and node_exporter (Debian's) as processes, and what Prometheus answers."""

import json
import shutil
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from stack.ports import HOST
from stack.server import LocalServer

from . import rendered

NAMES = ("prometheus", "promtool", "prometheus-alertmanager", "amtool", "prometheus-node-exporter")
PROGRAMS = {name: shutil.which(name) for name in NAMES}
MISSING = [name for name, path in PROGRAMS.items() if path is None]


class Monitor(LocalServer):
    """A server of monitoring. `ready`: the path on which it answers when it is."""

    ready = "/-/ready"

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.ports[0]}"

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.url + self.ready, timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


class Alertmanager(Monitor):
    """With the routes of the district; every receiver is the recorder's address."""

    name = "alertmanager"
    kind = "Alertmanager"

    def __init__(self, directory: Path, district: Mapping[str, Any], recorder: str, factor: float) -> None:
        super().__init__(directory)
        self._what = district, recorder, factor

    def prepare(self) -> None:
        """Writes its configuration."""
        rendered.alertmanager(self.directory, *self._what)

    def command(self) -> Sequence[str]:
        return [
            PROGRAMS["prometheus-alertmanager"] or "",
            f"--config.file={self.directory / 'alertmanager.yml'}",
            f"--storage.path={self.directory / 'data'}",
            f"--web.listen-address={HOST}:{self.ports[0]}",
            "--cluster.listen-address=",
        ]


class NodeExporter(Monitor):
    """Tells of this machine's disks, as the guide has it installed."""

    name = "node-exporter"
    kind = "node_exporter"
    ready = "/metrics"

    def prepare(self) -> None:
        """It has no configuration."""

    def command(self) -> Sequence[str]:
        # An overlay is left out by default, and is all there is in a container where the tests may run.
        all_kinds = "--collector.filesystem.fs-types-exclude=^(proc|sysfs)$"
        disks = ("--collector.disable-defaults", "--collector.filesystem", all_kinds)
        return [PROGRAMS["prometheus-node-exporter"] or "", f"--web.listen-address={HOST}:{self.ports[0]}", *disks]


class Prometheus(Monitor):
    """With the committed rules, `factor` times faster. targets: what file_sd says, by the file that says it."""

    name = "prometheus"
    kind = "Prometheus"

    def __init__(self, directory: Path, targets: rendered.Targets, alertmanager: int, factor: float) -> None:
        super().__init__(directory)
        self._targets, self._alertmanager, self._factor = targets, alertmanager, factor

    def prepare(self) -> None:
        """Writes its configuration, its rules and its targets."""
        rendered.prometheus(self.directory, self._targets, (self.ports[0], self._alertmanager), self._factor)

    def command(self) -> Sequence[str]:
        return [
            PROGRAMS["prometheus"] or "",
            f"--config.file={self.directory / 'prometheus.yml'}",
            f"--storage.tsdb.path={self.directory / 'data'}",
            f"--web.listen-address={HOST}:{self.ports[0]}",
        ]

    def ask(self, what: str, **parameters: str) -> Any:
        """What the API answers. Raises: urllib's HTTPError, with the query, when it refuses."""
        query = urllib.parse.urlencode(parameters)
        with urllib.request.urlopen(f"{self.url}/api/v1/{what}?{query}", timeout=10) as answer:
            return json.load(answer)["data"]

    def series(self, query: str) -> list[dict[str, Any]]:
        """The series of an instant query."""
        found: list[dict[str, Any]] = self.ask("query", query=query)["result"]
        return found
