"""A whole small network of one's own: Kafka, a PostgreSQL for each service, casa and cruscotto as processes.

Between each service and its PostgreSQL stands a proxy. Whatever blocks (starting, stopping) is done in a thread: the
proxies and the load live on the test's own loop.
"""

import asyncio
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from secrets import token_hex
from typing import Any

import asyncpg
from stack.broker import Broker
from stack.databases import Databases
from stack.postgres import Postgres
from stack.services import ServiceProcess, ServiceSpec
from stack.tokens import ISSUER, Issuer
from telaio.district import District
from telaio.topics import create_topics, manifest

from .ledger import Ledger
from .load import Load
from .proxy import Proxy
from .topic import TOPIC, kafka_end

CASA = ServiceSpec("casa", "consorzio-tenda")
CRUSCOTTO = ServiceSpec("cruscotto", "ambito")
ENDOWMENT = 10**9
READ = f"select coalesce(sum(next_offset), 0)::bigint from {{}}.consumer_offset where topic = '{TOPIC}'"
off_loop = asyncio.to_thread


class Service(ServiceProcess):
    """A service as a process. `words`: what it is started with; its database is brought up to date once."""

    ports_needed = 2

    def __init__(self, directory: Path, spec: ServiceSpec, settings: Mapping[str, str], words: str = "api") -> None:
        super().__init__(directory, spec, settings)
        self._words, self._prepared = words, False
        self.more: dict[str, str] = {}

    def environment(self) -> dict[str, str]:
        return {**super().environment(), **self.more}

    def prepare(self) -> None:
        if not self._prepared and self._words == "api":
            super().prepare()
        self._prepared = True

    def command(self) -> Sequence[str]:
        return [sys.executable, "-m", self.spec.package, self._words]

    def answers(self) -> bool:
        return self._words != "api" or super().answers()


class Network:
    """What a test mistreats. `ledger`: all that casa accepted; `load`: the way to send more."""

    def __init__(self, files: Path, broker: Broker, databases: tuple[Postgres, Postgres]) -> None:
        self.files, self.broker, self.clean = files / f"rete-{token_hex(4)}", broker, False
        self.files.mkdir(parents=True)
        self.casa_postgres, self.cruscotto_postgres = databases
        self.casa_proxy, self.cruscotto_proxy = (Proxy(server.dsn()) for server in databases)
        self.ledger = Ledger(self.files / "ledger.jsonl")
        self._issuer = Issuer(self.files / "chiavi")

    async def start(self) -> None:
        """Returns when both services are ready and the fund has money to guarantee with."""
        self.casa_dsn = await off_loop(Databases(self.casa_postgres).create, "casa")
        self.cruscotto_dsn = await off_loop(Databases(self.cruscotto_postgres).create, "cruscotto")
        await self.make_topics()
        await self.casa_proxy.start()
        await self.cruscotto_proxy.start()
        self.casa = self._service_casa()
        self.cruscotto = Service(self.files / "cruscotto", CRUSCOTTO, self._settings(self.cruscotto_proxy, "cruscotto"))
        await asyncio.gather(off_loop(self.casa.start), off_loop(self.cruscotto.start))
        self.load = Load(self.casa.url, self._issuer.token("anna.bianchi"), self.ledger)
        await self.load.endow(ENDOWMENT)

    def _service_casa(self) -> Service:
        return Service(self.files / "casa", CASA, self._settings(self.casa_proxy, "casa"))

    async def stop(self) -> None:
        """Stops the services; the servers belong to their fixtures."""
        await self.load.close()
        await asyncio.gather(off_loop(self.casa.kill), off_loop(self.cruscotto.kill))
        await self.casa_proxy.stop()
        await self.cruscotto_proxy.stop()

    def last_words(self) -> str:
        """The ends of the services' logs."""
        logs = sorted(self.files.glob("*/*.log"))
        return "\n".join(f"--- {log.name}\n" + "\n".join(log.read_text().splitlines()[-40:]) for log in logs)

    async def make_topics(self) -> None:
        """Creates the topics that are missing."""
        await create_topics(self.broker.address, manifest(District.load(None).servizi))

    def relay(self) -> Service:
        """A relay as a process of its own, not started; the one inside casa is waiting while it has the lead."""
        return Service(self.files / "relay", CASA, self._settings(self.casa_proxy, "casa"), "relay")

    async def restart_casa(self, **settings: str) -> None:
        """Casa again, with further settings (`GENERA_RELAY="0"`)."""
        await off_loop(self.casa.stop)
        self.casa.more = settings
        await off_loop(self.casa.start)

    async def served(self, query: str) -> Any:
        """One value of the served generation; `{}` in the query is its schema."""
        connection = await asyncpg.connect(self.cruscotto_dsn)
        try:
            return await connection.fetchval(query.format(await connection.fetchval("select name from served")))
        finally:
            await connection.close()

    async def caught_up(self, within: float) -> float:
        """Seconds until the dashboard shows as many events as are committed now. Raises: AssertionError."""
        begun, committed = time.monotonic(), self.ledger.count
        while (shown := await self.served("select count(*) from {}.fact")) < committed:
            assert time.monotonic() < begun + within, f"after {within:g} s {shown} events shown of {committed}"
            await asyncio.sleep(0.05)
        return time.monotonic() - begun

    async def settled(self, within: float = 30) -> float:
        """Seconds until nothing is left to ship and everything shipped is read. Raises: AssertionError with the lag."""
        begun, lag = time.monotonic(), ""
        while time.monotonic() < begun + within:
            lag = await self._lag()
            if not lag:
                return time.monotonic() - begun
            await asyncio.sleep(0.05)
        raise AssertionError(f"lag after {within:g} s: {lag}")

    async def _lag(self) -> str:
        try:
            async with asyncio.timeout(5):
                outbox = await _value(self.casa_dsn, "select count(*) from outbox")
                if outbox:
                    return f"{outbox} to ship"
                end = await kafka_end(self.broker.address)
                read = await self.served(READ)
                return "" if read == end else f"{read} read of {end}"
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as away:
            return repr(away)

    def _settings(self, proxy: Proxy, database: str) -> dict[str, str]:
        through = proxy.dsn().rpartition("/")[0] + f"/{database}"
        return {
            "GENERA_DATABASE": through,
            "GENERA_KAFKA": self.broker.address,
            "GENERA_CHIAVI_FILE": str(self._issuer.keys_file),
            "GENERA_EMITTENTE": ISSUER,
            "GENERA_LOG_LEVEL": "INFO",
            **({} if self.broker.features.idempotent else {"GENERA_IDEMPOTENTE": "0"}),
        }


async def _value(dsn: str, query: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def until_shipped(network: Network, within: float = 30) -> None:
    """Returns when nothing is left to ship. Raises: TimeoutError."""
    async with asyncio.timeout(within):
        while await _value(network.casa_dsn, "select count(*) from outbox"):
            await asyncio.sleep(0.05)


async def until(condition: Callable[[], object], what: str, within: float = 20) -> None:
    """Returns when the condition holds. Raises: AssertionError."""
    end = time.monotonic() + within
    while not condition():
        assert time.monotonic() < end, f"not within {within:g} s: {what}"
        await asyncio.sleep(0.02)
