"""Le viste per i fogli di calcolo: le stesse cifre dell'API, lette da chi non può leggere altro."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from cruscotto.apporti.luoghi import DISTRETTO
from cruscotto.contesto import contesto
from cruscotto.proiezione import generation, riepilogo, viste_per_fogli

from .conftest import Web, on_the_wire
from .racconto import presa, racconto
from .test_invii import told

RUOLO = Path(riepilogo.__file__).with_name("ruolo_dei_rapporti.sql")
VISTE = (
    "indicatori", "valori_correnti", "misure_mensili", "rete_archi", "freschezza", "qualita", "rapporti_approvati",
)  # fmt: skip
CHIUSE = (
    "public.journal", "public.snapshot", "public.session", "public.valore_corrente", "public.served", "g1.fact",
    "g1.quota", "g1.folded", "g1.riepilogo",
)  # fmt: skip


@pytest.fixture
async def foglio(web: Web) -> AsyncIterator[Any]:
    """Una connessione con il ruolo dei rapporti, dopo che il servizio ha scritto le cifre."""
    await web.feed(racconto(), *told())
    assert await viste_per_fogli.scrivi(contesto(web.runtime))
    pool = web.cruscotto.pool
    await pool.execute(RUOLO.read_text(encoding="utf-8"))
    async with pool.acquire() as connection:
        await connection.execute("set session authorization genera_rapporti")
        yield connection
        await connection.execute("reset session authorization")


async def test_the_figures_of_now_are_those_of_the_api(web: Web, foglio: Any) -> None:
    righe = await foglio.fetch("select codice, valore from rapporti.valori_correnti where distretto")
    assert dict(righe) == {
        i["codice"]: None if i["valore"] is None else Decimal(str(i["valore"]))
        for i in (await web.letto("/indicatori"))["indicatori"]
    }
    di_comune = await foglio.fetch(
        "select comune, valore from rapporti.valori_correnti where codice = 'CA01' and not distretto"
    )
    detti = {p["comune"]: p["valore"] for p in (await web.letto("/indicatori/CA01"))["per_comune"] if p["valore"]}
    assert {comune: valore for comune, valore in di_comune if valore} == detti


async def test_the_network_freshness_quality_and_months_are_those_of_the_api(web: Web, foglio: Any) -> None:
    archi = await foglio.fetch("select da, a, sum(chiesti), sum(aiutati) from rapporti.rete_archi group by da, a")
    assert [tuple(r) for r in archi] == [
        (f["da"], f["a"], f["chiesti"], f["aiutati"]) for f in (await web.letto("/rete"))["flussi"]
    ]
    eventi = dict(await foglio.fetch("select partner || '/' || servizio, eventi from rapporti.freschezza"))
    fonti = (await web.letto("/freschezza"))["fonti"]
    assert eventi == {f"{f['partner']}/{f['servizio']}": f["eventi"] for f in fonti}
    registrati = await foglio.fetch("select partner || '/' || servizio, sum(eventi) from rapporti.qualita group by 1")
    assert dict(registrati) == eventi
    mesi = await foglio.fetch(
        "select to_char(mese, 'YYYY-MM'), sum(valore) from rapporti.misure_mensili"
        " where misura = 'famiglie_garantite' group by 1"
    )
    garantite = (await web.letto("/indicatori/CA01"))["per_mese"]
    assert dict(mesi) == {m["mese"]: m["nel_mese"]["valore"] for m in garantite if m["nel_mese"]["valore"]}


@pytest.mark.parametrize("tabella", CHIUSE)
async def test_nothing_behind_the_views_can_be_read(foglio: Any, tabella: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await foglio.fetch(f"select * from {tabella}")


@pytest.mark.parametrize("vista", VISTE)
async def test_every_view_can_be_read_and_none_written(foglio: Any, vista: str) -> None:
    await foglio.fetch(f"select * from rapporti.{vista}")
    rifiuti = (asyncpg.InsufficientPrivilegeError, asyncpg.ObjectNotInPrerequisiteStateError)
    with pytest.raises(rifiuti):
        await foglio.execute(f"delete from rapporti.{vista}")


async def test_no_view_has_names_or_pseudonyms_of_people(foglio: Any) -> None:
    for vista in VISTE:
        assert "p-aaaaaa" not in str([tuple(r) for r in await foglio.fetch(f"select * from rapporti.{vista}")])


async def test_the_views_follow_the_generation_that_is_served(web: Web, foglio: Any) -> None:
    pool = web.cruscotto.pool
    name = await generation.create(pool)
    await generation.finish(pool, name)
    before = await generation.swap(pool, name)
    assert await foglio.fetch("select * from rapporti.freschezza") == []
    await generation.swap(pool, before)
    assert len(await foglio.fetch("select * from rapporti.freschezza")) == 3
    assert await generation.drop_others(pool, before) == [name]


async def test_figures_are_written_again_only_when_they_change(web: Web, foglio: Any) -> None:
    assert not await viste_per_fogli.scrivi(contesto(web.runtime))
    await web.feed(on_the_wire("famiglia/nuova", [presa(5)]))
    assert await viste_per_fogli.scrivi(contesto(web.runtime))
    assert await foglio.fetchval("select count(*) from rapporti.valori_correnti where comune = $1", DISTRETTO) == 0
