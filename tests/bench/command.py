"""A command through `execute` against the barest transaction PostgreSQL can do: BEGIN, UPDATE of one row, COMMIT."""

import asyncio
from datetime import date
from typing import Any
from uuid import uuid4

from casa.service import servizio as casa
from contratti.casa import FamigliaPresaInCarico, MorositaRilevata
from telaio.execute import Call, execute
from telaio.runtime import Runtime

from bench.result import Result, Stopwatch, in_turns
from bench.world import World

WRITERS = 8
GIORNO = date(2016, 3, 1)


async def measure(world: World, commands: int, rounds: int) -> list[Result]:
    """Eight writers on one pool, each on entities of its own; fsync on."""
    async with world.service(casa) as runtime:
        await runtime.pool.execute("create table pari (id int primary key, n int not null)")
        await runtime.pool.execute("insert into pari select i, 0 from generate_series(1, 8) i")
        families = [str(uuid4()) for _ in range(WRITERS)]
        for number, id in enumerate(families):
            await _command(runtime, id, "presa-in-carico", _in_carico(number))
        return [
            await in_turns(
                "comando : BEGIN; UPDATE; COMMIT",
                0.5,
                lambda: _commands(runtime, families, commands),
                lambda: _updates(runtime, commands),
                rounds=rounds,
                unit="comandi/s",
            )
        ]


def _in_carico(number: int) -> FamigliaPresaInCarico:
    return FamigliaPresaInCarico(avvenuto_il=GIORNO, comune="017113", componenti=(f"p-prova{number}",), minori=0)


async def _command(runtime: Runtime, id: str, name: str, model: Any) -> None:
    entity = casa.by_kind["famiglia"]
    await execute(runtime, Call(entity, id, entity.commands[name], model, author="prova"))


async def _commands(runtime: Runtime, families: list[str], commands: int) -> float:
    owed = MorositaRilevata(avvenuto_il=GIORNO, importo_centesimi=1, mensilita=1)

    async def writer(id: str) -> None:
        for _ in range(commands // WRITERS):
            await _command(runtime, id, "rilievo-morosita", owed)

    with Stopwatch() as watch:
        await asyncio.gather(*[writer(id) for id in families])
    return watch.per_second(commands)


async def _updates(runtime: Runtime, commands: int) -> float:
    async def writer(number: int) -> None:
        for _ in range(commands // WRITERS):
            async with runtime.pool.acquire() as connection:
                await connection.execute("begin")
                await connection.execute("update pari set n = n + 1 where id = $1", number)
                await connection.execute("commit")

    with Stopwatch() as watch:
        await asyncio.gather(*[writer(n + 1) for n in range(WRITERS)])
    return watch.per_second(commands)
