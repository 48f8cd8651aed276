"""Fino a quando sono aggiornate le cifre, e che cosa chiede attenzione."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from telaio.database import Connection

# Ogni evento applicato, anche dopo un'attesa, aumenta un conteggio: se i conteggi sono gli stessi lo sono le cifre.
_IMPRONTA = "select current_schema() as generazione, source, events from freshness order by source"
_FONTI = "select source, events, last_recorded from freshness order by source"
_ATTESA = """
select (select count(*) from waiting where discarded_at is null and reason <> 'in-attesa') as quarantena,
       (select count(*) from waiting where discarded_at is null and reason = 'in-attesa') as in_attesa,
       (select count(*) from gate where forked) as biforcati
"""


@dataclass(frozen=True)
class Fonte:
    """Un servizio di un partner, e quando si è fatto sentire l'ultima volta."""

    fonte: str
    eventi: int
    ultimo_alle: datetime

    @property
    def servizio(self) -> str:
        return self.fonte.split("/")[1]

    @property
    def partner(self) -> str:
        return self.fonte.split("/")[2]

    def tace_da(self, adesso: datetime) -> timedelta:
        return adesso - self.ultimo_alle


@dataclass(frozen=True)
class Attenzione:
    """Ciò che qualcuno deve guardare: record in quarantena o che aspettano il precedente, soggetti biforcati."""

    quarantena: int
    in_attesa: int
    biforcati: int
    silenziosi: tuple[Fonte, ...]

    @property
    def niente(self) -> bool:
        return not (self.quarantena or self.in_attesa or self.biforcati or self.silenziosi)


async def impronta(connection: Connection) -> str:
    """Cambia quando cambia una cifra; uguale, nella stessa generazione, finché nessun evento è applicato."""
    righe = await connection.fetch(_IMPRONTA)
    return hashlib.sha256(repr([tuple(r) for r in righe]).encode()).hexdigest()[:16]


async def fonti(connection: Connection) -> list[Fonte]:
    """Le fonti sentite almeno una volta."""
    return [Fonte(*riga) for riga in await connection.fetch(_FONTI)]


def aggiornato_alle(fonti: Sequence[Fonte]) -> datetime | None:
    """Quando è stato registrato l'evento più recente; None se non ce n'è ancora nessuno."""
    return max((f.ultimo_alle for f in fonti), default=None)


async def attenzione(connection: Connection, fonti: Sequence[Fonte], adesso: datetime, giorni: int) -> Attenzione:
    """Che cosa chiede attenzione; silenzioso è chi non registra da `giorni` giorni o più."""
    riga = await connection.fetchrow(_ATTESA)
    assert riga is not None
    silenziosi = tuple(f for f in fonti if f.tace_da(adesso) >= timedelta(days=giorni))
    return Attenzione(riga["quarantena"], riga["in_attesa"], riga["biforcati"], silenziosi)
