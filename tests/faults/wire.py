"""The wire in the test's own hands: what casa really sent, delivered again to an empty dashboard as the test likes."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaProducer
from cruscotto.service import servizio
from stack.databases import Databases
from telaio.runtime import Runtime
from telaio.service import Consumption
from telaio.settings import Settings

from .ledger import Entry
from .network import CRUSCOTTO, Network, off_loop
from .topic import TOPIC, raw_records


@dataclass(frozen=True, eq=False)
class Sent:
    """A record as casa sent it, with the ledger's entry for it."""

    entry: Entry
    partition: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, Any]] = ()


class Wire:
    """Records by entity, each to be delivered by one test. `delivered`: the entries of all those taken so far."""

    def __init__(self, network: Network, records: list[Sent]) -> None:
        self.network, self.delivered = network, list[Entry]()
        self._records = records
        self._subjects = list(dict.fromkeys(r.entry.subject for r in records))

    @classmethod
    async def of(cls, network: Network, events: int) -> "Wire":
        """Casa works until there are so many events, and stops; then its log and the dashboard begin again, empty."""
        async with network.load.running():
            while len(network.ledger.entries()) < events:
                await asyncio.sleep(0.2)
        await network.settled()
        entries = {(e.subject, e.version): e for e in network.ledger.entries()}
        records = [_sent(entries, r) for r in await raw_records(network.broker.address)]
        await asyncio.gather(off_loop(network.casa.stop), off_loop(network.cruscotto.stop))
        await off_loop(network.broker.wipe)
        await off_loop(network.broker.start)
        await network.make_topics()
        await off_loop(Databases(network.cruscotto_postgres).drop, network.cruscotto_dsn)
        await off_loop(Databases(network.cruscotto_postgres).create, "cruscotto")
        await off_loop(network.cruscotto.run, "migrate")
        await off_loop(network.cruscotto.start)
        return cls(network, records)

    def take(self, share: int) -> list[Sent]:
        """The records of one in `share` of the entities not yet taken, in casa's order."""
        count = max(1, len(self._subjects) // share)
        own, self._subjects = set(self._subjects[:count]), self._subjects[count:]
        taken = [r for r in self._records if r.entry.subject in own]
        self.delivered += [r.entry for r in taken]
        return taken

    async def put(self, records: Iterable[Sent]) -> None:
        """Sends records, each partition in this order."""
        async with AIOKafkaProducer(
            bootstrap_servers=self.network.broker.address, acks="all", max_request_size=1_040_000
        ) as producer:
            waiting = [
                await producer.send(TOPIC, r.value, r.key, partition=r.partition, headers=list(r.headers))
                for r in records
            ]
            await asyncio.gather(*waiting)

    async def waiting(self) -> int:
        """How many records wait in the dashboard."""
        return int(await self.network.served("select count(*) from {}.waiting where discarded_at is null"))


def _sent(entries: dict[tuple[str, int], Entry], record: Any) -> Sent:
    version = int(record.value.partition(b'"entityversion":')[2].partition(b",")[0])
    entry = entries[record.key.decode(), version]
    return Sent(entry, record.partition, record.key, record.value, record.headers)


@asynccontextmanager
async def consumption(network: Network) -> AsyncIterator[Consumption]:
    """The dashboard's own view of what it reads, as its command line has it."""
    values = {"database": network.cruscotto_dsn, "kafka": network.broker.address, "partner": CRUSCOTTO.partner}
    settings = Settings.model_validate(values | {"chiavi_file": "/dev/null", "emittente": "prova"})
    runtime = await Runtime.start(servizio, settings)
    try:
        assert servizio.consumer is not None
        yield servizio.consumer(runtime)
    finally:
        await runtime.stop()
