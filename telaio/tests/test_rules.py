"""Rules as data: the value of the day, and where it comes from."""

from datetime import date

import pytest
from telaio.rules import Dated, RuleUndefined

ORE = Dated[int].model_validate(
    [
        {"valore": 4, "al": "2018-05-31", "fonte": "la vecchia delibera"},
        {"valore": 6, "dal": "2018-06-01", "al": "2019-12-31", "fonte": "la nuova", "da_verificare": True},
    ]
)


@pytest.mark.parametrize(
    ("day", "value", "source"),
    [
        (date(2016, 2, 1), 4, "la vecchia delibera"),
        (date(2018, 5, 31), 4, "la vecchia delibera"),
        (date(2018, 6, 1), 6, "la nuova"),
        (date(2019, 12, 31), 6, "la nuova"),
    ],
)
def test_the_value_in_force_on_a_day_and_its_source(day: date, value: int, source: str) -> None:
    assert ORE.al(day) == value
    assert (ORE.in_force(day).valore, ORE.in_force(day).fonte) == (value, source)


def test_a_day_without_a_value_says_so() -> None:
    with pytest.raises(RuleUndefined, match="2020-01-01"):
        ORE.in_force(date(2020, 1, 1))
