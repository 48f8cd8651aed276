"""The broker: whether it lets us in, and whether the topics are there and as the manifest says."""

import asyncio
import ssl
from collections.abc import Iterable, Iterator
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, TopicAuthorizationFailedError, for_code

from telaio import heartbeat
from telaio.doctor.finding import Finding, bad, good
from telaio.service import Service
from telaio.settings import Settings
from telaio.topics import TopicSpec, describe, manifest

SECONDS = 8
TOPICS = "farli creare dal distretto: genera cruscotto topics"
RIGHTS = "chiedere al distretto i permessi (ACL) del manifesto"


async def examine(service: Service, settings: Settings) -> list[Finding]:
    """The findings about the broker; one alone where it cannot be reached."""
    try:
        client = AIOKafkaAdminClient(**settings.bus.client, request_timeout_ms=SECONDS * 1000)
        async with asyncio.timeout(SECONDS):
            await client.start()
    except (OSError, ssl.SSLError) as wrong:
        return [bad(f"i certificati del broker non si possono usare ({type(wrong).__name__})", "correggere i file PEM")]
    except (KafkaError, TimeoutError) as away:
        return [bad(f"il broker non risponde o non ci ammette ({type(away).__name__}: {away})", _how(settings))]
    try:
        return [good("il broker risponde"), *await _topics(client, service, settings)]
    except (KafkaError, TimeoutError) as trouble:
        return [bad(f"il broker non dice dei topic ({type(trouble).__name__})", RIGHTS)]
    finally:
        await client.close()


def _how(settings: Settings) -> str:
    """What to look at first, by how we sign in."""
    if settings.kafka_tls:
        return "controllare GENERA_KAFKA, il certificato in GENERA_KAFKA_CA_FILE, il nome che porta, poi l'utente"
    if settings.kafka_utente:
        return "controllare GENERA_KAFKA, utente e password; poi che il distretto abbia creato l'utente"
    return "controllare GENERA_KAFKA, e che il broker sia avviato e raggiungibile da qui"


async def _topics(client: Any, service: Service, settings: Settings) -> list[Finding]:
    wanted = {t.name: t for t in manifest([service.name])}
    described = {t["topic"]: t for t in await describe(client, wanted)}
    there = [name for name, t in described.items() if t["error_code"] == 0]
    kept = await _retention(client, there) if there else {}
    found = [f for name, spec in wanted.items() for f in _topic(spec, described[name], kept.get(name))]
    beats = heartbeat.topic_of(service.name)
    return [*found, await _write(beats, settings)] if beats in there else found


def _topic(spec: TopicSpec, found: Any, kept: str | None) -> Iterator[Finding]:
    error = for_code(found["error_code"])
    if found["error_code"]:
        denied = error is TopicAuthorizationFailedError
        what, fix = ("non ci è permesso", RIGHTS) if denied else ("non c'è", TOPICS)
        yield bad(f"il topic {spec.name} {what}", fix)
        return
    partitions = len(found["partitions"])
    if partitions != spec.partitions:
        fix = "crearne uno nuovo con le partizioni del manifesto e ripubblicare: cambiarle sposta le chiavi"
        yield bad(f"{spec.name} ha {partitions} partizioni, non {spec.partitions}", fix)
    if kept is not None and spec.keep_ms < 0 <= int(kept):
        fix = "impostare retention.ms=-1: un topic di eventi non dimentica"
        yield bad(f"{spec.name} dimentica gli eventi dopo {int(kept) / 86_400_000:.0f} giorni", fix)
    if partitions == spec.partitions and not (kept and spec.keep_ms < 0 <= int(kept)):
        yield good(f"il topic {spec.name} è come deve essere")


async def _retention(client: Any, topics: Iterable[str]) -> dict[str, str]:
    """How long each topic remembers, in milliseconds; those we may not ask about are left out."""
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in topics]
    kept: dict[str, str] = {}
    for answer in await client.describe_configs(resources):
        for code, _, _, name, entries in answer.resources:
            settings = dict(entry[:2] for entry in entries)
            if code == 0 and "retention.ms" in settings:
                kept[name] = settings["retention.ms"]
    return kept


async def _write(beats: str, settings: Settings) -> Finding:
    """Whether we may write, tried with a heartbeat: it is no event, and counts for nothing."""
    producer = AIOKafkaProducer(**settings.bus.client, request_timeout_ms=SECONDS * 1000)
    try:
        async with asyncio.timeout(SECONDS):
            await producer.start()
            await producer.send_and_wait(beats, b'{"alle": 0}')
    except TopicAuthorizationFailedError:
        return bad("il broker non ci lascia scrivere sui nostri topic", RIGHTS)
    except (KafkaError, TimeoutError) as trouble:
        return bad(f"non si riesce a scrivere sul broker ({type(trouble).__name__})", _how(settings))
    finally:
        await producer.stop()
    return good("si può scrivere sui nostri topic")
