"""How many places each prestazione has now: told by who offers it, never asked."""

from contratti.invii import PostiDisponibiliAggiornati
from pydantic import BaseModel, ConfigDict

from telaio.entity import Entity, Events, Rejected, State
from telaio.here import Here


class Posti(BaseModel):
    """The places of one prestazione."""

    model_config = ConfigDict(frozen=True)

    liberi: int
    in_attesa: int


class Capienza(State):
    """What a service offers and how much of it is left, by prestazione."""

    posti: dict[str, Posti] = {}


capienze = Entity(
    "capienza", Capienza, "capienza", "Posti disponibili", singleton="posti-disponibili", correctable=False
)


@capienze.on
def _(capienza: Capienza, event: PostiDisponibiliAggiornati) -> Capienza:
    now = Posti(liberi=event.posti_liberi, in_attesa=event.in_attesa)
    return capienza.with_(posti={**capienza.posti, event.prestazione: now})


@capienze.command("aggiornamento", title="Aggiornamento dei posti")
def aggiorna(capienza: Capienza, comando: PostiDisponibiliAggiornati, qui: Here) -> Events:
    """Dice alla rete quanti posti ha adesso una prestazione. Raises: Rejected "prestazione-non-offerta"."""
    if comando.prestazione not in qui.offre:
        raise Rejected("prestazione-non-offerta", "Questo servizio non offre la prestazione indicata.")
    return [comando]
