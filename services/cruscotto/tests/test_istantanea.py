"""Le cifre com'erano: un'istantanea è ciò che un cruscotto con quei soli fatti avrebbe nelle sue tabelle."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from cruscotto.domande.istantanea import Taglio, Versione, istantanea
from cruscotto.proiezione import generation
from cruscotto.proiezione.rebuild import COMPARED
from telaio.consumer.record import Received, receive
from telaio.testing.wire import Raw

from . import racconto as di_casa
from . import racconto_linee
from .conftest import Cruscotto, Make, Rows, Web, on_the_wire
from .racconto import presa, rettifica, storia, uuid

SENZA = ("gate", *generation.TOLD)
RIFATTE = {t: c for t, c in COMPARED.items() if t not in SENZA}
A_GIUGNO = datetime(2016, 6, 15, 12, tzinfo=UTC)


def tutto() -> list[Received]:
    """I due racconti insieme; del fondo, che è in tutti e due, un racconto solo."""
    linee = [r for r in racconto_linee.racconto() if r.subject != (racconto_linee.CASA, "fondo/fondo-garanzia")]
    return [*di_casa.racconto(), *linee]


def registrato(record: Received, alle: datetime) -> Received:
    """Lo stesso evento, registrato a un'altra ora."""
    busta = json.loads(record.value or b"{}") | {"time": alle.strftime("%Y-%m-%dT%H:%M:%S.000Z")}
    raw = Raw(record.topic, record.partition, record.offset, (record.key or b""), json.dumps(busta).encode())
    return receive([raw])[0]


async def righe(connection: Any) -> Rows:
    return {
        tabella: sorted(map(tuple, await connection.fetch(f"select {colonne} from {tabella}")), key=str)
        for tabella, colonne in RIFATTE.items()
    }


async def ritagliate(cruscotto: Cruscotto, taglio: Taglio) -> Rows:
    async with istantanea(cruscotto.pool, taglio) as connection:
        return await righe(connection)


async def con_soli(make: Make, record: Sequence[Received]) -> Rows:
    """Le tabelle di un cruscotto che ha solo quei fatti."""
    altro = await make()
    await altro.feed(record)
    async with generation.reading_served(altro.pool) as connection:
        return await righe(connection)


def differenze(trovate: Rows, attese: Rows) -> dict[str, Any]:
    """Le righe che sono da una parte sola, per tabella."""
    return {
        t: {
            "in più": sorted({*trovate[t]} - {*attese[t]}, key=str),
            "manca": sorted({*attese[t]} - {*trovate[t]}, key=str),
        }
        for t in attese
        if {*trovate[t]} != {*attese[t]}
    }


def versioni(record: Iterable[Received]) -> list[Versione]:
    ultime: dict[tuple[str, str], int] = {}
    for r in record:
        assert r.envelope is not None
        ultime[r.envelope.source, r.envelope.subject] = r.envelope.entityversion
    return [(fonte, soggetto, v) for (fonte, soggetto), v in ultime.items()]


def prima_di(record: Iterable[Received], alle: datetime) -> list[Received]:
    return [r for r in record if r.envelope and datetime.fromisoformat(r.envelope.time) <= alle]


@pytest.mark.parametrize("alle", [A_GIUGNO, A_GIUGNO - timedelta(days=100), A_GIUGNO + timedelta(days=160)])
async def test_come_si_sapeva_allora_e_cio_che_era_stato_registrato(
    cruscotto: Cruscotto, make: Make, alle: datetime
) -> None:
    await cruscotto.feed(tutto())
    prima = prima_di(tutto(), alle)
    assert 0 < len(prima) < len(tutto())
    assert differenze(await ritagliate(cruscotto, Taglio(registrato_entro=alle)), await con_soli(make, prima)) == {}


async def test_fin_dove_si_era_letto_e_cio_che_si_era_letto(cruscotto: Cruscotto, make: Make) -> None:
    prima = prima_di(tutto(), A_GIUGNO)
    soggetto = f"famiglia/{uuid(1)}"
    dopo = on_the_wire(soggetto, [rettifica(soggetto, 1, 7, presa(2, "017034").model_dump(mode="json"))], start=6)
    await cruscotto.feed(tutto(), dopo, storia("famiglia", 88, presa(3)))
    taglio = Taglio(versioni=versioni(prima))
    assert differenze(await ritagliate(cruscotto, taglio), await con_soli(make, prima)) == {}


async def test_le_cifre_di_alcune_fonti_sono_quelle_dei_loro_fatti(cruscotto: Cruscotto, make: Make) -> None:
    await cruscotto.feed(tutto())
    fonti = frozenset({racconto_linee.LAVORO, racconto_linee.PUNTI})
    sue = [r for r in tutto() if r.envelope and r.envelope.source in fonti]
    assert differenze(await ritagliate(cruscotto, Taglio(fonti=fonti)), await con_soli(make, sue)) == {}


async def test_un_giorno_dentro_il_mese_non_conta_cio_che_viene_dopo(cruscotto: Cruscotto, make: Make) -> None:
    await cruscotto.feed(tutto())
    al = date(2016, 6, 9)
    sue = [r for r in tutto() if r.event and r.event.avvenuto_il <= al]
    trovate, attese = await ritagliate(cruscotto, Taglio(al=al)), await con_soli(make, sue)
    for tabella in ("quota", "riepilogo"):
        assert trovate[tabella] == attese[tabella], tabella


async def test_una_correzione_vale_anche_per_il_giorno_che_la_precede(cruscotto: Cruscotto) -> None:
    soggetto = f"famiglia/{uuid(1)}"
    giusta = rettifica(soggetto, 1, 9, presa(4).model_dump(mode="json"))
    await cruscotto.feed(storia("famiglia", 1, presa(6)), on_the_wire(soggetto, [giusta], start=2))
    async with istantanea(cruscotto.pool, Taglio(al=date(2016, 5, 1))) as connection:
        assert await connection.fetchval("select count(*) from quota") > 0
    async with istantanea(cruscotto.pool, Taglio(al=date(2016, 4, 1))) as connection:
        assert await connection.fetchval("select count(*) from quota") == 0


async def test_quando_tocca_poco_ripiega_poco_e_dice_lo_stesso(cruscotto: Cruscotto, make: Make) -> None:
    tardi = datetime(2017, 1, 2, tzinfo=UTC)
    poco = [registrato(r, tardi) for r in storia("famiglia", 1, presa(2))]
    altri = [r for r in tutto() if r.subject != poco[0].subject]
    await cruscotto.feed(altri, poco)
    taglio = Taglio(registrato_entro=tardi - timedelta(days=1))
    assert differenze(await ritagliate(cruscotto, taglio), await con_soli(make, altri)) == {}


async def test_di_un_istantanea_non_resta_niente(cruscotto: Cruscotto) -> None:
    await cruscotto.feed(tutto())
    prima = await cruscotto.rows()
    await ritagliate(cruscotto, Taglio(registrato_entro=A_GIUGNO))
    assert await cruscotto.rows() == prima
    async with cruscotto.pool.acquire() as connection:
        assert await connection.fetchval("select count(*) from pg_class where relnamespace = pg_my_temp_schema()") == 0


async def test_le_cifre_come_si_sapevano_sono_quelle_di_chi_aveva_solo_quei_fatti(web: Web) -> None:
    prima = prima_di(tutto(), A_GIUGNO)
    await web.feed(prima)
    allora = [
        (i["codice"], i["valore"], i["a_parte"]) for i in (await web.letto("/indicatori?al=2016-06-15"))["indicatori"]
    ]
    await web.feed([r for r in tutto() if r not in prima])
    sapevano = await web.letto("/indicatori?registrato_entro=2016-06-15T12:00:00Z")
    assert [(i["codice"], i["valore"], i["a_parte"]) for i in sapevano["indicatori"]] == allora
    assert sapevano["filtro"]["registrato_entro"] == "2016-06-15T12:00:00Z"
    oggi = [(i["codice"], i["valore"], i["a_parte"]) for i in (await web.letto("/indicatori"))["indicatori"]]
    assert sum(a != b for a, b in zip(allora, oggi, strict=True)) > 10


async def test_dopo_una_correzione_cio_che_si_sapeva_resta(web: Web) -> None:
    soggetto = f"garanzia/{uuid(11)}"
    await web.feed(storia("garanzia", 11, di_casa.concessa(3, 1)))
    annullata = on_the_wire(soggetto, [rettifica(soggetto, 1, 9)], start=2)
    await web.feed(annullata)
    cifre = {
        q: (await web.letto(f"/indicatori/CA01{q}"))["indicatore"]["valore"]
        for q in ("", "?registrato_entro=2016-08-01")
    }
    assert cifre == {"": 0, "?registrato_entro=2016-08-01": 1}
    eventi = await web.letto("/indicatori/CA01/eventi?registrato_entro=2016-08-01")
    assert [e["rettificato"] for e in eventi["eventi"]] == [None]


@pytest.mark.parametrize(
    ("filtro", "campo", "detto"),
    [
        ("al=2016-02-30", "/al", "un giorno nella forma"),
        ("al=2017-01", "/al", "futuro"),
        ("al=2016-12-16", "/al", "futuro"),
        ("dal=2017-01", "/dal", "futuro"),
        ("semestre=2017-1", "/semestre", "futuro"),
        ("al=2016-01-20", "/al", "prima dell'avvio"),
        ("semestre=2015-2", "/semestre", "prima dell'avvio"),
        ("registrato_entro=2016-12-16", "/registrato_entro", "futuro"),
        ("registrato_entro=2016-01-31", "/registrato_entro", "prima dell'avvio"),
        ("registrato_entro=2016-07-01T10:00:00", "/registrato_entro", "fuso"),
        ("registrato_entro=2016-02-30", "/registrato_entro", "per esempio"),
        ("registrato_entro=2016-07-01T25:00:00Z", "/registrato_entro", "per esempio"),
    ],
)
async def test_un_tempo_impossibile_e_detto_con_il_suo_campo(web: Web, filtro: str, campo: str, detto: str) -> None:
    for percorso in ("/indicatori", "/rete"):
        risposta = await web.api(f"{percorso}?{filtro}")
        assert risposta.status_code == 422, risposta.text
        errori = risposta.json()["errors"]
        assert [e["pointer"] for e in errori] == [campo]
        assert detto in errori[0]["messaggio"]
    assert detto in await web.pagina(f"/?{filtro}", status=422)


@pytest.mark.parametrize("filtro", ["al=2016-12-15", "al=2016-12", "registrato_entro=2016-12-15", "semestre=2016-2"])
async def test_oggi_non_e_il_futuro(web: Web, filtro: str) -> None:
    await web.letto(f"/indicatori?{filtro}")


async def test_la_fine_del_mese_e_il_mese(web: Web) -> None:
    await web.feed(tutto())
    giorno, mese = [(await web.letto(f"/indicatori?al={al}"))["indicatori"] for al in ("2016-06-30", "2016-06")]
    assert giorno == mese


async def test_le_pagine_dicono_che_non_sono_le_cifre_di_oggi(web: Web) -> None:
    await web.feed(tutto())
    for pagina in ("/", "/rete", "/indicatori/CA01"):
        letta = await web.pagina(f"{pagina}?registrato_entro=2016-06-15")
        assert "come si sapeva il 15/06/2016" in letta, pagina
        assert "Non sono le cifre di oggi" in letta
        assert "Non sono le cifre di oggi" not in await web.pagina(pagina)


async def test_chi_registra_tardi_si_vede_accanto_alla_cifra(web: Web) -> None:
    await web.feed(
        [registrato(r, datetime(2016, 9, 10, tzinfo=UTC)) for r in storia("garanzia", 11, di_casa.concessa(3, 1))]
    )
    assert "Registrato 184 giorni dopo" in await web.pagina("/indicatori/CA01")
    assert (await web.letto("/indicatori/CA01/eventi"))["eventi"][0]["giorni_di_ritardo"] == 184
