"""Every page of the cruscotto in Chromium, on an empty district, one with a single event and a full one."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from contratti import giovani
from playwright.async_api import Page, Route

from .conftest import WIDTHS, Apri, Avvia, Servizi, Visita, together
from .distretti import DISTRETTI, GIOVANI, OGGI, PUNTI, Storia, pieno, riempi
from .pagine import COORDINATRICE, PAGINE, Pagina

ENTRO_MS = 5000
DOMANI = OGGI + timedelta(days=1)
"""After all that has happened: the clock of these services stands still."""
WINDOWS = 3
"""How many are open at once: while one page is drawn another is awaited."""
CON_GRAFICI = tuple(p for p in PAGINE if p.nome in ("sintesi", "indicatore", "rete-grafo", "territorio", "fondi"))


@pytest.fixture(scope="module")
def distretti(avvia: Avvia) -> dict[str, Servizi]:
    """A cruscotto for each district, at the end of 2016; without a broker."""
    found: dict[str, Servizi] = {}

    def begin(nome: str) -> None:
        found[nome] = avvia("cruscotto", prepare=_con(DISTRETTI[nome]()), GENERA_ADESSO=f"{OGGI}T10:00:00+01:00")

    together(begin, DISTRETTI)
    return found


def _con(storie: Any) -> Any:
    return lambda dsn: riempi(dsn, storie)


async def _guarda(visita: Visita, pagina: Pagina, foto: str) -> list[str]:
    """Opens a page as people do and tells all that is wrong with it."""
    visita.said.clear()
    visita.asked.clear()
    await visita.apri(pagina.percorso)
    await visita.disegnata()
    wrong = [f"axe {v}" for v in await visita.axe()]
    await visita.foto(foto)
    if any(
        "ERR_NETWORK_CHANGED" in s for s in visita.said
    ):  # the machine got a network meanwhile: not the page's doing
        return await _guarda(visita, pagina, foto)
    if over := await visita.sborda():
        wrong.append(f"{over} px wider than the window")
    wrong += [f"policy: {v}" for v in await visita.csp()]
    wrong += [f"console: {s}" for s in visita.said if s.startswith("error")]
    wrong += [f"left the host: {u}" for u in visita.fuori()]
    return [f"{pagina.nome}: {w}" for w in wrong]


async def _guarda_tutte(finestra: Apri, url: str, width: str, foto: str, *, tasti: bool = False) -> list[str]:
    """What is wrong with any page, each seen by who looks at it, in some windows at once; `tasti`: also what the Tab
    key does not reach."""

    async def some(pagine: Sequence[Pagina]) -> list[str]:
        wrong: list[str] = []
        for chi in dict.fromkeys(p.chi for p in pagine):
            async with finestra(url, chi, width=width, reduced_motion="reduce") as visita:  # no chart half drawn
                for pagina in (p for p in pagine if p.chi == chi):
                    wrong += await _guarda(visita, pagina, f"{pagina.nome}-{foto}")
                    wrong += [f"{pagina.nome}: no Tab to {e}" for e in await visita.non_raggiunti()] if tasti else []
        return wrong

    found = await asyncio.gather(*(some(PAGINE[n::WINDOWS]) for n in range(WINDOWS)))
    return [w for wrong in found for w in wrong]


@pytest.mark.parametrize("width", WIDTHS)
async def test_every_page_of_a_full_district_is_right_at_every_width_and_walked_by_keyboard(
    finestra: Apri, distretti: dict[str, Servizi], width: str
) -> None:
    url = distretti["pieno"].url("cruscotto")
    assert await _guarda_tutte(finestra, url, width, width, tasti=width == "schermo") == []


@pytest.mark.parametrize("quale", ["vuoto", "uno"])
async def test_an_empty_district_and_one_with_a_single_event_are_right_on_a_phone(
    finestra: Apri, distretti: dict[str, Servizi], quale: str
) -> None:
    assert await _guarda_tutte(finestra, distretti[quale].url("cruscotto"), "telefono", quale) == []


async def test_the_figures_of_every_chart_are_there_without_javascript(
    finestra: Apri, distretti: dict[str, Servizi]
) -> None:
    async with finestra(distretti["pieno"].url("cruscotto"), COORDINATRICE, java_script_enabled=False) as visita:
        for pagina in CON_GRAFICI:
            await visita.apri(pagina.percorso)
            cards = visita.page.locator(".grafico")
            for n in range(await cards.count()):
                assert await cards.nth(n).locator("table").is_visible()
                assert not await cards.nth(n).locator(".disegno").is_visible()
                assert not await cards.nth(n).locator(".linguette").is_visible()


async def _prima_scheda(page: Page) -> Any:
    scheda = page.locator(".grafico").first
    await scheda.locator("svg").wait_for()
    return scheda


async def test_tabs_move_with_the_arrows_and_show_one_panel_at_a_time(
    finestra: Apri, distretti: dict[str, Servizi]
) -> None:
    async with finestra(distretti["pieno"].url("cruscotto"), COORDINATRICE) as visita:
        await visita.apri("/indicatori/CA01")
        scheda = await _prima_scheda(visita.page)
        await scheda.get_by_role("tab", name="Grafico").focus()
        for tasto, voce in (
            ("ArrowRight", "Tabella"),
            ("ArrowRight", "Info"),
            ("ArrowRight", "Grafico"),
            ("End", "Info"),
        ):
            await visita.page.keyboard.press(tasto)
            assert await visita.page.evaluate("document.activeElement.textContent") == voce
            assert await scheda.get_by_role("tab", selected=True).inner_text() == voce
            assert await scheda.get_by_role("tabpanel").count() == 1


async def test_the_points_of_a_chart_are_walked_with_the_arrows_and_told(
    finestra: Apri, distretti: dict[str, Servizi]
) -> None:
    async with finestra(distretti["pieno"].url("cruscotto"), COORDINATRICE) as visita:
        for pagina in CON_GRAFICI:
            await visita.apri(pagina.percorso)
            scheda = await _prima_scheda(visita.page)
            await scheda.locator(".disegno").focus()
            said = []
            for tasto in ("ArrowRight", "ArrowRight", "ArrowLeft", "End"):
                await visita.page.keyboard.press(tasto)
                said.append(await scheda.locator(".punto").inner_text())
            assert all(said), pagina.nome
            assert said[0] == said[2] != said[1] != said[3]
            await visita.page.keyboard.press("Escape")
            assert await scheda.locator(".punto").inner_text() == ""


async def test_a_chart_is_downloaded_as_picture_and_as_figures(
    finestra: Apri, distretti: dict[str, Servizi], tmp_path: Path
) -> None:
    async with finestra(distretti["pieno"].url("cruscotto"), COORDINATRICE) as visita:
        for percorso, csv in (("/rete?vista=flussi", "flussi.csv"), ("/territorio", "comuni.csv")):
            await visita.apri(percorso)
            scheda = await _prima_scheda(visita.page)
            await visita.page.wait_for_timeout(400)
            for name, signature in (("Scarica PNG", b"\x89PNG"), ("Scarica CSV", b"C")):
                async with visita.page.expect_download() as waited:
                    await scheda.get_by_text(name).first.click()
                download = await waited.value
                await download.save_as(tmp_path / download.suggested_filename)
                assert (tmp_path / download.suggested_filename).read_bytes().startswith(signature)
            assert (tmp_path / csv).stat().st_size > 50
            assert (tmp_path / csv.replace(".csv", ".png")).stat().st_size > 5000
            assert await visita.csp() == []


async def test_an_open_chart_follows_the_events_and_keeps_what_was_chosen(
    finestra: Apri, distretti: dict[str, Servizi]
) -> None:
    """The graph and its table; the tab, the point and the page stay what they were."""
    async with finestra(distretti["pieno"].url("cruscotto"), COORDINATRICE) as visita:
        page = visita.page
        await visita.apri("/rete?vista=grafo")
        scheda = await _prima_scheda(page)
        await page.evaluate("window.__mai_ricaricata = true")
        await page.wait_for_timeout(500)
        before, nodes = await visita.testo(".numeri .cifra >> nth=0"), await _nodi(page)
        await scheda.locator(".disegno").focus()
        await riempi(distretti["pieno"].databases["cruscotto"], [_un_altro_invio()])
        await page.wait_for_function(
            "before => document.querySelector('.numeri .cifra').textContent.trim() !== before",
            arg=before,
            timeout=ENTRO_MS,
        )
        assert int(await visita.testo(".numeri .cifra >> nth=0")) == int(before) + 1
        assert await page.evaluate("window.__mai_ricaricata === true")
        assert await page.evaluate("document.activeElement.classList.contains('disegno')")
        assert await scheda.get_by_role("tab", selected=True).inner_text() == "Grafico"
        assert await scheda.get_by_role("tabpanel").count() == 1
        assert await _nodi(page) == nodes  # the same nodes in the same places
        assert await visita.csp() == []


async def test_the_first_refresh_of_the_sintesi_takes_neither_the_focus_nor_the_point(
    finestra: Apri, distretti: dict[str, Servizi]
) -> None:
    """It comes when the stream opens: here, late enough to find somebody at work."""
    async with finestra(distretti["pieno"].url("cruscotto"), COORDINATRICE) as visita:
        page, at_work = visita.page, asyncio.Event()

        async def late(route: Route) -> None:
            await at_work.wait()
            await route.continue_()

        await page.route("**/sintesi/cifre*", late)
        await visita.apri("/")
        scheda = await _prima_scheda(page)
        await scheda.locator(".disegno").focus()
        await page.keyboard.press("ArrowRight")
        said = await scheda.locator(".punto").inner_text()
        async with page.expect_response("**/sintesi/cifre*"):
            at_work.set()
        await page.wait_for_timeout(500)
        assert await page.evaluate("document.activeElement.classList.contains('disegno')")
        assert said == await scheda.locator(".punto").inner_text() != ""


async def test_the_open_page_on_the_state_follows_what_happens_for_who_sees_no_figures(
    finestra: Apri, distretti: dict[str, Servizi]
) -> None:
    async with finestra(distretti["pieno"].url("cruscotto"), "luca.conti") as visita:
        page = visita.page
        await visita.apri("/stato")
        await page.evaluate("window.__mai_ricaricata = true")
        await page.wait_for_timeout(500)
        before = await visita.testo("tr:has-text('giovani') >> nth=0")
        await riempi(distretti["pieno"].databases["cruscotto"], [_un_evento_di_domani()])
        await page.wait_for_function(
            "before => ![...document.querySelectorAll('tr')].some(r => r.innerText.trim() === before)",
            arg=before,
            timeout=ENTRO_MS,
        )
        assert f"{DOMANI:%d/%m/%Y}" in await visita.testo("tr:has-text('giovani') >> nth=0")
        assert await page.evaluate("window.__mai_ricaricata === true")
        assert await visita.page.locator("#fermo").is_hidden()
        assert (await visita.csp(), await visita.axe()) == ([], [])


def _un_evento_di_domani() -> Storia:
    coprogettato = giovani.LaboratorioCoprogettato(
        avvenuto_il=DOMANI, ambito="sociale", comune="017113", con=("ente",), enti=("ama-brescia",)
    )
    return GIOVANI, "laboratorio/00000000-0000-0000-0000-0000000fffff", [coprogettato]


async def _nodi(page: Page) -> Any:
    script = "JSON.parse(document.querySelector('.disegno').dataset.disegno).nodi.map(n => [n.nome, n.x, n.y])"
    return await page.evaluate(script)


def _un_altro_invio() -> Storia:
    storie = [s for s in pieno() if s[0] == PUNTI and s[1].startswith("invio/")]
    fonte, _, eventi = storie[0]
    return fonte, "invio/00000000-0000-0000-0000-0000000fffff", eventi[:1]


async def test_who_asks_for_less_motion_gets_none(finestra: Apri, distretti: dict[str, Servizi]) -> None:
    url = distretti["pieno"].url("cruscotto")
    async with finestra(url, COORDINATRICE, reduced_motion="reduce") as visita:
        await visita.apri("/indicatori/CA01")
        await _prima_scheda(visita.page)
        moving = await visita.page.evaluate(
            "disegni.opzioni(JSON.parse(document.querySelector('.disegno').dataset.disegno)).animation"
        )
        assert moving is False
