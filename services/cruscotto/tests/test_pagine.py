"""Le pagine: dicono le stesse cifre dell'API, anche senza JavaScript, e non tacciono un filtro sbagliato."""

import re
from decimal import Decimal
from typing import Any

import pytest
from cruscotto import scrittura
from telaio.consumer.record import receive
from telaio.testing.wire import Raw

from . import racconto_linee
from .conftest import Web, on_the_wire
from .racconto import MONTICHIARI, VISANO, concessa, presa, racconto, rettifica, storia, uuid

FILTRI = ("", "?semestre=2016-2", "?al=2016-06", f"?comune={MONTICHIARI}", f"?comune={VISANO}&semestre=2016-1")


def cifra(pezzo: str) -> str:
    trovata = re.search(r'<span class="cifra[^"]*">([^<]*)</span>', pezzo)
    assert trovata, pezzo[:500]
    return trovata[1]


def scritta(valore: Any, unita: str) -> str:
    return scrittura.numero(None if valore is None else Decimal(str(valore)), unita)


@pytest.mark.parametrize("filtro", FILTRI)
async def test_page_and_api_say_the_same_of_every_indicator(web: Web, filtro: str) -> None:
    await web.feed(racconto(), racconto_linee.racconto())
    pagina = await web.pagina(f"/{filtro}")
    pezzi = {p[:4]: p for p in pagina.split('data-codice="')[1:]}
    righe = (await web.letto(f"/indicatori{filtro}"))["indicatori"]
    assert [r["codice"] for r in righe] == list(pezzi)
    for riga in righe:
        pezzo = pezzi[riga["codice"]]
        assert cifra(pezzo) == scritta(riga["valore"], riga["unita"])
        assert (f"{scritta(riga['avanzamento'], '%')} dell'obiettivo" in pezzo) == (riga["avanzamento"] is not None)
        assert riga["senza_avanzamento"] is None or riga["senza_avanzamento"] in pezzo
        solo_intera = riga["di_distretto"] and "comune=" in filtro
        assert ("solo di tutto il distretto" in pezzo) == solo_intera
        for parte in riga["a_parte"] if not solo_intera else ():
            assert f"{scritta(parte['valore'], parte['unita'])} {parte['nome']}" in pezzo
        sua = await web.pagina(f"/indicatori/{riga['codice']}{filtro}")
        assert cifra(sua.split("data-codice=")[1]) == scritta(riga["valore"], riga["unita"])


async def test_an_empty_dashboard_is_a_whole_page(web: Web) -> None:
    pagina = await web.pagina("/")
    assert "Aggiornato al <strong>mai</strong>" in pagina
    assert pagina.count("non calcolabile") == 23  # i rapporti e le differenze, anche a parte
    assert "Nessun partner ha ancora registrato qualcosa." in pagina
    for codice in ("CA01", "CA08"):
        assert "Nessun evento." in await web.pagina(f"/indicatori/{codice}")


async def test_the_fund_and_what_needs_attention(web: Web) -> None:
    await web.feed(racconto())
    pagina = await web.pagina("/")
    for detto in ("3.500,00 €", "3.200,00 €", "2.100,00 €", "1.100,00 €"):
        assert detto in pagina
    assert "<strong>Consorzio Tenda</strong> (casa) non registra da 34 giorni." in pagina
    await web.feed(storia("famiglia", 7, presa(12)))
    assert "non registra da" not in await web.pagina("/")


async def test_what_waits_and_what_is_forked_is_told(web: Web) -> None:
    await web.feed(storia("famiglia", 7, presa(12), presa(12)))
    await web.feed(on_the_wire(f"famiglia/{uuid(8)}", [presa(12)], start=3))
    doppia = on_the_wire(f"famiglia/{uuid(7)}", [presa(11)], start=2)
    await web.feed([_con_altro_id(doppia[0])])
    pagina = await web.pagina("/")
    assert "<strong>1</strong> evento aspetta quello che viene prima." in pagina
    assert "<strong>1</strong> evento illeggibile messo da parte: non è contato." in pagina
    assert "<strong>1</strong> scheda ha due storie diverse: è ferma." in pagina


def _con_altro_id(ricevuto: Any) -> Any:
    valore = ricevuto.value.replace(b"-7000-", b"-7111-")
    return receive([Raw(ricevuto.topic, 0, ricevuto.offset + 1_000_000, ricevuto.key, valore)])[0]


@pytest.mark.parametrize("dove", ["/", "/indicatori/CA01", "/sintesi/cifre"])
@pytest.mark.parametrize(
    ("filtro", "detto"),
    [
        ("comune=017999", "Comune: non è un comune del distretto"),
        ("semestre=2016-3", "Semestre: deve essere un semestre"),
        ("dal=2016-05&al=2016-04", "Dal mese: è dopo il mese finale"),
        ("pippo=1", "pippo: non è ammesso a questo indirizzo"),
    ],
)
async def test_a_wrong_filter_is_shown_with_its_field(web: Web, dove: str, filtro: str, detto: str) -> None:
    pagina = await web.pagina(f"{dove}?{filtro}", status=422)
    assert detto in pagina
    assert "<title>Errore:" in pagina


async def test_what_is_typed_in_the_address_stays_text(web: Web) -> None:
    sent = {"Accept": "text/html", **(await web.entra()).cookie}
    risposta = await web.client.get("/?%3Cscript%3Ealert(1)%3C/script%3E=1", headers=sent)
    assert risposta.status_code == 422
    assert "<script>alert" not in risposta.text
    assert "&lt;script&gt;alert(1)" in risposta.text


async def test_the_filter_stays_chosen_and_travels_with_the_links(web: Web) -> None:
    pagina = await web.pagina(f"/?comune={VISANO}&semestre=2016-2")
    assert f'value="{VISANO}" selected' in pagina
    assert 'value="2016-2" selected' in pagina
    assert f"/indicatori/CA01?comune={VISANO}&dal=2016-07&al=2016-12" in pagina


async def test_evidence_shows_corrections_and_goes_on(web: Web) -> None:
    soggetto = f"garanzia/{uuid(500)}"
    await web.feed(on_the_wire(soggetto, [concessa(3, 1), rettifica(soggetto, 1, 4)]))
    await web.feed([r for n in range(60) for r in storia("garanzia", n, concessa(2, 1))])
    pagina = await web.pagina("/indicatori/CA01")
    assert "<s>Garanzia concessa</s>" in pagina
    assert "Annullato" in pagina
    avanti = re.search(r'href="([^"]*cursore=[^"]*)#eventi"', pagina)
    assert avanti
    seguito = await web.pagina(avanti[1])
    assert seguito.count('<tr id="e-') == 61 - 50
    assert "Torna ai più recenti" in seguito


async def test_an_unknown_indicator_is_a_page_in_italian(web: Web) -> None:
    assert "Nessun indicatore ha questo codice." in await web.pagina("/indicatori/ZZ99", status=404)


async def test_pages_ask_who_reads(web: Web) -> None:
    risposta = await web.client.get("/?comune=017113", headers={"Accept": "text/html"})
    assert (risposta.status_code, risposta.headers["location"]) == (303, "/accesso?poi=/%3Fcomune%3D017113")
    await web.pagina("/", user="luca.conti", status=403)
