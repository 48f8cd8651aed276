"""Forms with rows in Chromium: an exchange and a week of opening hours typed in with the keyboard alone."""

from typing import Any

import pytest

from .conftest import WIDTHS, Apri, Avvia, Servizi, Visita

SCAMBIO = "/sportello/scambi/nuova/registrazione"
PUNTO = "/sportello/punti/nuova/apertura"


@pytest.fixture(scope="module")
def servizi(avvia: Avvia) -> Servizi:
    """punti alone; without its broker it accepts commands all the same."""
    return avvia("punti")


@pytest.fixture
def chiara(servizi: Servizi) -> tuple[str, str]:
    """Where the facilitator works, and as whom."""
    return servizi.url("punti"), "chiara.fontana"


async def scrivi(visita: Visita, campo: str, testo: str) -> None:
    """Types into a field that is reached with the Tab key."""
    keyboard = visita.page.keyboard
    for _ in range(80):
        if await visita.page.evaluate("document.activeElement.name") == campo:
            break
        await keyboard.press("Tab")
    else:
        raise AssertionError(f"{campo} cannot be reached with Tab")
    await keyboard.type(testo)


async def riga(visita: Visita, numero: int, persona: str, dati: str, ricevuti: str) -> None:
    for campo, testo in (("persona", persona), ("dato_minuti", dati), ("ricevuto_minuti", ricevuti)):
        await scrivi(visita, f"partecipanti-{numero}-{campo}", testo)


async def test_an_exchange_of_many_is_typed_in_by_keyboard_with_more_rows_than_there_were(
    finestra: Apri, chiara: Any
) -> None:
    async with finestra(*chiara) as visita:
        await visita.apri(SCAMBIO)
        for numero in range(5):
            await riga(visita, numero, f"p-persona{numero}", "30", "0")
        more = visita.page.get_by_role("button", name="Altre righe: partecipanti")
        async with visita.page.expect_navigation():
            await more.press("Enter")
        assert await visita.page.evaluate("document.activeElement.name") == "partecipanti-5-persona"
        await riga(visita, 5, "p-persona5", "0", "140")
        async with visita.page.expect_navigation():
            await visita.page.keyboard.press("Enter")
        said = await visita.testo(".riepilogo")
        assert "i minuti dati (150) e quelli ricevuti (140) devono essere uguali" in said
        await visita.page.keyboard.press("Tab")
        await visita.page.keyboard.press("Enter")
        assert await visita.page.evaluate("document.activeElement.id") == "c-partecipanti"
        await visita.foto("righe-errore-schermo")
        await visita.page.fill("[name=partecipanti-5-ricevuto_minuti]", "150")
        async with visita.page.expect_navigation():
            await visita.page.keyboard.press("Enter")
        assert "Registrato:" in await visita.testo("[role=status]")
        assert await visita.csp() == []
        await visita.apri("/sportello/liste/banca-del-tempo")
        assert "p-persona5" in await visita.testo("main")
        await visita.foto("banca-del-tempo-schermo")


async def apri_un_punto(visita: Visita) -> None:
    await visita.apri(PUNTO)
    await visita.foto("punto-schermo")
    for campo, testo in {
        "denominazione": "Punto di prova", "indirizzo": "Via di prova 1", "facilitatore": "p-facilita",
        "contatti-0-valore": "030 0000000",
    }.items():  # fmt: skip
        await visita.page.fill(f"[name={campo}]", testo)
    await visita.page.select_option("[name=contatti-0-tipo]", "telefono")
    await visita.page.select_option("[name=comune]", label="Visano")
    await visita.page.select_option("[name=gestore]", index=1)
    async with visita.page.expect_navigation():
        await visita.page.keyboard.press("Enter")
    assert "Registrato:" in await visita.testo("[role=status]")


@pytest.mark.parametrize("width", WIDTHS)
async def test_opening_hours_in_rows_are_for_everybody(finestra: Apri, chiara: Any, width: str) -> None:
    async with finestra(*chiara, width=width) as visita:
        await apri_un_punto(visita)
        await visita.segui("text=Orari")
        assert await visita.axe() == []
        assert await visita.sborda() == 0
        await visita.page.select_option("[name=orari-0-giorno]", "martedi")
        await visita.page.fill("[name=orari-0-dalle]", "9.30")
        await visita.page.fill("[name=orari-0-alle]", "9")
        async with visita.page.expect_navigation():
            await visita.page.keyboard.press("Enter")
        assert "Orari, riga 1, Alle: deve essere dopo l'ora di apertura" in await visita.testo(".riepilogo")
        assert await visita.axe() == []
        assert await visita.sborda() == 0
        await visita.foto(f"orari-errore-{width}")
        await visita.page.fill("[name=orari-0-alle]", "12")
        async with visita.page.expect_navigation():
            await visita.page.keyboard.press("Enter")
        assert "Giorno: Martedì, Dalle: 09:30, Alle: 12:00" in await visita.testo("main")
        await visita.foto(f"punto-scheda-{width}")
