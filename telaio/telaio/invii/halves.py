"""The two halves of an invio, each folded from its own history: the sender's and the receiver's."""

from datetime import date
from typing import Literal
from uuid import UUID, uuid5

from contratti import invii as contratto

from telaio.entity import Entity, State

_SUCCESSORS = UUID("5f0f8f3e-6f0e-4d63-9a4e-0f1f6c1b7d52")

InStadio = Literal["richiesto", "scaduto", "confermato", "revocato", "annullato", "reindirizzato", "archiviato"]
Risposta = Literal[
    "accettato", "rifiutato", "ritirato", "in_corso", "sospeso", "concluso", "non_riuscito", "interrotto"
]  # fmt: skip


class Spedito(State):
    """The sender's half. `confermato_a`: the receiver whose acceptance counts, once there is one."""

    stadio: InStadio
    dal_il: date
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


class Ricevuto(State):
    """The receiver's half. `nodo`: who answered; `perche`: the reason or outcome of its last step."""

    stadio: Risposta
    dal_il: date
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
def _(invio: Spedito, event: contratto.InvioConfermato) -> Spedito:
    return invio.with_(stadio="confermato", dal_il=event.avvenuto_il, confermato_a=event.a)


@invii.on
def _(invio: Spedito, event: contratto.InvioAnnullato) -> Spedito:
    """Before the confirmation it ends the invio, after it it asks the receiver to end its half."""
    stadio = "annullato" if invio.confermato_a is None else "revocato"
    return invio.with_(stadio=stadio, dal_il=event.avvenuto_il)


@invii.on
def _(invio: Spedito, event: contratto.InvioReindirizzato) -> Spedito:
    return invio.with_(stadio="reindirizzato", dal_il=event.avvenuto_il, nuovo=event.nuovo)


@invii.on
def _(invio: Spedito, event: contratto.InvioArchiviato) -> Spedito:
    return invio.with_(stadio="archiviato", dal_il=event.avvenuto_il, riscontro=event.riscontro)


invii.after(contratto.InvioScaduto, lambda i, e: i.with_(stadio="scaduto", dal_il=e.avvenuto_il))


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
    return ricevuto.with_(stadio=stadio, dal_il=event.avvenuto_il, perche=event.motivo)


@ricevuti.on
def _(ricevuto: Ricevuto, event: contratto.InvioSospeso) -> Ricevuto:
    return ricevuto.with_(stadio="sospeso", dal_il=event.avvenuto_il, perche=event.motivo)


@ricevuti.on
def _(ricevuto: Ricevuto, event: contratto.InvioConcluso) -> Ricevuto:
    return ricevuto.with_(stadio="concluso", dal_il=event.avvenuto_il, perche=event.esito)


@ricevuti.on
def _(ricevuto: Ricevuto, event: contratto.InvioNonRiuscito) -> Ricevuto:
    return ricevuto.with_(stadio="non_riuscito", dal_il=event.avvenuto_il, perche=event.motivo)


ricevuti.after(contratto.InvioPresoInCarico, lambda r, e: r.with_(stadio="in_corso", dal_il=e.avvenuto_il, perche=None))
ricevuti.after(contratto.InvioRipreso, lambda r, e: r.with_(stadio="in_corso", dal_il=e.avvenuto_il, perche=None))
