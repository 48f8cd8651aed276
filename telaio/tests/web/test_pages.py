"""The operators' pages: plain forms that work without a script, and say in Italian what is wrong."""

import re
from dataclasses import replace
from html import unescape

import pytest
from telaio.web import make_app

from .browser import FORM, NEW, Browser, errors, hidden
from .conftest import Web, orto


@pytest.fixture
async def browser(web: Web) -> Browser:
    browser = Browser(web)
    await browser.enter()
    return browser


async def test_a_form_opens_a_garden_and_comes_back_to_its_page(browser: Browser, web: Web) -> None:
    answer = await browser.fill(NEW, FORM)
    assert answer.status_code == 303, unescape(answer.text)
    page = await browser.see(answer.headers["location"])
    assert "Registrato:" in page
    for shown in (
        "Montichiari",
        "1.045,50 €",
        "p-aaaaaa, p-bbbbbb",
        "Ente pubblico",
        "20/02/2016",
        "Orto aperto",
        "anna",
    ):
        assert shown in page, shown
    row = await web.runtime.pool.fetchval("select data from journal")
    assert '"canone_centesimi": 104550' in row
    assert '"irriguo": true' in row
    assert '"bisogni": ["abitare", "relazioni"]' in row


async def test_a_double_click_is_one_command(browser: Browser, web: Web) -> None:
    form = {**hidden(await browser.see(NEW)), **FORM}
    first, again = [await browser.send(NEW, form) for _ in range(2)]
    assert first.headers["location"] == again.headers["location"]
    assert await web.count("journal") == 1


async def test_a_form_sent_again_with_other_values_says_so(browser: Browser, web: Web) -> None:
    form = {**hidden(await browser.see(NEW)), **FORM}
    await browser.send(NEW, form)
    again = await browser.send(NEW, {**form, "posti": "13"})
    assert again.status_code == 422
    assert "già stato registrato con altri dati" in unescape(again.text)
    assert await web.count("journal") == 1


async def test_wrong_values_are_told_on_top_beside_the_field_and_in_the_title_and_are_kept(browser: Browser) -> None:
    wrong = {
        "avvenuto_il": "32/01/2016",
        "ortolani": "p-aaaaaa\nMario",
        "posti": "tanti",
        "canone_centesimi": "-3,50",
        "comune": "",
        "prima_semina_il": "domani",
        "note_di_cantiere": "<script>alert(1)</script>",
    }
    known = hidden(await browser.see(NEW))
    answer = await browser.send(NEW, {**known, **FORM, **wrong})
    assert answer.status_code == 422
    assert hidden(answer.text) == known
    assert "<title>Errore: Nuovo orto" in answer.text
    assert "autofocus" in answer.text
    assert "<script>" not in answer.text
    assert errors(answer.text) == {
        "avvenuto_il": "Data: deve essere una data, per esempio 20/03/2016",
        "ortolani": "Ortolani: riga 2: non ha il formato atteso, per esempio p-3f9a1c72d4e8",
        "posti": "Posti: deve essere un numero intero",
        "canone_centesimi": "Canone mensile: deve essere almeno 0,00 €",
        "comune": "Comune: va scelto fra le voci proposte",
        "prima_semina_il": "Prima semina: deve essere una data, per esempio 20/03/2016",
    }
    for kept in ("32/01/2016", "p-aaaaaa\nMario", "tanti", "-3,50", "domani"):
        assert kept in unescape(answer.text), kept
    for id in re.findall(r'href="#(c-[^"]+)"', answer.text):
        assert f'id="{id}"' in answer.text


@pytest.mark.parametrize(
    ("typed", "cents"),
    [("450", 45000), ("450,00", 45000), ("450,5", 45050), ("1.234,50", 123450), ("1.234", 123400), ("12.50", 1250),
     ("€ 3,20", 320), ("3 000,00 €", 300000)],
)  # fmt: skip
async def test_amounts_are_typed_as_in_italy(browser: Browser, web: Web, typed: str, cents: int) -> None:
    id = await web.open_garden()
    answer = await browser.fill(
        f"/sportello/orti/{id}/vendita", {"avvenuto_il": "2016-02-25", "importo_centesimi": typed}
    )
    assert answer.status_code == 303, errors(answer.text)
    assert (await web.get(f"/orti/{id}")).json()["stato"]["venduto_centesimi"] == cents


@pytest.mark.parametrize("typed", ["1,234.50", "0,001", "dieci", "1e3", "--1", "٣", "1..2", "\0", "9" * 40])
async def test_amounts_that_are_none_are_refused(browser: Browser, web: Web, typed: str) -> None:
    id = await web.open_garden()
    answer = await browser.fill(
        f"/sportello/orti/{id}/vendita", {"avvenuto_il": "25/02/2016", "importo_centesimi": typed}
    )
    assert answer.status_code == 422
    assert "importo_centesimi" in errors(answer.text)


async def test_a_refusal_is_told_in_the_summary_and_the_values_are_kept(browser: Browser, web: Web) -> None:
    id = await web.open_garden()
    answer = await browser.fill(
        f"/sportello/orti/{id}/vendita", {"avvenuto_il": "25/02/2016", "importo_centesimi": "200000"}
    )
    assert answer.status_code == 409
    assert "Un orto non rende più di centomila euro." in unescape(answer.text)
    assert 'value="200000"' in answer.text
    assert "<title>Errore:" in answer.text


async def test_a_fact_of_tomorrow_is_refused(browser: Browser) -> None:
    answer = await browser.fill(NEW, {**FORM, "avvenuto_il": "02/03/2016"})
    assert errors(answer.text) == {"avvenuto_il": "Data: non può essere nel futuro"}


async def test_a_correction_starts_from_what_was_recorded_and_both_versions_stay_in_sight(
    browser: Browser, web: Web
) -> None:
    id = await web.open_garden()
    opened = (await web.get(f"/orti/{id}/eventi")).json()["eventi"][0]["id"]
    path = f"/sportello/orti/{id}/rettifica"
    page = await browser.see(f"{path}?evento={opened}")
    assert 'value="12"' in page
    assert 'value="45,00"' in page
    form = {**hidden(page), **FORM, "posti": "10", "_motivo": "errore_di_digitazione", "_azione": "correggi"}
    refused = await browser.send(path, {**form, "posti": "100", "_motivo": ""})
    assert errors(refused.text) == {"posti": "Posti: deve essere al massimo 50"}
    refused = await browser.send(path, {**form, "_motivo": "a caso"})
    assert errors(refused.text) == {"_motivo": "Motivo della rettifica: va scelto fra le voci proposte"}
    answer = await browser.send(path, form)
    assert answer.status_code == 303, unescape(answer.text)
    page = await browser.see(f"/sportello/orti/{id}")
    assert "<s>Orto aperto</s>" in page
    assert "Com'era registrato" in page
    assert "Com'è corretto" in page
    assert (await web.get(f"/orti/{id}")).json()["stato"]["posti"] == 10


async def test_an_event_that_never_was_is_annulled(browser: Browser, web: Web) -> None:
    id = await web.open_garden()
    sold = await web.post(f"/orti/{id}/vendita", {"avvenuto_il": "2016-02-25", "importo_centesimi": 45000})
    path = f"/sportello/orti/{id}/rettifica"
    page = await browser.see(f"{path}?evento={sold.json()['eventi'][0]}")
    answer = await browser.send(path, {**hidden(page), "_motivo": "fatto_non_avvenuto", "_azione": "annulla"})
    assert answer.status_code == 303
    assert "Annullato" in await browser.see(f"/sportello/orti/{id}")
    assert (await web.get(f"/orti/{id}")).json()["stato"]["venduto_centesimi"] == 0


async def test_a_late_entry_is_marked(browser: Browser, web: Web) -> None:
    await web.open_garden(1, avvenuto_il="2016-02-23")
    await web.open_garden(2, avvenuto_il="2016-01-31")
    assert "giorni dopo" not in await browser.see(f"/sportello/orti/{orto(1)}")
    assert "Registrato 30 giorni dopo" in await browser.see(f"/sportello/orti/{orto(2)}")


async def test_cases_are_found_by_comune_person_and_id(browser: Browser, web: Web) -> None:
    await web.open_garden(1)
    await web.open_garden(2, comune="017034", ortolani=["p-cccccc"])
    for sought, found in (
        ("montic", {1}),
        ("Calvisano", {2}),
        ("p-CCCC", {2}),
        (orto(1), {1}),
        ("%", set()),
        ("", {1, 2}),
    ):
        page = (await browser.client.get("/sportello/orti", params={"cerca": sought})).text
        assert {n for n in (1, 2) if f"/sportello/orti/{orto(n)}" in page} == found, sought
    assert "Nessuna scheda corrisponde" in await browser.see("/sportello/orti?cerca=%00zzz")


async def test_cases_are_paged(browser: Browser, web: Web) -> None:
    for number in range(1, 33):
        await web.open_garden(number)
    page = await browser.see("/sportello/orti")
    assert page.count('href="/sportello/orti/0000') == 30
    following = re.findall(r'href="(\?[^"]*prima=[^"]*)"', page)[0]
    assert (await browser.see(f"/sportello/orti{following}")).count('href="/sportello/orti/0000') == 2


async def test_lists_show_dates_amounts_and_comuni_as_people_write_them(browser: Browser, web: Web) -> None:
    id = await web.open_garden()
    await web.post(f"/orti/{id}/vendita", {"avvenuto_il": "2016-02-25", "importo_centesimi": 123450})
    page = await browser.see("/sportello/liste/aperti")
    for shown in ("Montichiari", "20/02/2016", "1.234,50 €", f"/sportello/orti/{id}"):
        assert shown in page
    assert "1.234,50 €" in await browser.see("/sportello/liste/per-comune")
    assert "1.234,50 €" in await browser.see("/sportello/casse/unica")


async def test_a_field_named_after_a_kind_offers_its_cases_and_links_to_them(browser: Browser, web: Web) -> None:
    one, two = await web.open_garden(1), await web.open_garden(2)
    page = await browser.see(f"/sportello/orti/{one}/gemellaggio?orto={two}")
    assert f'<option value="{two}" selected>Montichiari' in page
    assert (
        await browser.fill(f"/sportello/orti/{one}/gemellaggio", {"avvenuto_il": "25/02/2016", "orto": two})
    ).status_code == 303
    assert f'<dd><a href="/sportello/orti/{two}">' in await browser.see(f"/sportello/orti/{one}")


async def test_cases_to_choose_from_are_told_apart_by_what_people_know_them_by(browser: Browser, web: Web) -> None:
    id = await web.open_garden(1)
    path = f"/sportello/orti/{id}/gemellaggio"
    named = web.runtime.service.by_kind["orto"]
    assert ">Montichiari · 00000001</option>" in await browser.see(path)
    named.named_by = ("terreno", "comune", "orto")
    try:
        assert ">Ente pubblico · Montichiari · 00000001</option>" in await browser.see(path)
    finally:
        named.named_by = ("comune",)


async def test_a_case_leads_to_those_that_name_it_and_to_new_ones_that_will(browser: Browser, web: Web) -> None:
    id, other = await web.open_garden(1), await web.open_garden(2)
    page = await browser.see(f"/sportello/orti/{id}")
    new = f"/sportello/attrezzi/nuova/prestito?orto={id}"
    assert f'href="{new}">Nuovo attrezzo</a>' in page
    lent = await browser.fill(new, {"avvenuto_il": "25/02/2016", "orto": id})
    assert lent.status_code == 303
    search = f"/sportello/attrezzi?cerca={id}"
    assert f'href="{search}">Attrezzi</a>' in page
    tool = lent.headers["location"].partition("?")[0]
    assert f'href="{tool}"' in await browser.see(search)
    assert f'href="{tool}"' not in await browser.see(f"/sportello/attrezzi?cerca={other}")


async def test_while_the_database_is_away_a_form_keeps_what_was_typed(
    browser: Browser, web: Web, offline: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("telaio.web.session.KNOWN_FOR_S", 0)
    form = {**hidden(await browser.see(NEW)), **FORM}
    monkeypatch.setattr(web.runtime, "pool", offline.runtime.pool)
    answer = await browser.send(NEW, form)
    assert answer.status_code == 503
    assert "riprovare fra poco" in unescape(answer.text)
    assert "1.045,50" in answer.text
    assert (await browser.client.get("/sportello/orti")).status_code == 503


async def test_no_page_holds_a_script_an_inline_style_or_an_address_of_elsewhere(browser: Browser, web: Web) -> None:
    id = await web.open_garden()
    opened = (await web.get(f"/orti/{id}/eventi")).json()["eventi"][0]["id"]
    pages = ["/", "/sportello/orti", f"/sportello/orti/{id}", NEW, "/sportello/liste/aperti", "/uscita",
             f"/sportello/orti/{id}/rettifica?evento={opened}", "/sportello/liste/per-comune"]  # fmt: skip
    for path in pages:
        page = await browser.see(path)
        assert not re.search(r"<script|style=|<style|\bon[a-z]+=|(?:src|href|action)=\"(?:https?:)?//", page), path
        assert '<html lang="it">' in page
        assert 'href="#contenuto"' in page
        ids = re.findall(r'\bid="([^"]+)"', page)
        assert len(ids) == len(set(ids)), path
        labelled = set(re.findall(r'<label for="([^"]+)"', page))
        asked = re.findall(r'<(?:input|select|textarea)(?![^>]*type="hidden")[^>]*\bid="([^"]+)"', page)
        assert set(asked) <= labelled, path
        for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', page):
            assert (await browser.client.get(unescape(address))).status_code == 200


def test_a_path_that_the_chassis_uses_is_refused(offline: Web) -> None:
    service = offline.runtime.service
    offline.runtime.service = replace(service, entities=[replace(service.entities[0], plural="liste")])
    with pytest.raises(ValueError, match="already taken"):
        make_app(offline.runtime)
