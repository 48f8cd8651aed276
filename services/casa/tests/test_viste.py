"""The lists, on PostgreSQL: who belongs in each, in which order."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import asyncpg
import pytest
from casa.alloggio import Alloggio
from casa.coabitazione import Coabitazione
from casa.condominio import Condominio
from casa.famiglia import Famiglia
from casa.fondo import Fondo
from casa.garanzia import Garanzia
from casa.service import servizio
from casa.viste import LISTE
from stack.databases import Databases
from telaio.entity import State

OGGI = date(2016, 10, 20)
Rows = list[dict[str, Any]]


@pytest.fixture
async def database(databases: Databases) -> AsyncIterator[Any]:
    """A connection to a database with the one table the lists read."""
    dsn = databases.fresh()
    connection = await asyncpg.connect(dsn)
    await connection.execute(
        "create table snapshot (kind text, id text, version int, fold int, state jsonb, primary key (kind, id))"
    )
    yield connection
    await connection.close()
    databases.drop(dsn)


async def rows(database: Any, name: str, *states: State) -> Rows:
    """The list `name` where these are all the cases."""
    kinds = {type(s): servizio.by_state[type(s)].kind for s in states}
    await database.executemany(
        "insert into snapshot values ($1, $2, 1, 1, $3)", [(kinds[type(s)], s.id, s.model_dump_json()) for s in states]
    )
    annulled = (
        "insert into snapshot select distinct kind, 'annullata', 1, 1, null::jsonb from snapshot where kind <> 'fondo'"
    )
    await database.execute(annulled)
    vista = next(v for v in LISTE if v.name == name)
    found = await database.fetch(vista.sql, *([OGGI] if "$1" in vista.sql else []))
    return [dict(row) for row in found]


def famiglia(id: str, **fields: Any) -> Famiglia:
    return Famiglia.model_validate({"id": id, "comune": "017113", "componenti": ("p-aaaaaa",), "in_carico": 1} | fields)


async def test_every_list_is_empty_where_nothing_happened(database: Any) -> None:
    for vista in LISTE:
        assert await rows(database, vista.name) == []


async def test_families_in_charge_the_oldest_first(database: Any) -> None:
    found = await rows(
        database,
        "in-carico",
        famiglia("nuova", in_carico_dal_il="2016-05-01", bisogni=("abitare", "lavoro"), minori=2),
        famiglia("vecchia", in_carico_dal_il="2016-03-01"),
        famiglia("conclusa", in_carico=0),
    )
    assert [r["id"] for r in found] == ["vecchia", "nuova"]
    assert found[1] == {
        "id": "nuova", "comune": "017113", "componenti": 1, "minori": 2, "bisogni": ["abitare", "lavoro"],
        "in_carico_dal_il": date(2016, 5, 1),
    }  # fmt: skip


async def test_open_arrears_the_highest_first(database: Any) -> None:
    found = await rows(
        database,
        "morosita-aperte",
        famiglia("poco", morosita_centesimi=100, mensilita=1),
        famiglia("molto", morosita_centesimi=900, piano_centesimi=900, piano_rate=6, prima_rata_il="2016-11-01"),
        famiglia("niente"),
        famiglia("conclusa", in_carico=0, morosita_centesimi=5000),
    )
    assert [(r["id"], r["morosita_centesimi"], r["prima_rata_il"]) for r in found] == [
        ("molto", 900, date(2016, 11, 1)),
        ("poco", 100, None),
    ]


async def test_evictions_under_way_the_oldest_first(database: Any) -> None:
    found = await rows(
        database,
        "sfratti-in-corso",
        famiglia("ieri", sfratto=1, sfratto_intimato_il="2016-10-19"),
        famiglia("prima", sfratto=1, sfratto_intimato_il="2016-09-20"),
        famiglia("nessuno"),
    )
    assert [(r["id"], r["giorni_trascorsi"]) for r in found] == [("prima", 30), ("ieri", 1)]


async def test_guarantees_that_end_within_sixty_days_or_have_ended(database: Any) -> None:
    def garanzia(id: str, scade_il: str, **fields: Any) -> Garanzia:
        given = {"famiglia": "f", "alloggio": "casa", "massimale_centesimi": 900, "concessa_il": "2016-03-01"}
        return Garanzia.model_validate(given | {"id": id, "scade_il": scade_il} | fields)

    found = await rows(
        database,
        "garanzie-in-scadenza",
        Alloggio(id="casa", comune="017032"),
        garanzia("fra-60", "2016-12-19", escusso_centesimi=300),
        garanzia("fra-61", "2016-12-20"),
        garanzia("scaduta", "2016-10-19", alloggio="sconosciuto"),
        garanzia("svincolata", "2016-10-19", attiva=False),
    )
    assert [(r["id"], r["comune"], r["giorni_alla_scadenza"], r["residuo_centesimi"]) for r in found] == [
        ("scaduta", None, -1, 900),
        ("fra-60", "017032", 60, 600),
    ]


async def test_the_fund_s_position(database: Any) -> None:
    fondo = Fondo(
        id="fondo-garanzia", versato_centesimi=1000, escusso_centesimi=300, recuperato_centesimi=50, impegni_centesimi=9
    )
    assert await rows(database, "posizione-del-fondo", fondo) == [
        {
            "id": "fondo-garanzia", "versato_centesimi": 1000, "escusso_centesimi": 300, "recuperato_centesimi": 50,
            "saldo_centesimi": 750, "impegni_centesimi": 9,
        }
    ]  # fmt: skip


async def test_free_homes_by_comune_and_rent(database: Any) -> None:
    def alloggio(id: str, **fields: Any) -> Alloggio:
        return Alloggio.model_validate({"id": id, "comune": "017032", "disponibile": 1} | fields)

    found = await rows(
        database,
        "alloggi-liberi",
        alloggio("caro", canone_centesimi=60000),
        alloggio("altrove", comune="017001", canone_centesimi=70000),
        alloggio("economico", canone_centesimi=40000),
        alloggio("assegnato", assegnato=1, famiglia="f"),
        alloggio("ritirato", disponibile=0),
    )
    assert [r["id"] for r in found] == ["altrove", "economico", "caro"]


async def test_places_in_cohabitations_where_there_is_room_first(database: Any) -> None:
    found = await rows(
        database,
        "posti-in-coabitazione",
        Coabitazione(id="piena", comune="017203", posti=1, coabitanti=("p-aaaaaa",)),
        Coabitazione(id="vuota", comune="017203", posti=3),
        Coabitazione(id="conclusa", comune="017203", posti=3, conclusa=True),
    )
    assert [(r["id"], r["occupati"], r["liberi"]) for r in found] == [("vuota", 0, 3), ("piena", 1, 0)]


async def test_where_each_condominium_is_on_its_way_to_the_junior(database: Any) -> None:
    def condominio(id: str, **fields: Any) -> Condominio:
        return Condominio.model_validate({"id": id, "comune": "017039", "alloggi": 18} | fields)

    prova = {"custodi": 1, "custode_dal_il": date(2016, 4, 20)}
    scelto = prova | {"junior_scelto_il": date(2016, 9, 21)}
    autonomo = scelto | {"custodi": 0, "junior_autonomo_il": date(2016, 10, 20)}
    found = await rows(
        database,
        "passaggi-di-custode",
        condominio("autonomo", **autonomo),
        condominio("affiancato", **scelto),
        condominio("in-prova", **prova),
        condominio("ceduto", **(prova | {"custodi": 0})),
        condominio("nuovo"),
        condominio("concluso", concluso=True),
    )
    assert [(r["id"], r["passo"], r["mesi_passati"]) for r in found] == [
        ("ceduto", "senza_custode", None),
        ("nuovo", "senza_custode", None),
        ("in-prova", "prova_del_custode", 6),
        ("affiancato", "affiancamento_del_junior", 0),
        ("autonomo", "junior_autonomo", 0),
    ]
