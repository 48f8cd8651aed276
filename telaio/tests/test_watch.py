"""What a service tells of itself: metrics read from its database and counted by its parts, and its heartbeat."""

import asyncio
import re
import time

import pytest
from prometheus_client import REGISTRY, generate_latest
from stack.broker import Broker
from telaio.runtime import Runtime
from telaio.testing.strand import vasi
from telaio.topics import manifest
from telaio.watch import look

from telaio import heartbeat, metrics

from .conftest import send, vaso
from .test_relay import emptied, relaying, runtime

__all__ = ["runtime"]
FORBIDDEN = {"id", "entity", "subject", "person", "persona", "famiglia", "path", "user", "author"}


def told(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, labels)


async def test_what_is_still_to_be_shipped_is_told_in_events_and_in_seconds(runtime: Runtime) -> None:
    await send(runtime, vasi, vaso(1), "apertura", etichetta="a", biglie=1)
    await send(runtime, vasi, vaso(2), "apertura", etichetta="b", biglie=1)
    await runtime.pool.execute("update journal set recorded_at = recorded_at - interval '90 s' where seq = 1")
    await look(runtime)
    assert told("genera_relay_lag_events") == 2
    assert told("genera_relay_lag_seconds") == pytest.approx(90, abs=20)
    assert (told("genera_database_up"), told("genera_migrations_pending")) == (1, 0)


async def test_shipped_events_are_counted_by_the_batch_and_nothing_is_late_any_more(runtime: Runtime) -> None:
    before = told("genera_relay_shipped_events_total") or 0
    await send(runtime, vasi, vaso(1), "apertura", etichetta="a", biglie=1)
    async with relaying(runtime):
        await emptied(runtime)
        assert told("genera_relay_leading") == 1
        await asyncio.sleep(0.1)
    await look(runtime)
    assert told("genera_relay_shipped_events_total") == before + 1
    assert told("genera_relay_lag_events") == told("genera_relay_lag_seconds") == told("genera_relay_leading") == 0
    assert (told("genera_relay_last_ack_timestamp_seconds") or 0) > time.time() - 30


async def test_a_lacking_migration_and_a_database_that_is_away_are_told(runtime: Runtime) -> None:
    await runtime.pool.execute("delete from migration where name like '%0003%'")
    await look(runtime)
    assert told("genera_migrations_pending") == 1
    await runtime.pool.close()
    await look(runtime)
    assert told("genera_database_up") == 0


async def test_a_heartbeat_takes_the_relays_way_and_the_last_one_is_known_to_who_comes_later(runtime: Runtime) -> None:
    name = runtime.service.name
    async with relaying(runtime):
        listening = asyncio.create_task(heartbeat.listen(runtime, {name: "ente-di-prova", "mai-visto": "nessuno"}))
        async with asyncio.timeout(20):
            while not runtime.status.get("battiti"):
                await asyncio.sleep(0.05)
    listening.cancel()
    assert runtime.status["battiti"][name] == pytest.approx(time.time(), abs=20)
    assert told("genera_heartbeat_timestamp_seconds", service=name, partner="ente-di-prova", stage="heard")
    assert told("genera_heartbeat_timestamp_seconds", service=name, partner="ente-di-prova", stage="sent")


async def test_a_relay_that_does_not_get_round_does_not_beat(runtime: Runtime, broker: Broker) -> None:
    sent: list[bytes] = []

    class Producer:
        async def send_and_wait(self, topic: str, value: bytes) -> None:
            sent.append(value)

    pulse = heartbeat.Pulse(runtime)
    beating = asyncio.create_task(pulse.run(Producer()))  # type: ignore[arg-type]
    await asyncio.sleep(0.05)
    assert sent == []
    pulse.passed()
    await asyncio.sleep(0.05)
    beating.cancel()
    assert len(sent) == 1


def test_events_are_kept_for_ever_and_heartbeats_an_hour() -> None:
    kept = {t.name: (t.partitions, t.configs["retention.ms"]) for t in manifest(["casa"])}
    assert kept == {"casa.eventi": (6, "-1"), "casa.battiti": (1, str(60 * 60 * 1000))}


def test_names_are_ours_with_base_units_and_no_label_grows_without_bound() -> None:
    families = [m for m in REGISTRY.collect() if m.name.startswith("genera_")]
    assert len(families) > 20
    for family in families:
        assert family.documentation
        labels = {label for sample in family.samples for label in sample.labels} - {"le"}
        assert not labels & FORBIDDEN, family.name
        assert not re.search(r"_(ms|millis|minutes|hours|kb|mb|percent)(_|$)", family.name), family.name
    text = generate_latest(REGISTRY).decode()
    assert not re.search(r"p-[a-z0-9]{6,64}|[0-9a-f]{8}-[0-9a-f]{4}-", text)
    assert metrics.BUILD is not None


async def test_which_parts_a_service_must_have_and_whether_the_broker_answers_them_are_told(runtime: Runtime) -> None:
    metrics.tell_build(runtime)
    assert told("genera_part_expected", part="relay") == 1
    pulse = heartbeat.Pulse(runtime)
    pulse.broker(False)
    assert (told("genera_kafka_up", part="relay"), runtime.status["relay"]["kafka"]) == (0, False)
    async with relaying(runtime):
        async with asyncio.timeout(20):
            while not told("genera_kafka_up", part="relay"):
                await asyncio.sleep(0.05)
    assert runtime.status["relay"]["kafka"] is True
