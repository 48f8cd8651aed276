"""Soggetti ripiegati dai loro fatti, in `folded` e `quota` di chi legge: tutti, o al posto di com'erano."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from pydantic_core import from_json
from telaio.columns import columns, unpacked
from telaio.database import Connection

from cruscotto.apporti.quota import Stato
from cruscotto.proiezione.fold import Cells, Fact, Subject, genere_of, refold

A_BLOCCHI = 2_000
_STATI = f"""
insert into folded (source, subject, state) select * from {unpacked("source text, subject text, state jsonb")}
"""  # noqa: S608
_QUOTE = f"""
insert into quota (measure, source, comune, month, key, value)
select * from {unpacked("measure text, source text, comune text, month date, key text, value bigint")}
on conflict (measure, source, comune, month, key) do update set value = quota.value + excluded.value
"""  # noqa: S608
Riga = Mapping[str, Any]
"""Di un fatto: source, subject, id, type, schema_version, data, e se è `tenuto`."""
Stati = dict[Subject, Stato]


async def ripiega(connection: Connection, query: str, al: date, *, da_capo: bool) -> None:
    """Aggiunge a `folded` e `quota` i soggetti dei fatti che la query dà in ordine di soggetto e versione: i tenuti,
    fino al giorno `al`. Se non è da capo, toglie ciò che i soggetti interi vi avevano messo."""
    righe: list[Riga] = []
    async for riga in connection.cursor(query, prefetch=A_BLOCCHI):
        if len(righe) >= A_BLOCCHI and _soggetto(riga) != _soggetto(righe[-1]):
            await _scrivi(connection, *piegati(righe, al, da_capo=da_capo))
            righe = []
        righe.append(riga)
    await _scrivi(connection, *piegati(righe, al, da_capo=da_capo))


def piegati(righe: Iterable[Riga], al: date, *, da_capo: bool) -> tuple[Stati, Cells]:
    """Gli stati dei soggetti che hanno qualche fatto tenuto, e di quanto cambiano le quote."""
    stati: Stati = {}
    celle: Cells = Counter()
    for soggetto, tenuti, tutti in _storie(righe):
        genere = genere_of(soggetto)
        if genere is None:
            continue
        dopo, stato = refold(genere, soggetto, tenuti, al)
        celle.update(dopo)
        if not da_capo:
            celle.subtract(refold(genere, soggetto, tutti)[0])
        if tenuti:
            stati[soggetto] = stato
    return stati, celle


def _storie(righe: Iterable[Riga]) -> Iterator[tuple[Subject, list[Fact], list[Fact]]]:
    """Di ogni soggetto i fatti tenuti, e tutti."""
    for soggetto, sue in groupby(righe, key=_soggetto):
        fatti = [(Fact(r["id"], r["type"], r["schema_version"], from_json(r["data"])), r["tenuto"]) for r in sue]
        yield soggetto, [f for f, tenuto in fatti if tenuto], [f for f, _ in fatti]


def _soggetto(riga: Riga) -> Subject:
    return riga["source"], riga["subject"]


async def _scrivi(connection: Connection, stati: Stati, celle: Cells) -> None:
    if stati:
        fonti, soggetti = ([s[i] for s in stati] for i in range(2))
        await connection.execute(_STATI, columns(fonti, soggetti, [vars(s) for s in stati.values()]))
    chiavi = [k for k, valore in celle.items() if valore]
    if chiavi:
        await connection.execute(
            _QUOTE, columns(*([k[i] for k in chiavi] for i in range(5)), [celle[k] for k in chiavi])
        )
