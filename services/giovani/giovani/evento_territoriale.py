"""L'evento territoriale: in programma, poi svolto o annullato. `EventoTerritoriale` dice che si è svolto."""

from datetime import date

from contratti import giovani
from pydantic import Field
from telaio.entity import Entity, Events, Rejected, State


class Evento(State):
    """A che punto è l'evento. `svolto` e `annullato` contano quante volte: più di una è una storia impossibile."""

    comune: str = ""
    titolo: str | None = None
    programmato_il: date | None = None
    previsto_il: date | None = None
    svolto: int = 0
    svolto_il: date | None = Field(None, title="Svolto il")
    partecipanti: int = 0
    giovani_organizzatori: int = 0
    annullato: int = 0


eventi = Entity(
    "evento_territoriale",
    Evento,
    "eventi-territoriali",
    "Evento territoriale",
    switches={"svolto", "annullato"},
    named_by=("titolo", "comune"),
)


@eventi.begins
def _(stato: Evento | None, evento: giovani.EventoTerritorialeProgrammato) -> Evento:
    return (stato or Evento()).with_(
        comune=evento.comune,
        titolo=evento.titolo,
        programmato_il=evento.avvenuto_il,
        previsto_il=evento.previsto_il,
    )


@eventi.begins
def _(stato: Evento | None, evento: giovani.EventoTerritoriale) -> Evento:
    prima = stato or Evento()
    return prima.with_(
        comune=evento.comune,
        svolto=prima.svolto + 1,
        svolto_il=evento.avvenuto_il,
        partecipanti=evento.partecipanti,
        giovani_organizzatori=evento.giovani_organizzatori,
    )


eventi.after(giovani.EventoTerritorialeAnnullato, lambda s, e: s.with_(annullato=s.annullato + 1))


eventi.never("evento-gia-svolto", "L'evento risulta già svolto: si può rettificare.", lambda s: s.svolto > 1)
eventi.never("evento-gia-annullato", "L'evento è già annullato.", lambda s: s.annullato > 1)
eventi.never(
    "evento-svolto-e-annullato",
    "Un evento si svolge o si annulla: uno dei due va rettificato.",
    lambda s: s.svolto and s.annullato,
)
eventi.never(
    "previsto-nel-passato",
    "Il giorno previsto è prima di quello in cui si programma.",
    lambda s: s.programmato_il and s.previsto_il and s.previsto_il < s.programmato_il,
)


@eventi.command("programma", creates=True)
def programma(stato: Evento | None, comando: giovani.EventoTerritorialeProgrammato) -> Events:
    """Mette in programma un evento, o lo sposta a un altro giorno finché non si è svolto né annullato.

    Raises: Rejected "evento-gia-svolto", "evento-gia-annullato", "previsto-nel-passato".
    """
    if stato and stato.svolto:
        raise Rejected("evento-gia-svolto", "L'evento si è già svolto: per un'altra edizione se ne apre uno nuovo.")
    if stato and stato.annullato:
        raise Rejected("evento-gia-annullato", "L'evento è annullato: per rifarlo se ne apre uno nuovo.")
    return [comando]


# Anche un evento che nessuno aveva messo in programma si è svolto: i giovani lo fanno nascere, e lo si scrive dopo.
eventi.records("svolgimento", giovani.EventoTerritoriale, creates=True)
eventi.records("annullamento", giovani.EventoTerritorialeAnnullato)
