"""I due fondi: dove stanno, e il libro mastro di ciascuno, confrontati con i soli eventi."""

from datetime import date
from typing import Any

import pytest
from contratti import casa, lavoro
from telaio.consumer.record import Received

from . import racconto_linee
from .conftest import Web
from .racconto import racconto
from .test_schede import pagate

MESI = [date(2016, m, 1) for m in range(2, 13)]
AGGIUNGE = {
    casa.DotazioneVersata: ("garanzia", "versato"),
    casa.GaranziaConcessa: ("garanzia", "promesso"),
    casa.GaranziaEscussa: ("garanzia", "uscito"),
    casa.RecuperoIncassato: ("garanzia", "recuperato"),
    lavoro.DotazioneVersata: ("esperienze", "versato"),
    lavoro.EsperienzaFinanziata: ("esperienze", "promesso"),
    lavoro.SpesaLiquidata: ("esperienze", "uscito"),
}


def _eventi() -> list[Received]:
    return [*racconto(), *(r for r in racconto_linee.racconto() if r.key != b"fondo/fondo-garanzia"), *pagate()]


def _dagli_eventi(fondo: str, voce: str, mese: date) -> int:
    """Quanto è accaduto nel mese: gli importi degli eventi, uno per uno."""
    trovati = [r.event for r in _eventi() if r.event is not None and AGGIUNGE.get(type(r.event)) == (fondo, voce)]
    del_mese = [e for e in trovati if e.avvenuto_il.replace(day=1) == mese]
    return sum(getattr(e, "importo_centesimi", None) or getattr(e, "massimale_centesimi", 0) for e in del_mese)


@pytest.mark.parametrize("fondo", ["garanzia", "esperienze"])
async def test_every_row_of_a_ledger_balances_and_is_what_the_events_say(web: Web, fondo: str) -> None:
    await web.feed(_eventi())
    righe = (await web.letto(f"/fondo/{fondo}/mesi"))["mesi"]
    assert [r["mese"] for r in righe] == [f"{m:%Y-%m}" for m in MESI]
    saldo = impegnato = 0
    for mese, riga in zip(MESI, righe, strict=True):
        r = {nome.removesuffix("_centesimi"): valore for nome, valore in riga.items()}
        detti = {voce: r[voce] for voce in ("versato", "recuperato", "uscito", "promesso")}
        assert detti == {voce: _dagli_eventi(fondo, voce, mese) for voce in detti}
        assert (r["saldo_prima"], r["impegnato_prima"]) == (saldo, impegnato)
        saldo += r["versato"] + r["recuperato"] - r["uscito"]
        impegnato += r["promesso"] - r["liberato"]
        assert (r["saldo"], r["impegnato"]) == (saldo, impegnato)
    assert any(r["liberato_centesimi"] for r in righe)


async def test_the_ledgers_end_where_the_funds_stand_on_api_and_page(web: Web) -> None:
    await web.feed(_eventi())
    stanno = await web.letto("/fondo")
    assert stanno["esperienze"] == {
        "versato_centesimi": 100_000,
        "versato_per_tipo_centesimi": {"fondazione": 60_000, "impresa": 40_000},
        "impegnato_centesimi": 200,
        "speso_centesimi": 800,
        "saldo_centesimi": 99_200,
        "disponibile_centesimi": 99_000,
    }
    for fondo, posizione in (("garanzia", stanno), ("esperienze", stanno["esperienze"])):
        ultima = (await web.letto(f"/fondo/{fondo}/mesi"))["mesi"][-1]
        for voce in ("saldo_centesimi", "impegnato_centesimi"):
            assert ultima[voce] == posizione[voce], (fondo, voce)
    pagina = await web.pagina("/fondi")
    assert "990,00 €" in pagina
    a_marzo = await web.letto("/fondo?al=2016-03")
    assert a_marzo["esperienze"]["versato_centesimi"] == 60_000
    com_era = await web.letto("/fondo?registrato_entro=2016-03-31")
    assert com_era["esperienze"] == a_marzo["esperienze"]


async def test_a_ledger_is_read_a_page_at_a_time_within_its_filter(web: Web) -> None:
    await web.feed(_eventi())
    tutte = (await web.letto("/fondo/esperienze/mesi"))["mesi"]
    dopo: str | None = ""
    lette: list[Any] = []
    while dopo is not None:
        corpo = await web.letto(f"/fondo/esperienze/mesi?limite=3{dopo and f'&cursore={dopo}'}")
        assert len(corpo["mesi"]) <= 3
        lette, dopo = [*lette, *corpo["mesi"]], corpo["successivo"]
    assert lette == tutte
    assert (await web.letto("/fondo/esperienze/mesi?semestre=2016-1"))["mesi"] == tutte[:5]
    assert (await web.letto("/fondo/esperienze/mesi?dal=2016-09&al=2016-10"))["mesi"] == tutte[7:9]


@pytest.mark.parametrize(
    ("percorso", "status", "codice"),
    [
        ("/fondo/altro/mesi", 404, "fondo-sconosciuto"),
        ("/fondo/garanzia/mesi?cursore=x", 400, "cursore-non-valido"),
        ("/fondo/garanzia/mesi?cursore=MjAxNi0xMw", 400, "cursore-non-valido"),  # 2016-13
        ("/fondo/garanzia/mesi?limite=0", 400, "limite-non-valido"),
        ("/fondo/garanzia/mesi?comune=017113", 422, "dati-non-validi"),
    ],
)
async def test_what_cannot_be_asked_of_a_ledger_is_said(web: Web, percorso: str, status: int, codice: str) -> None:
    risposta = await web.api(percorso)
    assert (risposta.status_code, risposta.json()["code"]) == (status, codice), risposta.text
