"""Gli indicatori di lavoro, giovani, punti e rete, su un PostgreSQL vero, contro i conti fatti a mano."""

from typing import Any

import pytest
from cruscotto.proiezione import generation, riepilogo

from .conftest import Web, on_the_wire
from .racconto import CALCINATO, MONTICHIARI, VISANO, rettifica, uuid
from .racconto_linee import GIOVANI, LAVORO, PUNTI, racconto

FILTRI = ["", "?semestre=2016-2", "?al=2016-06", f"?comune={MONTICHIARI}"]
A_MANO: dict[str, tuple[Any, Any, Any, Any]] = {
    # codice: dall'avvio, secondo semestre, fino a giugno, Montichiari
    "LA01": (2, 2, 2, 1),  # p-uno111 ha due schede
    "LA02": (2, 2, 3, 1),  # l'agenzia è cessata ad agosto; «altro» non conta
    "LA03": (3, 3, 3, 2),
    "LA04": (50, 0, 100, 100),
    "LA05": (2, 2, 2, 1),
    "LA06": (0, 0, None, 0),  # a sei mesi c'è 101, non rilevato
    "LA07": (1, 1, 1, 0),
    "LA08": (3, 1, 2, 3),
    "AD01": (4, 4, 4, 2),
    "AD02": (1, 1, 2, 1),
    "AD03": (2, 2, 1, 1),
    "AD04": (2, 2, 2, 2),
    "AD05": (9, 9, 4, 0),  # 7 + 2 del 2016/17; a giugno i 4 del 2015/16
    "AD06": (50, None, 50, None),
    "AD07": (2, 2, 1, 1),
    "AD08": (15, 15, 9, 6),
    "PU01": (2, 2, 3, 1),
    "PU02": (1, 1, 2, 1),
    "PU03": (17.8, 4, 35, 20),  # 8 su 45, 1 su 25, 7 su 20, 8 su 40
    "PU04": (50, 0, 100, 66.7),
    "PU05": (50, 50, 66.7, 0),
    "PU06": (3, 3, 0, 1),  # 311 (90 giorni fa), 313 e 314 insieme; non 312 (91), non 315 (sciolto)
    "PU07": (2.5, 1, 1.5, 1.5),
    "PU08": (25, 25, 0, 50),  # p-aaaaaa riceve a settembre
    "PU09": (50, 50, 0, None),  # p-cccccc sì, p-hhhhhh no; a giugno c'è solo p-hhhhhh
    "PU10": (5.5, 5.5, None, None),  # +21 e -10
    "PU11": (33.3, 50, 0, 0),
    "RE01": (0, 0, 0, None),  # nessuno dei due invii è arrivato a un esito
    "RE02": (None, None, None, None),
    "RE03": (0, 0, None, None),  # uno ha risposta il giorno stesso, l'altro mai; a giugno c'è solo il secondo
    "RE04": (None, None, None, None),  # nessuno è seguito da due linee
    "RE05": (8, 4, 7, None),
    "RE06": (50, 0, 66.7, None),
    "RE07": (3, 3, 2, 1),
    "RE08": (20, 20, 0, None),
}
ACCANTO = {
    "LA02": [1, 1, 0, 1],
    "LA03": [1],
    "LA05": [1],
    "LA06": [50, 0, 1, 0, 1],
    "LA07": [16],
    "LA08": [2, 0, 1, 0, 0, 0, 0, 0],
    "AD01": [12],
    "AD02": [2],
    "AD03": [1, 0, 1, 0],
    "AD04": [1],
    "AD07": [200],
    "PU01": [2],
    "PU04": [25],
    "PU06": [2],
    "PU09": [1],
    "PU10": [1, 1],
    "RE02": [0],
    "RE05": [1, 3, 1, 2, 0, 1],  # comuni, privato sociale, scuole, aziende, parrocchie, altri
}
DI_DISTRETTO = {"RE03", "RE04", "RE05", "RE06", "RE08"}


def delle_linee(corpo: Any) -> dict[str, Any]:
    return {i["codice"]: i["valore"] for i in corpo["indicatori"] if i["linea"] != "casa"}


@pytest.mark.parametrize(("quale", "filtro"), list(enumerate(FILTRI)))
async def test_every_figure_is_what_was_counted_by_hand(web: Web, quale: int, filtro: str) -> None:
    await web.feed(racconto())
    corpo = await web.letto(f"/indicatori{filtro}")
    assert delle_linee(corpo) == {codice: conti[quale] for codice, conti in A_MANO.items()}


async def test_figures_beside_the_figure(web: Web) -> None:
    await web.feed(racconto())
    righe = (await web.letto("/indicatori"))["indicatori"]
    accanto = {r["codice"]: [p["valore"] for p in r["a_parte"]] for r in righe if r["a_parte"] and r["linea"] != "casa"}
    assert accanto == ACCANTO


@pytest.mark.parametrize("filtro", ["", "?semestre=2016-2", "?al=2016-06"])
async def test_the_comuni_add_up_to_the_district(web: Web, filtro: str) -> None:
    """Fuorché chi lavora in più comuni, e ciò di cui i comuni non hanno una parte: la nota lo dice."""
    await web.feed(racconto())
    for codice in A_MANO:
        corpo = await web.letto(f"/indicatori/{codice}{filtro}")
        intero, parti = corpo["indicatore"], corpo["per_comune"]
        if codice in DI_DISTRETTO:
            assert (parti, intero["di_distretto"]) == ([], True)
            assert "è di tutto il distretto" in intero["nota"] or "sono di tutto il distretto" in intero["nota"]
            continue
        if codice == "AD02":
            continue
        for termine in ("numeratore", "denominatore") if "numeratore" in intero else ("valore",):
            assert sum(p[termine] for p in parti) == intero[termine], (codice, termine)


async def test_who_works_in_several_comuni_is_one_in_the_district_and_one_in_each(web: Web) -> None:
    await web.feed(racconto())
    for filtro, atteso in (
        ("", {MONTICHIARI: 1, CALCINATO: 1}),
        ("?al=2016-07", {MONTICHIARI: 1, CALCINATO: 2, VISANO: 1}),
    ):
        corpo = await web.letto(f"/indicatori/AD02{filtro}")
        assert {p["comune"]: p["valore"] for p in corpo["per_comune"] if p["valore"]} == atteso


@pytest.mark.parametrize(
    ("codice", "mesi"),
    [
        ("PU01", {"03": 2, "04": 3, "07": 3, "08": 2, "12": 2}),
        ("PU06", {"08": 0, "09": 2, "11": 2, "12": 3}),  # alla fine di novembre anche 312
        ("AD05", {"05": 4, "08": 4, "09": 14, "10": 14, "11": 9}),  # dal 1° settembre il catalogo del 2016/17
        ("LA06", {"11": None, "12": 0}),
        ("PU09", {"03": None, "04": 100, "05": 0, "09": 50}),
        ("RE05", {"03": 5, "04": 7, "09": 8}),
        ("AD02", {"02": 1, "03": 2, "07": 2, "08": 1}),
    ],
)
async def test_months_show_where_each_of_them_led(web: Web, codice: str, mesi: dict[str, Any]) -> None:
    await web.feed(racconto())
    trovati = {
        m["mese"][5:]: m["a_fine_mese"]["valore"] for m in (await web.letto(f"/indicatori/{codice}"))["per_mese"]
    }
    assert {mese: trovati[mese] for mese in mesi} == mesi
    for mese, valore in mesi.items():
        assert valore == delle_linee(await web.letto(f"/indicatori?al=2016-{mese}"))[codice]


async def test_places_told_later_move_what_stood_there(web: Web) -> None:
    """Gli eventi di una scheda arrivano prima che si sappia dov'è: stanno «non rilevati», poi si spostano."""
    tutto = racconto()
    dopo = [r for r in tutto if str(r.subject and r.subject[1]).split("/")[0] in ("punto", "aderente", "candidato")]
    await web.feed([r for r in tutto if r not in dopo])
    for codice in ("LA03", "LA06", "LA08", "PU06", "PU07", "PU08", "RE07"):
        per_comune = (await web.letto(f"/indicatori/{codice}"))["per_comune"]
        assert any(p["comune"] is None and p.get("denominatore", p["valore"]) for p in per_comune), codice
    await web.feed(dopo)
    for filtro, quale in zip(FILTRI, range(4), strict=True):
        corpo = await web.letto(f"/indicatori{filtro}")
        assert delle_linee(corpo) == {codice: conti[quale] for codice, conti in A_MANO.items()}


async def test_what_the_fund_supports_counts_where_its_host_is(web: Web) -> None:
    """Due rimandi: dall'impegno al tirocinio, dal tirocinio a chi ospita."""
    await web.feed(racconto())
    for comune, attesi in ((MONTICHIARI, [1, 1]), (VISANO, [0, 0])):
        righe = {i["codice"]: i for i in (await web.letto(f"/indicatori?comune={comune}"))["indicatori"]}
        assert [righe[codice]["a_parte"][0]["valore"] for codice in ("LA03", "LA05")] == attesi


@pytest.mark.parametrize("codice", A_MANO)
async def test_every_figure_opens_events_of_its_comune(web: Web, codice: str) -> None:
    """Un comune che ha una cifra ha eventi dietro: il luogo delle prove è quello della cifra."""
    await web.feed(racconto())
    corpo = await web.letto(f"/indicatori/{codice}")
    intera = corpo["indicatore"]
    if intera.get("denominatore", intera["valore"]):
        assert (await web.letto(f"/indicatori/{codice}/eventi"))["eventi"]
    for parte in corpo["per_comune"]:
        if parte["comune"] and parte.get("denominatore", parte["valore"]):
            eventi = (await web.letto(f"/indicatori/{codice}/eventi?comune={parte['comune']}"))["eventi"]
            assert eventi, parte
            assert all(parte["comune"] in e["comuni"] for e in eventi)


async def test_evidence_follows_the_person_or_the_place_as_the_figure_does(web: Web) -> None:
    await web.feed(racconto())

    async def comuni(codice: str) -> dict[str, set[str]]:
        eventi = (await web.letto(f"/indicatori/{codice}/eventi"))["eventi"]
        return {e["soggetto"].rpartition("-")[2].lstrip("0"): set(e["comuni"]) for e in eventi}

    assert await comuni("LA04") == {"8d": {MONTICHIARI}, "8e": {VISANO}}  # 141 e 142: dove sta chi ospita
    assert await comuni("LA06") == {  # dove la persona è stata presa in carico
        "8d": {MONTICHIARI}, "8e": {CALCINATO}, "a1": {MONTICHIARI}, "a2": {CALCINATO},
    }  # fmt: skip
    assert await comuni("LA08") == {"83": {MONTICHIARI}}
    assert (await comuni("AD02"))["c9"] == {MONTICHIARI, CALCINATO}


async def test_corrections_are_counted_as_they_say(web: Web) -> None:
    await web.feed(racconto())
    gruppo, facilitatore = f"gruppo/{uuid(312)}", f"facilitatore/{uuid(201)}"
    giusto = {"avvenuto_il": "2016-09-17", "presenze": 8}
    await web.feed(on_the_wire(gruppo, [rettifica(gruppo, 2, 12, giusto)], source=PUNTI, start=3))
    await web.feed(on_the_wire(facilitatore, [rettifica(facilitatore, 1, 12)], source=GIOVANI, start=3))
    corpo = delle_linee(await web.letto("/indicatori"))
    assert (corpo["PU06"], corpo["AD02"]) == (4, 0)


async def test_an_end_that_is_annulled_leaves_the_comune_where_it_counted(web: Web) -> None:
    """Il lotto della rettifica toglie l'unica quota della persona: va saputo anche dov'era."""
    await web.feed(racconto())
    soggetto = f"tirocinio/{uuid(142)}"
    await web.feed(on_the_wire(soggetto, [rettifica(soggetto, 2, 12)], source=LAVORO, start=3))
    riga = next(i for i in (await web.letto("/indicatori"))["indicatori"] if i["codice"] == "LA06")
    assert [p["valore"] for p in riga["a_parte"]] == [100, 0, 0, 0, 1]
    async with generation.in_served(web.cruscotto.pool) as connection:
        prima = await connection.fetch("select * from riepilogo order by 1, 2, 3, 4")
        await riepilogo.ricostruisci(connection)
        assert await connection.fetch("select * from riepilogo order by 1, 2, 3, 4") == prima


async def test_the_implied_target_waits_for_a_coordinator(web: Web) -> None:
    riga = next(i for i in (await web.letto("/indicatori"))["indicatori"] if i["codice"] == "PU02")
    assert (riga["obiettivo"], riga["obiettivo_implicito"], riga["avanzamento"]) == (1, True, None)
    pagina = await web.pagina("/indicatori/PU02")
    assert "Obiettivo implicito, attende la conferma di un coordinatore: 1" in pagina
    pezzo = (await web.pagina("/")).split('data-codice="PU02"')[1].split("</tr>")[0]
    assert "obiettivo implicito, attende la conferma di un coordinatore" in pezzo
