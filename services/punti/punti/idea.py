"""L'idea dei cittadini per la comunità: presentata, poi finanziata e realizzata, oppure respinta."""

from datetime import date

from contratti import punti as contratto
from telaio.entity import Entity, Rejected, State


class Idea(State):
    """A che punto è l'idea. `aperta` conta presentazioni meno conclusioni: 1 sì, 0 no."""

    comune: str
    proponente: str
    presentata_il: date
    finanziata_il: date | None = None
    finanziato_centesimi: int = 0
    realizzata_il: date | None = None
    respinta_il: date | None = None
    aperta: int = 1


idee = Entity("idea", Idea, "idee", "Idea")


@idee.begins
def _(idea: Idea | None, evento: contratto.IdeaPresentata) -> Idea:
    return Idea(presentata_il=evento.avvenuto_il, comune=evento.comune, proponente=evento.proponente)


@idee.on
def _(idea: Idea, evento: contratto.IdeaFinanziata) -> Idea:
    return idea.with_(
        finanziata_il=min(evento.avvenuto_il, idea.finanziata_il or evento.avvenuto_il),
        finanziato_centesimi=idea.finanziato_centesimi + evento.importo_centesimi,
    )


idee.after(contratto.IdeaRealizzata, lambda i, e: i.with_(aperta=i.aperta - 1, realizzata_il=e.avvenuto_il))
idee.after(contratto.IdeaRespinta, lambda i, e: i.with_(aperta=i.aperta - 1, respinta_il=e.avvenuto_il))


idee.switch(
    "aperta",
    on_twice=("idea-gia-presentata", "L'idea è già stata presentata."),
    off_twice=("idea-gia-conclusa", "L'idea è già stata realizzata o respinta."),
)


idee.never(
    "idea-non-finanziata",
    "Prima della realizzazione va registrato il finanziamento.",
    lambda i: i.realizzata_il and not i.finanziata_il,
)
idee.never(
    "idea-respinta-e-finanziata",
    "Un'idea finanziata non si respinge, una respinta non si finanzia.",
    lambda i: i.respinta_il and i.finanziata_il,
)


@idee.invariant
def nei_giorni_giusti(idea: Idea) -> None:
    """Raises: Rejected "idea-fuori-ordine"; altro denaro può arrivare anche a realizzazione finita."""
    giorni = [g for g in (idea.presentata_il, idea.finanziata_il, idea.realizzata_il or idea.respinta_il) if g]
    if giorni != sorted(giorni):
        raise Rejected(
            "idea-fuori-ordine", "Un'idea è presentata, poi finanziata, poi realizzata: le date dicono altro."
        )


idee.records("presentazione", contratto.IdeaPresentata, once=("idea-gia-presentata", "L'idea è già stata presentata."))
idee.records("finanziamento", contratto.IdeaFinanziata)
idee.records("realizzazione", contratto.IdeaRealizzata)
idee.records("respinta", contratto.IdeaRespinta, title="Idea respinta")
