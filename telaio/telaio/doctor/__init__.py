"""`genera doctor`: looks at everything a service needs before anything is started or changed, and says in plain Italian
what is wrong and how to put it right. It writes nothing but, where it may, one heartbeat."""

import asyncio
import sys
from collections.abc import Mapping

from telaio.doctor import broker, database, identity, machine
from telaio.doctor.finding import Finding, bad
from telaio.service import Service
from telaio.settings import Settings, SettingsError

SIGNS = {"bene": "✓", "attenzione": "!", "errore": "✗"}


async def examine(service: Service, environment: Mapping[str, str]) -> list[Finding]:
    """All findings. With settings that cannot be read there are only those."""
    try:
        settings = Settings.from_environment(environment)
    except SettingsError as wrong:
        return [bad(line, "correggere le variabili d'ambiente; l'elenco è in .env.example") for line in wrong.lines]
    here = machine.examine(service, settings)
    parts = await asyncio.gather(
        database.examine(service, settings), broker.examine(service, settings), identity.examine(settings)
    )
    return [*here, *(finding for part in parts for finding in part)]


def doctor(service: Service, environment: Mapping[str, str]) -> int:
    """Prints the findings; 1 where one of them is an error, else 0."""
    findings = asyncio.run(examine(service, environment))
    for finding in findings:
        fix = f"\n    → {finding.fix}" if finding.fix else ""
        print(f"{SIGNS[finding.kind]} {finding.what}{fix}")
    errors = sum(f.kind == "errore" for f in findings)
    print("Tutto a posto." if not errors else f"{errors} da correggere.", file=sys.stderr)
    return 1 if errors else 0
