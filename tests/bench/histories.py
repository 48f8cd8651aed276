"""A journal of casa to measure with: families of a plausible life, written straight into journal and outbox."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from contratti import casa
from contratti.rete import Event
from telaio.database import Pool, transaction
from telaio.identity import new_event_id

COLUMNS = (
    *("id", "kind", "entity", "version", "type", "schema_version", "data"),
    *("happened_on", "recorded_at", "author", "correlation", "causation", "traceparent"),
)
COMUNI = ("017113", "017039", "017032", "017034", "017160", "017203", "017001")


def life(number: int, chance: random.Random) -> Iterator[Event]:
    """Four to eleven events of one family."""
    day = date(2016, 2, 1) + timedelta(days=chance.randrange(700))
    people = tuple(f"p-{number:07d}{letter}" for letter in "abcd"[: chance.randrange(1, 5)])
    yield casa.FamigliaPresaInCarico(
        avvenuto_il=day, comune=chance.choice(COMUNI), componenti=people, minori=0, bisogni=("abitare",)
    )
    for _ in range(chance.randrange(1, 5)):
        day += timedelta(days=chance.randrange(40))
        amount = chance.randrange(100, 90000)
        yield casa.MorositaRilevata(avvenuto_il=day, importo_centesimi=amount, mensilita=1)
        yield casa.MorositaSanata(avvenuto_il=day, importo_centesimi=amount)
    yield casa.SfrattoIntimato(avvenuto_il=day)


def rows(events: int, seed: int = 7) -> Iterator[tuple[object, ...]]:
    """Journal rows, families mixed as in a day's work, each family in version order."""
    chance = random.Random(seed)
    open_ones: list[tuple[str, Iterator[Event], int]] = []
    for number in range(events):
        if len(open_ones) < 200:
            id = str(UUID(int=chance.getrandbits(128), version=4))
            open_ones.append((id, life(number, chance), 0))
        place = chance.randrange(len(open_ones))
        id, history, version = open_ones[place]
        event = next(history, None)
        if event is None:
            open_ones.pop(place)
            continue
        open_ones[place] = (id, history, version + 1)
        yield _row(id, version + 1, event)


def _row(id: str, version: int, event: Event) -> tuple[object, ...]:
    now = datetime(2018, 1, 1, tzinfo=UTC)
    head = (new_event_id(), "famiglia", id, version, event.type_name, event.schema_version)
    return (*head, event.model_dump_json(), event.avvenuto_il, now, "prova", new_event_id(), None, None)


async def fill(pool: Pool, events: int) -> int:
    """Fills journal and outbox of a casa database; returns how many events."""
    async with transaction(pool) as connection:
        await connection.copy_records_to_table("journal", columns=COLUMNS, records=list(rows(events)))
        await connection.execute("insert into outbox (seq) select seq from journal")
        return int(await connection.fetchval("select count(*) from journal"))
