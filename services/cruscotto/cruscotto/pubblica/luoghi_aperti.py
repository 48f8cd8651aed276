"""I Punti di Comunità aperti, e quando: dai loro fatti, rettificati. Di un Punto tutto questo è pubblico.

È l'unica cosa pubblica che non sta in un rilascio: chi cerca una porta la vuole aperta oggi.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from contratti.punti import OrariAggiornati, PuntoChiuso, PuntoDiComunitaAperto, PuntoSpecializzato
from contratti.rete import Event, EventoRettificato
from pydantic_core import from_json
from telaio.database import Connection

from cruscotto.proiezione.fold import Fact, corrected, in_order

GIORNI = ("lunedi", "martedi", "mercoledi", "giovedi", "venerdi", "sabato", "domenica", "altro")
_TIPI = [t.type_name for t in (OrariAggiornati, PuntoChiuso, PuntoDiComunitaAperto, PuntoSpecializzato)]
_FATTI = """
select source, subject, id::text, type, schema_version, data from fact
where source = any(select source from freshness where starts_with(source, '/punti/'))
and subject >= 'punto/' and subject < 'punto0' and type = any($1::text[]) order by source, subject, version
"""


@dataclass(frozen=True)
class Punto:
    """Un Punto aperto. `orari`: giorno, dalle, alle, dal lunedì; `contatti`: tipo e valore."""

    id: str
    nome: str = ""
    comune: str = ""
    indirizzo: str = ""
    contatti: tuple[tuple[str, str], ...] = ()
    orari: tuple[tuple[str, str, str], ...] = ()
    per_il_lavoro: bool = False
    aperto: bool = False


async def aperti(connection: Connection) -> list[Punto]:
    """I Punti che oggi sono aperti, per nome."""
    trovati = await connection.fetch(_FATTI, [*_TIPI, EventoRettificato.type_name])
    tutti = [
        _punto(soggetto.partition("/")[2], corrected(Fact(i, t, v, from_json(d)) for _, _, i, t, v, d in righe))
        for (_, soggetto), righe in groupby(trovati, key=lambda r: (r["source"], r["subject"]))
    ]
    return sorted((p for p in tutti if p.aperto), key=lambda p: p.nome)


def _punto(id: str, eventi: list[Event]) -> Punto:
    punto = Punto(id)
    for evento in in_order(eventi):
        punto = _dopo(punto, evento)
    return punto


def _dopo(punto: Punto, evento: Event) -> Punto:
    if isinstance(evento, PuntoDiComunitaAperto):
        contatti = tuple((c.tipo, c.valore) for c in evento.contatti)
        return replace(
            punto,
            aperto=True,
            nome=evento.denominazione,
            comune=evento.comune,
            indirizzo=evento.indirizzo,
            contatti=contatti,
        )
    if isinstance(evento, OrariAggiornati):
        return replace(punto, orari=_in_fila((o.giorno, o.dalle, o.alle) for o in evento.orari))
    if isinstance(evento, PuntoSpecializzato):
        return replace(punto, per_il_lavoro=punto.per_il_lavoro or evento.specializzazione == "lavoro")
    return replace(punto, aperto=False) if isinstance(evento, PuntoChiuso) else punto


def _in_fila(orari: Iterable[tuple[str, str, str]]) -> tuple[tuple[str, str, str], ...]:
    return tuple(sorted(orari, key=lambda o: (GIORNI.index(o[0]), o[1])))
