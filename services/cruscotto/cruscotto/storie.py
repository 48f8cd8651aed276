"""La storia di un soggetto, rettificata: dove stava in un giorno, di quale famiglia è, che cosa è stato corretto."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from contratti.rete import Event, EventoRettificato
from pydantic_core import from_json
from telaio.database import Connection

from cruscotto.fold import Fact, Subject, corrected
from cruscotto.luoghi import NON_RILEVATO

# Solo ciò che dice un luogo, una famiglia o una correzione: il resto della storia qui non serve.
_STORIE = """
select source, subject, id::text, type, schema_version, data, recorded_at from fact
join unnest($1::text[], $2::text[]) as s (source, subject) using (source, subject)
where data ?| array['comune', 'famiglia'] or type = $3 order by source, subject, version
"""


@dataclass(frozen=True)
class Rettifica:
    """La correzione di un evento. `avvenuto_il`: il giorno giusto; None se l'evento è annullato."""

    id: str
    motivo: str
    registrata_alle: datetime
    avvenuto_il: str | None

    @property
    def annulla(self) -> bool:
        return self.avvenuto_il is None


@dataclass(frozen=True)
class Storia:
    """Gli eventi che dicono dove o di chi è un soggetto, rettificati; le rettifiche, per id dell'evento sbagliato."""

    eventi: Sequence[Event] = ()
    rettifiche: dict[str, Rettifica] = field(default_factory=dict)

    @property
    def famiglia(self) -> str | None:
        """La famiglia che il soggetto nomina senza avere un comune suo: quella di una garanzia."""
        if any(hasattr(e, "comune") for e in self.eventi):
            return None
        return next((e.famiglia for e in self.eventi if hasattr(e, "famiglia")), None)

    def comune(self, giorno: date) -> str:
        """L'ultimo comune nominato fino al giorno, o il primo nominato dopo; vuoto se non ne nomina."""
        nominati = sorted(((e.avvenuto_il, e.comune) for e in self.eventi if hasattr(e, "comune")), key=lambda n: n[0])
        prima = [comune for quando, comune in nominati if quando <= giorno]
        return prima[-1] if prima else nominati[0][1] if nominati else NON_RILEVATO


async def storie(connection: Connection, soggetti: Sequence[Subject]) -> dict[Subject, Storia]:
    """Le storie di quei soggetti; di chi non ne ha, nessuna."""
    if not soggetti:
        return {}
    righe = await connection.fetch(
        _STORIE, [s for s, _ in soggetti], [s for _, s in soggetti], EventoRettificato.type_name
    )
    return {
        soggetto: _storia(
            [(Fact(r["id"], r["type"], r["schema_version"], from_json(r["data"])), r["recorded_at"]) for r in sue]
        )
        for soggetto, sue in groupby(righe, key=lambda r: (r["source"], r["subject"]))
    }


def _storia(fatti: Iterable[tuple[Fact, datetime]]) -> Storia:
    fatti = list(fatti)
    rettifiche = {}
    for fatto, registrata_alle in fatti:
        evento = fatto.event if fatto.type == EventoRettificato.type_name else None
        if isinstance(evento, EventoRettificato):
            giusto = str(evento.data.get("avvenuto_il")) if evento.data is not None else None
            rettifiche[evento.rettifica] = Rettifica(fatto.id, evento.motivo, registrata_alle, giusto)
    return Storia(corrected(f for f, _ in fatti), rettifiche)
