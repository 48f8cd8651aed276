"""Il gruppo di cittadini o di auto mutuo aiuto: i suoi incontri e i legami con gli altri gruppi."""

from datetime import date

from contratti import punti as contratto
from telaio.entity import Entity, Events, State

from punti.punto import Punto, aperto


class Gruppo(State):
    """Il gruppo com'è adesso: `legami` sono gli altri gruppi che ha incontrato, ciascuno una volta.

    `attivo` conta nascite meno scioglimenti: 1 sì, 0 no. `dopo_lo_scioglimento` tiene i giorni degli incontri di un
    gruppo già sciolto: una storia impossibile.
    """

    punto: str = ""
    tema: str = ""
    attivo: int = 0
    sciolto_il: date | None = None
    incontri: int = 0
    ultimo_incontro_il: date | None = None
    legami: tuple[str, ...] = ()
    dopo_lo_scioglimento: tuple[date, ...] = ()


gruppi = Entity("gruppo", Gruppo, "gruppi", "Gruppo", named_by=("tema",))


@gruppi.begins
def _(gruppo: Gruppo | None, evento: contratto.GruppoNato) -> Gruppo:
    prima = gruppo or Gruppo()
    return prima.with_(punto=evento.punto, tema=evento.tema, attivo=prima.attivo + 1, sciolto_il=None)


@gruppi.on
def _(gruppo: Gruppo, evento: contratto.IncontroDiGruppoSvolto) -> Gruppo:
    giorno, fine = evento.avvenuto_il, gruppo.sciolto_il
    dopo = (giorno,) if fine and giorno > fine else ()
    return gruppo.with_(
        incontri=gruppo.incontri + 1,
        ultimo_incontro_il=max(giorno, gruppo.ultimo_incontro_il or giorno),
        legami=tuple(sorted({*gruppo.legami, *evento.con_gruppi})),
        dopo_lo_scioglimento=(*gruppo.dopo_lo_scioglimento, *dopo),
    )


gruppi.after(contratto.GruppoSciolto, lambda g, e: g.with_(attivo=g.attivo - 1, sciolto_il=e.avvenuto_il))


gruppi.switch(
    "attivo",
    on_twice=("gruppo-gia-nato", "Il gruppo c'è già."),
    off_twice=("gruppo-gia-sciolto", "Il gruppo è già sciolto."),
)


gruppi.never("gruppo-gia-sciolto", "Quel giorno il gruppo era già sciolto.", lambda g: g.dopo_lo_scioglimento)
gruppi.never("gruppo-con-se-stesso", "Fra gli altri gruppi c'è il gruppo stesso: va tolto.", lambda g: g.id in g.legami)


@gruppi.command("nascita", creates=True)
def nasce(gruppo: Gruppo | None, comando: contratto.GruppoNato, punto: Punto) -> Events:
    """Registra un gruppo nato in un Punto aperto; uno che rinasce riapre la stessa scheda.

    Raises: Rejected "gruppo-gia-nato" (regola della scheda), "punto-chiuso".
    """
    aperto(punto, comando.avvenuto_il)
    return [comando]


gruppi.records("incontro", contratto.IncontroDiGruppoSvolto)
gruppi.records("scioglimento", contratto.GruppoSciolto)
