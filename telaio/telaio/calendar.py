"""Civil days: months later, and the working days of Italian offices (Monday to Friday, national holidays apart)."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

from holidays import country_holidays

_HOLIDAYS = country_holidays("IT")
_FIRST_DAY_OF_WEEKEND = 5
ONE_DAY = timedelta(days=1)


def after_months(day: date, months: int) -> date:
    """The same day that many months later, or the last of the month where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def most_at_once(periods: Iterable[tuple[date, date]], start: date, end: date) -> int:
    """The most of these periods that share one day from `start` to `end`; first and last days are included."""
    known = list(periods)
    days = {start, *(first for first, _ in known if start <= first <= end)}
    return max(sum(first <= day <= last for first, last in known) for day in days)


def is_working(day: date) -> bool:
    """Whether offices are open."""
    return day.weekday() < _FIRST_DAY_OF_WEEKEND and day not in _HOLIDAYS


def after_working_days(day: date, days: int) -> date:
    """The last of the next `days` working days; `day` itself does not count."""
    while days:
        day += ONE_DAY
        days -= is_working(day)
    return day


def working_days(start: date, end: date) -> int:
    """How many working days lie after `start`, up to and including `end`; 0 where `end` is not later."""
    return sum(is_working(start + ONE_DAY * n) for n in range(1, (end - start).days + 1))
