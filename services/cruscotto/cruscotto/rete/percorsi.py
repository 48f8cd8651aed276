"""I percorsi delle persone fra le linee, per pseudonimo: chi le segue, e la storia che ne viene."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from telaio.database import Connection

SEGUITE = "seguite"
"""La misura la cui chiave è «persona|linea|scheda»: la linea segue la persona con quella scheda."""

_CHIAVI = "select key from quota where measure = $1 and month <= $2 group by key having sum(value) > 0"
_DAL = (
    "select key, min(month) filter (where value > 0) from quota where measure = $1 group by key having sum(value) > 0"
)
# Le chiavi che cominciano così, come le trova l'indice.
_DI_UNA = """
select key, source from quota where measure = $1 and key > $2 || '|' and key < $2 || '}'
group by key, source having sum(value) > 0
"""
_FATTI = """
select id::text, source, subject, type, happened_on, recorded_at, data from fact
where (source, subject) in (select * from unnest($1::text[], $2::text[])) or subject = any($3::text[])
order by happened_on, recorded_at, id
"""


@dataclass(frozen=True)
class Seguita:
    """Una persona e le linee che la seguono."""

    persona: str
    linee: tuple[str, ...]


@dataclass(frozen=True)
class Momento:
    """Un fatto della storia di una persona."""

    id: str
    linea: str
    partner: str
    tipo: str
    avvenuto_il: date
    registrato_alle: datetime


async def seguite(connection: Connection, al: date = date.max) -> dict[str, set[str]]:
    """Le linee che seguono ciascuna persona, fino a quel giorno."""
    trovate: dict[str, set[str]] = {}
    for (chiave,) in await connection.fetch(_CHIAVI, SEGUITE, al):
        persona, linea, _scheda = chiave.split("|")
        trovate.setdefault(persona, set()).add(linea)
    return trovate


async def dal(connection: Connection) -> dict[str, dict[str, date]]:
    """Per ogni persona, il primo mese in cui ciascuna linea la segue."""
    trovate: dict[str, dict[str, date]] = {}
    for chiave, mese in await connection.fetch(_DAL, SEGUITE):
        persona, linea, _scheda = chiave.split("|")
        linee = trovate.setdefault(persona, {})
        linee[linea] = min(mese, linee.get(linea, mese))
    return trovate


async def per_famiglia(connection: Connection) -> dict[str, set[str]]:
    """Le persone di ogni scheda che le segue: di una famiglia, i componenti."""
    trovate: dict[str, set[str]] = {}
    for (chiave,) in await connection.fetch(_CHIAVI, SEGUITE, date.max):
        persona, _linea, scheda = chiave.split("|")
        trovate.setdefault(scheda, set()).add(persona)
    return trovate


async def schede(connection: Connection, persona: str) -> set[str]:
    """Le schede che seguono la persona."""
    return {chiave.split("|")[2] for chiave, _ in await connection.fetch(_DI_UNA, SEGUITE, persona)}


def fra_le_linee(persone: dict[str, set[str]]) -> list[Seguita]:
    """Chi è seguito da due o più linee, prima chi lo è da più."""
    piu = [Seguita(persona, tuple(sorted(linee))) for persona, linee in persone.items() if len(linee) >= 2]
    return sorted(piu, key=lambda s: (-len(s.linee), s.persona))


async def storia(connection: Connection, persona: str, invii: Iterable[str]) -> Sequence[Momento]:
    """Tutti i fatti delle schede che seguono la persona e degli invii dati, per giorno; vuota se nessuno la segue."""
    chiavi = await connection.fetch(_DI_UNA, SEGUITE, persona)
    schede = {chiave.split("|")[2] for chiave, _ in chiavi}
    fonti = {fonte for _, fonte in chiavi}
    soggetti = [(fonte, f"{genere}/{scheda}") for fonte in fonti for scheda in schede for genere in GENERI]
    degli_invii = [f"{genere}/{id}" for id in invii for genere in ("invio", "invio_ricevuto")]
    righe = await connection.fetch(_FATTI, [f for f, _ in soggetti], [s for _, s in soggetti], degli_invii)
    return [_momento(riga) for riga in righe if _sua(riga, persona)]


GENERI = ("famiglia", "candidato", "laboratorio", "proposta", "ascolto")
"""I generi di scheda che seguono una persona."""
DI_MOLTI = ("laboratorio/", "proposta/")
"""Di queste schede sono di una persona i soli fatti che la nominano."""


def _sua(riga: Any, persona: str) -> bool:
    return not riga["subject"].startswith(DI_MOLTI) or f'"{persona}"' in riga["data"]


def _momento(riga: Any) -> Momento:
    _, linea, partner = riga["source"].split("/")
    return Momento(riga["id"], linea, partner, riga["type"], riga["happened_on"], riga["recorded_at"])
