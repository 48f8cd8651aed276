"""The clerk of a strand: does by itself what the protocol needs nobody for, as soon as it can and after every crash.

It looks at how things stand, not at what has just arrived: a step already taken is refused by its decision, so nothing
has to be remembered about which news was answered.
"""

import asyncio
import logging

from telaio.database import DEAD, Connection, Unavailable
from telaio.entity import Rejected
from telaio.execute import Call, execute
from telaio.invii.automatic import Step, next_step
from telaio.invii.capacity import Capienza
from telaio.invii.halves import invii
from telaio.invii.heard import Riceventi, sent_open
from telaio.runtime import Runtime

AUTHOR = "sistema"
PAUSE_SECONDS = 1.0
"""How long a deadline that has passed may go unnoticed; news from the bus wakes the clerk at once."""

log = logging.getLogger("telaio.invii")

_PLACES = "select source, state from half where kind = 'capienza'"


class Clerk:
    """Runs beside a strand."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._held = False

    async def run(self) -> None:
        """Works until cancelled; what holds it up, a database that is away, is told once."""
        while True:
            self._runtime.heard.clear()
            try:
                await self.work()
            except DEAD as trouble:
                self._tell(type(trouble).__name__)
            except Unavailable as trouble:
                self._tell(str(trouble))
            else:
                self._tell(None)
            try:
                await asyncio.wait_for(self._runtime.heard.wait(), PAUSE_SECONDS)
            except TimeoutError:
                continue

    def _tell(self, trouble: str | None) -> None:
        if trouble and not self._held:
            log.warning("clerk held up", extra={"reason": trouble})
        elif self._held and not trouble:
            log.info("clerk goes on")
        self._held = trouble is not None

    async def work(self) -> int:
        """Takes every step that is due now, and returns how many. Raises: DEAD; Unavailable, after trying all."""
        done, held = 0, None
        for id, (name, command) in await self._due():
            call = Call(invii, id, invii.commands[name], command, AUTHOR)
            try:
                await execute(self._runtime, call)
                done += 1
            except Rejected as already:
                log.info("step not taken", extra={"invio": id, "step": name, "code": already.code})
            except Unavailable as trouble:
                held = trouble  # it may be this invio's alone
        if held:
            raise held
        return done

    async def _due(self) -> list[tuple[str, Step]]:
        runtime, found = self._runtime, []
        today, termini = runtime.clock.today(), runtime.district.invii
        async with runtime.pool.acquire() as connection:
            places = await _places(connection)
            for invio, halves in await sent_open(connection):
                continues = invio.segue is not None
                riceventi = await Riceventi.load(connection, invio.id, invio, None) if continues else Riceventi(halves)
                offering = {node: free[invio.prestazione] for node, free in places if invio.prestazione in free}
                step = next_step(invio, riceventi, offering, termini, today)
                found += [(invio.id, step)] if step else []
        return found


async def _places(connection: Connection) -> list[tuple[str, dict[str, int]]]:
    """The free places by prestazione of each service that told them."""
    told = [(source, Capienza.model_validate_json(state)) for source, state in await connection.fetch(_PLACES)]
    return [(source.strip("/"), {p: q.liberi for p, q in capienza.posti.items()}) for source, capienza in told]
