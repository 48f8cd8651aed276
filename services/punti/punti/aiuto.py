"""L'aiuto che una persona o un ente offre alla comunità, finché non è servito."""

from datetime import date

from contratti import punti as contratto
from telaio.entity import Entity, State


class Aiuto(State):
    """Chi offre che cosa. `disponibile` conta offerte meno impieghi: 1 sì, 0 no."""

    persona: str | None = None
    ente: str | None = None
    cosa: str = ""
    comune: str | None = None
    offerto_il: date | None = None
    disponibile: int = 0


aiuti = Entity("aiuto", Aiuto, "aiuti", "Aiuto", named_by=("cosa", "comune"))


@aiuti.begins
def _(aiuto: Aiuto | None, evento: contratto.AiutoOfferto) -> Aiuto:
    volte = aiuto.disponibile if aiuto else 0
    dati = evento.model_dump(exclude={"avvenuto_il"})
    return Aiuto(**dati, offerto_il=evento.avvenuto_il, disponibile=volte + 1)


aiuti.after(contratto.AiutoImpiegato, lambda a, e: a.with_(disponibile=a.disponibile - 1))


aiuti.switch(
    "disponibile",
    on_twice=("aiuto-gia-offerto", "L'aiuto è già fra quelli disponibili."),
    off_twice=("aiuto-gia-impiegato", "L'aiuto è già servito: chi vuole può offrirlo di nuovo."),
)

# Chi offre di nuovo lo stesso aiuto riapre la stessa scheda.
aiuti.records("offerta", contratto.AiutoOfferto, creates=True)
aiuti.records("impiego", contratto.AiutoImpiegato)
