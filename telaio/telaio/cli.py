"""The command line of a service: `python -m casa api | relay | migrate | topics | republish | quarantine | …`."""

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import date

from aiokafka.errors import KafkaError

from telaio import logs, quarantine
from telaio.database import ANY
from telaio.doctor import doctor
from telaio.migrate import MigrationChanged, migrate, migrations
from telaio.process import calm_collector, serve, ship
from telaio.republish import republish
from telaio.roles import RUOLO
from telaio.runtime import Runtime
from telaio.safekeeping.backup import BACKUP
from telaio.safekeeping.export import ESPORTA
from telaio.safekeeping.restore import RESTORE
from telaio.service import Consumption, OwnCommand, Service
from telaio.settings import Settings, SettingsError
from telaio.topics import create_topics, manifest

Work = Callable[[Runtime, argparse.Namespace], Awaitable[int]]


def main(service: Service, words: Sequence[str] | None = None) -> None:
    """Runs one word of the command line and exits: 0 done, 1 failed, 2 wrong use or settings."""
    arguments = _parser(service).parse_args(words)
    if arguments.work is DOCTOR.run:
        sys.exit(doctor(service, os.environ))
    try:
        settings = Settings.from_environment()
    except SettingsError as wrong:
        sys.exit(f"Impostazioni da correggere:\n{wrong}")
    logs.configure(settings.log_level)
    calm_collector()
    try:
        sys.exit(asyncio.run(_run(service, settings, arguments)))
    except KeyboardInterrupt:
        sys.exit(0)


async def _run(service: Service, settings: Settings, arguments: argparse.Namespace) -> int:
    runtime = await Runtime.start(service, settings)
    work: Work = arguments.work
    try:
        return await work(runtime, arguments)
    except (*ANY, KafkaError, MigrationChanged, SettingsError) as trouble:
        print(f"Non riuscito: {type(trouble).__name__}: {trouble}", file=sys.stderr)
        return 1
    finally:
        await runtime.stop()


def _parser(service: Service) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m {service.name}", description=service.title)
    words = parser.add_subparsers(required=True, metavar="comando")
    for name, command in {**COMMON, **(CONSUMING if service.consumer else {}), **service.commands}.items():
        word = words.add_parser(name, help=command.help, description=command.help)
        command.arguments(word)
        word.set_defaults(work=command.run)
    return parser


async def _api(runtime: Runtime, arguments: argparse.Namespace) -> int:
    await serve(runtime)
    return 0


async def _relay(runtime: Runtime, arguments: argparse.Namespace) -> int:
    await ship(runtime)
    return 0


async def _migrate(runtime: Runtime, arguments: argparse.Namespace) -> int:
    service = runtime.service
    done = await migrate(runtime.settings.database, migrations(service.name, service.migrations))
    if service.prepare:
        await service.prepare(runtime)
    print("\n".join(f"applicata {name}" for name in done) or "niente da applicare")
    return 0


async def _topics(runtime: Runtime, arguments: argparse.Namespace) -> int:
    created = await create_topics(runtime.settings.bus, manifest(runtime.district.servizi, replicas=arguments.repliche))
    print("\n".join(f"creato {name}" for name in created) or "niente da creare")
    return 0


async def _republish(runtime: Runtime, arguments: argparse.Namespace) -> int:
    kind, _, id = (arguments.entita or "").partition("/")
    count = await republish(runtime.pool, entity=(kind, id) if id else None, since=arguments.dal, until=arguments.al)
    print(f"{count} eventi da spedire di nuovo")
    return 0


async def _quarantine(runtime: Runtime, arguments: argparse.Namespace) -> int:
    assert runtime.service.consumer is not None
    consumption = runtime.service.consumer(runtime)
    try:
        return await QUARANTINE[arguments.azione](consumption, arguments)
    except quarantine.NotThere as missing:
        print(f"Nessun record {missing} in attesa.", file=sys.stderr)
    except quarantine.SubjectUnknown as unknown:
        print(f"Il record {unknown} non dice di chi è: indicare --soggetto e --versione.", file=sys.stderr)
    except quarantine.Forked as other:
        print(f"Il record {other} è di un'altra storia: non si scarta da solo, si dirime con settle.", file=sys.stderr)
    except quarantine.NotForked as one:
        print(f"Il soggetto del record {one} ha una storia sola: non c'è nulla da dirimere.", file=sys.stderr)
    return 1


async def _list(consumption: Consumption, arguments: argparse.Namespace) -> int:
    found = await quarantine.entries(consumption)
    for e in found:
        place = f"{e.topic}/{e.partition}@{e.offset}"
        print(f"{e.id}\t{e.reason}\t{e.subject or '?'}\tv{e.version or '?'}\t{place}\t{e.detail}")
    print(f"{len(found)} in attesa")
    return 0


async def _show(consumption: Consumption, arguments: argparse.Namespace) -> int:
    found = await quarantine.entries(consumption, arguments.id)
    for e in found:
        print(f"{e}\n{(e.value or b'').decode('utf-8', 'replace')}")
    return 0 if found else 1


async def _retry(consumption: Consumption, arguments: argparse.Namespace) -> int:
    done, still = await quarantine.retry(consumption, arguments.id or None)
    print(f"{done} applicati, {still} ancora in attesa")
    return 0


def _one_with_a_reason(arguments: argparse.Namespace) -> bool:
    """Whether one record is named, and why; where not, says so."""
    enough = len(arguments.id) == 1 and bool(arguments.motivo)
    if not enough:
        print("Indicare un id e --motivo.", file=sys.stderr)
    return enough


async def _discard(consumption: Consumption, arguments: argparse.Namespace) -> int:
    if not _one_with_a_reason(arguments):
        return 2
    await quarantine.discard(
        consumption, arguments.id[0], arguments.motivo, subject=arguments.soggetto, version=arguments.versione
    )
    print("scartato")
    return 0


async def _settle(consumption: Consumption, arguments: argparse.Namespace) -> int:
    if not _one_with_a_reason(arguments):
        return 2
    aside = await quarantine.settle(consumption, arguments.id[0], arguments.motivo)
    print(f"{aside} messi da parte: ora il partner rispedisce l'entità con republish --entita")
    return 0


QUARANTINE = {"list": _list, "show": _show, "retry": _retry, "discard": _discard, "settle": _settle}


def _quarantine_arguments(word: argparse.ArgumentParser) -> None:
    word.add_argument("azione", choices=sorted(QUARANTINE))
    word.add_argument("id", type=int, nargs="*", help="numero del record (nessuno: tutti, per retry)")
    word.add_argument("--motivo", help="perché si scarta o si dirime")
    word.add_argument("--soggetto", help="entità del record illeggibile, genere/id")
    word.add_argument("--versione", type=int, help="versione che il record illeggibile occupava")


def _republish_arguments(word: argparse.ArgumentParser) -> None:
    word.add_argument("--entita", help="solo questa entità, genere/id")
    word.add_argument("--dal", type=date.fromisoformat, help="registrati dal giorno AAAA-MM-GG")
    word.add_argument("--al", type=date.fromisoformat, help="registrati fino al giorno AAAA-MM-GG")


async def _doctor(runtime: Runtime, arguments: argparse.Namespace) -> int:
    raise AssertionError("the doctor comes before there is a runtime")


DOCTOR = OwnCommand("guarda tutto ciò che serve, senza toccare nulla, e dice che cosa non va", _doctor)
COMMON = {
    "doctor": DOCTOR,
    "api": OwnCommand("pagine e API, con relay e lettore nello stesso processo", _api),
    "relay": OwnCommand("solo il relay, in un processo a parte", _relay),
    "migrate": OwnCommand("aggiorna lo schema del database", _migrate),
    "ruolo": RUOLO,
    "topics": OwnCommand(
        "crea i topic mancanti del manifesto",
        _topics,
        lambda word: word.add_argument("--repliche", type=int, default=1),
    ),
    "backup": BACKUP,
    "restore": RESTORE,
    "esporta": ESPORTA,
    "republish": OwnCommand("rispedisce a Kafka eventi del diario", _republish, _republish_arguments),
}
CONSUMING = {"quarantine": OwnCommand("i record che non si possono applicare", _quarantine, _quarantine_arguments)}
