"""L'API delle cifre, su un PostgreSQL vero: ogni riga del registro contro i conti fatti a mano."""

from typing import Any

import pytest
from cruscotto.service import servizio

from .conftest import Web, on_the_wire
from .racconto import CALCINATO, MONTICHIARI, VISANO, concessa, presa, racconto, rettifica, storia, uuid

A_MANO = {
    # codice: dall'avvio, secondo semestre, fino a giugno, Montichiari
    "CA01": (3, 3, 3, 1),  # famiglie 1, 3 e quella mai presa in carico
    "CA02": (1, 1, 1, 0),  # la 41; nella 42 le due persone non si sono mai incontrate
    "CA03": (1, 1, 1, 1),
    "CA04": (1, 1, 1, 0),  # il 21 era già abitato, il 22 conta una volta
    "CA05": (1, 1, 2, 0),
    "CA06": (300, 300, 1000, 300),  # la famiglia 2 non è più in carico da agosto
    "CA07": (1, 1, 0, 0),  # la famiglia 3, due volte
    "CA08": (33.3, 0, 100, 100),
    "CA09": (8.6, 8.6, 16, 30),  # (400 - 100) / 3500; fino a giugno 400 / 2500; a Montichiari 300 / 1000
    "CA10": (66.7, 100, 50, 66.7),
}


def valori(corpo: Any) -> dict[str, Any]:
    return {i["codice"]: i["valore"] for i in corpo["indicatori"]}


def della_casa(corpo: Any) -> dict[str, Any]:
    """Le cifre di casa; quelle delle altre linee sono in `test_linee.py`."""
    return {codice: valore for codice, valore in valori(corpo).items() if codice.startswith("CA")}


@pytest.mark.parametrize(
    ("quale", "filtro"), list(enumerate(["", "?semestre=2016-2", "?al=2016-06", f"?comune={MONTICHIARI}"]))
)
async def test_every_figure_is_what_was_counted_by_hand(web: Web, quale: int, filtro: str) -> None:
    await web.feed(racconto())
    corpo = await web.letto(f"/indicatori{filtro}")
    assert della_casa(corpo) == {codice: conti[quale] for codice, conti in A_MANO.items()}


async def test_figures_beside_the_figure(web: Web) -> None:
    await web.feed(racconto())
    corpo = await web.letto("/indicatori")
    accanto = {
        i["codice"]: [(p["nome"], p["valore"]) for p in i["a_parte"]]
        for i in corpo["indicatori"]
        if i["a_parte"] and i["codice"] in A_MANO
    }
    assert accanto == {
        "CA05": [("agenzie immobiliari", 1), ("proprietari", 0), ("altri, non contati", 1)],
        "CA08": [("sfratti ancora aperti", 1)],
    }


async def test_an_empty_dashboard_says_what_it_cannot_calculate(web: Web) -> None:
    corpo = await web.letto("/indicatori")
    tutte = {i["codice"]: i["tipo"] for i in corpo["indicatori"]}
    assert set(A_MANO) < set(tutte)
    assert valori(corpo) == {codice: None if tipo in "RD" or codice == "RE03" else 0 for codice, tipo in tutte.items()}
    assert corpo["aggiornato_alle"] is None


async def test_progress_of_the_targets_and_none_of_the_others(web: Web) -> None:
    await web.feed(racconto())
    righe = (await web.letto("/indicatori"))["indicatori"]
    assert [(i["codice"], i["avanzamento"]) for i in righe[:3]] == [("CA01", 3.8), ("CA02", 5), ("CA03", 25)]
    assert {i["senza_avanzamento"] for i in righe[3:] if i["codice"] != "PU02"} == {"obiettivo non definito"}


@pytest.mark.parametrize("codice", A_MANO)
async def test_the_comuni_add_up_to_the_district(web: Web, codice: str) -> None:
    await web.feed(racconto())
    for filtro in ("", "?semestre=2016-2", "?dal=2016-06&al=2016-10"):
        corpo = await web.letto(f"/indicatori/{codice}{filtro}")
        intero, parti = corpo["indicatore"], corpo["per_comune"]
        for termine in ("numeratore", "denominatore") if "numeratore" in intero else ("valore",):
            assert sum(p[termine] for p in parti) == intero[termine], (codice, filtro, termine)
        assert len(parti) == 8
        assert parti[-1]["comune"] is None


async def test_a_guarantee_belongs_to_the_comune_of_the_family_in_its_month(web: Web) -> None:
    await web.feed(racconto())
    corpo = await web.letto("/indicatori/CA09")
    massimali = {p["comune"]: p["denominatore"] for p in corpo["per_comune"] if p["denominatore"]}
    assert massimali == {MONTICHIARI: 1000, CALCINATO: 1000, VISANO: 1000, None: 500}
    famiglie = {p["comune"]: p["valore"] for p in (await web.letto("/indicatori/CA01"))["per_comune"] if p["valore"]}
    assert famiglie == {MONTICHIARI: 1, CALCINATO: 1, None: 1}  # la famiglia 3 conta una volta, dove fu garantita prima


async def test_a_family_known_only_later_belongs_to_its_first_comune(web: Web) -> None:
    await web.feed(storia("garanzia", 11, concessa(3, 1)), storia("famiglia", 1, presa(5, VISANO), presa(7, CALCINATO)))
    corpo = await web.letto("/indicatori/CA01")
    assert [p["comune"] for p in corpo["per_comune"] if p["valore"]] == [VISANO]


async def test_an_annulled_guarantee_no_longer_counts(web: Web) -> None:
    soggetto = f"garanzia/{uuid(11)}"
    await web.feed(on_the_wire(soggetto, [concessa(3, 1)]))
    assert valori(await web.letto("/indicatori"))["CA01"] == 1
    await web.feed(on_the_wire(soggetto, [rettifica(soggetto, 1, 4)], start=2))
    assert valori(await web.letto("/indicatori"))["CA01"] == 0


async def test_months_show_what_happened_and_where_it_led(web: Web) -> None:
    await web.feed(racconto())
    mesi = (await web.letto("/indicatori/CA01"))["per_mese"]
    assert [m["mese"] for m in (mesi[0], mesi[-1])] == ["2016-02", "2016-11"]
    assert [
        (m["mese"], m["nel_mese"]["valore"], m["a_fine_mese"]["valore"]) for m in mesi if m["nel_mese"]["valore"]
    ] == [
        ("2016-04", 2, 2),
        ("2016-05", 1, 3),
    ]


async def test_the_position_of_the_fund(web: Web) -> None:
    await web.feed(racconto())
    assert await web.letto("/fondo") == {
        "filtro": {"comune": None, "dal": None, "al": None, "registrato_entro": None},
        "versato_centesimi": 350_000,
        "versato_per_tipo_centesimi": {"comune": 50_000, "fondazione": 300_000},
        "impegnato_centesimi": 60_000 + 100_000 + 50_000,
        "escusso_centesimi": 40_000,
        "recuperato_centesimi": 10_000,
        "saldo_centesimi": 320_000,
        "disponibile_centesimi": 110_000,
        "garanzie_attive": 3,
        "esperienze": {
            "versato_centesimi": 0,
            "versato_per_tipo_centesimi": {},
            "impegnato_centesimi": 0,
            "speso_centesimi": 0,
            "saldo_centesimi": 0,
            "disponibile_centesimi": 0,
        },
    }
    a_giugno = await web.letto("/fondo?al=2016-06")
    assert (a_giugno["versato_centesimi"], a_giugno["saldo_centesimi"]) == (300_000, 260_000)


async def test_freshness_of_each_source(web: Web) -> None:
    await web.feed(racconto())
    await web.feed(on_the_wire("famiglia/x", [presa(12)], source="/casa/altro-ente"))
    corpo = await web.letto("/freschezza")
    assert [(f["partner_nome"], f["ultimo_alle"]) for f in corpo["fonti"]] == [
        ("altro-ente", "2016-12-10T12:00:00+00:00"),
        ("Consorzio Tenda", "2016-11-10T12:00:00+00:00"),
    ]
    assert (corpo["in_quarantena"], corpo["in_attesa"], corpo["soggetti_biforcati"]) == (0, 0, 0)


@pytest.mark.parametrize(
    ("filtro", "campo"),
    [
        ("comune=017999", "/comune"),
        ("comune=Montichiari", "/comune"),
        ("dal=2016-13", "/dal"),
        ("al=2016-02-30", "/al"),
        ("al=ieri", "/al"),
        ("al=%00", "/al"),
        ("dal=2016-05&al=2016-04", "/dal"),
        ("semestre=2016-3", "/semestre"),
        ("semestre=2016-1&dal=2016-01", "/semestre"),
        ("comun=017113", "/comun"),
        ("comune=017113&comune=017032", "/comune"),
    ],
)
async def test_a_wrong_filter_is_named_and_never_ignored(web: Web, filtro: str, campo: str) -> None:
    for percorso in ("/indicatori", "/indicatori/CA01", "/indicatori/CA01/eventi"):
        risposta = await web.api(f"{percorso}?{filtro}")
        assert risposta.status_code == 422, risposta.text
        assert risposta.headers["content-type"] == "application/problem+json"
        assert [e["pointer"] for e in risposta.json()["errors"]] == [campo]


@pytest.mark.parametrize("filtro", ["dal=2016-05&al=2016-05", "comune=&semestre=&dal=&al=", "semestre=2016-2"])
async def test_the_right_side_of_the_bounds_is_accepted(web: Web, filtro: str) -> None:
    await web.letto(f"/indicatori?{filtro}")


@pytest.mark.parametrize("coda", ["", "/eventi"])
async def test_an_unknown_code_is_not_found(web: Web, coda: str) -> None:
    risposta = await web.api(f"/indicatori/ZZ99{coda}")
    assert (risposta.status_code, risposta.json()["code"]) == (404, "indicatore-sconosciuto")


@pytest.mark.parametrize(
    "percorso",
    [
        "/indicatori",
        "/indicatori/CA01",
        "/indicatori/CA01/eventi",
        "/fondo",
        "/fondo/esperienze/mesi",
        "/freschezza",
        "/aggiornamenti",
    ],
)
async def test_nobody_reads_without_a_token_or_the_right_role(web: Web, percorso: str) -> None:
    assert (await web.api(percorso, Authorization="")).status_code == 401
    tecnico = {"Authorization": f"Bearer {web.issuer.token('luca.conti')}"}
    assert (await web.api(percorso, **tecnico)).status_code == 403


async def test_what_has_not_changed_is_not_sent_again(web: Web) -> None:
    await web.feed(racconto())
    for percorso in ("/indicatori", "/indicatori/CA01", "/indicatori/CA01/eventi", "/fondo", "/fondo/garanzia/mesi"):
        prima = await web.api(percorso)
        assert prima.headers["cache-control"] == "private, no-cache"
        stessa = await web.api(percorso, **{"If-None-Match": prima.headers["etag"]})
        assert (stessa.status_code, stessa.content) == (304, b"")
    await web.feed(storia("famiglia", 77, presa(12)))
    assert (await web.api("/indicatori", **{"If-None-Match": prima.headers["etag"]})).status_code == 200


async def test_the_openapi_document_tells_of_every_route_and_of_what_it_answers(web: Web) -> None:
    await web.feed(racconto())
    intero = (await web.client.get("/openapi.json")).json()
    assert servizio.routes is not None
    rotte = {r.path for r in servizio.routes(web.runtime) if r.path.startswith("/api/")}  # type: ignore[attr-defined]
    assert rotte == {p for p in intero["paths"] if p.startswith("/api/")}
    for percorso in sorted(rotte - {"/api/v1/aggiornamenti"}):
        corpo = await web.letto(percorso.removeprefix("/api/v1").format(codice="CA08", fondo="esperienze"))
        detto = intero["paths"][percorso]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        _risponde(corpo, detto, intero["components"]["schemas"])


def _risponde(corpo: Any, schema: Any, schemi: Any) -> None:
    """Ogni campo promesso c'è, nessuno è taciuto; a ogni livello."""
    schema = schemi[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    if "properties" in schema:
        assert set(schema.get("required", ())) <= set(corpo) <= set(schema["properties"])
        for nome, valore in corpo.items():
            _risponde(valore, schema["properties"][nome], schemi)
    for uno in corpo if schema.get("type") == "array" else ():
        _risponde(uno, schema["items"], schemi)
