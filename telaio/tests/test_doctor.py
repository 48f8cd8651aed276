"""`genera doctor` names each planted misconfiguration with its fix, and changes nothing."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from stack.broker import Broker
from stack.databases import Databases
from stack.tokens import Issuer
from telaio.bus import bus
from telaio.doctor import doctor, examine
from telaio.doctor.finding import Finding
from telaio.migrate import migrate, migrations
from telaio.service import Service
from telaio.testing.strand import strand
from telaio.topics import TopicSpec, create_topics, manifest

Environment = dict[str, str]
NOTHING = "127.0.0.1:9"


@pytest.fixture
def service() -> Service:
    return strand(name="prova" + "".join(chr(97 + int(d)) for d in str(id(object()) % 10**9)))


@pytest.fixture
async def good(service: Service, databases: Databases, broker: Broker, tmp_path: Path) -> AsyncIterator[Environment]:
    """Settings with which everything is well."""
    dsn = databases.fresh()
    await migrate(dsn, migrations(service.name, service.migrations))
    await create_topics(broker.address, manifest([service.name]))
    district = tmp_path / "distretto.toml"
    district.write_text(f'denominazione = "Prova"\n[enti]\nente = "Ente"\n[linee]\n{service.name} = "ente"\n')
    yield {
        "GENERA_DATABASE": dsn,
        "GENERA_KAFKA": broker.address,
        "GENERA_PARTNER": "ente",
        "GENERA_CHIAVI_FILE": str(Issuer(tmp_path).keys_file),
        "GENERA_EMITTENTE": "chi",
        "GENERA_DISTRETTO_FILE": str(district),
        "GENERA_PORT": "0",
    }
    databases.drop(dsn)


async def said(service: Service, environment: Environment) -> list[Finding]:
    return [f for f in await examine(service, environment) if f.kind != "bene"]


async def test_where_all_is_well_it_says_so(service: Service, good: Environment) -> None:
    assert await said(service, good) == []
    assert await asyncio.to_thread(doctor, service, good) == 0


def _unknown(e: Environment) -> None:
    e["GENERA_PORTA"] = "8000"


def _missing(e: Environment) -> None:
    del e["GENERA_EMITTENTE"]


def _no_secret(e: Environment) -> None:
    e["GENERA_KAFKA_PASSWORD_FILE"] = "/non/esiste"


def _no_keys(e: Environment) -> None:
    Path(e["GENERA_CHIAVI_FILE"]).write_text(json.dumps({"chiavi": []}))


def _broken_district(e: Environment) -> None:
    Path(e["GENERA_DISTRETTO_FILE"]).write_text("[enti\n")


def _other_partner(e: Environment) -> None:
    path = Path(e["GENERA_DISTRETTO_FILE"])
    path.write_text(path.read_text().replace('= "ente"', '= "altri"').replace("[linee]", 'altri = "Altri"\n[linee]'))


def _unknown_partner(e: Environment) -> None:
    e["GENERA_PARTNER"] = "mai-visto"


def _no_database(e: Environment) -> None:
    e["GENERA_DATABASE"] = f"postgresql://prova@{NOTHING}/prova"


def _no_such_database(e: Environment) -> None:
    e["GENERA_DATABASE"] = e["GENERA_DATABASE"].rpartition("/")[0] + "/mai_visto"


def _no_broker(e: Environment) -> None:
    e["GENERA_KAFKA"] = NOTHING


def _no_certificate(e: Environment) -> None:
    Path(e["GENERA_CHIAVI_FILE"]).with_name("ca.pem").write_text("niente")
    e |= {"GENERA_KAFKA_TLS": "1", "GENERA_KAFKA_CA_FILE": str(Path(e["GENERA_CHIAVI_FILE"]).with_name("ca.pem"))}


def _no_provider(e: Environment) -> None:
    e |= {"GENERA_OIDC": f"http://{NOTHING}", "GENERA_SVILUPPO": "1"}


PLANTED: list[tuple[Callable[[Environment], None], str, str]] = [
    (_unknown, "GENERA_PORTA: non esiste", ".env.example"),
    (_missing, "GENERA_EMITTENTE: manca", ".env.example"),
    (_no_secret, "/non/esiste non si legge", ".env.example"),
    (_no_keys, "non contiene chiavi", "chi dà gli accessi"),
    (_broken_district, "il file del distretto", "correggerlo"),
    (_other_partner, "è di altri, non di ente", "GENERA_PARTNER"),
    (_unknown_partner, "mai-visto non è fra gli enti", "GENERA_PARTNER"),
    (_no_database, "il database non risponde", "avviare PostgreSQL"),
    (_no_such_database, "non esiste", "createdb"),
    (_no_broker, "il broker non risponde", "GENERA_KAFKA"),
    (_no_provider, "gestore delle identità", "GENERA_OIDC"),
    (_no_certificate, "certificati del broker", "PEM"),
]


@pytest.mark.parametrize(("plant", "what", "fix"), PLANTED, ids=[p[0].__name__.strip("_") for p in PLANTED])
async def test_a_planted_misconfiguration_is_named_with_its_fix(
    service: Service, good: Environment, plant: Any, what: str, fix: str
) -> None:
    plant(good)
    found = await said(service, good)
    assert [f for f in found if f.kind == "errore" and what in f.what and fix in f.fix], found
    assert len([f for f in found if f.kind == "errore"]) == 1
    assert await asyncio.to_thread(doctor, service, good) == 1


async def test_migrations_that_lack_or_are_somebody_elses_are_told(service: Service, good: Environment) -> None:
    connection = await asyncpg.connect(good["GENERA_DATABASE"])
    await connection.execute("delete from migration where name like '%0005%'")
    (found,) = await said(service, good)
    assert (found.kind, "1 migrazioni da applicare" in found.what) == ("attenzione", True)
    assert found.fix == f"genera {service.name} migrate"
    await connection.execute("insert into migration (name, checksum) values ('lavoro/0009_x.sql', '')")
    assert any("di un altro servizio o di una versione più recente" in f.what for f in await said(service, good))
    await connection.execute("update migration set checksum = 'x' where name like '%0001%'")
    assert any("diverse da queste" in f.what for f in await said(service, good))
    await connection.close()


async def test_a_database_that_only_reads_or_lets_nobody_create_is_told(service: Service, good: Environment) -> None:
    name = good["GENERA_DATABASE"].rpartition("/")[2]
    connection = await asyncpg.connect(good["GENERA_DATABASE"])
    await connection.execute(f'alter database "{name}" set default_transaction_read_only = on')
    assert any("solo letture" in f.what for f in await said(service, good))
    await connection.close()


async def test_topics_that_lack_or_forget_or_have_other_partitions_are_told(
    service: Service, good: Environment, broker: Broker
) -> None:
    missing = await said(strand(name=service.name + "x"), good)
    assert [f.what for f in missing] == [f"il topic {service.name}x.{kind} non c'è" for kind in ("eventi", "battiti")]
    assert all("genera cruscotto topics" in f.fix for f in missing)
    assert await said(strand(name=service.name + "x"), good) == missing, "looking makes no topic"
    other = strand(name=service.name + "y")
    await create_topics(broker.address, [TopicSpec(f"{other.name}.eventi", 3, keep_ms=7 * 86_400_000)])
    told = " ".join(f.what for f in await said(other, good))
    assert "3 partizioni, non 6" in told
    if broker.features.acls:
        assert "dimentica gli eventi dopo 7 giorni" in told
    assert bus(broker.address).protocol == "PLAINTEXT"


async def test_a_port_in_use_is_told_but_may_be_the_service_itself(service: Service, good: Environment) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        good["GENERA_PORT"] = str(taken.getsockname()[1])
        (found,) = await said(service, good)
    assert (found.kind, "GENERA_PORT" in found.fix) == ("attenzione", True)


@pytest.mark.needs_kafka_features
async def test_a_broker_that_does_not_let_us_write_is_told(
    service: Service, good: Environment, own_broker: Any
) -> None:
    guarded = own_broker(users={"casa": "segreto"})
    good |= {"GENERA_KAFKA": guarded.secured_address, "GENERA_SVILUPPO": "1", "GENERA_KAFKA_MECCANISMO": "PLAIN"}
    good |= {"GENERA_KAFKA_UTENTE": "casa", "GENERA_KAFKA_PASSWORD": "segreto"}
    await create_topics(guarded.address, manifest([service.name]))
    told = [f for f in await said(service, good) if f.kind == "errore"]
    assert told
    assert all("permessi (ACL)" in f.fix for f in told)
    good["GENERA_KAFKA_PASSWORD"] = "sbagliata"
    assert any("non ci ammette" in f.what for f in await said(service, good))


async def test_looking_changes_nothing_in_an_empty_database(
    service: Service, good: Environment, databases: Databases
) -> None:
    good["GENERA_DATABASE"] = databases.fresh()
    (found,) = await said(service, good)
    assert "migrazioni da applicare" in found.what
    connection = await asyncpg.connect(good["GENERA_DATABASE"])
    assert await connection.fetchval("select count(*) from pg_class where relnamespace = 'public'::regnamespace") == 0
    await connection.close()
    databases.drop(good["GENERA_DATABASE"])
