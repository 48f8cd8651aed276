"""The two halves of an invio, each folded from its own history: the sender's and the receiver's."""

from datetime import date
from typing import Any, Literal, Self
from uuid import UUID, uuid5

from contratti import invii as contratto
from contratti.rete import Event

from telaio.entity import Entity, Rejected, State

_SUCCESSORS = UUID("5f0f8f3e-6f0e-4d63-9a4e-0f1f6c1b7d52")

InStadio = Literal["richiesto", "scaduto", "confermato", "revocato", "annullato", "reindirizzato", "archiviato"]
Risposta = Literal[
    "accettato", "rifiutato", "ritirato", "in_corso", "sospeso", "concluso", "non_riuscito", "interrotto"
]  # fmt: skip


class Half(State):
    """Either half. `dal_il`: when its present stage began; `indietro`: a step was earlier than the one before.

    A half only goes forward, so that whoever folds it by days folds it as it was written.
    """

    dal_il: date
    indietro: bool = False

    def moved(self, event: Event, **changes: Any) -> Self:
        """The half after a step."""
        day = event.avvenuto_il
        return self.with_(dal_il=day, indietro=self.indietro or day < self.dal_il, **changes)


class Spedito(Half):
    """The sender's half. `confermato_a`: the receiver whose acceptance counts, once there is one."""

    stadio: InStadio
    richiesto_il: date
    da: str
    a: str | None
    persona: str | None
    famiglia: str | None
    comune: str
    prestazione: str
    bisogni: tuple[str, ...]
    nucleo: int | None
    minori: int | None
    fasce_eta: tuple[str, ...]
    urgente: bool
    rispondere_entro: date
    segue: str | None
    confermato_a: str | None = None
    nuovo: str | None = None
    riscontro: str | None = None

    @property
    def successore(self) -> str:
        """The id of the invio that continues this one: always the same, so that it is made once."""
        return str(uuid5(_SUCCESSORS, self.id))

    @property
    def atteso(self) -> bool:
        """Whether an acceptance can still be confirmed."""
        return self.stadio in ("richiesto", "scaduto")


class Ricevuto(Half):
    """The receiver's half. `nodo`: who answered; `perche`: the reason or outcome of its last step."""

    stadio: Risposta
    nodo: str
    risposto_il: date
    perche: str | None = None

    @property
    def vivo(self) -> bool:
        """Whether, once confirmed, it can still work on the case."""
        return self.stadio in ("accettato", "in_corso", "sospeso")


invii = Entity("invio", Spedito, "invii", "Invio", correctable=False)
ricevuti = Entity("invio_ricevuto", Ricevuto, "invii-ricevuti", "Invio ricevuto", correctable=False)


@invii.begins
def _(invio: Spedito | None, event: contratto.InvioRichiesto) -> Spedito:
    asked = event.model_dump(exclude={"avvenuto_il"})
    return Spedito(stadio="richiesto", dal_il=event.avvenuto_il, richiesto_il=event.avvenuto_il, **asked)


@invii.on
def _(invio: Spedito, event: contratto.InvioAnnullato) -> Spedito:
    """Before the confirmation it ends the invio, after it it asks the receiver to end its half."""
    return invio.moved(event, stadio="annullato" if invio.confermato_a is None else "revocato")


invii.after(contratto.InvioConfermato, lambda i, e: i.moved(e, stadio="confermato", confermato_a=e.a))
invii.after(contratto.InvioScaduto, lambda i, e: i.moved(e, stadio="scaduto"))
invii.after(contratto.InvioReindirizzato, lambda i, e: i.moved(e, stadio="reindirizzato", nuovo=e.nuovo))
invii.after(contratto.InvioArchiviato, lambda i, e: i.moved(e, stadio="archiviato", riscontro=e.riscontro))


@ricevuti.begins
def _(ricevuto: Ricevuto | None, event: contratto.InvioAccettato) -> Ricevuto:
    return Ricevuto(stadio="accettato", dal_il=event.avvenuto_il, nodo=event.da, risposto_il=event.avvenuto_il)


@ricevuti.begins
def _(ricevuto: Ricevuto | None, event: contratto.InvioRifiutato) -> Ricevuto:
    return Ricevuto(
        stadio="rifiutato",
        dal_il=event.avvenuto_il,
        nodo=event.da,
        risposto_il=event.avvenuto_il,
        perche=event.motivo,
    )


@ricevuti.on
def _(ricevuto: Ricevuto, event: contratto.InvioAnnullato) -> Ricevuto:
    """Withdrawn before the work began, interrupted after."""
    stadio = "ritirato" if ricevuto.stadio == "accettato" else "interrotto"
    return ricevuto.moved(event, stadio=stadio, perche=event.motivo)


ricevuti.after(contratto.InvioPresoInCarico, lambda r, e: r.moved(e, stadio="in_corso", perche=None))
ricevuti.after(contratto.InvioSospeso, lambda r, e: r.moved(e, stadio="sospeso", perche=e.motivo))
ricevuti.after(contratto.InvioRipreso, lambda r, e: r.moved(e, stadio="in_corso", perche=None))
ricevuti.after(contratto.InvioConcluso, lambda r, e: r.moved(e, stadio="concluso", perche=e.esito))
ricevuti.after(contratto.InvioNonRiuscito, lambda r, e: r.moved(e, stadio="non_riuscito", perche=e.motivo))


def in_ordine(half: Half) -> None:
    """Raises: Rejected "passo-prima-del-precedente"."""
    if half.indietro:
        raise Rejected("passo-prima-del-precedente", "La data è prima di quella del passo precedente dell'invio.")


invii.invariant(in_ordine)
ricevuti.invariant(in_ordine)
