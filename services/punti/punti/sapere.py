"""Il sapere che una persona offre o richiede: la stessa persona può fare l'uno e l'altro."""

from collections.abc import Iterable
from datetime import date

from contratti import punti as contratto
from telaio.entity import Entity, State

ALTRO = "altro"


class Sapere(State):
    """Chi offre o richiede che cosa: l'uno o l'altro."""

    persona: str
    sapere: str
    offerto_il: date | None = None
    richiesto_il: date | None = None


saperi = Entity("sapere", Sapere, "saperi", "Sapere", named_by=("sapere",))


saperi.begin(contratto.SapereOfferto, lambda s, e: Sapere(persona=e.persona, sapere=e.sapere, offerto_il=e.avvenuto_il))
saperi.begin(
    contratto.SapereRichiesto, lambda s, e: Sapere(persona=e.persona, sapere=e.sapere, richiesto_il=e.avvenuto_il)
)


@saperi.claim("sapere-gia-offerto", "La persona offre già questo sapere.")
def offerti(sapere: Sapere) -> Iterable[str]:
    """Restituisce chi offre e che cosa; «altro» può essere ogni volta un sapere diverso."""
    return [f"{sapere.persona}:{sapere.sapere}"] if sapere.offerto_il and sapere.sapere != ALTRO else []


@saperi.claim("sapere-gia-richiesto", "La persona richiede già questo sapere.")
def richiesti(sapere: Sapere) -> Iterable[str]:
    """Restituisce chi richiede e che cosa; «altro» può essere ogni volta un sapere diverso."""
    return [f"{sapere.persona}:{sapere.sapere}"] if sapere.richiesto_il and sapere.sapere != ALTRO else []


REGISTRATO = ("sapere-gia-registrato", "La scheda è già di un sapere: per un altro ne serve una nuova.")
saperi.records("offerta", contratto.SapereOfferto, once=REGISTRATO)
saperi.records("richiesta", contratto.SapereRichiesto, once=REGISTRATO)
