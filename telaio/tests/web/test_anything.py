"""Whatever is sent, the answer is a command or a problem that can be told: properties over any bytes and any text."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telaio.district import District
from telaio.web import forms
from telaio.web.formats import euro, shown
from telaio.web.problems import Problem
from telaio.web.validation import validated

from .conftest import APERTURA
from .orti import OrtoAperto

TODAY, DISTRICT = date(2016, 3, 1), District.load(None)
TEXT = st.text(st.characters(), max_size=40) | st.sampled_from(["\0", "\ud800", "0", "١", "2016-02-20", "017113"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=8,
)


def outcome(raw: bytes) -> OrtoAperto | None:
    """The command; None for a problem, which must have an answer."""
    try:
        found = validated(OrtoAperto, raw, TODAY, DISTRICT)
    except Problem as problem:
        told = json.loads(bytes(problem.response("c").body))
        return None if told["detail"] and told["status"] in (400, 422) else pytest.fail(str(told))
    assert isinstance(found, OrtoAperto)
    assert "\\u0000" not in found.model_dump_json()
    return found


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes(raw: bytes) -> None:
    outcome(raw)


@settings(max_examples=300, deadline=None)
@given(ANYTHING)
def test_any_json(body: Any) -> None:
    outcome(json.dumps(body).encode())


@settings(max_examples=500, deadline=None)
@given(st.sampled_from([*OrtoAperto.model_fields, "altro"]), ANYTHING)
def test_a_good_body_with_one_field_of_any_kind(name: str, value: Any) -> None:
    outcome(json.dumps({**APERTURA, name: value}).encode())


@settings(max_examples=500, deadline=None)
@given(st.dictionaries(st.sampled_from([*OrtoAperto.model_fields, "altro"]), st.lists(TEXT, max_size=3)))
def test_a_form_with_any_text_in_any_field(typed: dict[str, list[str]]) -> None:
    outcome(json.dumps(forms.body(OrtoAperto, typed)).encode())


@given(st.integers(-(10**11), 10**11))
def test_an_amount_shown_can_be_typed_again(cents: int) -> None:
    assert forms.body(OrtoAperto, {"canone_centesimi": [euro(cents)]}) == {"canone_centesimi": cents}


@given(st.dates())
def test_a_date_shown_can_be_typed_again(day: date) -> None:
    data = forms.typed(OrtoAperto, {"avvenuto_il": day.isoformat()})
    assert forms.body(OrtoAperto, data) == {"avvenuto_il": day.isoformat()}


def test_what_was_recorded_comes_back_from_its_own_form() -> None:
    command = OrtoAperto.model_validate({**APERTURA, "bisogni": ["abitare"], "prima_semina_il": "2016-04-01"})
    recorded = command.model_dump(mode="json")
    again = forms.body(OrtoAperto, forms.typed(OrtoAperto, recorded))
    assert OrtoAperto.model_validate(again) == command


@given(TEXT, ANYTHING)
def test_anything_can_be_shown(name: str, value: Any) -> None:
    for suffix in ("", "_il", "_alle", "_centesimi"):
        assert isinstance(shown(name + suffix, value, DISTRICT), str)
