"""I file di un rapporto: le stesse cifre di pagina e API, sempre gli stessi byte, e nessuna formula."""

import csv
import io
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from html import unescape
from typing import Any
from zipfile import ZipFile

import pytest
from contratti.cruscotto import CifraPubblicata
from cruscotto.pubblica.pubblicazione import Pubblicazione
from cruscotto.pubblica.rilascio import pubblicazioni
from cruscotto.rendiconto.contenuto import Contenuto, Parte, leggi_contenuto
from cruscotto.rendiconto.formati import FORMATI
from cruscotto.scrittura import fissato
from odfdo import Document
from openpyxl import load_workbook
from pypdf import PdfReader
from telaio.web.formats import number

from .bozza import aperto, comanda, scrivi
from .conftest import Web
from .test_istantanea import tutto

PERICOLOSO = '=HYPERLINK("http://altrove.test";"qui")'
INDICATORI = 45
Tabella = list[dict[str, Any]]


async def un_rapporto(web: Web) -> tuple[Contenuto, Parte]:
    """Un rapporto approvato di tutta la rete, con un testo che sembra una formula."""
    await web.feed(tutto())
    id = await aperto(web, enti=("consorzio-tenda",))
    await scrivi(web, id, risultati=f"{PERICOLOSO}\n\nDue famiglie in più.", rete="+39 è un prefisso; #let x = 1")
    await comanda(web, id, "approvazione")
    async with web.runtime.pool.acquire() as connection:
        contenuto = await leggi_contenuto(connection, id)
    assert contenuto is not None
    parte = contenuto.parte(None)
    assert parte is not None
    return contenuto, parte


def da_csv(scritto: bytes) -> Tabella:
    return list(csv.DictReader(io.StringIO(scritto.decode())))


def da_xlsx(scritto: bytes) -> Tabella:
    testata, *righe = load_workbook(io.BytesIO(scritto))["Cifre"].iter_rows(values_only=True)
    return [dict(zip(map(str, testata), riga, strict=True)) for riga in righe]


def da_ods(scritto: bytes) -> Tabella:
    testata, *righe = Document(io.BytesIO(scritto)).body.get_table(name="Cifre").iter_values()
    return [dict(zip(testata, riga, strict=False)) for riga in righe]


def numeri(tabella: Iterable[dict[str, Any]]) -> dict[tuple[str, str], tuple[Decimal | None, ...]]:
    """Per codice e parte: valore, numeratore, denominatore."""
    nomi = ("Valore", "Numeratore", "Denominatore")
    return {(r["Codice"], r.get("A parte") or ""): tuple(_numero(r.get(n)) for n in nomi) for r in tabella}


def _numero(scritto: Any) -> Decimal | None:
    return None if scritto in (None, "") else Decimal(str(scritto))


def dall_api(corpo: Any) -> dict[tuple[str, str], tuple[Decimal | None, ...]]:
    trovati = {}
    for i in corpo["indicatori"]:
        for nome, cifra in [("", i), *((p["nome"], p) for p in i["a_parte"])]:
            chieste = (cifra.get(n) for n in ("valore", "numeratore", "denominatore"))
            trovati[i["codice"], nome] = tuple(_numero(n) for n in chieste)
    return trovati


LETTI: dict[str, Callable[[bytes], Tabella]] = {"csv": da_csv, "xlsx": da_xlsx, "ods": da_ods}


async def test_ogni_cifra_e_la_stessa_su_pagina_api_csv_xlsx_ods_e_pdf(web: Web) -> None:
    contenuto, parte = await un_rapporto(web)
    api = dall_api(await web.letto("/indicatori?dal=2016-02&al=2016-11"))
    assert len({codice for codice, _ in api}) == INDICATORI
    for estensione, leggi in LETTI.items():
        assert numeri(leggi(FORMATI[estensione].scrivi(contenuto, parte))) == api, estensione
    pdf = PdfReader(io.BytesIO(FORMATI["pdf"].scrivi(contenuto, parte)))
    testo = " ".join(" ".join(p.extract_text() for p in pdf.pages).split())
    pagina = await web.pagina(f"/rendicontazione/{contenuto.id}")
    sintesi = {codice: await web.pagina(f"/indicatori/{codice}?dal=2016-02&al=2016-11") for codice, _ in api}
    for c in parte.cifre:
        scritta = fissato(c.valore, c.unita)
        riga = re.search(rf'<tr data-codice="{c.codice}">.*?</tr>', pagina)
        assert riga is not None
        assert f'cifra">{scritta}' in riga[0], c.codice
        titolo = c.titolo.replace("’", "'")
        assert f"{c.codice} {titolo} {scritta}".replace(" ", "") in testo.replace("’", "'").replace(" ", ""), c.codice
        assert scritta in sintesi[c.codice], c.codice


async def test_gli_stessi_byte_ogni_volta_e_anche_dopo_altri_fatti(web: Web) -> None:
    contenuto, parte = await un_rapporto(web)
    prima = {e: f.scrivi(contenuto, parte) for e, f in FORMATI.items()}
    assert {e: f.scrivi(contenuto, parte) for e, f in FORMATI.items()} == prima
    scaricato = await web.client.get(
        f"/rendicontazione/{contenuto.id}/rapporto.ods", headers=(await web.entra()).cookie
    )
    assert scaricato.content == prima["ods"]
    assert scaricato.headers["content-disposition"] == 'attachment; filename="rapporto-1-rete.ods"'


async def test_di_un_ente_le_sue_linee_e_la_rete(web: Web) -> None:
    contenuto, _ = await un_rapporto(web)
    sua = contenuto.parte("consorzio-tenda")
    assert sua is not None
    letta = da_csv(FORMATI["csv"].scrivi(contenuto, sua))
    assert {r["Codice"][:2] for r in letta} == {"CA", "RE"}
    assert {r["Avanzamento %"] for r in letta} == {""}


async def test_nessuna_casella_e_una_formula(web: Web) -> None:
    contenuto, parte = await un_rapporto(web)
    libro = load_workbook(io.BytesIO(FORMATI["xlsx"].scrivi(contenuto, parte)))
    caselle = [c for foglio in libro for riga in foglio.iter_rows() for c in riga]
    assert [c.value for c in caselle if str(c.value).startswith("=HYPERLINK")] == [
        f"{PERICOLOSO}\n\nDue famiglie in più."
    ]
    assert not [c for c in caselle if c.data_type == "f" or c.hyperlink]
    with ZipFile(io.BytesIO(FORMATI["ods"].scrivi(contenuto, parte))) as ods:
        scritto = ods.read("content.xml").decode()
    assert "table:formula" not in scritto
    assert "=HYPERLINK" in unescape(scritto)


@pytest.mark.parametrize("inizio", ["=", "+", "-", "@", "\t", "\r"])
async def test_nel_csv_un_testo_che_comincia_come_una_formula_e_innocuo(web: Web, inizio: str) -> None:
    contenuto, parte = await un_rapporto(web)
    brutta = parte.cifre[0].model_copy(update={"titolo": f"{inizio}1+1", "valore": "-3"})
    riga = da_csv(FORMATI["csv"].scrivi(contenuto, Parte(None, "x", (brutta,))))[0]
    assert (riga["Indicatore"], riga["Valore"]) == (f"'{inizio}1+1", "-3")


async def test_il_pdf_si_legge_anche_senza_vederlo(web: Web) -> None:
    contenuto, parte = await un_rapporto(web)
    scritto = FORMATI["pdf"].scrivi(contenuto, parte)
    pdf = PdfReader(io.BytesIO(scritto))
    radice: Any = pdf.trailer["/Root"]
    assert radice["/Lang"].startswith("it")
    assert radice["/MarkInfo"]["/Marked"]
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Rapporto n. 1, da febbraio 2016 a novembre 2016: Bassa Bresciana Orientale"
    assert radice["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part>1<" in pdf.xmp_metadata.stream.get_data() if pdf.xmp_metadata else False
    ruoli = list(_ruoli(radice["/StructTreeRoot"]))
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/P"} <= set(ruoli)
    assert ruoli.count("/H1") == 1
    assert all("/FontFile" in str(f) for f in _caratteri(pdf))
    assert "#let x = 1" in " ".join(p.extract_text() for p in pdf.pages)
    assert number(contenuto.rapporto.schede) in " ".join(p.extract_text() for p in pdf.pages)


def _ruoli(nodo: Any) -> Iterable[str]:
    """I ruoli di tutta la struttura, in ordine."""
    nodo = nodo.get_object() if hasattr(nodo, "get_object") else nodo
    if isinstance(nodo, list):
        for figlio in nodo:
            yield from _ruoli(figlio)
    elif isinstance(nodo, dict):
        if "/S" in nodo:
            yield nodo["/S"]
        if "/K" in nodo:
            yield from _ruoli(nodo["/K"])


def _caratteri(pdf: PdfReader) -> Iterable[Any]:
    """Le descrizioni di ogni carattere: dicono se è incorporato."""
    for pagina in pdf.pages:
        for font in pagina["/Resources"]["/Font"].values():  # type: ignore[index]
            interno = font.get_object()
            for discendente in interno.get("/DescendantFonts", [interno]):
                yield discendente.get_object()["/FontDescriptor"].get_object()


async def test_da_diffondere_ci_sono_le_sole_cifre_gia_pubbliche(web: Web) -> None:
    contenuto, _ = await un_rapporto(web)
    base, dentro = f"/rendicontazione/{contenuto.id}/rapporto.csv", (await web.entra()).cookie
    prima = await web.client.get(f"{base}?diffusione=si", headers=dentro)
    assert set(numeri(da_csv(prima.content)).values()) == {(None, None, None)}
    async with web.runtime.pool.acquire() as connection:
        pubblica = CifraPubblicata(codice="CA03", valore="1", mese="2016-10")
        fatta = Pubblicazione(id="x", mese="2016-10", soglia=5, cifre=(pubblica,))
        await connection.execute(
            "insert into snapshot (kind, id, version, fold, state) values ('pubblicazione', $1, 1, $2, $3)",
            *("x", pubblicazioni.fold, fatta.model_dump_json()),
        )
    dopo = await web.client.get(f"{base}?diffusione=si", headers=dentro)
    righe = da_csv(dopo.content)
    assert {c: v[0] for (c, parte), v in numeri(righe).items() if not parte and v[0] is not None} == {"CA03": 1}
    assert next(r for r in righe if r["Codice"] == "CA03")["Nota"] == "pubblicata, alla fine del 2016-10"
    assert dopo.headers["content-disposition"] == 'attachment; filename="rapporto-1-pubblico.csv"'
    ente = await web.client.get(f"{base}?diffusione=si&ente=consorzio-tenda", headers=dentro)
    assert ente.status_code == 404
    pdf = await web.client.get(f"/rendicontazione/{contenuto.id}/rapporto.pdf?diffusione=si", headers=dentro)
    letto = " ".join(p.extract_text() for p in PdfReader(io.BytesIO(pdf.content)).pages)
    assert "Da diffondere" in letto
    assert "gia pubbliche" in letto.replace("à", "a")
