"""Where a partition is read from, without I/O."""

import pytest
from telaio.consumer.position import MADE_AGAIN, UNWRITTEN, Positions, Start, little
from telaio.consumer.record import digest
from telaio.testing.wire import Raw

P = ("casa.eventi", 0)


def at(offset: int, value: bytes = b"x") -> Raw:
    return Raw(*P, offset, b"k", value)


LAST = digest(at(9))


@pytest.mark.parametrize(
    ("stored", "check", "begin", "end", "start"),
    [
        (0, None, 0, 0, Start(0)),
        (0, None, 0, 50, Start(0)),
        (0, None, 5, 50, Start(0, lost=True)),
        (10, LAST, 0, 50, Start(9)),
        (10, LAST, 0, 10, Start(9)),
        (10, LAST, 0, 9, Start(0, restart=True)),
        (10, LAST, 9, 50, Start(9)),
        (10, LAST, 10, 50, Start(10)),
        (10, LAST, 11, 50, Start(10, lost=True)),
        (10, LAST, 3, 5, Start(0, restart=True, lost=True)),
    ],
)
def test_reading_starts_at_the_last_record_applied(stored, check, begin, end, start) -> None:
    assert Positions().place(P, stored, check, (begin, end)) == start


def placed(stored: int = 10) -> Positions:
    positions = Positions()
    positions.place(P, stored, LAST if stored else None, (0, 50))
    return positions


def test_the_last_record_applied_is_recognised_and_left_out() -> None:
    due, astray = placed().sort([at(9), at(10), at(11)])
    assert (due, astray) == ({P: [at(10), at(11)]}, {})


def test_another_record_in_its_place_means_a_log_made_again() -> None:
    assert placed().sort([at(9, b"other"), at(10)]) == ({}, {P: MADE_AGAIN})


def test_a_log_born_again_is_read_from_its_start_whatever_it_says() -> None:
    """A reader that went on in the new log before it heard of it stored the new log's record under the old birth."""
    stored = digest(at(9), born=1)
    assert Positions().place(P, 10, stored, (0, 50), born=1) == Start(9)
    assert Positions().place(P, 10, stored, (0, 50), born=2) == Start(0, restart=True)
    assert Positions().place(P, 10, stored, (3, 50), born=0) == Start(9)


def test_a_log_born_again_under_a_reader_is_noticed() -> None:
    positions = Positions()
    positions.place(P, 0, None, (0, 0))
    assert not positions.reborn(P, 7)
    positions.sort([Raw(*P, 0, b"k", b"x", timestamp=7)])
    (step,) = positions.steps({P: [at(0)]})
    assert step.digest == digest(at(0), born=7)
    assert (positions.reborn(P, 7), positions.reborn(P, 0), positions.reborn(P, 8)) == (False, False, True)


def test_a_batch_beyond_the_place_is_dropped_and_sought_again() -> None:
    assert placed().sort([at(14)]) == ({}, {P: 9})


def test_a_hole_that_stays_after_seeking_is_a_hole() -> None:
    positions = placed()
    positions.sort([at(14)])
    due, astray = positions.sort([at(14)])
    assert (due, astray) == ({P: [at(14)]}, {})


def test_records_of_a_revoked_partition_are_left_to_their_new_owner() -> None:
    positions = placed()
    positions.clear()
    assert positions.sort([at(10)]) == ({}, {})


def test_steps_go_from_the_expected_offset_to_behind_the_last() -> None:
    positions = placed(0)
    (step,) = positions.steps({P: [at(0), at(1)]})
    assert (step.expected, step.next_offset, step.digest) == (0, 2, digest(at(1)))
    positions.advance([step])
    assert positions.sort([at(1), at(2)])[0] == {P: [at(2)]}


def test_what_nobody_wants_is_written_down_with_the_next_that_somebody_does() -> None:
    positions = placed(0)
    passed = positions.steps({P: [at(0), at(1)]})
    positions.advance(passed, written=False)
    assert positions.sort([at(1), at(2)])[0] == {P: [at(2)]}
    (step,) = positions.steps({P: [at(2)]})
    assert (step.expected, step.next_offset) == (0, 3)


@pytest.mark.parametrize(("records", "few"), [(UNWRITTEN - 1, True), (UNWRITTEN, False)])
def test_a_reader_does_not_fall_far_behind_in_writing_down(records: int, few: bool) -> None:
    assert little(placed(0).steps({P: [at(records - 1)]})) is few
