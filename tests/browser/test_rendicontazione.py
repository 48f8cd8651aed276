"""The Rendicontazione in Chromium: a report from its first word to its files and its proof, with the keyboard alone."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from contratti import casa

from .conftest import WIDTHS, Apri, Avvia, Servizi, Visita
from .distretti import CASA, OGGI, Storia, pieno, riempi
from .pagine import COORDINATRICE

TROPPO = "x" * 6001
FILES = {"pdf": b"%PDF-", "xlsx": b"PK", "ods": b"PK", "csv": b"Codice"}
"""How each begins."""


@pytest.fixture(scope="module")
def servizi(avvia: Avvia) -> Servizi:
    """A cruscotto with a full district, at the end of 2016; without a broker."""
    return avvia("cruscotto", prepare=lambda dsn: riempi(dsn, pieno()), GENERA_ADESSO=f"{OGGI}T10:00:00+01:00")


async def vai(visita: Visita, selector: str) -> None:
    """Goes with the Tab key, from where one is and round again, to the first element that is such."""
    for _ in range(150):
        if await visita.page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        await visita.page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached with Tab")


async def premi(visita: Visita, selector: str) -> None:
    """Presses Enter on what leads to another page."""
    await vai(visita, selector)
    async with visita.page.expect_navigation():
        await visita.page.keyboard.press("Enter")


async def giusta(visita: Visita, foto: str, *, tutto: bool = True) -> None:
    """The page is right for everybody, keeps the policy and asks nobody else; `tutto`: all of it is reached by Tab."""
    await visita.foto(foto)
    assert (await visita.axe(), await visita.sborda(), await visita.csp(), visita.fuori()) == ([], 0, [], []), foto
    if tutto:
        await visita.page.evaluate("document.activeElement.blur()")
        assert await visita.non_raggiunti() == [], foto


async def in_errore(visita: Visita, campo: str) -> None:
    """The mistakes are summed up on top, with the focus there, and the first leads to its field."""
    assert (await visita.page.title()).startswith("Errore:")
    assert await visita.page.evaluate("document.activeElement.classList.contains('riepilogo')")
    await vai(visita, ".riepilogo a")
    await visita.page.keyboard.press("Enter")
    assert await visita.page.evaluate("location.hash") == f"#c-{campo}"
    assert await visita.page.get_attribute(f"#c-{campo}", "aria-invalid") == "true"


async def apre(visita: Visita, width: str) -> None:
    """A draft on the first half of 2016, after a choice that is not among those offered."""
    await visita.apri("/rendicontazione")
    await giusta(visita, f"rendicontazione-elenco-{width}")
    await visita.page.evaluate("document.querySelector('#c-periodo').selectedOptions[0].value = '2031-01/2031-06'")
    await premi(visita, "main form button")
    await in_errore(visita, "periodo")
    await giusta(visita, f"rendicontazione-errore-{width}", tutto=False)
    await vai(visita, "#c-periodo")
    await visita.page.keyboard.type("1° semestre 2016")
    await vai(visita, "[name=enti][value=consorzio-tenda]")
    await visita.page.keyboard.press("Space")
    await premi(visita, "main form button")
    assert visita.page.url.endswith("/bozza")
    assert "1° semestre 2016" in await visita.testo("h1")


async def scrive(visita: Visita, width: str) -> None:
    """The texts: one typed in, one too long, which stays in its field until it is shorter."""
    await giusta(visita, f"bozza-{width}")
    await vai(visita, "#c-sintesi")
    await visita.page.keyboard.type("Tre famiglie hanno una casa.")
    await premi(visita, "#in-breve button")
    assert "Salvato." in await visita.testo("[role=status]")
    await vai(visita, "#c-risultati")
    await visita.page.keyboard.insert_text(TROPPO)
    await premi(visita, "#cambiamenti button")
    assert "6001 caratteri" in await visita.testo(".riepilogo")
    await in_errore(visita, "risultati")
    assert await visita.page.input_value("#c-risultati") == TROPPO
    await giusta(visita, f"bozza-errore-{width}", tutto=False)
    await visita.page.focus("#c-risultati")
    await visita.page.keyboard.press("Control+A")
    await visita.page.keyboard.type("Meno sfratti.")
    await premi(visita, "#cambiamenti button")
    assert await visita.page.input_value("#c-sintesi") == "Tre famiglie hanno una casa."


async def approva(visita: Visita, width: str) -> None:
    await premi(visita, "a[href$='/approvazione']")
    await giusta(visita, f"approvazione-{width}")
    await premi(visita, "main form button")
    assert "ha il numero" in await visita.testo("[role=status]")
    await giusta(visita, f"rapporto-{width}")


async def scarica(visita: Visita, estensione: str) -> bytes:
    """The file of the whole network, fetched with Enter."""
    await vai(visita, f"a[href$='rapporto.{estensione}']")
    async with visita.page.expect_download() as waited:
        await visita.page.keyboard.press("Enter")
    return Path(await (await waited.value).path()).read_bytes()


def in_ritardo(width: str) -> Storia:
    """A family of March that is told only now."""
    presa = casa.FamigliaPresaInCarico(
        avvenuto_il=OGGI.replace(month=3), comune="017113", componenti=(f"p-tardi{width}",), minori=0
    )
    debito = casa.MorositaRilevata(avvenuto_il=OGGI.replace(month=3), importo_centesimi=100_000, mensilita=2)
    return CASA, f"famiglia/{UUID(int=99_000 + list(WIDTHS).index(width))}", [presa, debito]


@pytest.mark.parametrize("width", WIDTHS)
async def test_a_report_goes_from_its_first_word_to_files_and_proof_by_keyboard(
    finestra: Apri, servizi: Servizi, width: str
) -> None:
    async with finestra(servizi.url("cruscotto"), COORDINATRICE, width=width) as visita:
        await apre(visita, width)
        await scrive(visita, width)
        await approva(visita, width)
        for estensione, inizio in FILES.items():
            assert (await scarica(visita, estensione)).startswith(inizio), estensione
        await verifica(visita, servizi, width)
        assert [s for s in visita.said if s.startswith("error") and "422" not in s] == []


async def verifica(visita: Visita, servizi: Servizi, width: str) -> None:
    """Identical at first; after a late entry still so, and what is different today is told apart."""
    await premi(visita, "a[href$='/verifica']")
    esito = await visita.testo(".esito-della-verifica")
    assert ("Intatto:" in esito, "Identico:" in esito, "Nessun evento" in esito) == (True, True, True)
    await giusta(visita, f"verifica-{width}")
    await riempi(servizi.databases["cruscotto"], [in_ritardo(width)])
    await visita.page.reload()
    esito = await visita.testo(".esito-della-verifica")
    assert ("Identico:" in esito, "2 eventi arrivati dopo" in esito) == (True, True)
    cambiate: list[Any] = await visita.page.locator("table:visible tr:has-text('Diversa oggi') th").all_inner_texts()
    assert "CA06" in cambiate
    await vai(visita, "summary")
    await visita.page.keyboard.press("Enter")
    assert await visita.page.locator("details[open] table").count() == 1
    await giusta(visita, f"verifica-dopo-{width}")
