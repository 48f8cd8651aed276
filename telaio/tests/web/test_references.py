"""A form on a case is asked with what the case already names."""

from .browser import Browser
from .conftest import Web, orto


async def test_a_reference_that_the_case_already_has_is_filled_in_and_the_address_has_the_last_word(web: Web) -> None:
    one, other, third = [await web.open_garden(n) for n in (1, 2, 3)]
    twinned = await web.post(f"/orti/{one}/gemellaggio", {"avvenuto_il": "2016-02-20", "orto": other})
    assert twinned.status_code == 200, twinned.text
    browser = Browser(web)
    await browser.enter()
    form = f"/sportello/orti/{one}/gemellaggio"
    assert f'value="{other}" selected' in await browser.see(form)
    assert f'value="{third}" selected' in await browser.see(f"{form}?orto={third}")
    assert " selected" not in await browser.see(f"/sportello/orti/{orto(3)}/gemellaggio")
