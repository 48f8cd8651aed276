"""The lists, on PostgreSQL: who belongs in each, in which order."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from punti.aiuto import Aiuto
from punti.ascolto import Ascolto
from punti.banca import Banca
from punti.gruppo import Gruppo
from punti.idea import Idea
from punti.punto import Punto
from punti.regole import Regole
from punti.sapere import Sapere
from punti.service import servizio
from punti.viste import LISTE
from stack.databases import Databases
from telaio.testing.connected import Connected, connected

OGGI = date(2016, 12, 20)
MARTEDI = {"giorno": "martedi", "dalle": "09:00", "alle": "12:00"}
GIOVEDI = {"giorno": "giovedi", "dalle": "15:30", "alle": "18:00"}


@pytest.fixture
async def linea(databases: Databases) -> AsyncIterator[Connected]:
    """The strand, without any case."""
    dsn = databases.fresh()
    async with connected(servizio, dsn) as strand:
        yield strand
    databases.drop(dsn)


def punto(id: str, **fields: Any) -> Punto:
    return Punto.model_validate({"id": id, "denominazione": f"Punto {id}", "comune": "017203", "aperto": 1} | fields)


def svolta(giorno: str, promossa_da: str = "facilitatore", presenze: int = 10, prime: int = 1) -> dict[str, Any]:
    return {"svolta_il": giorno, "promossa_da": promossa_da, "presenze": presenze, "prime_presenze": prime}


def ascolto(id: str, *rilevazioni: tuple[str, str, str], **fields: Any) -> Ascolto:
    known = {"id": id, "punto": "visano", "comune": "017203", "bisogni": ["relazioni"], "raccolta_il": "2016-05-20"}
    measured = [{"persona": p, "cosa": c, "rilevata_il": g} for p, c, g in rilevazioni]
    return Ascolto.model_validate(known | {"rilevazioni": measured} | fields)


async def ids(linea: Connected, name: str) -> list[str]:
    return [row["id"] for row in await linea.rows(name, OGGI)]


@pytest.mark.parametrize("name", [vista.name for vista in LISTE])
async def test_every_list_is_empty_where_nothing_happened_or_all_was_annulled_or_is_over(
    linea: Connected, name: str
) -> None:
    assert await linea.rows(name, OGGI) == []
    idea = Idea(id="i", comune="017203", proponente="cittadino", presentata_il=OGGI, aperta=0)
    await linea.store(punto("p", aperto=0), ascolto("a", in_corso=0), Gruppo(id="g"), Aiuto(id="x"), idea, Banca())
    assert await linea.rows(name, OGGI) == []


async def test_open_cases_the_oldest_first_with_the_place_that_listens(linea: Connected) -> None:
    await linea.store(
        punto("visano"),
        ascolto("nuovo", raccolta_il="2016-12-10", bisogni=["abitare", "lavoro"]),
        ascolto("vecchio", raccolta_il="2016-12-01", punto="chissa"),
        ascolto("concluso", in_corso=0),
    )
    old, new = await linea.rows("ascolti-aperti", OGGI)
    assert (old["id"], old["punto"], old["giorni_trascorsi"]) == ("vecchio", None, 19)
    assert new == {
        "id": "nuovo", "comune": "017203", "punto": "Punto visano", "bisogni": ["abitare", "lavoro"],
        "raccolta_il": date(2016, 12, 10), "giorni_trascorsi": 10,
    }  # fmt: skip


async def test_who_was_measured_once_is_due_six_months_later_and_not_a_day_before(linea: Connected) -> None:
    rete, bene = "rete_di_appoggio", "star_bene"
    await linea.store(
        ascolto("da-oggi", ("p-anna01", rete, "2016-06-20"), ("p-anna01", bene, "2016-06-20")),
        ascolto("domani", ("p-bruno1", rete, "2016-06-21")),
        ascolto("due-volte", ("p-carla1", bene, "2016-05-20"), ("p-carla1", bene, "2016-12-01")),
        ascolto("altrove", ("p-dario1", rete, "2016-05-20")),
        ascolto("seconda-altrove", ("p-dario1", rete, "2016-11-20"), in_corso=0),
        ascolto("concluso", ("p-elena1", bene, "2016-06-01"), ("p-fabio1", bene, "2016-06-02"), in_corso=0),
    )
    concluded, due = await linea.rows("seconde-rilevazioni", OGGI)
    assert concluded == {
        "id": "concluso", "comune": "017203", "da_fare_dal_il": date(2016, 12, 1), "giorni_trascorsi": 19,
        "rete_di_appoggio": None, "star_bene": ["p-elena1", "p-fabio1"],
    }  # fmt: skip
    assert (due["id"], due["rete_di_appoggio"], due["star_bene"]) == ("da-oggi", ["p-anna01"], ["p-anna01"])


async def test_the_months_until_a_second_measurement_are_those_of_the_day_of_the_first(linea: Connected) -> None:
    months = [{"valore": 9, "al": "2016-05-31", "fonte": "x"}, {"valore": 3, "dal": "2016-06-01", "fonte": "x"}]
    known = linea.runtime.rules.model_dump() if linea.runtime.rules else {}
    linea.runtime.rules = Regole.model_validate(known | {"mesi_alla_seconda_rilevazione": months})
    await linea.store(
        ascolto("nove-mesi", ("p-anna01", "star_bene", "2016-05-31")),
        ascolto("tre-mesi", ("p-bruno1", "star_bene", "2016-09-20")),
    )
    assert await ids(linea, "seconde-rilevazioni") == ["tre-mesi"]
    due = await linea.rows("seconde-rilevazioni", date(2017, 2, 28))
    assert [row["id"] for row in due] == ["tre-mesi", "nove-mesi"]


async def test_activities_of_the_last_seven_days_by_place(linea: Connected) -> None:
    await linea.store(
        punto("quieto", attivita=[svolta("2016-12-13", presenze=99)]),
        punto("vivo", attivita=[
            svolta("2016-12-14", "cittadini", 20, 4), svolta("2016-12-18", "insieme"), svolta("2016-12-19", "altro"),
        ]),
    )  # fmt: skip
    assert await linea.rows("attivita", OGGI) == [
        {
            "id": "vivo", "denominazione": "Punto vivo", "comune": "017203", "attivita": 3, "promosse_dai_cittadini": 2,
            "presenze": 40, "prime_presenze": 6, "ultima_il": date(2016, 12, 19),
        }
    ]  # fmt: skip


async def test_open_places_and_the_hours_volunteers_still_owe(linea: Connected) -> None:
    saturday = {"giorno": "altro", "dalle": "08:00", "alle": "20:00"}
    short, enough = [MARTEDI, GIOVEDI, saturday], [MARTEDI, MARTEDI]
    await linea.store(
        punto("a", orari=short, tenuto_da="volontari", fase="cogestione", specializzazioni=["lavoro"]),
        punto("b", orari=short, tenuto_da="operatori"),
        punto("c", orari=enough, tenuto_da="volontari"),
        punto("d"),
        punto("chiuso", aperto=0),
        punto("altrove", comune="017001", tenuto_da="volontari"),
    )
    rows = {row["id"]: row for row in await linea.rows("punti-aperti", OGGI)}
    assert list(rows) == ["altrove", "a", "b", "c", "d"]
    assert {id: (row["ore_settimanali"], row["ore_mancanti"]) for id, row in rows.items()} == {
        "altrove": (0, 6), "a": (5.5, 0.5), "b": (5.5, None), "c": (6, None), "d": (0, None),
    }  # fmt: skip
    assert (rows["a"]["fase"], rows["a"]["specializzazioni"]) == ("cogestione", ["lavoro"])


async def test_groups_the_most_silent_first(linea: Connected) -> None:
    await linea.store(
        punto("visano"),
        Gruppo(id="recente", punto="visano", tema="genitori", attivo=1, ultimo_incontro_il=date(2016, 12, 1)),
        Gruppo(id="mai", punto="visano", attivo=1),
        Gruppo(
            id="legato", punto="visano", attivo=1, ultimo_incontro_il=date(2016, 9, 1), legami=("a", "b"), incontri=4
        ),
        Gruppo(id="sciolto", punto="visano", attivo=0),
    )
    found = await linea.rows("gruppi-attivi", OGGI)
    assert [(r["id"], r["giorni_trascorsi"], r["gruppi_incontrati"]) for r in found] == [
        ("mai", None, 0), ("legato", 110, 2), ("recente", 19, 0),
    ]  # fmt: skip
    assert (found[2]["punto"], found[2]["comune"], found[2]["tema"]) == ("Punto visano", "017203", "genitori")


async def test_who_offers_and_who_asks_for_each_skill(linea: Connected) -> None:
    await linea.store(
        Sapere(id="1", persona="p-anna01", sapere="cucito", offerto_il=date(2016, 12, 2)),
        Sapere(id="2", persona="p-bruno1", sapere="cucito", offerto_il=date(2016, 12, 1)),
        Sapere(id="3", persona="p-anna01", sapere="orto", richiesto_il=OGGI),
        Sapere(id="4", persona="p-carla1", sapere="cucito", richiesto_il=OGGI),
    )
    assert await linea.rows("saperi", OGGI) == [
        {"sapere": "cucito", "offerto_da": ["p-bruno1", "p-anna01"], "richiesto_da": ["p-carla1"]},
        {"sapere": "orto", "offerto_da": None, "richiesto_da": ["p-anna01"]},
    ]


async def test_balances_of_the_time_bank_the_highest_first(linea: Connected) -> None:
    conti = [
        {"persona": "p-anna01", "dato_minuti": 0, "ricevuto_minuti": 90},
        {"persona": "p-bruno1", "dato_minuti": 120, "ricevuto_minuti": 30},
    ]
    await linea.store(Banca.model_validate({"id": "banca-del-tempo", "conti": conti}))
    assert [(r["persona"], r["saldo_in_minuti"]) for r in await linea.rows("banca-del-tempo", OGGI)] == [
        ("p-bruno1", 90), ("p-anna01", -90),
    ]  # fmt: skip


async def test_help_that_is_there_by_kind_and_comune(linea: Connected) -> None:
    await linea.store(
        Aiuto(id="ovunque", cosa="tempo", persona="p-anna01", offerto_il=OGGI, disponibile=1),
        Aiuto(id="visano", cosa="tempo", persona="p-bruno1", comune="017203", offerto_il=OGGI, disponibile=1),
        Aiuto(id="sala", cosa="spazi", ente="parrocchia-di-prova", offerto_il=OGGI, disponibile=1),
        Aiuto(id="servito", cosa="beni", persona="p-anna01", offerto_il=OGGI),
    )
    found = await linea.rows("aiuti-disponibili", OGGI)
    assert [(r["id"], r["chi_offre"]) for r in found] == [
        ("sala", "parrocchia-di-prova"), ("visano", "p-bruno1"), ("ovunque", "p-anna01"),
    ]  # fmt: skip


async def test_ideas_that_wait_for_money_or_for_their_realisation(linea: Connected) -> None:
    def idea(id: str, giorno: str, **fields: Any) -> Idea:
        known = {"id": id, "comune": "017203", "proponente": "cittadino", "presentata_il": giorno}
        return Idea.model_validate(known | fields)

    await linea.store(
        idea("nuova", "2016-12-19"),
        idea("finanziata", "2016-11-20", finanziato_centesimi=50000),
        idea("conclusa", "2016-10-01", aperta=0),
    )
    found = await linea.rows("idee-aperte", OGGI)
    assert [(r["id"], r["giorni_trascorsi"], r["finanziato_centesimi"]) for r in found] == [
        ("finanziata", 30, 50000), ("nuova", 1, 0),
    ]  # fmt: skip
