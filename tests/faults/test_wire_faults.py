"""Faults of what is on the wire: repeated, out of order, poisoned. What can be applied is, the rest in the end."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from telaio.service import Consumption

from telaio import quarantine

from .conftest import Outcome, Try, rounds
from .ledger import Entry
from .network import Network
from .oracle import shows
from .wire import Sent, Wire, consumption

OWN_NETWORK = True  # it puts on the wire what no casa has committed, in any order


@pytest.fixture(scope="module")
def wires() -> dict[Network, Wire]:
    """The wire of each network."""
    return {}


@pytest.fixture
async def wire(network: Network, wires: dict[Network, Wire]) -> Wire:
    """The module's wire, made with its network."""
    if network not in wires:
        wires[network] = await Wire.of(network, rounds(700, 20_000))
    return wires[network]


async def test_slices_replayed_and_shuffled_end_in_the_same_figures(wire: Wire, trial: Try) -> None:
    """First in slices that come in any order, each up to three times; then all of it again, record by record."""
    chance = random.Random(12)
    async with trial("12 slices replayed, shuffled", order="never", sent=wire.delivered) as outcome:
        records = wire.take(5)
        slices = [records[start : start + 7] for start in range(0, len(records), 7)]
        for part in chance.sample(slices * 3, k=3 * len(slices)):
            await wire.put(part)
            outcome.rounds += 1
        await wire.put(chance.sample(records, k=len(records)))
        await outcome.recovered()
        assert await wire.waiting() == 0


async def test_versions_six_seven_then_five_wait_for_each_other(wire: Wire, trial: Try) -> None:
    async with trial("13 versions 6, 7, then 5", order="never", sent=wire.delivered) as outcome:
        records = wire.take(4)
        before = len(wire.delivered) - len(records)
        missing = {r.entry.subject: r for r in records if r.entry.version == 2}
        late = [r for r in records if r.entry.subject in missing and r.entry.version >= 2]
        await wire.put(r for r in records if r not in missing.values())
        await outcome.recovered()
        assert await wire.waiting() == len(late) - len(missing)
        assert await wire.network.served("select count(*) from {}.fact") == before + len(records) - len(late)
        await wire.put(missing.values())
        await outcome.recovered()
        assert await wire.waiting() == 0
        outcome.rounds = len(missing)


Spoil = Callable[[Sent], Sent]


def _told(record: Sent, **changes: object) -> bytes:
    return json.dumps(json.loads(record.value or b"") | changes).encode()


POISON: dict[str, Spoil] = {
    "not JSON": lambda r: replace(r, value=b"{not json"),
    "not text": lambda r: replace(r, value=b"\xff\xfe\x00"),
    "no content": lambda r: replace(r, value=None),
    "no key": lambda r: replace(r, key=None),
    "too large": lambda r: replace(r, value=_told(r, filling="x" * 1_000_001)),
    "data of another shape": lambda r: replace(r, value=_told(r, data={"avvenuto_il": "ieri"})),
    "another service's": lambda r: replace(r, value=_told(r, source="/lavoro/ente")),
}
ODD_HEADERS = [("h", b"\xff\xfe"), ("n", None)]


async def test_one_poisoned_record_in_a_thousand_takes_nothing_with_it(wire: Wire, trial: Try) -> None:
    """Its successors wait; when the good record comes after all, everything is as if nothing had been."""
    async with trial("14 poison, then the good record", order="never", sent=wire.delivered) as outcome:
        records = [replace(r, headers=ODD_HEADERS) for r in wire.take(3)]
        victims = _victims(records)
        strange = _of_a_later_release(records[0])
        wire.delivered += [s.entry for s in strange]
        await wire.put([victims[r](r) if r in victims else r for r in records] + strange)
        await outcome.recovered()
        behind = {r.entry.id for r in records if _behind(r, victims)}
        assert await wire.waiting() == len(behind)
        await shows(wire.network, [e for e in wire.delivered if e.id not in behind])
        await wire.put(victims)
        await outcome.recovered()
        outcome.rounds = len(victims)
        await _cleared(wire, outcome)


def _of_a_later_release(record: Sent) -> list[Sent]:
    """Three events of an entity of its own, of which this release knows neither type nor schema: facts all the same."""
    subject = f"famiglia/{uuid4()}"
    kinds = [("casa.DelFuturo", 1), ("casa.MorositaRilevata", 99), ("casa.DelFuturo", 2)]
    found = []
    for version, (kind, schema) in enumerate(kinds, 1):
        entry = Entry(subject, version, str(uuid4()), f"{kind}/{schema}", record.entry.data)
        names = {"id": entry.id, "subject": subject, "entityversion": version, "type": kind}
        value = _told(record, **names, dataschema=f"/schemas/{kind}/{schema}")
        found.append(replace(record, entry=entry, key=subject.encode(), value=value))
    return found


def _victims(records: list[Sent], *, first: bool = True) -> dict[Sent, Spoil]:
    """One record in a thousand, but each kind of poison once; one an entity that goes on, at times its `first`."""
    subjects = [r.entry.subject for r in records if r.entry.version == 3]
    count = max(len(POISON), len(records) // 1000)
    chosen = {subject: number for number, subject in enumerate(subjects[:count])}
    kinds = list(POISON.values())
    return {
        r: kinds[chosen[r.entry.subject] % len(kinds)]
        for r in records
        if r.entry.subject in chosen and r.entry.version == 2 - first * chosen[r.entry.subject] % 2
    }


def _behind(record: Sent, victims: dict[Sent, Spoil]) -> bool:
    return any(v.entry.subject == record.entry.subject and v.entry.version <= record.entry.version for v in victims)


async def _cleared(wire: Wire, outcome: Outcome) -> None:
    """What is left of the poison can be tried again in vain, and set aside."""
    left = await wire.waiting()
    async with consumption(wire.network) as reading:
        assert await quarantine.retry(reading) == (0, left)
        for entry in await quarantine.entries(reading):
            subject = entry.subject or wire.delivered[0].subject
            await quarantine.discard(reading, entry.id, "prova", subject=subject, version=1)
    assert await wire.waiting() == 0
    outcome.notes.append(f"{left} set aside")


BUG = "alter table {}.fact add constraint bug check (id <> all (string_to_array('VICTIMS', ',')::uuid[]))"
FIX = "alter table {}.fact drop constraint bug"


async def test_a_bug_on_one_event_in_a_thousand_is_made_good_by_trying_again(wire: Wire, trial: Try) -> None:
    """The dashboard's own table refuses those events, as a bug would; the fix comes later."""
    async with trial("14 a bug, then its fix and a retry", order="never", sent=wire.delivered) as outcome:
        records = wire.take(2)
        victims = dict.fromkeys(_victims(records), POISON["not JSON"])
        behind = {r.entry.id for r in records if _behind(r, victims)}
        await wire.network.served(BUG.replace("VICTIMS", ",".join(r.entry.id for r in victims)))
        await wire.put(records)
        await outcome.recovered()
        assert await wire.waiting() == len(behind)
        await shows(wire.network, [e for e in wire.delivered if e.id not in behind])
        await wire.network.served(FIX)
        async with consumption(wire.network) as reading:
            assert await quarantine.retry(reading) == (len(behind), 0)
        outcome.rounds = len(victims)


async def test_a_record_set_aside_lets_its_successors_through_also_when_rebuilt(wire: Wire, trial: Try) -> None:
    """The good record never comes: the operator says whose it was."""
    async with trial("14 poison set aside", order="never") as outcome:
        records = wire.take(1)
        victims = dict.fromkeys(_victims(records, first=False), POISON["no content"])
        await wire.put(victims[r](r) if r in victims else r for r in records)
        await outcome.recovered()
        async with consumption(wire.network) as reading:
            for victim in victims:
                await _set_aside(reading, victim)
        gone = {v.entry.id for v in victims}
        outcome.judged["sent"] = [e for e in wire.delivered if e.id not in gone]
        assert await wire.waiting() == 0
        outcome.rounds = len(victims)


async def _set_aside(reading: Consumption, victim: Sent) -> None:
    subject, version = victim.entry.subject, victim.entry.version
    (id,) = [e.id for e in await quarantine.entries(reading) if e.version is None and e.subject == subject]
    await quarantine.discard(reading, id, "prova", subject=subject, version=version)
