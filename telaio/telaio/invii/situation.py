"""The state everybody sees: one pure, total function of both halves. The table of the protocol, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from telaio.invii.halves import Ricevuto, Spedito
from telaio.invii.termini import Termini

Parte = Literal["inviante", "ricevente"]
S: Parte = "inviante"
R: Parte = "ricevente"


@dataclass(frozen=True)
class Situation:
    """A state of the protocol, and which side must act; None where nobody has to any more."""

    stato: str
    tocca_a: Parte | None


def _row(**cells: Parte | None) -> dict[str, Situation]:
    return {name: Situation(name, side) for name, side in cells.items()}


_STATES = _row(
    in_arrivo=None, inviato=R, accettato=S, rifiutato=S, ritirato=S, scaduto=S, confermato=R, revoca_in_corso=R,
    in_corso=R, concluso=S, non_riuscito=S, interrotto=S, superato=None, annullato=None, reindirizzato=None,
    archiviato=None,
)  # fmt: skip

# Columns: the receiver's half ("": none seen). A row says only where it differs from the first, the partial view.
_UNSEEN = {"": "in_arrivo", "sospeso": "in_corso"} | {
    own: own for own in ("accettato", "rifiutato", "ritirato", "in_corso", "concluso", "non_riuscito", "interrotto")
}
_ROWS = {
    "richiesto": _UNSEEN | {"": "inviato"},
    "scaduto": _UNSEEN | {"": "scaduto"},
    "confermato": _UNSEEN | {"": "confermato", "accettato": "confermato"},
    "revocato": _UNSEEN | dict.fromkeys(("", "accettato", "in_corso", "sospeso"), "revoca_in_corso"),
}


def situation(spedito: Spedito | None, ricevuto: Ricevuto | None, nodo: str | None) -> Situation:
    """The state of an invio as far as the receiver `nodo` is concerned, from the two halves as they are known."""
    column = ricevuto.stadio if ricevuto else ""
    if spedito is None:
        return _STATES[_UNSEEN[column]]
    if spedito.stadio not in _ROWS:
        return _STATES[spedito.stadio]
    if spedito.confermato_a not in (None, nodo):
        return _STATES["superato"]
    return _STATES[_ROWS[spedito.stadio][column]]


def overall(spedito: Spedito, riceventi: Mapping[str, Ricevuto]) -> tuple[Situation, Ricevuto | None]:
    """The state of an invio for its sender, with the half it depends on: of the receiver confirmed, of the one asked,
    or in an open call of the first who accepted."""
    nodo = spedito.confermato_a or spedito.a
    if nodo is None:
        standing = [h for h in riceventi.values() if h.stadio not in ("rifiutato", "ritirato")]
        nodo = min(standing, key=lambda h: (h.risposto_il, h.nodo)).nodo if standing else None
    half = riceventi.get(nodo) if nodo else None
    return situation(spedito, half, nodo), half


def due(situation: Situation, spedito: Spedito, ricevuto: Ricevuto | None, termini: Termini) -> date | None:
    """The last day for whoever must act; None where nobody has to."""
    if situation.tocca_a is None:
        return None
    if situation.stato == "inviato":
        return spedito.rispondere_entro
    began = max(spedito.dal_il, ricevuto.dal_il) if ricevuto else spedito.dal_il
    return termini.entro(situation.stato, began)
