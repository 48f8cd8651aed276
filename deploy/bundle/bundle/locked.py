"""The part of requirements.lock that a service needs when it runs: the very versions and hashes that were tested.

The lock says after each package who asked for it (`# via …`): that graph is walked from our own packages upwards, so
that neither a registry nor uv's own lock, which names addresses, is needed when releasing.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from packaging.requirements import Requirement

_HEAD = re.compile(r"^(?P<requirement>[a-z0-9][^\\]*?)\s*\\?$")


@dataclass
class Locked:
    """One package of the lock. `asked_by`: the packages that need it."""

    requirement: Requirement
    hashes: list[str] = field(default_factory=list)
    asked_by: set[str] = field(default_factory=set)

    def line(self, *, marked: bool = True) -> str:
        """As pip reads it with --require-hashes; with where it is wanted, or for somebody who has decided that."""
        named = str(self.requirement) if marked else f"{self.requirement.name}{self.requirement.specifier}"
        return " \\\n    ".join([named, *(f"--hash={one}" for one in self.hashes)])

    def wanted_on(self, python: str) -> bool:
        """Whether it is installed with that Python (`3.13`) on Linux."""
        marker = self.requirement.marker
        where = {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": "linux"}
        where |= {"platform_system": "Linux", "implementation_name": "cpython"}
        return marker is None or marker.evaluate(where | {"platform_python_implementation": "CPython"})


def needed(lock: str, members: Iterable[str]) -> list[Locked]:
    """What these packages of ours need, directly or not, in the lock's order."""
    packages, wanted = list(_parsed(lock)), set(members)
    while more := {p.requirement.name for p in packages if p.asked_by & wanted} - wanted:
        wanted |= more
    return [p for p in packages if p.requirement.name in wanted]


def _parsed(lock: str) -> Iterator[Locked]:
    found: Locked | None = None
    for line in lock.splitlines():
        words = line.strip(" \\")
        if words.startswith("--hash="):
            assert found is not None
            found.hashes.append(words.removeprefix("--hash="))
        elif words.startswith("#"):
            assert found is not None
            found.asked_by.add(words.removeprefix("#").removeprefix(" via").strip())
        elif head := _HEAD.match(line):
            if found is not None:
                yield found
            found = Locked(Requirement(head["requirement"]))
    if found is not None:
        yield found
