"""Where each partition is to be read next, and whether what was fetched is that. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from telaio.consumer.record import BORN, RawRecord, digest
from telaio.consumer.store import Partition, Step

Due = dict[Partition, list[RawRecord]]
"""Records by partition, each in offset order; none is empty."""
_partition_of = attrgetter("topic", "partition")
MADE_AGAIN = -1
"""The place of a partition whose log is a new one."""
NOWHERE = -1
"""Before the start of any log."""
UNWRITTEN = 500
"""How many records that nobody wants may be read of a partition before that is written down: they are read again after
a restart, and cost no transaction until then."""


@dataclass
class Place:
    """Where one partition is: `expected` the next offset; `check` the digest of the record before it, still to be
    compared; `sought` the offset sought last, to tell a missed seek from a true hole; `born` the log's birth, 0 while
    it has no record; `written` the next offset as the database has it."""

    expected: int
    check: bytes | None = None
    sought: int | None = None
    born: int = 0

    def __post_init__(self) -> None:
        self.written = self.expected


@dataclass(frozen=True)
class Start:
    """Where to begin reading: `restart` for a log shorter than what was read of it, or born again since; `lost` when
    its head is gone."""

    seek: int
    restart: bool = False
    lost: bool = False


class Positions:
    """The partitions assigned now."""

    def __init__(self) -> None:
        self._places: dict[Partition, Place] = {}

    def clear(self) -> None:
        """None is assigned."""
        self._places.clear()

    def begin(self, partition: Partition) -> None:
        """The partition is read from its start."""
        self._places[partition] = Place(0)

    def expected(self, partition: Partition) -> int:
        """The next offset of the partition; before its log where it has no place."""
        place = self._places.get(partition)
        return place.expected if place else NOWHERE

    def reborn(self, partition: Partition, born: int) -> bool:
        """Whether the log is another one than that which is being read."""
        place = self._places.get(partition)
        return place is not None and _differ(place.born, born)

    def place(
        self, partition: Partition, stored: int, check: bytes | None, log: tuple[int, int], born: int = 0
    ) -> Start:
        """Notes where a partition is (`stored`: the next offset; its log begins and ends at `log`) and says where to
        start: one record early, so that the last one applied can be recognised.

        A reader may go on in a new log before it hears that the old one is gone, and what it stores then is of the new
        one: only the birth tells that its beginning was never read.
        """
        begin, end = log
        if stored > end or (check is not None and _differ(int.from_bytes(check[:BORN], "big"), born)):
            self._places[partition] = Place(0, born=born)
            return Start(0, restart=True, lost=begin > 0)
        if stored == 0 or check is None or begin >= stored:
            self._places[partition] = Place(stored, born=born)
            return Start(stored, lost=begin > stored)
        self._places[partition] = Place(stored, check, born=born)
        return Start(stored - 1)

    def sort(self, records: Sequence[RawRecord]) -> tuple[Due, dict[Partition, int]]:
        """The records that are due, and the partitions that have to be sought again, with where (or MADE_AGAIN)."""
        due: Due = {}
        astray: dict[Partition, int] = {}
        for partition, own in _by_partition(records).items():
            place = self._places.get(partition)
            if place is None:
                continue  # revoked meanwhile: the new owner reads them
            back = self._recognise(place, own)
            if back is not None:
                astray[partition] = place.sought = back
                continue
            fresh = own if own[0].offset >= place.expected else [r for r in own if r.offset >= place.expected]
            if fresh:
                due[partition] = fresh
        return due, astray

    def _recognise(self, place: Place, own: list[RawRecord]) -> int | None:
        """None where the records follow on from what is stored, else where to seek."""
        first = own[0]
        if first.offset == 0 and not place.born:
            place.born = max(first.timestamp, 0)
        if place.check is not None and first.offset == place.expected - 1:
            if digest(first)[BORN:] != place.check[BORN:]:
                return MADE_AGAIN
            place.check = None
        wanted = place.expected - 1 if place.check is not None else place.expected
        if first.offset > wanted and place.sought != wanted:
            return wanted
        return None

    def steps(self, due: Due) -> list[Step]:
        """How far these records take each partition from what is written down."""
        found = []
        for partition, own in sorted(due.items()):
            place = self._places[partition]
            found.append(Step(*partition, place.written, own[-1].offset + 1, digest(own[-1], place.born)))
        return found

    def advance(self, steps: Iterable[Step], *, written: bool = True) -> None:
        """The steps are taken, and committed where `written`."""
        for step in steps:
            place = self._places.get((step.topic, step.partition))
            if place is not None:
                place.expected, place.check, place.sought = step.next_offset, None, None
                if written:
                    place.written = step.next_offset


def little(steps: Iterable[Step]) -> bool:
    """Whether so few records are in the steps that, if nobody wants them, they need not be written down yet."""
    return all(step.next_offset - step.expected < UNWRITTEN for step in steps)


def _differ(born: int, other: int) -> bool:
    """Whether two births, both known, are of two logs."""
    return bool(born and other) and born != other


def _by_partition(records: Iterable[RawRecord]) -> Due:
    """The records of each partition, in order. (They come in runs, a partition each.)"""
    found: Due = {}
    for partition, run in groupby(records, _partition_of):
        found.setdefault(partition, []).extend(run)
    return found
