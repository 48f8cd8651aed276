"""What waits at a desk: invii to answer, in hand, sent, and those whose time is running out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from telaio.calendar import after_working_days
from telaio.database import Connection
from telaio.here import Here
from telaio.invii.halves import Ricevuto, Spedito, invii, ricevuti
from telaio.invii.heard import Halves, sent_open
from telaio.invii.situation import Parte, R, S, Situation, due, overall, situation
from telaio.service import Vista

SOON_WORKING_DAYS = 1

_RECEIVED = """
select h.state as spedito, s.state as ricevuto
from half h left join snapshot s on s.kind = 'invio_ricevuto' and s.id = h.id
where h.kind = 'invio' and h.state->>'stadio' in ('richiesto', 'scaduto', 'confermato', 'revocato') and (
    s.id is not null or h.state->>'a' = any($1) or (h.state->>'a' is null and h.state->>'prestazione' = any($2)))
"""


@dataclass(frozen=True)
class Item:
    """An invio as one side sees it: its state, whether that side must act, and by when."""

    side: Parte
    spedito: Spedito
    situation: Situation
    ricevuto: Ricevuto | None
    entro: date | None

    @property
    def ours(self) -> bool:
        return self.situation.tocca_a == self.side

    def row(self) -> dict[str, Any]:
        """The line of a list."""
        s = self.spedito
        return {
            "id": s.id,
            "stato": self.situation.stato,
            "entro_il": self.entro,
            "urgente": s.urgente,
            "prestazione": s.prestazione,
            "comune": s.comune,
            "da_nodo": s.da,
            "a_nodo": s.confermato_a or s.a,
            "richiesto_il": s.richiesto_il,
        }


async def sent(connection: Connection, here: Here) -> list[Item]:
    """The open invii this service has sent."""
    return [item_sent(spedito, halves, here) for spedito, halves in await sent_open(connection)]


def item_sent(spedito: Spedito, halves: Halves, here: Here) -> Item:
    """The invio as its sender sees it."""
    now, half = overall(spedito, halves)
    return Item(S, spedito, now, half, due(now, spedito, half, here.termini))


async def received(connection: Connection, here: Here) -> list[Item]:
    """The open invii that came to this service, answered or not."""
    rows = await connection.fetch(_RECEIVED, list(here.nodi), sorted(here.offre))
    pairs = [(Spedito.model_validate_json(s), Ricevuto.model_validate_json(r) if r else None) for s, r in rows]
    return [item_received(s, r, here) for s, r in pairs if r is not None or s.a is not None or s.da not in here.nodi]


def item_received(spedito: Spedito, own: Ricevuto | None, here: Here) -> Item:
    """The invio as this receiver sees it."""
    now = situation(spedito, own, own.nodo if own else spedito.a or here.nodo)
    return Item(R, spedito, now, own, due(now, spedito, own, here.termini))


def lists() -> tuple[Vista, ...]:
    """The queues of a strand."""
    nothing = "Nessun invio."
    return (
        Vista("invii-da-rispondere", "Invii da rispondere", entity=ricevuti, rows=_to_answer, empty=nothing),
        Vista("invii-in-mano", "Invii in mano nostra", entity=ricevuti, rows=_in_hand, empty=nothing),
        Vista("invii-spediti", "Invii spediti", entity=invii, rows=_sent, empty=nothing),
        Vista("invii-in-scadenza", "Invii in scadenza", entity=invii, rows=_soon, empty=nothing),
    )


async def _to_answer(connection: Connection, here: Here, today: date) -> list[dict[str, Any]]:
    return _rows(await received(connection, here), lambda i: i.situation.stato == "inviato")


async def _in_hand(connection: Connection, here: Here, today: date) -> list[dict[str, Any]]:
    return _rows(await received(connection, here), lambda i: i.ours and i.situation.stato != "inviato")


async def _sent(connection: Connection, here: Here, today: date) -> list[dict[str, Any]]:
    return _rows(await sent(connection, here), lambda i: i.situation.tocca_a is not None)


async def _soon(connection: Connection, here: Here, today: date) -> list[dict[str, Any]]:
    last = after_working_days(today, SOON_WORKING_DAYS)
    both = [*await sent(connection, here), *await received(connection, here)]
    return _rows(both, lambda i: i.ours and i.entro is not None and i.entro <= last)


def _rows(items: Iterable[Item], wanted: Callable[[Item], bool]) -> list[dict[str, Any]]:
    """The rows wanted: first those whose time ends first, and of those the urgent ones."""
    chosen: Sequence[Item] = [i for i in items if wanted(i)]
    return [i.row() for i in sorted(chosen, key=lambda i: (i.entro or date.max, not i.spedito.urgente, i.spedito.id))]
