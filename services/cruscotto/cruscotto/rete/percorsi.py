"""I percorsi delle persone fra le linee, per pseudonimo: chi le segue, e la storia che ne viene."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from telaio.database import Connection

from cruscotto.proiezione.passi_della_rete import FRA_LINEE

SEGUITE = "seguite"
"""La misura la cui chiave è «persona|linea|scheda»: la linea segue la persona con quella scheda."""

_CHIAVI = "select key from quota where measure = $1 and month <= $2 group by key having sum(value) > 0"
# In ordine di chiave, come stanno nell'indice, chi è di una persona viene insieme.
_IN_FILA = """
select key from quota where measure = $1 and key > $2 group by key having sum(value) > 0 order by key limit $3
"""
_QUANTE = "select coalesce(sum(value), 0)::bigint from totale where measure = $1"
PASSI, PASSO = 20, 2_000
"""Quanti passi, di quante chiavi, per una pagina: chi è seguito da una linea sola si salta. Una pagina può finire prima
che sia piena, e il cursore riprende."""
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
class Elenco:
    """Una parte delle persone, e dopo chi riprende la parte seguente; None alla fine."""

    persone: Sequence[Seguita]
    successivo: str | None


@dataclass(frozen=True)
class Momento:
    """Un fatto della storia di una persona."""

    id: str
    linea: str
    partner: str
    tipo: str
    avvenuto_il: date
    registrato_alle: datetime


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


async def fra_le_linee(connection: Connection, dopo: str, limite: int, passo: int = PASSO) -> Elenco:
    """Chi è seguito da due o più linee, nell'ordine delle chiavi, dopo quella persona («»: dall'inizio)."""
    trovate: list[Seguita] = []
    for _ in range(PASSI):
        chiavi = [chiave for (chiave,) in await connection.fetch(_IN_FILA, SEGUITE, f"{dopo}}}" if dopo else "", passo)]
        ultima = len(chiavi) < passo
        persone = _per_persona(chiavi)
        if not ultima and len(persone) > 1:
            persone.popitem()  # di chi viene per ultima può esserci dell'altro
        trovate += [Seguita(p, tuple(sorted(linee))) for p, linee in persone.items() if len(linee) >= 2]
        if len(trovate) > limite:
            return Elenco(trovate[:limite], trovate[limite - 1].persona)
        if ultima:
            return Elenco(trovate, None)
        dopo = list(persone)[-1]
    return Elenco(trovate, dopo)


def _per_persona(chiavi: Iterable[str]) -> dict[str, set[str]]:
    """Le linee di ogni persona, nell'ordine in cui si trovano."""
    trovate: dict[str, set[str]] = {}
    for chiave in chiavi:
        persona, linea, _scheda = chiave.split("|")
        trovate.setdefault(persona, set()).add(linea)
    return trovate


async def quante_fra_le_linee(connection: Connection) -> int:
    """Quante persone sono seguite da due o più linee."""
    return int(await connection.fetchval(_QUANTE, FRA_LINEE))


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
