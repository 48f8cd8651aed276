"""The figures as the cruscotto has them: its read models, read by SQL in the generation it serves."""

from collections.abc import Sequence
from datetime import date

import asyncpg

from scenario.conto import Cifra, Cifre

# Measure → figure and key; a key that begins with + is followed by the measure's own.
MEASURES = {
    "coabitazioni_accompagnate": ("CA02", ""),
    "condomini_con_custode": ("CA03", ""),
    "alloggi_disponibili": ("CA04", ""),
    "adesioni": ("CA05", "+"),
    "morosita": ("CA06", ""),
    "famiglie_in_carico": ("in_carico", ""),
    "sfratti_eseguiti": ("CA08", "eseguiti"),
    "sfratti_prevenuti": ("CA08", "prevenuti"),
    "sfratti_aperti": ("CA08", "aperti"),
    "massimali_concessi": ("CA09", "concessione"),
    "fondo_escusso": ("CA09", "escussione"),
    "fondo_recuperato": ("CA09", "recupero"),
    "attivita_condominiali": ("CA10", "+"),
    "fondo_versato": ("fondo", "+versato "),
    "fondo_impegnato": ("fondo", "impegnato"),
    "garanzie_attive": ("fondo", "garanzie attive"),
    "esperienze_versato": ("fondo-esperienze", "dotazione"),
    "esperienze_finanziate": ("fondo-esperienze", "promesso"),
    "esperienze_speso": ("fondo-esperienze", "speso"),
    "esperienze_impegnato": ("fondo-esperienze", "impegnato"),
}
# What counts each key once, however often it comes.
DISTINCT = {"famiglie_garantite": "CA01", "famiglie_sfrattate": "CA07"}
BY_ITSELF = ("invii.InvioConfermato", "invii.InvioScaduto")
"""What a service does without anybody's command: it confirms an acceptance, and marks a term that has passed."""

FIGURES = {*DISTINCT.values(), *(code for code, _ in MEASURES.values())}
"""The figures that these measures make; the others are compared as the API tells them (tests/story)."""

_SUMS = """
select measure, m.until, comune, key, sum(value)::bigint as value
from unnest($1::date[]) as m (until) join quota on month <= until
group by measure, until, comune, key having sum(value) <> 0
"""


async def read(connection: "asyncpg.Connection[asyncpg.Record]", months: Sequence[date]) -> Cifre:
    """The figures at the end of each month. The connection must see the generation served (see `seen`)."""
    found: Cifre = {}
    for measure, until, comune, key, value in await connection.fetch(_SUMS, months):
        figure = _figure(measure, until, comune, key)
        if figure is not None:
            found[figure] = found.get(figure, 0) + (1 if measure in DISTINCT else value)
    return found


def _figure(measure: str, until: date, comune: str, key: str) -> Cifra | None:
    """The figure that a row of a measure adds to; None for a measure of no figure here."""
    if measure in DISTINCT:
        return Cifra(DISTINCT[measure], until, comune)
    if measure not in MEASURES:
        return None
    code, own = MEASURES[measure]
    return Cifra(code, until, comune, own[1:] + key if own.startswith("+") else own)


async def seen(dsn: str) -> "asyncpg.Connection[asyncpg.Record]":
    """A connection to the cruscotto's database that sees the generation served now."""
    connection = await asyncpg.connect(dsn)
    await connection.execute("select set_config('search_path', name, false) from served")
    return connection


async def facts(connection: "asyncpg.Connection[asyncpg.Record]") -> set[str]:
    """The ids of all events that have arrived and that somebody's command led to."""
    rows = await connection.fetch("select id::text from fact where type <> all($1::text[])", BY_ITSELF)
    return {id for (id,) in rows}
