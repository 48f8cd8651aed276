"""How far behind each partition is, told to Prometheus."""

import time
from collections.abc import Mapping

from aiokafka import TopicPartition

from telaio import metrics


class Lag:
    """Remembers when each assigned partition was last read to its end: time does not depend on what clocks wrote into
    the records, and a partition that nobody writes to is not late."""

    def __init__(self) -> None:
        self._caught_up: dict[TopicPartition, float] = {}

    def tell(self, behind: Mapping[TopicPartition, int], stopped: int) -> None:
        """Sets the gauges of the partitions assigned now; those of others are no longer this process' to tell."""
        now = time.monotonic()
        metrics.CONSUMER_STOPPED.set(stopped)
        for tp in self._caught_up.keys() - behind.keys():
            del self._caught_up[tp]
            for gauge in (metrics.CONSUMER_LAG_EVENTS, metrics.CONSUMER_LAG_SECONDS):
                gauge.remove(tp.topic, str(tp.partition))
        for tp, records in behind.items():
            since = now if not records else self._caught_up.get(tp, now)
            self._caught_up[tp] = since
            metrics.CONSUMER_LAG_EVENTS.labels(tp.topic, str(tp.partition)).set(records)
            metrics.CONSUMER_LAG_SECONDS.labels(tp.topic, str(tp.partition)).set(now - since)
