"""La dichiarazione della mensa."""

from collections.abc import Iterable

from telaio.entity import Entity, Rejected, State
from telaio.service import Offer, Service
from telaio.strand import in_the_network

from mensa.eventi import OspiteAccolto, PastoServito


class Ospite(State):
    """Chi viene a mangiare."""

    persona: str
    comune: str
    pasti: int = 0


ospiti = Entity("ospite", Ospite, "ospiti", "Ospite")


@ospiti.begins
def _(ospite: Ospite | None, evento: OspiteAccolto) -> Ospite:
    return Ospite(persona=evento.persona, comune=evento.comune, pasti=ospite.pasti if ospite else 0)


ospiti.after(PastoServito, lambda o, e: o.with_(pasti=o.pasti + e.pasti))


@ospiti.claim("persona-gia-ospite", "La persona è già ospite della mensa.")
def persona(ospite: Ospite) -> Iterable[str]:
    """Restituisce la persona: una scheda sola per ciascuna."""
    return [ospite.persona]


def gia_accolto(ospite: Ospite) -> None:
    raise Rejected("ospite-gia-accolto", "L'ospite è già stato accolto.")


ospiti.records("accoglienza", OspiteAccolto, gia_accolto, creates=True)
ospiti.records("pasto", PastoServito)

servizio = in_the_network(
    Service(
        name="mensa", title="Mensa di comunità", entities=(ospiti,), offers=(Offer("altro", ospiti, "accoglienza"),)
    )
)
