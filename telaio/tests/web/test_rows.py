"""Lists of objects in a form: a fieldset for each row, blank ones to go on, nothing that needs a script."""

import json
import re
from html import unescape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telaio.web import forms
from telaio.web.forms import BLANK_ROWS
from telaio.web.validation import Finding, Invalid, validated

from .browser import Browser, errors, hidden
from .conftest import Web, orto
from .orti import TurniFissati
from .test_anything import DISTRICT, TEXT, TODAY

ANNA = {"ortolano": "p-aaaaaa", "giorno": "lunedi", "dalle": "9.30", "rimborso_centesimi": "3,50"}
BRUNO = {"ortolano": "p-bbbbbb", "giorno": "martedi", "dalle": "14", "rimborso_centesimi": "4", "con_la_pioggia": "si"}
EMPTY = dict.fromkeys(BRUNO, "")
ANNA_IN_JSON = {
    "ortolano": "p-aaaaaa", "giorno": "lunedi", "dalle": "09:30", "rimborso_centesimi": 350, "con_la_pioggia": False,
}  # fmt: skip
BRUNO_IN_JSON = {
    "ortolano": "p-bbbbbb", "giorno": "martedi", "dalle": "14:00", "rimborso_centesimi": 400, "con_la_pioggia": True,
}  # fmt: skip


def rows(*given: dict[str, str]) -> dict[str, str]:
    """What a browser sends for these rows."""
    typed = {f"turni-{n}-{name}": text for n, row in enumerate(given) for name, text in row.items()}
    return {"avvenuto_il": "25/02/2016", **typed}


def shown(page: str) -> list[str]:
    return re.findall(r'<fieldset class="riga-di-elenco[^"]*" id="c-turni-(\d+)"', page)


@pytest.fixture
async def browser(web: Web) -> Browser:
    await web.open_garden(1)
    browser = Browser(web)
    await browser.enter()
    return browser


PATH = f"/sportello/orti/{orto(1)}/turni"


async def shifts(web: Web) -> Any:
    return (await web.get(f"/orti/{orto(1)}")).json()["stato"]["turni"]


async def test_what_is_typed_in_rows_is_recorded_in_their_order_and_shown(browser: Browser, web: Web) -> None:
    answer = await browser.fill(PATH, rows(ANNA, BRUNO, EMPTY))
    assert answer.status_code == 303, errors(answer.text)
    assert await shifts(web) == [ANNA_IN_JSON, BRUNO_IN_JSON]
    page = await browser.see(answer.headers["location"])
    shown = "Ortolano: p-aaaaaa, Giorno: Lunedì, Dalle: 09:30, Rimborso: 3,50 €, Con la pioggia: no; Ortolano: p-bbbbbb"
    assert page.count(shown) == 2  # the case as it is now, and the event


async def test_blank_rows_do_not_count_wherever_they_are(browser: Browser, web: Web) -> None:
    assert (await browser.fill(PATH, rows(EMPTY, ANNA, EMPTY, BRUNO))).status_code == 303
    assert await shifts(web) == [ANNA_IN_JSON, BRUNO_IN_JSON]


async def test_a_form_begins_with_some_blank_rows_of_which_only_those_needed_are_required(browser: Browser) -> None:
    page = await browser.see(PATH)
    assert shown(page) == [str(n) for n in range(BLANK_ROWS)]
    assert re.search(r'<input [^>]*name="turni-0-dalle"[^>]*aria-required="true"', page)
    assert not re.search(r'<input [^>]*name="turni-1-dalle"[^>]*aria-required="true"', page)
    assert not re.search(r'name="turni-[1-9]-\w+"[^>]*(checked|value="[^"]+")', page)


async def test_a_list_left_blank_is_told_at_its_fieldset(browser: Browser) -> None:
    answer = await browser.fill(PATH, rows(EMPTY, EMPTY))
    assert errors(answer.text) == {"turni": "Turni: va compilato"}
    assert '<fieldset id="c-turni" tabindex="-1"' in answer.text


async def test_mistakes_are_told_by_row_beside_their_question_and_everything_typed_is_kept(browser: Browser) -> None:
    wrong = {"ortolano": "Mario", "giorno": "", "dalle": "25.00", "rimborso_centesimi": "0"}
    answer = await browser.fill(PATH, rows(EMPTY, ANNA, wrong))
    assert answer.status_code == 422
    assert errors(answer.text) == {
        "turni-1-ortolano": "Turni, riga 2, Persona: non ha il formato atteso, per esempio p-3f9a1c72d4e8",
        "turni-1-giorno": "Turni, riga 2, Giorno: va scelto fra le voci proposte",
        "turni-1-dalle": "Turni, riga 2, Dalle: non ha il formato atteso, per esempio 09:30",
        "turni-1-rimborso_centesimi": "Turni, riga 2, Rimborso: deve essere maggiore di 0,00 €",
    }
    page = unescape(answer.text)
    for id in errors(page):
        assert f'id="c-{id}"' in page
        assert f'id="e-{id}"' in page
    for kept in ('value="p-aaaaaa"', 'value="Mario"', 'value="25.00"', 'value="9.30"'):
        assert kept in page
    assert '<option value="lunedi" selected>Lunedì</option>' in page


async def test_what_is_wrong_with_the_whole_list_is_told_at_its_fieldset(browser: Browser) -> None:
    answer = await browser.fill(PATH, rows(ANNA, {**BRUNO, "giorno": "lunedi"}))
    assert errors(answer.text) == {"turni": "Turni: due turni nello stesso giorno"}


async def test_more_rows_are_had_without_a_script_and_nothing_typed_is_lost_or_recorded(
    browser: Browser, web: Web
) -> None:
    answer = await browser.fill(PATH, {**rows(ANNA, EMPTY, {"dalle": "mai"}), "_righe": "turni"})
    assert answer.status_code == 200
    assert not errors(answer.text)
    page = unescape(answer.text)
    assert len(shown(page)) == 2 + BLANK_ROWS
    assert 'value="9.30"' in page
    assert 'value="mai"' in page
    assert re.findall(r'name="([^"]+)"[^>]* autofocus', page) == ["turni-2-ortolano"]
    assert hidden(page).keys() == {"_chiave", "_modulo"}
    assert await shifts(web) == []


async def test_there_are_never_more_rows_than_the_list_may_have(browser: Browser) -> None:
    answer = await browser.fill(PATH, {**rows(*[{"dalle": "9"}] * 7), "_righe": "turni"})
    assert len(shown(answer.text)) == 8
    assert "Altre righe" not in answer.text
    answer = await browser.fill(PATH, rows(*[{**ANNA}] * 9))
    assert len(shown(answer.text)) == 9
    assert errors(answer.text) == {"turni": "Turni: deve avere al massimo 8 voci"}


async def test_enter_records_also_where_more_rows_can_be_asked_for(browser: Browser) -> None:
    form = (await browser.see(PATH)).partition('<form method="post" novalidate>')[2]
    buttons = re.findall(r'<button [^>]*type="submit"[^>]*>([^<]+)<', form)
    assert buttons == ["Registra", "Altre righe: turni"]


async def test_a_correction_begins_with_the_rows_recorded(browser: Browser, web: Web) -> None:
    await browser.fill(PATH, rows(ANNA, BRUNO))
    wrong = (await web.get(f"/orti/{orto(1)}/eventi")).json()["eventi"][1]["id"]
    path = f"/sportello/orti/{orto(1)}/rettifica"
    page = await browser.see(f"{path}?evento={wrong}")
    assert 'id="c-turni-1-dalle" name="turni-1-dalle"' in page
    assert 'value="09:30"' in page
    assert len(shown(page)) == 2 + BLANK_ROWS
    form = {**hidden(page), **rows(EMPTY, BRUNO), "_motivo": "persona_sbagliata", "_azione": "correggi"}
    more = await browser.send(path, {**form, "_righe": "turni"})
    assert more.status_code == 200
    assert len(shown(more.text)) == 1 + BLANK_ROWS
    assert (await browser.send(path, form)).status_code == 303
    assert await shifts(web) == [BRUNO_IN_JSON]


async def test_every_question_in_a_row_has_a_label_an_id_of_its_own_and_a_legend_above(browser: Browser) -> None:
    page = (await browser.fill(PATH, rows(ANNA, {"dalle": "mai"}))).text
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    asked = re.findall(r'<(?:input|select|textarea)(?![^>]*type="hidden")[^>]*\bid="([^"]+)"', page)
    assert set(asked) == set(re.findall(r'<label for="([^"]+)"', page))
    described = {one for many in re.findall(r'aria-describedby="([^"]+)"', page) for one in many.split()}
    assert described <= set(ids)
    assert {"h-turni-dalle", "e-turni-1-dalle"} <= described
    assert page.count("<fieldset") == page.count("<legend>") == page.count("</fieldset>")
    assert "<legend>Turni, riga 2</legend>" in page


async def test_a_field_of_several_cases_offers_them_to_tick(browser: Browser, web: Web) -> None:
    two, three = await web.open_garden(2), await web.open_garden(3, comune="017034")
    path = f"/sportello/orti/{orto(1)}/festa"
    page = await browser.see(path)
    assert f'name="con_orti" value="{two}"\n        type="checkbox"' in page
    assert "Calvisano" in page
    assert (await browser.fill(path, {"avvenuto_il": "25/02/2016", "con_orti": [two, three]})).status_code == 303
    assert (await web.get(f"/orti/{orto(1)}")).json()["stato"]["feste"] == [two, three]
    wrong = (await web.get(f"/orti/{orto(1)}/eventi")).json()["eventi"][1]["id"]
    correction = await browser.see(f"/sportello/orti/{orto(1)}/rettifica?evento={wrong}")
    assert f"{two}\n{three}</textarea>" in correction


@pytest.mark.parametrize(
    ("typed", "hour"),
    [("9", "09:00"), ("9:30", "09:30"), ("09.30", "09:30"), ("9,30", "09:30"), ("24", "24:00"), ("9.3", "9.3"),
     ("mezzogiorno", "mezzogiorno"), ("٩", "٩")],
)  # fmt: skip
def test_hours_are_typed_as_people_say_them(typed: str, hour: str) -> None:
    assert forms.body(TurniFissati, {"turni-0-dalle": [typed]}) == {"turni": [{"dalle": hour}]}


def test_what_was_recorded_in_rows_comes_back_from_its_own_form() -> None:
    recorded = {"avvenuto_il": "2016-02-25", "turni": [ANNA_IN_JSON, BRUNO_IN_JSON]}
    assert forms.body(TurniFissati, forms.typed(TurniFissati, recorded)) == recorded


NAMES = st.sampled_from([f"turni-{n}-{name}" for n in (0, 1, 7, 999) for name in BRUNO]) | TEXT.map("turni-{}".format)


def refused(typed: dict[str, list[str]]) -> list[Finding]:
    """What is wrong with what was typed in a form."""
    try:
        validated(TurniFissati, json.dumps(forms.body(TurniFissati, typed)).encode(), TODAY, DISTRICT)
    except Invalid as invalid:
        return invalid.findings
    return []


def sendable(text: str) -> bool:
    """Whether a form can send it."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(NAMES, st.lists(TEXT.filter(sendable), max_size=2)))
def test_whatever_is_typed_in_rows_is_a_command_or_told_where_it_is(typed: dict[str, list[str]]) -> None:
    findings = refused(typed)
    told = forms.filled(forms.inputs(TurniFissati, DISTRICT, TODAY, {}), typed, findings)
    assert sum(len(part.errors) for question in told for part in question.parts) == len(findings)
