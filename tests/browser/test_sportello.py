"""casa's forms in Chromium: a family typed in with the keyboard alone, and a mistake told in Italian."""

from typing import Any

import pytest

from .conftest import WIDTHS, Apri, Avvia, Servizi, Visita

FORM = "/sportello/famiglie/nuova/presa-in-carico"


@pytest.fixture(scope="module")
def servizi(avvia: Avvia) -> Servizi:
    """casa alone; without its broker it accepts commands all the same."""
    return avvia("casa")


@pytest.fixture
def anna(servizi: Servizi) -> tuple[str, str]:
    """Where the operator works, and as whom."""
    return servizi.url("casa"), servizi.issuer.token("anna.bianchi")


async def scrivi(visita: Visita, campo: str, testo: str) -> None:
    """Goes to a field with the Tab key, and types."""
    keyboard = visita.page.keyboard
    for _ in range(60):
        await keyboard.press("Tab")
        if await visita.page.evaluate("document.activeElement.name") == campo:
            break
    else:
        raise AssertionError(f"{campo} cannot be reached with Tab")
    kind = await visita.page.evaluate("document.activeElement.type")
    if kind not in ("radio", "checkbox", "select-one"):
        await keyboard.press("Control+A")
    await keyboard.type(testo)


async def invia(visita: Visita) -> None:
    """Reaches the button with the Tab key and presses Enter."""
    for _ in range(60):
        await visita.page.keyboard.press("Tab")
        if await visita.page.evaluate("document.activeElement.type") == "submit":
            break
    async with visita.page.expect_navigation():
        await visita.page.keyboard.press("Enter")


async def compila(visita: Visita, giorno: str, minori: str) -> None:
    await scrivi(visita, "avvenuto_il", giorno)
    await scrivi(visita, "comune", "Visano")
    await scrivi(visita, "componenti", "p-aaaaaa\np-bbbbbb")
    await scrivi(visita, "minori", minori)
    await invia(visita)


async def test_a_family_is_typed_in_by_keyboard_and_its_case_opens(finestra: Apri, anna: Any) -> None:
    async with finestra(*anna) as visita:
        await visita.apri(FORM)
        await compila(visita, "10/03/2016", "2")
        assert "/sportello/famiglie/" in visita.page.url
        assert "Registrato:" in await visita.testo("[role=status]")
        assert "Visano" in await visita.testo("main")
        assert "10/03/2016" in await visita.testo(".storia")
        assert await visita.csp() == []


async def test_a_mistake_is_summed_up_in_italian_and_leads_to_its_field(finestra: Apri, anna: Any) -> None:
    async with finestra(*anna) as visita:
        await visita.apri(FORM)
        await compila(visita, "31/02/2016", "due")
        page = visita.page
        assert (await page.title()).startswith("Errore:")
        assert await page.evaluate("document.activeElement.classList.contains('riepilogo')")
        said = await visita.testo(".riepilogo")
        assert "Da correggere" in said
        assert await page.locator(".riepilogo a").count() == 2
        assert await page.input_value("[name=avvenuto_il]") == "31/02/2016"
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        assert await page.evaluate("location.hash.slice(1) === document.querySelector('[aria-invalid=true]').id")
        await visita.foto("modulo-errore-schermo")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", ["/", FORM, "/sportello/famiglie", "/sportello/liste/in-carico", "/accesso"])
async def test_axe_finds_nothing_on_the_operators_pages(finestra: Apri, anna: Any, path: str, width: str) -> None:
    async with finestra(*anna, width=width, bypass_csp=True) as visita:
        await visita.apri(path)
        assert await visita.axe() == []
        assert await visita.sborda() == 0


async def test_axe_finds_nothing_on_a_form_with_mistakes(finestra: Apri, anna: Any) -> None:
    async with finestra(*anna, width="telefono", bypass_csp=True) as visita:
        await visita.apri(FORM)
        await compila(visita, "ieri", "-1")
        await visita.foto("modulo-errore-telefono")
        assert await visita.axe() == []
        assert await visita.sborda() == 0


async def test_entering_by_token_leads_where_one_was_going(finestra: Apri, servizi: Servizi) -> None:
    async with finestra(servizi.url("casa"), None) as visita:
        await visita.apri(FORM)
        assert "/accesso" in visita.page.url
        await visita.page.fill("#c-token", servizi.issuer.token("anna.bianchi"))
        await visita.page.get_by_role("button", name="Entra").press("Enter")
        await visita.page.wait_for_url(f"**{FORM}")
        assert await visita.page.evaluate("document.cookie") == ""  # the token is not for scripts
