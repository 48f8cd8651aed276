"""Taking a consumer to its places: where the database says each partition goes on, compared with what the log holds."""

import logging
from collections.abc import Callable, Collection
from contextlib import AbstractAsyncContextManager
from typing import Any

from aiokafka import TopicPartition

from telaio.consumer import store
from telaio.consumer.position import MADE_AGAIN, Positions, Start
from telaio.consumer.subscription import births
from telaio.database import Connection

HEAD_LOST = "testa-del-log-perduta"
log = logging.getLogger("telaio.consumer")


class Places:
    """The positions of one reader, and the way to them. Raises what database and broker do: the caller insists.

    status: `allarmi` names the partitions whose next record is gone from the log.
    """

    def __init__(
        self, transaction: Callable[[], AbstractAsyncContextManager[Connection]], status: dict[str, Any]
    ) -> None:
        self.positions = Positions()
        self._transaction, self._status = transaction, status

    async def take(self, consumer: Any, partitions: Collection[TopicPartition]) -> None:
        """Seeks each partition to its stored place and lets it run; one whose place is gone stays paused, with an
        alarm: the others go on without it."""
        begins = await consumer.beginning_offsets(list(partitions)) if partitions else {}
        ends = await consumer.end_offsets(list(partitions)) if partitions else {}
        born = await births(consumer, partitions)
        async with self._transaction() as connection:
            stored = await store.offsets(connection, [(tp.topic, tp.partition) for tp in partitions])
            for tp in partitions:
                extent = (begins[tp], ends[tp])
                start = self.positions.place((tp.topic, tp.partition), *stored[tp], extent, born[tp])
                if start.restart:
                    await store.restart(connection, tp.topic, tp.partition)
                self._go(consumer, tp, start)

    async def survey(self, consumer: Any) -> tuple[dict[TopicPartition, int], set[TopicPartition]]:
        """How many records of each partition are still to be read, and the partitions that are not where they should
        be: without a place, or with a log that was cut or made again."""
        assigned = list(consumer.assignment())
        begins = await consumer.beginning_offsets(assigned) if assigned else {}
        ends = await consumer.end_offsets(assigned) if assigned else {}
        # The embedded broker tells its ends too low.
        ends = {tp: max(end, consumer.highwater(tp) or 0) for tp, end in ends.items()}
        born = await births(consumer, assigned)
        expected = {tp: self.positions.expected((tp.topic, tp.partition)) for tp in assigned}
        astray = {tp for tp in assigned if not begins[tp] <= expected[tp] <= ends[tp]}
        astray |= {tp for tp in assigned if self.positions.reborn((tp.topic, tp.partition), born[tp])}
        return {tp: max(ends[tp] - expected[tp], 0) for tp in assigned}, astray

    def _go(self, consumer: Any, tp: TopicPartition, start: Start) -> None:
        name = f"{tp.topic}/{tp.partition}"
        if start.lost:
            consumer.pause(tp)
            self._status["allarmi"][name] = HEAD_LOST
            log.error("partition stopped", extra={"alarm": HEAD_LOST, "partition": name})
            return
        self._status["allarmi"].pop(name, None)
        consumer.seek(tp, start.seek)
        consumer.resume(tp)

    async def take_back(self, consumer: Any, tp: TopicPartition, place: int) -> None:
        """Seeks one partition again; a log that was made again is begun from its start."""
        if place == MADE_AGAIN:
            log.warning("log made again", extra={"topic": tp.topic, "partition": tp.partition})
            async with self._transaction() as connection:
                await store.restart(connection, tp.topic, tp.partition)
            self.positions.begin((tp.topic, tp.partition))
        consumer.seek(tp, max(place, 0))
