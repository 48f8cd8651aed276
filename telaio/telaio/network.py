"""What every strand records alike: the meetings in which the network designs together and meets."""

from datetime import date

from contratti.rete import CoprogettazioneSvolta, IncontroDiReteSvolto

from telaio.entity import Entity, Events, Rejected, State


class Coprogettazione(State):
    """A meeting in which the network designed together with citizens."""

    svolta_il: date
    oggetto: str
    con: tuple[str, ...]
    bisogni: tuple[str, ...] = ()
    aspettative: tuple[str, ...] = ()
    scelte: tuple[str, ...] = ()


class IncontroDiRete(State):
    """A meeting among members of the network."""

    svolto_il: date
    presenti: tuple[str, ...]


coprogettazioni = Entity("coprogettazione", Coprogettazione, "coprogettazioni", "Coprogettazione")
incontri_di_rete = Entity("incontro_di_rete", IncontroDiRete, "incontri-di-rete", "Incontro di rete")


@coprogettazioni.begins
def _(coprogettazione: Coprogettazione | None, event: CoprogettazioneSvolta) -> Coprogettazione:
    return Coprogettazione(svolta_il=event.avvenuto_il, **event.model_dump(exclude={"avvenuto_il"}))


@incontri_di_rete.begins
def _(incontro: IncontroDiRete | None, event: IncontroDiReteSvolto) -> IncontroDiRete:
    return IncontroDiRete(svolto_il=event.avvenuto_il, presenti=event.presenti)


@coprogettazioni.command("registrazione", creates=True)
def registra_coprogettazione(coprogettazione: Coprogettazione | None, comando: CoprogettazioneSvolta) -> Events:
    """Registra un incontro di coprogettazione. Raises: Rejected "coprogettazione-gia-registrata"."""
    if coprogettazione is not None:
        raise Rejected("coprogettazione-gia-registrata", "La coprogettazione è già registrata: si può rettificare.")
    return [comando]


@incontri_di_rete.command("registrazione", creates=True)
def registra_incontro(incontro: IncontroDiRete | None, comando: IncontroDiReteSvolto) -> Events:
    """Registra un incontro fra chi fa parte della rete. Raises: Rejected "incontro-gia-registrato"."""
    if incontro is not None:
        raise Rejected("incontro-gia-registrato", "L'incontro è già registrato: si può rettificare.")
    return [comando]
