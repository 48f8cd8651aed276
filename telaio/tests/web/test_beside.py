"""What goes with a case: reached from it, told as API, and one step away from bringing the two together."""

from collections.abc import AsyncIterator
from html import unescape
from typing import Any

import pytest
from telaio.web import beside, make_app

from .browser import Browser
from .conftest import Web, client_of, orto
from .orti import attrezzi, orti

ZAPPA = orto(7)


async def rows(connection: Any, runtime: Any, id: str) -> list[dict[str, Any]]:
    """The same hoe for every garden that exists, and nothing for the second."""
    kinds = [kind for (kind,) in await connection.fetch("select kind from snapshot where id = $1", id)]
    assert kinds == ["orto"]
    return [] if id == orto(2) else [{"id": ZAPPA, "comune": "017032", "ragioni": ["stesso_comune", "altro"]}]


@pytest.fixture
async def gardens(web: Web, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Web]:
    """The application with tools beside gardens, and two gardens."""
    monkeypatch.setattr(orti, "pages", {"attrezzi": "Attrezzi adatti"})
    own = beside.routes(orti, "attrezzi", attrezzi, rows, (attrezzi, "prestito"))
    async with client_of(web.runtime, make_app(web.runtime, own)) as client:
        web.client = client
        await web.open_garden(1)
        await web.open_garden(2)
        yield web


@pytest.fixture
async def browser(gardens: Web) -> Browser:
    browser = Browser(gardens)
    await browser.enter()
    return browser


async def test_a_case_leads_to_what_goes_with_it_and_that_to_the_form_with_both(browser: Browser) -> None:
    assert f'href="/sportello/orti/{orto(1)}/attrezzi"' in await browser.see(f"/sportello/orti/{orto(1)}")
    found = await browser.see(f"/sportello/orti/{orto(1)}/attrezzi")
    for shown in ("Attrezzi adatti", "Calcinato", "Stesso comune, Altro", f"/sportello/attrezzi/{ZAPPA}"):
        assert shown in found, shown
    form = f"/sportello/attrezzi/nuova/prestito?orto={orto(1)}&attrezzo={ZAPPA}"
    assert f'href="{form}"' in found
    assert f'value="{orto(1)}" selected' in await browser.see(form)


async def test_nothing_that_goes_with_a_case_is_said(browser: Browser) -> None:
    assert "Per ora nessuna scheda" in await browser.see(f"/sportello/orti/{orto(2)}/attrezzi")


async def test_who_only_reads_is_not_shown_the_way_to_the_form(gardens: Web) -> None:
    reader = Browser(gardens)
    await reader.enter(ruoli=("coordinatore",))
    found = await reader.see(f"/sportello/orti/{orto(1)}/attrezzi")
    assert "Calcinato" in found
    assert "nuova/prestito" not in found


async def test_the_same_as_api(gardens: Web) -> None:
    answer = await gardens.get(f"/api/v1/orti/{orto(1)}/attrezzi")
    line = {"attrezzo": ZAPPA, "comune": "017032", "ragioni": ["stesso_comune", "altro"]}
    assert answer.json() == {"id": orto(1), "attrezzi": [line]}


@pytest.mark.parametrize("id", [orto(3), "Mario"])
async def test_a_case_that_is_not_there_has_nothing_beside_it(gardens: Web, id: str) -> None:
    answer = await gardens.get(f"/api/v1/orti/{id}/attrezzi")
    assert answer.status_code == 404


async def test_without_a_token_nothing_is_read(gardens: Web) -> None:
    assert (await gardens.client.get(f"/api/v1/orti/{orto(1)}/attrezzi")).status_code == 401
    page = await gardens.client.get(f"/sportello/orti/{orto(1)}/attrezzi", headers={"Accept": "text/html"})
    assert "Calcinato" not in unescape(page.text)
