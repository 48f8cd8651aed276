"""Who may do what on the broker: from the manifest and the district, so that it is written nowhere twice.

`python -m telaio.rights [district.toml]` prints one line for each user, in columns separated by tabs: the user, the
topics it writes, those it reads, how its groups begin. deploy/compose makes users and ACLs of it, and deploy/kubernetes
the resources of Strimzi.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from telaio.district import District
from telaio.topics import TopicSpec, manifest

DASHBOARD = "cruscotto"


@dataclass(frozen=True)
class Rights:
    """What a service may do, under a user of its own name: a right taken away stops it and nobody else."""

    user: str
    writes: tuple[str, ...]
    reads: tuple[str, ...]

    @property
    def groups(self) -> str:
        """How the names of its consumer groups begin."""
        return f"{self.user}."

    def line(self) -> str:
        """As the command prints it."""
        return "\t".join([self.user, ",".join(self.writes), ",".join(self.reads), self.groups])


def rights(district: District) -> Iterator[Rights]:
    """A service writes its own topics. A strand reads the strands' events; the dashboard all there is."""
    topics = manifest(district.servizi)
    for service in district.servizi:
        writes = tuple(t.name for t in topics if _owner(t) == service)
        reads = topics if service == DASHBOARD else [t for t in topics if t.keep_ms < 0 and _owner(t) != DASHBOARD]
        yield Rights(service, writes, tuple(t.name for t in reads))


def _owner(topic: TopicSpec) -> str:
    return topic.name.partition(".")[0]


if __name__ == "__main__":
    for found in rights(District.load(Path(sys.argv[1]) if sys.argv[1:] else None)):
        print(found.line())
