"""L'evento formativo: programmato, poi svolto o annullato."""

from datetime import date

from contratti import lavoro
from telaio.entity import Entity, State


class EventoFormativo(State):
    """Dove, su che cosa, e come è andato."""

    comune: str
    tema: str
    posti: int
    programmato_il: date
    svolto_il: date | None = None
    presenze: int | None = None
    annullato_il: date | None = None


formativi = Entity("evento_formativo", EventoFormativo, "eventi-formativi", "Evento formativo")
formativi.begin(
    lavoro.EventoFormativoProgrammato, lambda _, e: EventoFormativo(programmato_il=e.avvenuto_il, **e.model_dump())
)
formativi.after(lavoro.EventoFormativoSvolto, lambda f, e: f.with_(svolto_il=e.avvenuto_il, presenze=e.presenze))
formativi.after(lavoro.EventoFormativoAnnullato, lambda f, e: f.with_(annullato_il=e.avvenuto_il))

da_svolgere = formativi.refusal(
    "evento-gia-finito", "Si è già svolto o è annullato: ne serve uno nuovo.", lambda f: f.svolto_il or f.annullato_il
)

formativi.records("programma", lavoro.EventoFormativoProgrammato, once=("evento-gia-programmato", "L'evento c'è già."))
formativi.records("svolgimento", lavoro.EventoFormativoSvolto, da_svolgere)
formativi.records("annullamento", lavoro.EventoFormativoAnnullato, da_svolgere)
