"""The public pages in Chromium, as anybody finds them: nobody signed in, with and without JavaScript."""

import pytest
from cruscotto.pubblica.mensile import pubblica_se_serve
from cruscotto.service import servizio
from telaio.runtime import Runtime
from telaio.settings import Settings

from .conftest import WIDTHS, Apri, Avvia, Servizi
from .distretti import OGGI, pieno, riempi

PUBBLICHE = ("/pubblica", "/pubblica?cifra=AD03", "/dati-aperti")
ADESSO = f"{OGGI}T10:00:00+01:00"


@pytest.fixture(scope="module")
def vuoto(avvia: Avvia) -> Servizi:
    return avvia("cruscotto", GENERA_ADESSO=ADESSO)


@pytest.fixture
async def pubblicato(vuoto: Servizi) -> str:
    """The address of a cruscotto with a full district, released once."""
    dsn = vuoto.databases["cruscotto"]
    values = {
        "database": dsn, "kafka": "127.0.0.1:1", "partner": "ambito", "chiavi_file": vuoto.issuer.keys_file,
        "emittente": "nessuno", "sviluppo": True, "adesso": ADESSO, "lettore": False,
    }  # fmt: skip
    runtime = await Runtime.start(servizio, Settings.model_validate(values))
    if not await runtime.pool.fetchval("select exists (select from snapshot where kind = 'pubblicazione')"):
        await riempi(dsn, pieno())
        assert await pubblica_se_serve(runtime) == "2016-11"
    await runtime.stop()
    return vuoto.url("cruscotto")


@pytest.mark.parametrize("width", WIDTHS)
async def test_public_pages_are_right_for_everybody_and_stay_at_home(
    finestra: Apri, pubblicato: str, width: str
) -> None:
    async with finestra(pubblicato, None, width=width) as visita:
        for path in PUBBLICHE:
            await visita.apri(path)
            await visita.foto(f"{path.strip('/').replace('?cifra=', '-')}-{width}")
            assert (await visita.axe(), await visita.csp(), await visita.sborda()) == ([], [], 0), path
        assert (await visita.page.context.cookies(), visita.fuori()) == ([], [])
        assert [s for s in visita.said if s.startswith("error")] == []


async def test_without_javascript_every_figure_is_there(finestra: Apri, pubblicato: str) -> None:
    async with finestra(pubblicato, None, java_script_enabled=False) as visita:
        await visita.apri("/pubblica")
        assert await visita.page.locator(".obiettivo .cifra").count() == 5
        assert await visita.page.locator("svg polygon").count() == 7
        await visita.page.select_option("#c-cifra", "AD03")
        await visita.segui("form.filtro button")
        assert "cifra=AD03" in visita.page.url
        assert await visita.page.locator("table caption").inner_text() != ""


async def test_public_pages_are_walked_by_keyboard(finestra: Apri, pubblicato: str) -> None:
    async with finestra(pubblicato, None) as visita:
        for path in PUBBLICHE:
            await visita.apri(path)
            assert await visita.non_raggiunti() == [], path
