"""The whole scenario, end to end: from commands over HTTP, through PostgreSQL and Kafka, to the cruscotto's figures."""

import json
from collections import Counter

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from scenario.check import arrived, summary, verdict
from scenario.conto import Cifra, fini_dei_mesi
from scenario.readmodels import BY_ITSELF

from .conftest import Story

FUND = "fondo-garanzia"
STRANDS = ("casa", "lavoro", "giovani", "punti")


def test_every_command_has_the_answer_it_should(story: Story) -> None:
    assert story.performance.surprises == [], "\n".join(story.performance.surprises)
    assert {p.id for p in story.passi} <= story.performance.played.keys()


def test_what_a_rule_forbids_is_refused_with_its_code(story: Story) -> None:
    planned = Counter(p.expects.codice for p in story.passi if not p.expects.accolto)
    refused = [p for p in story.performance.played.values() if not p.accepted]
    assert Counter(p.answer["code"] for p in refused) == planned
    assert all(p.answer["title"] and p.answer["detail"] for p in refused)


def test_a_repeated_command_gets_the_answer_of_the_first_and_does_nothing(story: Story) -> None:
    repeats = [p for p in story.performance.played.values() if p.passo.ripete]
    assert len(repeats) > 50
    for repeat in repeats:
        assert repeat.replayed
        assert repeat.answer == story.performance.played[repeat.passo.chiave].answer


@pytest.mark.parametrize("strand", STRANDS)
async def test_every_accepted_event_and_no_other_reaches_kafka_in_order(story: Story, strand: str) -> None:
    records = await _all_records(story.addresses["broker"]["address"], f"{strand}.eventi")
    told = [event for p in story.performance.accepted if p.passo.servizio == strand for event in p.events]
    ids = {r["id"] for r in records if r["type"] not in BY_ITSELF}
    assert ids == set(told)
    assert len(ids) == len(told)
    versions: dict[str, int] = {}
    for record in records:
        if record["entityversion"] > versions.get(record["subject"], 0):  # a repeat is harmless
            assert record["entityversion"] == versions.get(record["subject"], 0) + 1
            versions[record["subject"]] = record["entityversion"]


@pytest.mark.parametrize("strand", STRANDS)
async def test_facts_are_recorded_on_the_simulated_day(story: Story, strand: str) -> None:
    records = await _all_records(story.addresses["broker"]["address"], f"{strand}.eventi")
    days = {e: p.passo.giorno.isoformat() for p in story.performance.accepted for e in p.events}
    told = [r for r in records if r["type"] not in BY_ITSELF]
    assert all(record["time"].startswith(days[record["id"]]) for record in told)


async def test_every_accepted_event_and_no_other_is_a_fact_of_the_cruscotto(story: Story) -> None:
    assert await arrived(story.board, story.performance.events)


async def test_every_figure_of_every_month_equals_the_independent_calculation(story: Story) -> None:
    assert await arrived(story.board, story.performance.events)
    found = await verdict(story.board, story.performance, story.to)
    assert found.differences == []
    assert found.compared > 1000
    assert "obiettivo 80" in summary(found)


def test_the_fund_of_casa_agrees_with_the_calculation(story: Story) -> None:
    stato = story.get("casa", f"/fondi/{FUND}", user="anna.bianchi")["stato"]
    end, conto = fini_dei_mesi(story.to, story.to)[0], story.conto
    paid = sum(v for c, v in conto.items() if c.al == end and c.chiave.startswith("versato"))
    assert stato == {
        "versato_centesimi": paid,
        "escusso_centesimi": conto[Cifra("CA09", end, "", "escussione")],
        "recuperato_centesimi": conto[Cifra("CA09", end, "", "recupero")],
        "impegni_centesimi": conto[Cifra("fondo", end, "", "impegnato")],
    }


def test_the_fondo_esperienze_agrees_with_what_was_paid_in(story: Story) -> None:
    stato = story.get("lavoro", "/fondi/fondo-esperienze", user="marta.villa")["stato"]
    end, conto = fini_dei_mesi(story.to, story.to)[0], story.conto
    everywhere = sum(v for c, v in conto.items() if (c.codice, c.al) == ("RE08", end))
    in_casa = sum(v for c, v in conto.items() if c.al == end and c.chiave.startswith("versato"))
    assert stato["versato_centesimi"] == everywhere - in_casa > 0
    assert stato["speso_centesimi"] + stato["impegni_centesimi"] <= stato["versato_centesimi"]


def test_the_time_given_in_the_punti_is_the_time_received(story: Story) -> None:
    stato = story.get("punti", "/banche-del-tempo/banca-del-tempo", user="chiara.fontana")["stato"]
    end, conto = fini_dei_mesi(story.to, story.to)[0], story.conto
    given = sum(c["dato_minuti"] for c in stato["conti"])
    assert given == sum(c["ricevuto_minuti"] for c in stato["conti"])
    assert given == sum(v for c, v in conto.items() if (c.codice, c.al) == ("PU07", end))


async def _all_records(address: str, topic: str) -> list[dict]:
    """Everything on a topic, partition by partition."""
    consumer = AIOKafkaConsumer(bootstrap_servers=address, enable_auto_commit=False)
    await consumer.start()
    try:
        partitions = [TopicPartition(topic, p) for p in sorted(await _partitions(consumer, topic))]
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        ends, found = await consumer.end_offsets(partitions), []
        while any([await consumer.position(p) < ends[p] for p in partitions]):
            batches = await consumer.getmany(timeout_ms=500)
            found += [json.loads(record.value) for batch in batches.values() for record in batch]
        return found
    finally:
        await consumer.stop()


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> set[int]:
    await consumer._client.force_metadata_update()  # the consumer knows no topic until it is assigned one
    return consumer.partitions_for_topic(topic) or set()
