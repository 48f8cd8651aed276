"""Ciò che è arrivato dopo un rapporto e ne tocca il periodo: correzioni, e fatti registrati in ritardo."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from contratti.cruscotto import RettificaSuccessiva
from telaio.database import Connection

from cruscotto.rendiconto.cifre import periodo

_VISTE = """
select d.data->>'fonte' as source, v->>'soggetto' as subject, (v->>'versione')::int as version
from public.journal d cross join lateral jsonb_array_elements(d.data->'versioni') v
where d.kind = 'rapporto' and d.entity = $1 and d.type = 'cruscotto.VersioniFissate'
"""
_DOPO = f"""
with viste as materialized ({_VISTE}), nuovi as materialized (
  select f.* from fact f left join viste v using (source, subject)
  where f.version > coalesce(v.version, 0) and (f.happened_on <= $2 or f.type = 'rete.EventoRettificato')
)
select n.source, n.subject, n.version, coalesce(o.type, n.type) as type, o.id is not null as corregge, n.recorded_at,
  case when o.id is null then n.happened_on
    else least(o.happened_on, (n.data->'data'->>'avvenuto_il')::date) end as giorno
from nuovi n left join fact o on n.type = 'rete.EventoRettificato' and (o.source, o.subject) = (n.source, n.subject)
  and o.id::text = n.data->>'rettifica'
order by n.recorded_at, n.source, n.subject, n.version
"""  # noqa: S608
_APPROVATI = """
select id, (state->>'numero')::int as numero, state->>'al' as al from public.snapshot
where kind = 'rapporto' and state->>'numero' is not null order by 2
"""


@dataclass(frozen=True)
class Successivo:
    """Un evento arrivato dopo. `giorno`: il primo che tocca."""

    fonte: str
    soggetto: str
    versione: int
    tipo: str
    corregge: bool
    registrato_alle: datetime
    giorno: date


async def successivi(connection: Connection, rapporto: str, fine: date) -> list[Successivo]:
    """Gli eventi della generazione che il rapporto non aveva letto, e che toccano i giorni fino a `fine`."""
    righe = await connection.fetch(_DOPO, rapporto, fine)
    return [Successivo(*r) for r in righe if r["giorno"] is not None and r["giorno"] <= fine]


async def approvati(connection: Connection) -> dict[str, tuple[int, str]]:
    """I rapporti approvati: per id, il numero e l'ultimo mese; in ordine di numero."""
    return {id: (numero, al) for id, numero, al in await connection.fetch(_APPROVATI)}


async def dei_precedenti(connection: Connection) -> list[RettificaSuccessiva]:
    """Ciò che è arrivato dopo l'ultimo rapporto approvato e ne tocca uno: prima di quello, lo hanno già detto loro."""
    trovati = await approvati(connection)
    if not trovati:
        return []
    numeri = {numero: periodo(al, al).ultimo_giorno for numero, al in trovati.values()}
    ultimo = list(trovati)[-1]
    return list(_toccati(await successivi(connection, ultimo, max(numeri.values())), numeri))


def _toccati(trovati: Sequence[Successivo], numeri: Mapping[int, date]) -> Iterator[RettificaSuccessiva]:
    for s in trovati:
        yield RettificaSuccessiva(
            fonte=s.fonte,
            soggetto=s.soggetto,
            versione=s.versione,
            tipo=s.tipo,
            corregge=s.corregge,
            avvenuto_il=s.giorno,
            rapporti=tuple(numero for numero, fine in numeri.items() if s.giorno <= fine),
        )
