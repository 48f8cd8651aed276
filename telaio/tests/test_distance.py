"""How far the comuni of a district are from each other, where the district says where they are."""

import pytest
from pydantic import ValidationError
from telaio.district import District

EXAMPLE = District.load(None)
MONTICHIARI, CALCINATO, REMEDELLO = "017113", "017032", "017160"


def test_the_example_district_says_where_all_its_comuni_are() -> None:
    assert EXAMPLE.centri.keys() == EXAMPLE.comuni.keys()


def test_distances_are_those_of_a_map_and_the_same_both_ways() -> None:
    assert EXAMPLE.distance_km(MONTICHIARI, CALCINATO) == pytest.approx(5.5, abs=0.1)
    assert EXAMPLE.distance_km(MONTICHIARI, REMEDELLO) == pytest.approx(15.3, abs=0.1)
    for one in EXAMPLE.comuni:
        for other in EXAMPLE.comuni:
            assert EXAMPLE.distance_km(one, other) == pytest.approx(EXAMPLE.distance_km(other, one))


def test_a_comune_is_not_far_from_itself_wherever_it_is() -> None:
    assert EXAMPLE.distance_km(MONTICHIARI, MONTICHIARI) == 0
    assert District().distance_km("015146", "015146") == 0


def test_without_centres_a_distance_is_not_known() -> None:
    assert EXAMPLE.distance_km(MONTICHIARI, "015146") is None
    assert District(comuni=EXAMPLE.comuni).distance_km(MONTICHIARI, CALCINATO) is None


def test_a_centre_is_on_the_globe() -> None:
    with pytest.raises(ValidationError):
        District(centri={MONTICHIARI: (45.411, 95.0)})
