"""The gate, without I/O: whatever order and repetition the bus permits, each version passes once, in order."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st
from telaio.consumer.gate import Gates
from telaio.consumer.record import Received
from telaio.testing.wire import record

SOURCE = ("/casa/ente", "famiglia/1")


def through(*batches: list[Received]) -> tuple[list[int], Gates, list[Received]]:
    """The versions applied, the gates, and what is left waiting, after the batches."""
    gates, applied, parked = Gates({}, {}, known={}), [], []
    for batch in batches:
        passage = gates.pass_(batch)
        applied += [r.envelope.entityversion for r in passage.apply]
        parked += passage.park
    return applied, gates, parked


def test_versions_pass_in_order() -> None:
    assert through([record(1), record(2)], [record(3)])[0] == [1, 2, 3]


def test_a_repeat_is_dropped() -> None:
    applied, _, parked = through([record(1), record(2), record(1), record(2)])
    assert (applied, parked) == ([1, 2], [])


def test_a_successor_waits_and_follows_when_the_gap_closes() -> None:
    applied, _, parked = through([record(1), record(3), record(4), record(2)])
    assert (applied, parked) == ([1, 2, 3, 4], [])


def test_a_successor_whose_gap_stays_open_is_parked() -> None:
    applied, _, parked = through([record(1), record(3)])
    assert applied == [1]
    assert [(r.envelope.entityversion, r.reason) for r in parked] == [(3, "in-attesa")]


def test_another_event_at_an_applied_version_stops_the_subject() -> None:
    applied, gates, parked = through([record(1), record(1, fork=1), record(2)])
    assert applied == [1]
    assert gates.gates[SOURCE].forked
    assert [r.reason for r in parked] == ["biforcazione", "in-attesa"]


def test_two_events_that_wait_at_one_version_are_a_fork() -> None:
    applied, gates, parked = through([record(2), record(2, fork=1), record(3), record(1)])
    assert applied == [1, 2]
    assert gates.gates[SOURCE].forked
    assert sorted(r.reason for r in parked) == ["biforcazione", "in-attesa"]


def test_bad_data_hold_back_their_successors_only() -> None:
    bad = record(2).refused("dati-non-validi")
    applied, _, parked = through([record(1), bad, record(3), record(1, subject="famiglia/2")])
    assert applied == [1, 1]
    assert [r.reason for r in parked] == ["dati-non-validi", "in-attesa"]


def test_a_good_repeat_of_a_bad_record_lets_the_rest_pass() -> None:
    bad = record(2).refused("dati-non-validi")
    applied, _, parked = through([record(1), bad, record(3), record(2)])
    assert (applied, parked) == ([1, 2, 3], [])


@st.composite
def permitted(draw: st.DrawFn) -> list[list[int]]:
    """Versions 1…n, delivered first in order, with any slices repeated anywhere later, cut into batches."""
    n = draw(st.integers(1, 12))
    stream = list(range(1, n + 1))
    for _ in range(draw(st.integers(0, 4))):
        end = draw(st.integers(1, len(stream)))
        start = draw(st.integers(0, end - 1))
        at = draw(st.integers(end, len(stream)))
        stream[at:at] = stream[start:end]
    cuts = sorted(draw(st.sets(st.integers(0, len(stream)))) | {0, len(stream)})
    return [stream[a:b] for a, b in itertools.pairwise(cuts)]


@settings(max_examples=300, deadline=None)
@given(permitted())
def test_any_permitted_stream_applies_each_version_once_in_order(batches: list[list[int]]) -> None:
    applied, _, parked = through(*[[record(v) for v in batch] for batch in batches])
    assert applied == list(range(1, len(applied) + 1)) == sorted({v for b in batches for v in b})
    assert parked == []


@settings(max_examples=300, deadline=None)
@given(st.permutations(range(1, 9)))
def test_any_order_at_all_in_one_batch_ends_the_same(order: list[int]) -> None:
    applied, _, parked = through([record(v) for v in order])
    assert (applied, parked) == (list(range(1, 9)), [])
