"""What the sender's side does by itself: confirm an acceptance, mark a deadline passed, offer to the next. Pure."""

from collections.abc import Mapping
from datetime import date

from telaio.command import Command
from telaio.invii.halves import Spedito
from telaio.invii.heard import Riceventi
from telaio.invii.sending import Conferma, Reindirizzamento, Scadenza
from telaio.invii.situation import overall
from telaio.invii.termini import Termini

Step = tuple[str, Command]
"""The name of a command of the sender's, and the command."""


def next_step(
    invio: Spedito, riceventi: Riceventi, free_places: Mapping[str, int], termini: Termini, today: date
) -> Step | None:
    """The step that is due now; None where it is somebody's turn. `free_places`: who offers the prestazione, by node.

    A clock never goes past a confirmed receiver: one that stays silent is for people to see.
    """
    now, half = overall(invio, riceventi.di_questo)
    if now.stato == "accettato":
        return ("conferma", Conferma(avvenuto_il=today, a=half.nodo)) if half and riceventi.catena_libera else None
    if invio.stadio == "richiesto" and today > invio.rispondere_entro:
        return "scadenza", Scadenza(avvenuto_il=today)
    if now.stato in termini.riofferta:
        candidate = _next_candidate(invio, riceventi, free_places)
        return ("reindirizzamento", Reindirizzamento(avvenuto_il=today, a=candidate)) if candidate else None
    return None


def _next_candidate(invio: Spedito, riceventi: Riceventi, free_places: Mapping[str, int]) -> str | None:
    """Who offers the prestazione, has places and was not asked yet in this chain: the one with most places."""
    asked = riceventi.interpellati | {invio.da, invio.a}
    free = {node: places for node, places in free_places.items() if places > 0 and node not in asked}
    return min(free, key=lambda node: (-free[node], node)) if free else None
