"""Gli eventi della mensa di comunità."""

from contratti.rete import CodiceComune, EntitaId, Event, PersonaId
from pydantic import Field


class OspiteAccolto(Event):
    """Una persona viene a mangiare."""

    persona: PersonaId
    comune: CodiceComune
    invio: EntitaId | None = Field(None, title="Invio")


class PastoServito(Event):
    """Uno o più pasti serviti."""

    pasti: int = Field(title="Pasti", ge=1, le=20, examples=[2])


for event in (OspiteAccolto, PastoServito):
    event.type_name = f"mensa.{event.__name__}"
    Event.registro[event.type_name, event.schema_version] = event
