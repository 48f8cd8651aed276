"""A case of the strand's own that begins from an invio: the work on the invio begins in the same transaction."""

from collections.abc import Mapping
from typing import Any

from contratti.invii import InvioPresoInCarico
from pydantic import BaseModel

from telaio.database import Connection
from telaio.decide import Key
from telaio.entity import Addressed, Entity, Rejected, State
from telaio.invii.halves import Ricevuto, ricevuti
from telaio.invii.heard import Inviante
from telaio.invii.receiving import prendi_in_carico


def key_of(entities: Mapping[str, Entity[Any]], command: BaseModel) -> Key | None:
    """The received invio a command says it comes from; None where it names none."""
    id = getattr(command, "invio", None)
    return (ricevuti.kind, id) if isinstance(id, str) and ricevuti.kind in entities else None


async def begun(connection: Connection, key: Key, before: State | None, command: Any) -> list[Addressed]:
    """What the command adds to the invio: that it was taken on; nothing where it is under way already.

    Raises: Rejected "invio-non-accettato", and as `prendi_in_carico`.
    """
    if not isinstance(before, Ricevuto):
        raise Rejected("invio-non-accettato", "L'invio indicato non è stato accettato da questo servizio.")
    if before.stadio in ("in_corso", "sospeso"):
        return []
    begins = InvioPresoInCarico(avvenuto_il=command.avvenuto_il)
    inviante = await Inviante.load(connection, key[1], before, command)
    return [Addressed(*key, event) for event in prendi_in_carico(before, begins, inviante)]
