"""La storia di un soggetto, rettificata: dove stava in un giorno, a quale scheda rimanda, che cosa è stato corretto."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import TypeVar

from contratti.rete import Event, EventoRettificato
from pydantic_core import from_json
from telaio.database import Connection

from cruscotto.proiezione.fold import Fact, Subject, corrected

T = TypeVar("T")

RIMANDI = {"famiglia": "casa", "aderente": "lavoro", "tirocinio": "lavoro", "inserimento": "lavoro", "punto": "punti",
           "candidato": "lavoro"}  # fmt: skip
"""Le schede che un evento nomina invece di un comune, e di quale servizio sono: vale la prima che nomina."""
PASSAGGI = 3
"""Quanti rimandi al più: un impegno del Fondo, il suo tirocinio, chi lo ospita."""

# Solo ciò che dice un luogo, una scheda o una correzione: il resto della storia qui non serve.
_STORIE = """
select source, subject, id::text, type, schema_version, data, recorded_at from fact
join unnest($1::text[], $2::text[]) as s (source, subject) using (source, subject)
where data ?| $4::text[] or type = $3 order by source, subject, version
"""
NOMINATI = ["comune", "comuni", *RIMANDI]
_FONTI = "select source from freshness order by source"


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

    def comuni(self, giorno: date) -> tuple[str, ...]:
        """I comuni nominati per ultimi fino al giorno, o per primi dopo; di regola uno, nessuno se non ne nomina."""
        return self._al(giorno, _comuni) or ()

    def rimando(self, giorno: date, segue: str) -> tuple[str, str] | None:
        """Servizio e soggetto della scheda a cui chiedere il comune: quella del genere `segue`, o, di chi non nomina
        un comune, la prima che nomina. None: lo dice la storia stessa."""
        if segue not in RIMANDI and self.comuni(giorno):
            return None
        for genere in (segue,) if segue in RIMANDI else RIMANDI:
            id = self._al(giorno, _detto(genere))
            if id:
                return RIMANDI[genere], f"{genere}/{id}"
        return None

    def _al(self, giorno: date, dice: Callable[[Event], T | None]) -> T | None:
        detti = sorted(((e.avvenuto_il, d) for e in self.eventi if (d := dice(e))), key=lambda n: n[0])
        prima = [detto for quando, detto in detti if quando <= giorno]
        return prima[-1] if prima else detti[0][1] if detti else None


def _detto(campo: str) -> Callable[[Event], str | None]:
    return lambda evento: getattr(evento, campo, None)


def _comuni(evento: Event) -> tuple[str, ...] | None:
    comune, comuni = getattr(evento, "comune", None), getattr(evento, "comuni", None)
    return (comune,) if comune else comuni


async def dove(
    connection: Connection, quando: Collection[tuple[Subject, date]], segue: str
) -> dict[tuple[Subject, date], tuple[Storia, tuple[str, ...]]]:
    """Di ogni soggetto la storia, e i suoi comuni in quel giorno: i suoi, o quelli della scheda a cui rimanda."""
    fonti = [fonte for (fonte,) in await connection.fetch(_FONTI)]
    sue = await storie(connection, sorted({soggetto for soggetto, _ in quando}))
    ora = {q: sue.get(q[0], Storia()) for q in quando}
    for _ in range(PASSAGGI):
        altrove = {q: r for q, storia in ora.items() if (r := storia.rimando(q[1], segue))}
        loro = await storie(connection, sorted(_presso(fonti, altrove.values())))
        per_soggetto = {soggetto: storia for (_, soggetto), storia in loro.items()}
        ora |= {q: per_soggetto.get(soggetto, Storia()) for q, (_, soggetto) in altrove.items()}
    return {q: (sue.get(q[0], Storia()), ora[q].comuni(q[1])) for q in quando}


def _presso(fonti: Collection[str], schede: Iterable[tuple[str, str]]) -> Iterator[Subject]:
    """I soggetti di quelle schede, in ogni fonte che potrebbe tenerle."""
    for servizio, soggetto in set(schede):
        yield from ((fonte, soggetto) for fonte in fonti if fonte.startswith(f"/{servizio}/"))


async def storie(connection: Connection, soggetti: Sequence[Subject]) -> dict[Subject, Storia]:
    """Le storie di quei soggetti; di chi non ne ha, nessuna."""
    if not soggetti:
        return {}
    righe = await connection.fetch(
        _STORIE, [s for s, _ in soggetti], [s for _, s in soggetti], EventoRettificato.type_name, NOMINATI
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
