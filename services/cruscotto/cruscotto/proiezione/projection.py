"""The projection: each batch is folded in memory and written with set-based statements, in the caller's transaction."""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence

from pydantic_core import from_json
from telaio.columns import columns, unpacked
from telaio.consumer.ingest import Version
from telaio.consumer.record import Received
from telaio.database import Connection

from cruscotto.apporti.quota import Genere, Stato
from cruscotto.proiezione import facts
from cruscotto.proiezione.fold import Cells, Change, Subject, fold, genere_of, goes_forward, refold

_LOAD = f"""
select source, subject, state from folded join {unpacked("source text, subject text")} using (source, subject)
"""  # noqa: S608
_CELL = "measure text, source text, comune text, month date, key text"
_WRITE = f"""
with {facts.WRITE}, states as (
    insert into folded (source, subject, state) select * from {unpacked("source text, subject text, state jsonb", 3)}
    on conflict (source, subject) do update set state = excluded.state
), sums as (
    insert into quota (measure, source, comune, month, key, value)
    select * from {unpacked(_CELL + ", value bigint", 4)}
    on conflict (measure, source, comune, month, key) do update set value = quota.value + excluded.value
    returning measure, source, comune, month, key, value
)
select measure, source, comune, month, key from sums where value = 0
"""  # noqa: S608
_TAKE_AWAY = f"""
delete from quota using {unpacked(_CELL)}
where (quota.measure, quota.source, quota.comune, quota.month, quota.key)
    = (t.measure, t.source, t.comune, t.month, t.key) and quota.value = 0
"""  # noqa: S608
Batch = dict[Subject, list[Received]]


class Projection:
    """The effect of an event on the read models. One subject's rows, or a sum: never an order between subjects.

    after: what follows each batch's quotas in its transaction; nothing, while a generation is filled.
    """

    def __init__(self, after: Callable[[Connection, Change], Awaitable[None]] | None = None) -> None:
        self._after = after

    async def apply(self, connection: Connection, events: Sequence[Received]) -> None:
        """Writes facts, subjects and quotas of a batch, all in one order for everybody."""
        cells: Cells = Counter()
        states, before = await self._fold(connection, cells, _by_subject(events))
        subjects, sums = sorted(states), sorted(k for k, value in cells.items() if value)
        at_zero = await connection.fetch(
            _WRITE,
            *facts.rows(events),
            columns([s for s, _ in subjects], [s for _, s in subjects], [vars(states[s]) for s in subjects]),
            columns(*([k[i] for k in sums] for i in range(5)), [cells[k] for k in sums]),
        )
        if at_zero:
            await connection.execute(_TAKE_AWAY, columns(*zip(*at_zero, strict=True)))
        if self._after is not None:
            await self._after(connection, Change(cells, before))

    async def known(self, connection: Connection, versions: Sequence[Version]) -> dict[Version, str]:
        """The ids of facts, by source, subject and version."""
        return await facts.ids(connection, versions)

    async def _fold(
        self, connection: Connection, cells: Cells, batch: Batch
    ) -> tuple[dict[Subject, Stato], dict[Subject, str | None]]:
        """The states after the batch, and those before it that are asked for; what it adds is added to `cells`."""
        states, loaded = await _load_states(connection, list(batch))
        before: dict[Subject, str | None] = {}
        for subject, own in batch.items():
            genere = genere_of(subject)
            if genere is None:
                continue
            if genere.ricorda:
                before[subject] = loaded.get(subject)
            events = [e.event for e in own if e.event is not None]
            state = states.get(subject) or genere.stato()
            if goes_forward(state, events):
                fold(cells, genere, subject, state, events)
                states[subject] = state
            else:
                states[subject] = await self._refold(connection, cells, genere, subject, own)
        return states, before

    async def _refold(
        self, connection: Connection, cells: Cells, genere: Genere, subject: Subject, own: list[Received]
    ) -> Stato:
        """Folds a subject again from its facts, and replaces what it contributed before this batch."""
        history = await facts.of(connection, subject)
        before, _ = refold(genere, subject, history)
        after, state = refold(genere, subject, [*history, *map(facts.of_record, own)])
        cells.update(after)
        cells.subtract(before)
        return state


def _by_subject(events: Iterable[Received]) -> Batch:
    batch: Batch = {}
    for event in events:
        assert event.subject is not None
        own = batch.get(event.subject)
        if own is None:
            batch[event.subject] = [event]
        else:
            own.append(event)
    return batch


async def _load_states(
    connection: Connection, subjects: Sequence[Subject]
) -> tuple[dict[Subject, Stato], dict[Subject, str]]:
    """The states of the kinds that are known, and all as they are kept."""
    rows = await connection.fetch(
        _LOAD, columns([source for source, _ in subjects], [subject for _, subject in subjects])
    )
    loaded = {(source, subject): state for source, subject, state in rows}
    found: dict[Subject, Stato] = {}
    for subject, state in loaded.items():
        genere = genere_of(subject)
        if genere is not None:
            found[subject] = genere.stato(**from_json(state))
    return found, loaded
