"""Months and working days as an Italian office counts them."""

from datetime import date

import pytest
from telaio.calendar import after_months, after_working_days, is_working, most_at_once, working_days


@pytest.mark.parametrize(
    ("day", "months", "end"),
    [
        (date(2016, 1, 31), 1, date(2016, 2, 29)),
        (date(2015, 8, 31), 6, date(2016, 2, 29)),
        (date(2016, 12, 1), 1, date(2017, 1, 1)),
        (date(2016, 11, 30), 1, date(2016, 12, 30)),
        (date(2016, 6, 15), 18, date(2017, 12, 15)),
    ],
)
def test_months_end_on_the_same_day_or_on_the_last_of_the_month(day: date, months: int, end: date) -> None:
    assert after_months(day, months) == end


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2016, 3, 25), True),  # Good Friday is not a holiday in Italy
        (date(2016, 3, 26), False),
        (date(2016, 3, 28), False),  # Easter Monday
        (date(2016, 4, 25), False),
        (date(2016, 6, 2), False),
        (date(2016, 6, 3), True),
        (date(2024, 10, 4), True),
        (date(2027, 10, 4), False),  # San Francesco, a holiday again from 2026
    ],
)
def test_holidays_are_those_of_the_year(day: date, working: bool) -> None:
    assert is_working(day) is working


@pytest.mark.parametrize(
    ("day", "days", "end"),
    [
        (date(2016, 3, 22), 2, date(2016, 3, 24)),
        (date(2016, 3, 24), 2, date(2016, 3, 29)),  # a weekend with Easter Monday between
        (date(2016, 3, 26), 1, date(2016, 3, 29)),
        (date(2016, 12, 23), 2, date(2016, 12, 28)),
        (date(2016, 3, 22), 0, date(2016, 3, 22)),
    ],
)
def test_a_deadline_falls_on_a_working_day(day: date, days: int, end: date) -> None:
    assert after_working_days(day, days) == end


def test_working_days_are_counted_from_the_day_after() -> None:
    assert working_days(date(2016, 3, 24), date(2016, 3, 24)) == 0
    assert working_days(date(2016, 3, 24), date(2016, 3, 29)) == 2
    assert working_days(date(2016, 3, 29), date(2016, 3, 24)) == 0


@pytest.mark.parametrize(
    ("days", "within", "most"),
    [
        ([], (1, 9), 0),
        ([(1, 3), (4, 6)], (1, 9), 1),
        ([(1, 4), (4, 6)], (1, 9), 2),
        ([(1, 4), (4, 6)], (5, 9), 1),
        ([(1, 9), (2, 3), (5, 6)], (1, 9), 2),
        ([(1, 9), (2, 5), (5, 6)], (1, 9), 3),
        ([(1, 9), (2, 5), (5, 6)], (6, 9), 2),
        ([(1, 3)], (4, 9), 0),
        ([(9, 12)], (4, 9), 1),
    ],
)
def test_the_most_periods_that_share_a_day(days: list[tuple[int, int]], within: tuple[int, int], most: int) -> None:
    periods = [(date(2016, 3, first), date(2016, 3, last)) for first, last in days]
    assert most_at_once(periods, date(2016, 3, within[0]), date(2016, 3, within[1])) == most
