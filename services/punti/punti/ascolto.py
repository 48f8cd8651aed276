"""L'ascolto: una richiesta di aiuto, che cosa ne è stato, e com'è cambiata la vita di chi ha chiesto."""

from datetime import date

from contratti import punti as contratto
from pydantic import BaseModel, ConfigDict
from telaio.entity import Entity, Events, Rejected, State

from punti.punto import Punto, aperto


class Rilevazione(BaseModel):
    """Che cosa è stato chiesto a chi, e quando."""

    model_config = ConfigDict(frozen=True)

    persona: str
    cosa: str
    rilevata_il: date


class Ascolto(State):
    """La richiesta e le sue rilevazioni. `in_corso` conta richieste meno conclusioni: 1 sì, 0 no."""

    punto: str
    persona: str | None = None
    comune: str
    bisogni: tuple[str, ...]
    raccolta_il: date
    rilevazioni: tuple[Rilevazione, ...] = ()
    in_corso: int = 1
    concluso_il: date | None = None
    esito: str | None = None


ascolti = Entity("ascolto", Ascolto, "ascolti", "Ascolto")


@ascolti.begins
def _(ascolto: Ascolto | None, evento: contratto.RichiestaDiAiutoRaccolta) -> Ascolto:
    return Ascolto(raccolta_il=evento.avvenuto_il, **evento.model_dump(exclude={"avvenuto_il"}))


@ascolti.on
def _(ascolto: Ascolto, evento: contratto.ReteDiAppoggioRilevata) -> Ascolto:
    return _rilevata(ascolto, evento, "rete_di_appoggio")


@ascolti.on
def _(ascolto: Ascolto, evento: contratto.StarBeneRilevato) -> Ascolto:
    return _rilevata(ascolto, evento, "star_bene")


def _rilevata(
    ascolto: Ascolto, evento: contratto.ReteDiAppoggioRilevata | contratto.StarBeneRilevato, cosa: str
) -> Ascolto:
    nuova = Rilevazione(persona=evento.persona, cosa=cosa, rilevata_il=evento.avvenuto_il)
    return ascolto.with_(rilevazioni=(*ascolto.rilevazioni, nuova))


@ascolti.on
def _(ascolto: Ascolto, evento: contratto.AscoltoConcluso) -> Ascolto:
    return ascolto.with_(in_corso=ascolto.in_corso - 1, concluso_il=evento.avvenuto_il, esito=evento.esito)


ascolti.switch(
    "in_corso",
    on_twice=("richiesta-gia-raccolta", "La richiesta è già stata raccolta."),
    off_twice=("ascolto-gia-concluso", "L'ascolto è già concluso: l'esito si può rettificare."),
)


ascolti.never(
    "rilevazione-gia-registrata",
    "La rilevazione è già registrata, per la stessa persona e lo stesso giorno: si può rettificare.",
    lambda a: len(set(a.rilevazioni)) != len(a.rilevazioni),
)


@ascolti.invariant
def comincia_con_la_richiesta(ascolto: Ascolto) -> None:
    """Raises: Rejected "prima-della-richiesta"."""
    giorni = [r.rilevata_il for r in ascolto.rilevazioni] + ([ascolto.concluso_il] if ascolto.concluso_il else [])
    if any(giorno < ascolto.raccolta_il for giorno in giorni):
        raise Rejected("prima-della-richiesta", "La data è prima del giorno in cui la richiesta è stata raccolta.")


@ascolti.command(
    "richiesta",
    title="Richiesta di aiuto",
    once=("richiesta-gia-raccolta", "La richiesta è già stata raccolta: per una nuova serve un'altra scheda."),
)
def raccoglie(ascolto: Ascolto | None, comando: contratto.RichiestaDiAiutoRaccolta, punto: Punto) -> Events:
    """Raccoglie una richiesta di aiuto in un Punto aperto. Raises: Rejected "punto-chiuso"."""
    aperto(punto, comando.avvenuto_il)
    return [comando]


# Si rileva anche ad ascolto concluso: la seconda volta serve a sapere che cosa è rimasto dopo.
ascolti.records("rete-di-appoggio", contratto.ReteDiAppoggioRilevata)
ascolti.records("star-bene", contratto.StarBeneRilevato)
ascolti.records("conclusione", contratto.AscoltoConcluso)
