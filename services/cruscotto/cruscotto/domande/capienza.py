"""I posti liberi adesso, per nodo e prestazione: ciò che ciascuno ne ha detto per ultimo."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from contratti.invii import PostiDisponibiliAggiornati
from pydantic_core import from_json
from telaio.database import Connection
from telaio.invii.capacity import capienze

from cruscotto.apporti.quota import Quote, Stato, genere

_STATI = "select source, state from folded where subject = $1 order by source"


@dataclass
class Posti(Stato):
    """Per prestazione: liberi, in attesa, e il giorno in cui lo si è detto."""

    posti: dict[str, list[Any]] = field(default_factory=dict)


capienza = genere(f"*/{capienze.kind}", Posti)


@capienza.apporto
def posti_aggiornati(p: Posti, e: PostiDisponibiliAggiornati, id: str) -> Quote:
    """Non ne nasce una cifra: è come si sta adesso."""
    p.posti[e.prestazione] = [e.posti_liberi, e.in_attesa, e.avvenuto_il.isoformat()]
    return iter(())


@dataclass(frozen=True)
class Disponibili:
    """I posti di una prestazione presso un nodo. `aggiornati_il`: il giorno in cui il nodo lo ha detto."""

    nodo: str
    prestazione: str
    liberi: int
    in_attesa: int
    aggiornati_il: date


async def leggi(connection: Connection) -> list[Disponibili]:
    """I posti di ogni nodo che ne ha detti, per nodo e prestazione."""
    righe = await connection.fetch(_STATI, f"{capienze.kind}/{capienze.singleton}")
    return [
        Disponibili(fonte.lstrip("/"), prestazione, liberi, in_attesa, date.fromisoformat(il))
        for fonte, stato in righe
        for prestazione, (liberi, in_attesa, il) in sorted(from_json(stato)["posti"].items())
    ]
