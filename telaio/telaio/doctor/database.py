"""The service's own database: whether it answers, is fit, and is at this release's migrations."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import asyncpg

from telaio.database import ANY
from telaio.doctor.finding import Finding, bad, good, look
from telaio.migrate import migrations
from telaio.service import Service
from telaio.settings import Settings

OLDEST = 15
"""The first major version with everything we use."""
SKEW_SECONDS = 30.0
AWAY: tuple[type[Exception], ...] = (*ANY, ValueError)
_ABOUT = """
select current_setting('server_version_num')::int / 10000 as major, current_setting('server_version') as version,
       getdatabaseencoding() as encoding, clock_timestamp() as now,
       pg_is_in_recovery() or current_setting('transaction_read_only')::bool as read_only,
       has_schema_privilege('public', 'create') as may_create, to_regclass('migration') is not null as migrated
"""


async def examine(service: Service, settings: Settings) -> list[Finding]:
    """The findings about the database; one alone where it does not answer."""
    try:
        connection = await asyncpg.connect(settings.database, timeout=5)
    except (asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError):
        return [bad("il database rifiuta utente o password", "correggere GENERA_DATABASE")]
    except asyncpg.InvalidCatalogNameError:
        return [bad("il database indicato non esiste", "crearlo (createdb), o correggere GENERA_DATABASE")]
    except AWAY as away:
        why = type(away).__name__
        return [bad(f"il database non risponde ({why})", "avviare PostgreSQL, o correggere GENERA_DATABASE")]
    try:
        return [finding async for finding in _look(connection, service)]
    finally:
        await connection.close()


async def _look(connection: Any, service: Service) -> AsyncIterator[Finding]:
    found = await connection.fetchrow(_ABOUT)
    yield good(f"PostgreSQL {found['version']} risponde")
    if found["major"] < OLDEST:
        yield bad(f"PostgreSQL {found['major']} è troppo vecchio", f"serve la versione {OLDEST} o una più recente")
    if found["encoding"] != "UTF8":
        yield bad(f"il database è in {found['encoding']}", "crearne uno nuovo con: createdb --encoding=UTF8")
    if found["read_only"]:
        yield bad("il database accetta solo letture", "indicare quello principale, non una replica")
    skew = abs((datetime.now(UTC) - found["now"]).total_seconds())
    if skew > SKEW_SECONDS:
        yield bad(f"gli orologi di servizio e database differiscono di {skew:.0f} s", "sincronizzarli (chrony, NTP)")
    async for finding in _migrations(connection, service, found["migrated"], may_create=found["may_create"]):
        yield finding


async def _migrations(connection: Any, service: Service, migrated: bool, *, may_create: bool) -> AsyncIterator[Finding]:
    wanted = {m.name: m.checksum for m in migrations(service.name, service.migrations)}
    done = dict(await connection.fetch("select name, checksum from migration")) if migrated else {}
    strangers = sorted(done.keys() - wanted.keys())
    changed = sorted(n for n in done.keys() & wanted.keys() if done[n] != wanted[n])
    missing = sorted(wanted.keys() - done.keys())
    if strangers:
        fix = "usare quella versione, o il database giusto: non si torna indietro"
        yield bad(f"il database è di un altro servizio o di una versione più recente ({', '.join(strangers)})", fix)
    if changed:
        yield bad(f"migrazioni già applicate sono diverse da queste: {', '.join(changed)}", "reinstallare il servizio")
    if missing and not may_create:
        fix = "concedere: grant create on schema public to <utente del servizio>"
        yield bad("l'utente del database non può creare tabelle, e ci sono migrazioni da applicare", fix)
    elif missing:
        yield look(f"{len(missing)} migrazioni da applicare", f"genera {service.name} migrate")
    elif not strangers and not changed:
        yield good("il database è aggiornato")
