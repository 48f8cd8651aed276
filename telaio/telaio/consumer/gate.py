"""The gate: for each source and subject, versions are applied 1, 2, 3 … without gaps, each once. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from contratti.rete import Envelope

from telaio.consumer.record import Received

Subject = tuple[str, str]
WAITS = "in-attesa"
"""The reason of a good record that came before its turn."""
FORKED = "biforcazione"
"""The reason of a record of another history than the one that was applied."""


class Verdict(Enum):
    """What to do with a record."""

    APPLY = "apply"
    REPEAT = "repeat"
    WAIT = "wait"
    FORK = "fork"


@dataclass(slots=True)
class Gate:
    """The version a subject has reached. `forked`: two events claimed one version, and the subject stands still."""

    version: int = 0
    last_id: str | None = None
    forked: bool = False

    def judge(self, version: int, id: str, known: str | None = None) -> Verdict:
        """What to do with an event; `known` is the id applied earlier at its version, where the caller knows it."""
        if version <= self.version:
            applied = self.last_id if version == self.version else known
            return Verdict.FORK if applied is not None and applied != id else Verdict.REPEAT
        if self.forked or version > self.version + 1:
            return Verdict.WAIT
        return Verdict.APPLY


@dataclass
class Passage:
    """The outcome of a batch at the gates: what to apply in order, what to keep waiting, what waits no more."""

    apply: list[Received] = field(default_factory=list)
    park: list[Received] = field(default_factory=list)
    repeats: int = 0
    unparked: list[int] = field(default_factory=list)
    moved: set[Subject] = field(default_factory=set)


Waiting = dict[int, list[tuple[int | None, Received]]]
"""What waits behind one subject: by version, the row it is stored in (None: not yet) and the record."""


class KnownWanted(Exception):
    """An older version turned up again, and the ids applied earlier were not given: only a replay needs them."""


class Gates:
    """The gates of the subjects in a batch, with what waits behind each; `known`: the ids of versions applied earlier,
    by source, subject and version."""

    def __init__(
        self,
        gates: dict[Subject, Gate],
        waiting: dict[Subject, Waiting],
        known: Mapping[tuple[str, str, int], str] | None = None,
    ) -> None:
        self.gates, self._waiting, self._known = gates, waiting, known

    def pass_(self, records: Sequence[Received]) -> Passage:
        """Lets the records through in order; whoever closes a gap lets out those that waited behind it.

        Raises: KnownWanted, and then the gates have to be loaded again.
        """
        passage, gates, waiting = Passage(), self.gates, self._waiting
        apply, moved = passage.apply, passage.moved
        for record in records:
            envelope, subject = record.envelope, record.subject
            if envelope is None or subject is None:
                passage.park.append(record)
                continue
            gate = gates.get(subject)
            if gate is None:
                gate = gates[subject] = Gate()
            version = envelope.entityversion
            # The common case, inline: one function call less is a tenth of a batch.
            if version == gate.version + 1 and not (waiting or record.reason or gate.forked):
                gate.version, gate.last_id = version, envelope.id
                apply.append(record)
                moved.add(subject)
            else:
                self._pass_one(passage, gate, envelope, record)
        passage.park += [r for own in waiting.values() for entries in own.values() for row, r in entries if row is None]
        return passage

    def _pass_one(self, passage: Passage, gate: Gate, envelope: Envelope, record: Received) -> None:
        subject, version = (envelope.source, envelope.subject), envelope.entityversion
        verdict = gate.judge(version, envelope.id, self._applied(gate, subject, version))
        if verdict is Verdict.REPEAT:
            passage.repeats += 1
        elif verdict is Verdict.FORK:
            self._fork(passage, subject, record)
        elif verdict is Verdict.WAIT or record.reason is not None:
            waits = record if record.reason else record.refused(WAITS, f"aspetta la versione {gate.version + 1}")
            self._waiting.setdefault(subject, {}).setdefault(version, []).append((None, waits))
        else:
            self._let_through(passage, subject, gate, record)

    def _applied(self, gate: Gate, subject: Subject, version: int) -> str | None:
        """The id applied at an older version."""
        if version >= gate.version:
            return None
        if self._known is None:
            raise KnownWanted
        return self._known.get((*subject, version))

    def _fork(self, passage: Passage, subject: Subject, record: Received) -> None:
        self.gates[subject].forked = True
        passage.moved.add(subject)
        passage.park.append(record.refused(FORKED, "un altro evento ha la stessa versione"))

    def _let_through(self, passage: Passage, subject: Subject, gate: Gate, record: Received | None) -> None:
        """Applies the record and, in order, those that waited for it."""
        waiting = self._waiting.get(subject)
        passage.moved.add(subject)
        while record is not None and record.envelope is not None:
            gate.version, gate.last_id = record.envelope.entityversion, record.envelope.id
            passage.apply.append(record)
            if not waiting:
                return
            self._settle(passage, subject, gate, waiting.pop(gate.version, []))
            following = [] if gate.forked else waiting.get(gate.version + 1, [])
            record = next((r.ready() for _, r in following if r.reason == WAITS), None)

    def _settle(
        self, passage: Passage, subject: Subject, gate: Gate, entries: list[tuple[int | None, Received]]
    ) -> None:
        """What waited at the version just applied: the same event is done with, another one is a fork."""
        for row, record in entries:
            if record.envelope is not None and record.envelope.id != gate.last_id:
                gate.forked = True
                if row is None:
                    self._fork(passage, subject, record)
            elif row is not None:
                passage.unparked.append(row)
