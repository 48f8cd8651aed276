"""casa's forms in Chromium: a family typed in with the keyboard alone, and a mistake told in Italian."""

import asyncio
from typing import Any

import asyncpg
import pytest

from .conftest import WIDTHS, Apri, Avvia, Servizi, Visita, cookies_of

FORM = "/sportello/famiglie/nuova/presa-in-carico"


@pytest.fixture(scope="module")
def servizi(avvia: Avvia) -> Servizi:
    """casa alone; without its broker it accepts commands all the same."""
    return avvia("casa")


@pytest.fixture
def anna(servizi: Servizi) -> tuple[str, str]:
    """Where the operator works, and as whom."""
    return servizi.url("casa"), "anna.bianchi"


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
async def test_axe_finds_nothing_on_the_operators_pages(finestra: Apri, anna: Any, width: str) -> None:
    async with finestra(*anna, width=width) as visita:
        for path in ("/", FORM, "/sportello/famiglie", "/sportello/liste/in-carico", "/uscita"):
            await visita.apri(path)
            assert (await visita.axe(), await visita.sborda(), await visita.csp()) == ([], 0, []), path


async def test_axe_finds_nothing_on_a_form_with_mistakes(finestra: Apri, anna: Any) -> None:
    async with finestra(*anna, width="telefono") as visita:
        await visita.apri(FORM)
        await compila(visita, "ieri", "-1")
        await visita.foto("modulo-errore-telefono")
        assert await visita.axe() == []
        assert await visita.sborda() == 0


async def test_who_enters_arrives_where_one_was_going_and_who_leaves_is_out(finestra: Apri, servizi: Servizi) -> None:
    async with finestra(servizi.url("casa"), None) as visita:
        page = visita.page
        await visita.apri(FORM)
        assert "/authorize" in page.url
        await page.get_by_role("button", name="Anna Bianchi").press("Enter")
        await page.wait_for_url(f"**{FORM}")
        assert await visita.testo(".persona span") == "Anna Bianchi"
        assert await page.evaluate("document.cookie") == ""  # the session is not for scripts
        (cookie,) = await page.context.cookies(visita.base)
        assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"]) == ("genera_casa", True, "Lax")
        await page.get_by_role("button", name="Esci").click()
        await page.wait_for_url("**/uscita")
        assert await page.context.cookies(visita.base) == []
        await visita.foto("uscita-schermo")
        await visita.apri("/")
        assert "/authorize" in page.url
        assert await visita.csp() == []


async def test_a_session_that_ended_while_a_form_was_filled_in_loses_nothing(
    finestra: Apri, anna: Any, servizi: Servizi
) -> None:
    async with finestra(*anna) as visita:
        page = visita.page
        await visita.apri(FORM)
        await scrivi(visita, "minori", "due")
        casa = await asyncpg.connect(servizi.processes["casa"].environment()["GENERA_DATABASE"])
        await casa.execute("update session set seen_at = now() - interval '1 hour'")
        await casa.close()
        cookies_of.cache_clear()  # nobody is signed in any more
        await asyncio.sleep(3.5)  # the service knows who was there a moment ago
        await invia(visita)
        assert "non è perduto" in await visita.testo("main")
        async with page.context.expect_page() as opened:
            await page.get_by_role("link", name="accedere in un'altra scheda").press("Enter")
        other = await opened.value
        await other.get_by_role("button", name="Anna Bianchi").press("Enter")
        await other.wait_for_url(visita.base + "/")
        await page.reload()
        assert (await page.title()).startswith("Errore:")
        assert await page.input_value("[name=minori]") == "due"


async def test_who_may_not_is_told_so_in_italian_and_can_leave(finestra: Apri, servizi: Servizi) -> None:
    async with finestra(servizi.url("casa"), "luca.conti", width="telefono") as visita:
        await visita.apri("/")
        assert "con il ruolo di amministratore tecnico" in await visita.testo("main")
        assert await visita.page.get_by_role("button", name="Esci").count() == 1
        await visita.foto("non-permesso-telefono")
        assert await visita.axe() == []
        assert await visita.sborda() == 0
