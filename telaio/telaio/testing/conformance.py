"""What every service of the network must do, whoever built it: subclass `Conformance`, name the service, run pytest.

The fixtures `database` (the address of an empty PostgreSQL database) and `kafka` (of a broker) are the caller's.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from secrets import choice
from string import ascii_lowercase
from typing import Any, ClassVar
from uuid import uuid4

import asyncpg
import pytest
from contratti.esporta import campioni
from contratti.rete import Event
from prometheus_client import REGISTRY, generate_latest
from starlette.routing import Route

from telaio.entity import Entity, Rejected
from telaio.execute import Call, execute
from telaio.idempotency import KeyReused
from telaio.migrate import migrate, migrations
from telaio.process import reader
from telaio.relay import Relay
from telaio.runtime import Runtime
from telaio.service import Service
from telaio.settings import Settings
from telaio.testing.entering import enter
from telaio.testing.live import ISSUER, client, first_deliveries, put, running, status, token, until
from telaio.testing.wire import envelope
from telaio.topics import create_topics, manifest
from telaio.web import make_app
from telaio.web.access import PUBLIC, ROLES, WHO_MAY

WRITTEN = ("journal", "snapshot", "claim", "idempotency", "outbox")
EIGHT = 8


class Conformance:
    """The suite. `service`: the declaration under test; it runs under a name of its own, a bus can be shared."""

    service: ClassVar[Service]

    @pytest.fixture
    async def runtime(self, database: str, kafka: str, tmp_path: Path) -> AsyncIterator[Runtime]:
        """The service on an empty database."""
        name = self.service.name + "".join(choice(ascii_lowercase) for _ in range(6))
        service = replace(self.service, name=name)
        await migrate(database, migrations(name, service.migrations))
        values = {
            "database": database, "kafka": kafka, "partner": "ente-di-prova", "chiavi_file": tmp_path / "chiavi.json",
            "emittente": ISSUER,
        }  # fmt: skip
        runtime = await Runtime.start(service, Settings.model_validate(values))
        if service.prepare:
            await service.prepare(runtime)
        yield runtime
        await runtime.stop()

    # The bus

    async def test_what_it_does_not_know_is_passed_over_and_what_it_cannot_read_is_kept(self, runtime: Runtime) -> None:
        if runtime.service.consumer is None:
            pytest.skip(f"{self.service.name} reads nothing")
        topic = f"{next(iter(runtime.district.linee))}.eventi"
        await create_topics(runtime.settings.kafka, manifest([*runtime.district.servizi, runtime.service.name]))
        kind = min(runtime.service.consumer(runtime).kinds, default="incontro_di_rete")
        subject = f"{kind}/{uuid4()}"
        unknown: dict[str, Any] = {"type": "rete.CosaMaiVista", "dataschema": "/schemas/rete.CosaMaiVista/1"}
        source = f"/{topic.partition('.')[0]}/ente"
        values = [envelope(n, subject=subject, source=source, **(unknown if n == 1 else {})) for n in (1, 2)]
        async with running(reader(runtime).run):
            await put(runtime, topic, [(subject, json.dumps(v)) for v in values] + [(f"{kind}/rotto", "{")])
            in_consumer = runtime.service.consumer(runtime).transaction
            await until(lambda: _read(in_consumer, "select version from gate where subject = $1", subject, 2), "both")
            rotten = "select count(*) from waiting where topic = $1"
            await until(lambda: _read(in_consumer, rotten, topic, 1, at_least=True), "the broken one kept")

    # Running

    async def test_it_says_how_it_is_where_everybody_looks(self, runtime: Runtime) -> None:
        async with client(runtime) as http:
            for path in ("/health/live", "/health/ready", "/status", "/openapi.json"):
                assert (await http.get(path)).status_code == 200, path
            status = (await http.get("/status")).json()
        assert {"servizio", "partner", "stato", "parti"} <= status.keys()
        metrics = generate_latest(REGISTRY).decode()
        assert "genera_http_request_duration_seconds_bucket" in metrics

    async def test_it_can_be_migrated_twice_and_by_many_at_once(self, runtime: Runtime) -> None:
        wanted, dsn = migrations(runtime.service.name, runtime.service.migrations), runtime.settings.database
        assert await asyncio.gather(*[migrate(dsn, wanted) for _ in range(4)]) == [[]] * 4

    @pytest.mark.parametrize("role", [*ROLES, "sconosciuto"])
    async def test_a_role_may_what_the_table_says_and_nothing_else(self, runtime: Runtime, role: str) -> None:
        entered = await enter(runtime, "anna", [role])
        headers = {
            "authorization": f"Bearer {token(runtime, role)}",
            "origin": "http://conformita.test",
            **entered.cookie,
        }
        app = make_app(runtime, runtime.service.routes(runtime) if runtime.service.routes else ())
        runtime.leaving.set()  # answers that would last end at once
        async with client(runtime, app) as http:
            for route in app.routes:
                action = getattr(route, "action", PUBLIC)
                if action == PUBLIC or not isinstance(route, Route):
                    continue
                answered = await status(http, route, headers)
                assert (answered == 403) is (role not in WHO_MAY[action]), (role, route.path, answered)


class StrandConformance(Conformance):
    """The suite of a service that takes commands."""

    # Commands

    async def test_a_repeated_key_changes_nothing(self, runtime: Runtime) -> None:
        call = replace(a_first_command(runtime), key="chiave", scope="/prova", digest=b"1")
        accepted, repeated = await execute(runtime, call), await execute(runtime, call)
        assert (repeated.replayed, repeated.events) == (True, accepted.events)
        with pytest.raises(KeyReused):
            await execute(runtime, replace(call, digest=b"2"))
        assert await _count(runtime, "journal") == len(accepted.events)

    async def test_a_failure_after_the_decision_writes_nothing(self, runtime: Runtime) -> None:
        await runtime.pool.execute(
            "create function no() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;"
            " create trigger no after insert on outbox execute function no()"
        )
        call = replace(a_first_command(runtime), key="chiave")
        with pytest.raises(asyncpg.RaiseError):
            await execute(runtime, call)
        assert [await _count(runtime, table) for table in WRITTEN] == [0] * len(WRITTEN)
        await runtime.pool.execute("drop trigger no on outbox")
        assert not (await execute(runtime, call)).replayed

    async def test_of_eight_simultaneous_firsts_one_is_accepted(self, runtime: Runtime) -> None:
        call = a_first_command(runtime)
        outcomes = await asyncio.gather(*[execute(runtime, call) for _ in range(EIGHT)], return_exceptions=True)
        refused = [o for o in outcomes if isinstance(o, Rejected)]
        assert (len(outcomes) - len(refused), len({r.code for r in refused})) == (1, 1), outcomes
        assert await runtime.pool.fetchval("select max(version) from journal") == 1

    async def test_a_relay_that_is_killed_is_resumed_without_loss(self, runtime: Runtime) -> None:
        await create_topics(runtime.settings.kafka, manifest([runtime.service.name]))
        for round in range(3):
            for _ in range(20):
                await execute(runtime, a_first_command(runtime, apart=True))
            async with running(Relay(runtime).run):
                if round == 2:
                    await until(lambda: _is_empty(runtime, "outbox"), "everything shipped")
        shipped = await first_deliveries(runtime)
        journal = await runtime.pool.fetch("select id::text, kind || '/' || entity, version from journal order by seq")
        assert sorted(map(tuple, journal)) == sorted(shipped)


def a_first_command(runtime: Runtime, *, apart: bool = False) -> Call:
    """A command that begins an entity and is refused the second time: of the strand's own where one needs nothing else.

    apart: of the meetings that every strand records, which no claim keeps from being many.
    """
    meetings = "coprogettazione" in runtime.service.by_kind
    own = [] if apart and meetings else _plain_beginnings(runtime.service.entities)
    entity, name = own[0] if own else (runtime.service.by_kind["coprogettazione"], "registrazione")
    spec = entity.commands[name]
    data = campioni(spec.model)["minimo"] if issubclass(spec.model, Event) else {}
    model = spec.model.model_validate(data | {"avvenuto_il": date(2016, 3, 20)})
    return Call(entity, str(uuid4()), spec, model, author="conformita")


def _plain_beginnings(entities: Sequence[Entity[Any]]) -> list[tuple[Entity[Any], str]]:
    return [
        (entity, name)
        for entity in entities
        if not entity.singleton
        for name, spec in entity.commands.items()
        if spec.creates and issubclass(spec.model, Event) and not spec.needs and not spec.views
    ]


async def _count(runtime: Runtime, table: str) -> int:
    found: int = await runtime.pool.fetchval(f"select count(*) from {table}")  # noqa: S608 - names of ours
    return found


async def _is_empty(runtime: Runtime, table: str) -> bool:
    return await _count(runtime, table) == 0


async def _read(transaction: Any, query: str, value: str, wanted: int, *, at_least: bool = False) -> bool:
    async with transaction() as connection:
        found = await connection.fetchval(query, value) or 0
    return bool(found >= wanted if at_least else found == wanted)
