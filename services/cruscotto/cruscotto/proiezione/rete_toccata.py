"""Di quanto un lotto cambia le misure della rete: i passi delle catene e delle persone che tocca, dopo meno prima."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from pydantic_core import from_json
from telaio.database import Connection

from cruscotto.apporti import invii
from cruscotto.apporti.invii import Invio, Mezzi, uniti
from cruscotto.proiezione.collocazione import Posto
from cruscotto.proiezione.fold import Change
from cruscotto.proiezione.passi_della_rete import passi, passi_delle_persone
from cruscotto.rete.percorsi import SEGUITE

Riga = tuple[str, str, str, date]
"""Di una quota: chiave, fonte, comune, mese."""

# Di chi è nominato da una linea sola non importa: sono quasi tutti.
_FRA_LINEE = """
select key, source, comune, month, value from quota where measure = $1 and split_part(key, '|', 1) in (
  select split_part(key, '|', 1) from quota where measure = $1
  group by 1 having min(split_part(key, '|', 2)) <> max(split_part(key, '|', 2))
)
"""
# `offset 0`: una persona alla volta, ciascuna dall'indice. Senza, il database può confrontare ogni persona con tutte.
_DI_PERSONE = """
select q.* from unnest($2::text[]) as p (chi) cross join lateral (
  select key, source, comune, month, value from quota
  where measure = $1 and key > p.chi || '|' and key < p.chi || '}' offset 0
) q
"""
_DI_SCHEDE = """
select distinct split_part(key, '|', 1) from quota
where measure = 'seguite' and split_part(key, '|', 3) = any($1::text[])
"""


@dataclass(frozen=True)
class Seguite:
    """Di ogni persona, da che mese la segue ciascuna linea, e con quali schede."""

    linee: dict[str, dict[str, date]] = field(default_factory=dict)
    schede: dict[str, set[str]] = field(default_factory=dict)

    def solo(self, persone: Collection[str]) -> "Seguite":
        """Di queste persone."""
        return Seguite(
            {p: sue for p, sue in self.linee.items() if p in persone},
            {p: sue for p, sue in self.schede.items() if p in persone},
        )

    @property
    def fra_linee(self) -> set[str]:
        """Chi è seguito da due linee o più: gli altri non contano."""
        return {persona for persona, linee in self.linee.items() if len(linee) > 1}


def tocca(change: Change) -> bool:
    """Se un lotto può cambiare le misure della rete."""
    return bool(change.before) or any(cella[0] == SEGUITE for cella in change.cells)


async def cambiati(connection: Connection, change: Change) -> Counter[Posto]:
    """Quanto il lotto aggiunge e toglie. Chi la chiama fa aspettare gli altri lotti (vedi `riepilogo.py`)."""
    ids = {soggetto.partition("/")[2] for _, soggetto in change.before}
    posti: Counter[Posto] = Counter()
    toccati: list[Invio] = []
    if ids:
        ora = await _catene_intere(connection, ids | _seguiti(change.before.values()))
        prima = uniti(_com_erano(ora, change))
        dopo = uniti(ora)
        posti.update(passi(dopo))
        posti.subtract(passi(prima))
        toccati = [i for i in (*prima, *dopo) if i.id in ids]
    posti.update(await _delle_persone(connection, change, toccati))
    return posti


async def tutti(connection: Connection) -> Counter[Posto]:
    """I passi di tutta la generazione."""
    ogni = await invii.leggi(connection)
    seguite = _seguite(await _righe(connection, _FRA_LINEE, SEGUITE))
    seguite = seguite.solo(seguite.fra_linee)
    posti = passi(ogni)
    posti.update(passi_delle_persone(seguite.linee, seguite.schede, ogni))
    return posti


async def _catene_intere(connection: Connection, ids: set[str]) -> Mezzi:
    """Le metà di questi invii, di quelli che continuano e di quelli che li continuano."""
    trovate: Mezzi = {}
    nuovi, visti = ids, set(ids)
    while nuovi:
        lette = await invii.mezzi(connection, nuovi)
        trovate |= lette
        nuovi = (_seguiti(lette.values()) | await invii.legati(connection, {f"segue/{id}" for id in nuovi})) - visti
        visti |= nuovi
    return trovate


def _seguiti(mezzi: Collection[str | None]) -> set[str]:
    return {segue for mezzo in mezzi if mezzo and (segue := from_json(mezzo)["stato"].get("segue"))}


def _com_erano(ora: Mezzi, change: Change) -> Mezzi:
    """Le stesse metà prima del lotto: quelle che ha toccato com'erano, le nuove non c'erano."""
    prima = {soggetto: stato for soggetto, stato in ora.items() if soggetto not in change.before}
    return prima | {soggetto: stato for soggetto, stato in change.before.items() if stato and soggetto in ora}


async def _delle_persone(connection: Connection, change: Change, toccati: Collection[Invio]) -> Counter[Posto]:
    """RE04, delle persone che il lotto segue o smette di seguire e di quelle degli invii toccati."""
    lotto = {(c[4], *c[1:4]): quanto for c, quanto in change.cells.items() if c[0] == SEGUITE and quanto}
    persone = {chiave.partition("|")[0] for chiave, *_ in lotto} | await _persone(connection, toccati)
    righe = await _righe(connection, _DI_PERSONE, SEGUITE, sorted(persone))
    dopo, prima = _seguite(righe), _seguite({r: righe[r] - lotto.get(r, 0) for r in {*righe, *lotto}})
    contano = dopo.fra_linee | prima.fra_linee
    if not contano:
        return Counter()
    dopo, prima = dopo.solo(contano), prima.solo(contano)
    schede = {s for seguite in (dopo, prima) for sue in seguite.schede.values() for s in sue}
    loro = await invii.legati(connection, {f"persona/{p}" for p in contano} | {f"famiglia/{s}" for s in schede})
    ora = await invii.mezzi(connection, loro | {i.id for i in toccati})
    posti = passi_delle_persone(dopo.linee, dopo.schede, uniti(ora))
    posti.subtract(passi_delle_persone(prima.linee, prima.schede, uniti(_com_erano(ora, change))))
    return posti


async def _persone(connection: Connection, toccati: Collection[Invio]) -> set[str]:
    """Le persone di cui dicono questi invii: una, o quelle di una famiglia."""
    nominate = {i.spedito.persona for i in toccati if i.spedito.persona}
    famiglie = sorted({i.spedito.famiglia for i in toccati if i.spedito.famiglia})
    di_famiglia = await connection.fetch(_DI_SCHEDE, famiglie) if famiglie else ()
    return nominate | {persona for (persona,) in di_famiglia}


async def _righe(connection: Connection, query: str, *parametri: object) -> Counter[Riga]:
    return Counter(
        {(c, fonte, comune, mese): n for c, fonte, comune, mese, n in await connection.fetch(query, *parametri)}
    )


def _seguite(righe: Mapping[Riga, int]) -> Seguite:
    """Una scheda segue una persona se la somma è positiva, dal primo mese in cui una riga lo è."""
    somme: Counter[str] = Counter()
    dal: dict[str, date] = {}
    for (chiave, _, _, mese), quanto in righe.items():
        somme[chiave] += quanto
        if quanto > 0:
            dal[chiave] = min(mese, dal.get(chiave, mese))
    trovate = Seguite()
    for chiave in (c for c, somma in somme.items() if somma > 0):
        persona, linea, scheda = chiave.split("|")
        linee = trovate.linee.setdefault(persona, {})
        linee[linea] = min(dal[chiave], linee.get(linea, dal[chiave]))
        trovate.schede.setdefault(persona, set()).add(scheda)
    return trovate
