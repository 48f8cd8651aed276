"""The declarations on the real chassis: what is loaded, locked, claimed and summed, on PostgreSQL."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from casa.service import servizio
from stack.databases import Databases
from telaio.correction import entity_commands
from telaio.entity import Rejected
from telaio.execute import Accepted, Call, execute
from telaio.journal import load
from telaio.migrate import migrate, migrations
from telaio.runtime import Runtime
from telaio.settings import Settings

GIORNO = date(2016, 3, 20)
FAMIGLIA, ALLOGGIO, GARANZIA, AGENZIA = (str(UUID(int=n)) for n in range(1, 5))
FONDO = "fondo-garanzia"


@pytest.fixture
async def runtime(databases: Databases) -> AsyncIterator[Runtime]:
    """The service, migrated, with a family in charge, its home and a fund of 1,000."""
    dsn = databases.fresh()
    await migrate(dsn, migrations(servizio.name, servizio.migrations))
    settings = {"database": dsn, "kafka": "127.0.0.1:1", "partner": "ente-di-prova", "chiavi_file": "/dev/null"}
    runtime = await Runtime.start(servizio, Settings.model_validate(settings | {"emittente": "prova"}))
    presa = {"comune": "017113", "componenti": ["p-aaaaaa"], "minori": 0}
    await send(runtime, "famiglia", FAMIGLIA, "presa-in-carico", **presa)
    home = {"comune": "017113", "vani": 3, "canone_centesimi": 400, "locatore": "privato"}
    await send(runtime, "alloggio", ALLOGGIO, "disponibilita", **home)
    await send(runtime, "alloggio", ALLOGGIO, "assegnazione", famiglia=FAMIGLIA, titolo="nuova_locazione")
    await send(runtime, "fondo", FONDO, "versamento", importo_centesimi=1000, da="fondazione")
    yield runtime
    await runtime.stop()
    databases.drop(dsn)


async def send(runtime: Runtime, kind: str, id: str, name: str, **fields: Any) -> Accepted:
    entity = servizio.by_kind[kind]
    command = entity_commands(entity)[name]
    model = command.model.model_validate({"avvenuto_il": GIORNO, **fields})
    return await execute(runtime, Call(entity, id, command, model, author="anna"))


async def concedi(runtime: Runtime, cents: int) -> Accepted:
    grant = {"famiglia": FAMIGLIA, "alloggio": ALLOGGIO, "massimale_centesimi": cents, "mesi": 12}
    return await send(runtime, "garanzia", GARANZIA, "concessione", **grant)


async def fondo(runtime: Runtime) -> tuple[int, int]:
    """Balance and commitments, as stored."""
    async with runtime.pool.acquire() as connection:
        snapshot = await load(connection, servizio.by_kind["fondo"], FONDO)
    assert snapshot is not None
    state: Any = snapshot.state
    return state.saldo_centesimi, state.impegni_centesimi


async def test_a_grant_commits_the_fund_up_to_the_rules_of_the_service(runtime: Runtime) -> None:
    with pytest.raises(Rejected, match="fondo-incapiente"):
        await concedi(runtime, 3001)
    await concedi(runtime, 3000)
    assert await fondo(runtime) == (1000, 3000)


async def test_freeing_the_home_closes_the_guarantee_its_claim_leads_to(runtime: Runtime) -> None:
    await concedi(runtime, 900)
    with pytest.raises(Rejected, match="garanzia-ancora-attiva"):
        await send(runtime, "alloggio", ALLOGGIO, "liberazione")
    claim = {"importo_escusso_centesimi": 700, "motivo_escussione": "danni_all_alloggio"}
    await send(runtime, "alloggio", ALLOGGIO, "liberazione", garanzia_attiva="escussione_e_svincolo", **claim)
    assert await fondo(runtime) == (300, 0)


async def test_a_family_concludes_once_its_guarantee_is_released(runtime: Runtime) -> None:
    await concedi(runtime, 900)
    with pytest.raises(Rejected, match="garanzia-ancora-attiva"):
        await send(runtime, "famiglia", FAMIGLIA, "conclusione", esito="casa_mantenuta")
    await send(runtime, "garanzia", GARANZIA, "svincolo", motivo="scadenza")
    await send(runtime, "famiglia", FAMIGLIA, "conclusione", esito="casa_mantenuta")


async def test_a_correction_moves_the_ledger_and_is_refused_where_the_balance_would_not_bear_it(
    runtime: Runtime,
) -> None:
    await concedi(runtime, 1500)
    wrong = await send(runtime, "garanzia", GARANZIA, "escussione", importo_centesimi=100, motivo="spese_legali")
    right = {"avvenuto_il": "2016-03-20", "motivo": "spese_legali"}
    correction = {"rettifica": wrong.events[0], "motivo": "errore_di_digitazione"}
    await send(runtime, "garanzia", GARANZIA, "rettifica", **correction, data=right | {"importo_centesimi": 1000})
    assert await fondo(runtime) == (0, 500)
    with pytest.raises(Rejected, match="fondo-incapiente"):
        await send(runtime, "garanzia", GARANZIA, "rettifica", **correction, data=right | {"importo_centesimi": 1001})


async def test_a_home_comes_through_an_agency_that_has_joined(runtime: Runtime) -> None:
    home = {"comune": "017113", "vani": 3, "canone_centesimi": 400, "locatore": "privato", "tramite_agenzia": AGENZIA}
    with pytest.raises(Rejected, match="agenzia-non-aderente"):
        await send(runtime, "alloggio", AGENZIA, "disponibilita", **home)
    await send(runtime, "adesione", AGENZIA, "sottoscrizione", tipo="agenzia_immobiliare", comune="017113")
    await send(runtime, "alloggio", AGENZIA, "disponibilita", **home)
