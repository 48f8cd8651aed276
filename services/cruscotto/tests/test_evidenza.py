"""Dietro a ogni cifra i suoi eventi: quelli del filtro, una pagina alla volta, con le rettifiche in vista."""

import pytest
from contratti import casa

from .conftest import Web, on_the_wire
from .racconto import CALCINATO, MONTICHIARI, VISANO, del_mese, presa, racconto, rettifica, storia, uuid


async def test_a_figure_opens_the_events_behind_it(web: Web) -> None:
    await web.feed(racconto())
    corpo = await web.letto("/indicatori/CA01/eventi")
    viste = [(e["avvenuto_il"], e["soggetto"], e["comune"]) for e in corpo["eventi"]]
    assert [v[0] for v in viste] == ["2016-10-10", "2016-05-10", "2016-04-10", "2016-04-10"]
    assert sorted(viste[2:]) + viste[1::-1] == [
        ("2016-04-10", f"garanzia/{uuid(11)}", MONTICHIARI),
        ("2016-04-10", f"garanzia/{uuid(12)}", CALCINATO),
        ("2016-05-10", f"garanzia/{uuid(14)}", None),
        ("2016-10-10", f"garanzia/{uuid(13)}", VISANO),
    ]
    assert {(e["tipo"], e["partner_nome"], e["rettificato"]) for e in corpo["eventi"]} == {
        ("casa.GaranziaConcessa", "Consorzio Tenda", None)
    }


async def test_the_evidence_follows_the_filter(web: Web) -> None:
    await web.feed(racconto())

    async def soggetti(codice: str, filtro: str) -> list[str]:
        corpo = await web.letto(f"/indicatori/{codice}/eventi?{filtro}")
        return [e["soggetto"] for e in corpo["eventi"]]

    assert await soggetti("CA01", f"comune={VISANO}") == [f"garanzia/{uuid(13)}"]
    assert await soggetti("CA07", "al=2016-07") == [f"famiglia/{uuid(3)}"]
    assert await soggetti("CA07", "dal=2016-08&al=2016-10") == []
    assert len(await soggetti("CA01", "dal=2016-08&al=2016-10")) == 4  # cumulata: comincia dall'avvio


async def test_evidence_is_read_a_page_at_a_time(web: Web) -> None:
    await web.feed(*[storia("famiglia", n, presa(n % 12 + 1), del_mese(casa.SfrattoIntimato, 12)) for n in range(25)])
    viste: list[str] = []
    for filtro in ("", f"&comune={MONTICHIARI}"):
        cursore, viste = "", []
        while cursore is not None:
            corpo = await web.letto(f"/indicatori/CA08/eventi?limite=10{filtro}{cursore and f'&cursore={cursore}'}")
            viste += [e["id"] for e in corpo["eventi"]]
            cursore = corpo["successivo"]
        assert len(viste) == len(set(viste)) == 25


async def test_a_corrected_event_says_so(web: Web) -> None:
    soggetto = f"famiglia/{uuid(1)}"
    giusto = del_mese(casa.SfrattoEseguito, 6).model_dump(mode="json")
    await web.feed(
        on_the_wire(soggetto, [presa(2), del_mese(casa.SfrattoIntimato, 4), del_mese(casa.SfrattoEseguito, 5)])
    )
    await web.feed(on_the_wire(soggetto, [rettifica(soggetto, 3, 7, giusto), rettifica(soggetto, 2, 8)], start=4))
    eventi = (await web.letto("/indicatori/CA08/eventi"))["eventi"]
    rettificati = {e["tipo"]: (e["rettificato"]["annullato"], e["rettificato"]["avvenuto_il"]) for e in eventi}
    assert rettificati == {"casa.SfrattoEseguito": (False, "2016-06-10"), "casa.SfrattoIntimato": (True, None)}


@pytest.mark.parametrize("sbagliato", ["cursore=xx", "cursore=MjAxNi0xMy0wMTp4", "limite=0", "limite=201", "limite=x"])
async def test_a_wrong_cursor_or_limit_is_refused(web: Web, sbagliato: str) -> None:
    assert (await web.api(f"/indicatori/CA01/eventi?{sbagliato}")).status_code == 400


async def test_a_rare_comune_is_found_however_many_others_come_first(web: Web) -> None:
    intimato = del_mese(casa.SfrattoIntimato, 5)
    await web.feed(storia("famiglia", 999, presa(2, VISANO), del_mese(casa.SfrattoIntimato, 3)))
    await web.feed([r for n in range(200) for r in storia("famiglia", n, presa(2), intimato)])
    cursore, trovati, pagine = "", [], 0
    while cursore is not None:
        pagina = await web.letto(f"/indicatori/CA08/eventi?limite=1&comune={VISANO}{cursore and f'&cursore={cursore}'}")
        trovati, cursore, pagine = trovati + pagina["eventi"], pagina["successivo"], pagine + 1
    assert [e["soggetto"] for e in trovati] == [f"famiglia/{uuid(999)}"]
    assert pagine > 1
