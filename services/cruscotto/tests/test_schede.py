"""Le schede dei grafici: pagina, tabella e CSV dicono le stesse cifre; e le pagine Indicatori, Territorio, Fondi."""

import csv
import io
from decimal import Decimal

import pytest
from contratti import lavoro
from cruscotto.grafico import Cella, Grafico, RigaScritta, innocuo, scritto_in_csv, serie
from cruscotto.rete import cartina
from telaio.consumer.record import Received
from telaio.district import District

from . import racconto_linee
from .conftest import Web, on_the_wire
from .racconto import VISANO, giorno, racconto, uuid
from .racconto_linee import LAVORO
from .test_pagine import cifra, scritta

DISTRETTO = District.load(None)


async def scaricato(web: Web, percorso: str) -> list[list[str]]:
    risposta = await web.client.get(percorso, headers=(await web.entra()).cookie)
    assert risposta.status_code == 200
    assert risposta.headers["content-type"] == "text/csv; charset=utf-8"
    assert risposta.headers["content-disposition"].startswith("attachment; filename=")
    assert not risposta.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(risposta.text)))


@pytest.mark.parametrize("testo", ["=1+1", "+39 030", "-2", "@SOMMA(A1)", "\t=1", "\r=1"])
def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(testo: str) -> None:
    assert innocuo(testo) == f"'{testo}"


def test_a_number_stays_a_number_and_a_quote_a_comma_a_newline_do_not_break_the_table() -> None:
    righe = (RigaScritta('a "b", c\nd', (Cella("-1.100,00 €", Decimal("-1100.00")), Cella("=x"), Cella("n.d."))),)
    scritto = scritto_in_csv(Grafico("g", "G", ("Nome", "=Importo", "Testo", "Altro"), righe, {}))
    assert list(csv.reader(io.StringIO(scritto))) == [
        ["Nome", "'=Importo", "Testo", "Altro"],
        ['a "b", c\nd', "-1100.00", "'=x", "n.d."],
    ]


def test_what_is_drawn_is_what_is_written() -> None:
    righe = [RigaScritta("uno", (Cella("1,5", Decimal("1.5")),)), RigaScritta("due", (Cella("non calcolabile"),))]
    disegno = serie("barre", ("Valore",), righe)
    assert disegno["etichette"] == ["uno", "due"]
    assert disegno["serie"] == [{"nome": "Valore", "valori": [1.5, None], "testi": ["1,5", "non calcolabile"]}]


@pytest.mark.parametrize("quanti", [0, 1, 2, 3, 7])
def test_the_schematic_map_has_a_cell_for_every_centre_however_few(quanti: int) -> None:
    forme = cartina.forme(dict(list(DISTRETTO.centri.items())[:quanti]), DISTRETTO.comuni)
    nomi = [] if forme is None else [f["properties"]["name"] for f in forme["features"]]
    assert sorted(nomi) == sorted(DISTRETTO.comuni[c] for c in list(DISTRETTO.centri)[:quanti])
    for forma in (forme or {"features": []})["features"]:
        (giro,) = forma["geometry"]["coordinates"]
        assert giro[0] == giro[-1]
        assert len(giro) > 3


@pytest.mark.parametrize("filtro", ["semestre=", "semestre=2016-1", f"comune={VISANO}&al=2016-09"])
async def test_the_list_and_its_csv_say_what_the_api_says_of_all_indicators(web: Web, filtro: str) -> None:
    await web.feed(racconto(), racconto_linee.racconto())
    righe = (await web.letto(f"/indicatori?{filtro}"))["indicatori"]
    pagina = await web.pagina(f"/indicatori?{filtro}")
    pezzi = {p[:4]: p for p in pagina.split('data-codice="')[1:]}
    foglio = {r[0]: r for r in (await scaricato(web, f"/indicatori/elenco.csv?{filtro}"))[1:]}
    assert [r["codice"] for r in righe] == list(pezzi) == list(foglio)
    for r in righe:
        assert cifra(pezzi[r["codice"]]) == scritta(r["valore"], r["unita"])
        in_csv = foglio[r["codice"]][6]
        assert in_csv == "non calcolabile" if r["valore"] is None else Decimal(in_csv) == Decimal(str(r["valore"]))


async def test_the_list_shows_the_current_half_year_unless_told_otherwise_and_one_strand_when_asked(web: Web) -> None:
    await web.feed(racconto())
    pagina = await web.pagina("/indicatori")
    assert 'value="2016-2" selected' in pagina
    assert "da luglio 2016 a dicembre 2016" in pagina
    assert (
        cifra(pagina.split('data-codice="CA07"')[1]) == "1"
    )  # lo sfratto di luglio e quello di novembre: una famiglia
    assert 'value="2016-2" selected' not in await web.pagina("/indicatori?semestre=")
    della_casa = await web.pagina("/indicatori?linea=casa")
    assert della_casa.count("data-codice=") == 10
    assert "linea=casa" in della_casa.split("elenco.csv")[1][:80]
    assert "Linea: non è una linea" in await web.pagina("/indicatori?linea=pippo", status=422)


@pytest.mark.parametrize("codice", ["CA01", "CA06", "CA08", "PU10", "RE03"])
async def test_the_cards_of_an_indicator_and_their_csv_say_what_the_api_says(web: Web, codice: str) -> None:
    await web.feed(racconto(), racconto_linee.racconto())
    letto = await web.letto(f"/indicatori/{codice}")
    mesi = await scaricato(web, f"/indicatori/{codice}/mesi.csv")
    for riga, mese in zip(mesi[1:], letto["per_mese"], strict=True):
        for casella, valore in zip(riga[1:], (mese[m]["valore"] for m in ("nel_mese", "a_fine_mese")), strict=True):
            assert casella == "non calcolabile" if valore is None else Decimal(casella) == Decimal(str(valore))
    if letto["per_comune"]:
        comuni = await scaricato(web, f"/indicatori/{codice}/comuni.csv")
        assert [r[0] for r in comuni[1:]] == [c["nome"] for c in letto["per_comune"]]
        assert comuni == [[c[0], *c[1:]] for c in await scaricato(web, f"/indicatori/{codice}/comuni.csv?al=2016-12")]
    pagina = await web.pagina(f"/indicatori/{codice}")
    assert f'id="g-{"mesi"}"' in pagina
    assert ('id="g-comuni"' in pagina) == bool(letto["per_comune"])


async def test_the_territory_tells_one_indicator_and_how_many_for_a_thousand_residents(web: Web) -> None:
    await web.feed(racconto())
    pagina = await web.pagina("/territorio?indicatore=CA01")
    assert "La cartina è schematica" in pagina
    comuni = {r[0]: r[1:] for r in await scaricato(web, "/territorio/comuni.csv?indicatore=CA01")}
    assert (comuni["Montichiari"], comuni["Calcinato"], comuni["Visano"]) == (["1"], ["1"], ["0"])
    copertura = {r[0]: r[1:] for r in await scaricato(web, "/territorio/copertura.csv?indicatore=CA01")}
    assert copertura["Calcinato"] == ["0.1", "1", "12810"]
    assert "g-copertura" not in await web.pagina("/territorio?indicatore=CA08")  # di un rapporto non ha senso
    for codice in ("PU01", "LA08", "RE01", "CA06"):
        await web.pagina(f"/territorio?indicatore={codice}&semestre=2016-2")
    for sbagliato in ("ZZ99", "RE03"):
        assert "Indicatore: non è fra quelli" in await web.pagina(f"/territorio?indicatore={sbagliato}", status=422)


async def test_both_funds_are_told_by_month_and_by_year(web: Web) -> None:
    await web.feed(racconto(), [r for r in racconto_linee.racconto() if r.key != b"fondo/fondo-garanzia"], pagate())
    movimenti = {r[0]: r[1:] for r in await scaricato(web, "/fondi/movimenti.csv")}
    assert movimenti["aprile 2016"] == ["0", "2000", "0", "0"]
    assert movimenti["giugno 2016"] == ["0", "0", "400", "0"]
    assert movimenti["settembre 2016"] == ["0", "0", "0", "100"]
    garanzia = {r[0]: r[1:] for r in await scaricato(web, "/fondi/garanzia.csv")}
    fondo = await web.letto("/fondo")
    assert garanzia["dicembre 2016"] == [str(fondo[n] // 100) for n in ("impegnato_centesimi", "saldo_centesimi")]
    assert await scaricato(web, "/fondi/garanzia.csv?semestre=2016-2") == [
        ["Mese", "Esposizione", "Saldo"], *([m, *v] for m, v in garanzia.items() if m in SECONDO_SEMESTRE)
    ]  # fmt: skip
    esperienze = await scaricato(web, "/fondi/esperienze.csv")
    assert esperienze[1] == ["2016", "1000", "13", "8", "2", "990"]
    pagina = await web.pagina("/fondi")
    assert "990,00 €" in pagina


SECONDO_SEMESTRE = tuple(f"{m} 2016" for m in ("luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"))


def pagate() -> list[Received]:
    """Un impegno di 10 € pagato per 8 e poi stornato; gli altri, del racconto, sono tre da 1 €, di cui uno stornato."""
    finanziata = lavoro.EsperienzaFinanziata(avvenuto_il=giorno(4), tirocinio=uuid(143), importo_centesimi=1000)
    pagata = lavoro.SpesaLiquidata(avvenuto_il=giorno(5), importo_centesimi=800)
    stornato = lavoro.ImpegnoStornato(avvenuto_il=giorno(6))
    uno = on_the_wire(f"esperienza/{uuid(159)}", [finanziata, pagata, stornato], source=LAVORO)
    return [*uno, *on_the_wire(f"esperienza/{uuid(153)}", [stornato], source=LAVORO, start=2)]


@pytest.mark.parametrize("pagina", ["/indicatori", "/territorio", "/fondi", "/rete?vista=mappa", "/indicatori/RE01"])
async def test_an_empty_district_has_whole_pages(web: Web, pagina: str) -> None:
    assert "Aggiornato al <strong>mai</strong>" in await web.pagina(pagina)
    assert "Da correggere" in await web.pagina(f"{pagina.partition('?')[0]}?comune=1", status=422)
