"""What strands' connected tests are written with."""

from datetime import date
from typing import Any

import pytest
from stack.databases import Databases
from telaio.service import Vista
from telaio.testing.connected import connected
from telaio.testing.strand import Vaso, VasoAperto, strand, vasi

VASI = "select id, $1::date - date '2016-03-01' as giorni from snapshot where kind = 'vaso' and state is not null"
UN_VASO = {"avvenuto_il": date(2016, 3, 1), "etichetta": "rosse", "biglie": 3}


@pytest.fixture
def dsn(databases: Databases) -> Any:
    dsn = databases.fresh()
    yield dsn
    databases.drop(dsn)


async def test_a_strand_takes_commands_and_tells_what_became_of_them(dsn: str) -> None:
    async with connected(strand(), dsn) as strand_:
        await strand_.send("vaso", "primo", "apertura", **UN_VASO)
        assert await strand_.tries("vaso", "secondo", "apertura", **UN_VASO) == "etichetta-usata"
        assert await strand_.tries("vaso", "primo", "aggiunta", avvenuto_il="2016-03-01", biglie=1) == ""
        assert (await strand_.state("vaso", "primo")).biglie == 4
        assert await strand_.state("vaso", "secondo") is None
        assert (await strand_.told("vaso", "primo"))[0] == VasoAperto.model_validate(UN_VASO)


async def test_a_list_is_read_over_states_put_there_for_it_and_an_annulled_one(dsn: str) -> None:
    async with connected(strand(lists=(Vista("vasi", "Vasi", VASI, vasi),)), dsn) as strand_:
        await strand_.store(Vaso(id="a", etichetta="rosse", biglie=1))
        assert await strand_.rows("vasi", date(2016, 3, 3)) == [{"id": "a", "giorni": 2}]
        assert await strand_.runtime.pool.fetchval("select count(*) from snapshot where state is null") == 1
