"""Il condominio sociale e il passaggio dal custode sociale al custode junior, scelto fra i residenti.

Fonte: #genera_azioni, il custode sociale del condominio di Carpenedolo.
"""

from datetime import date

from contratti import casa
from telaio.calendar import after_months
from telaio.entity import Entity, Events, Rejected, State

from casa.regole import Regole


class Condominio(State):
    """A che punto è il passaggio. `custodi` conta incarichi meno cessazioni: 1 c'è, 0 no."""

    comune: str
    alloggi: int
    custodi: int = 0
    custode_dal_il: date | None = None
    junior_scelto_il: date | None = None
    junior_autonomo_il: date | None = None
    attivita: int = 0
    concluso: bool = False


condomini = Entity("condominio", Condominio, "condomini", "Condominio sociale")


@condomini.begins
def _(condominio: Condominio | None, evento: casa.CondominioSocialeAvviato) -> Condominio:
    return Condominio(comune=evento.comune, alloggi=evento.alloggi)


@condomini.on
def _(condominio: Condominio, evento: casa.CustodeSocialeIncaricato) -> Condominio:
    return condominio.with_(
        custodi=condominio.custodi + 1,
        custode_dal_il=evento.avvenuto_il,
        junior_scelto_il=None,
        junior_autonomo_il=None,
    )


condomini.after(casa.CustodeSocialeCessato, lambda c, e: c.with_(custodi=c.custodi - 1))
condomini.after(casa.CustodeJuniorScelto, lambda c, e: c.with_(junior_scelto_il=e.avvenuto_il))
condomini.after(casa.CustodeJuniorResoAutonomo, lambda c, e: c.with_(junior_autonomo_il=e.avvenuto_il))
condomini.after(casa.AttivitaCondominialeSvolta, lambda c, e: c.with_(attivita=c.attivita + 1))
condomini.after(casa.CondominioSocialeConcluso, lambda c, e: c.with_(concluso=True))


condomini.switch(
    "custodi",
    on_twice=("custode-gia-incaricato", "Il condominio ha già un custode sociale."),
    off_twice=("custode-non-incaricato", "Il condominio non ha un custode sociale."),
)


@condomini.invariant
def affiancato_dal_custode(condominio: Condominio) -> None:
    """Raises: Rejected "junior-non-scelto", "affiancamento-senza-custode"."""
    if condominio.junior_autonomo_il and not condominio.junior_scelto_il:
        raise Rejected("junior-non-scelto", "I residenti non hanno ancora scelto il custode junior.")
    if condominio.junior_scelto_il and not condominio.junior_autonomo_il and not condominio.custodi:
        raise Rejected("affiancamento-senza-custode", "Il custode junior è affiancato dal custode finché è autonomo.")


def aperto(condominio: Condominio) -> None:
    """Raises: Rejected "condominio-concluso"."""
    if condominio.concluso:
        raise Rejected("condominio-concluso", "Il condominio sociale è concluso.")


@condomini.command("avvio", creates=True)
def avvia(condominio: Condominio | None, comando: casa.CondominioSocialeAvviato) -> Events:
    """Avvia un condominio sociale. Raises: Rejected "condominio-gia-avviato"."""
    if condominio is not None:
        raise Rejected("condominio-gia-avviato", "Il condominio sociale è già stato avviato.")
    return [comando]


# Un nuovo custode ricomincia il passaggio da capo. Può cessare prima che il junior sia scelto (la prova può fallire) o
# quando è autonomo; durante l'affiancamento no.
condomini.records("incarico-custode", casa.CustodeSocialeIncaricato, aperto)
condomini.records("cessazione-custode", casa.CustodeSocialeCessato, aperto)
condomini.records("attivita", casa.AttivitaCondominialeSvolta, aperto, title="Attività")
condomini.records("conclusione", casa.CondominioSocialeConcluso, aperto)


@condomini.command("scelta-junior")
def scegli_junior(condominio: Condominio, comando: casa.CustodeJuniorScelto, regole: Regole) -> Events:
    """Registra il custode junior scelto dai residenti dopo la prova; una nuova scelta ricomincia l'affiancamento.

    Raises: Rejected "condominio-concluso", "custode-non-incaricato", "junior-gia-autonomo", "prova-non-conclusa".
    """
    aperto(condominio)
    if not condominio.custodi or condominio.custode_dal_il is None:
        raise Rejected("custode-non-incaricato", "Il condominio non ha un custode sociale.")
    if condominio.junior_autonomo_il:
        raise Rejected("junior-gia-autonomo", "Il custode junior è già autonomo.")
    mesi = regole.mesi_di_prova_del_custode.al(condominio.custode_dal_il)
    if comando.avvenuto_il < after_months(condominio.custode_dal_il, mesi):
        raise Rejected("prova-non-conclusa", f"La prova del custode dura {mesi} mesi.")
    return [comando]


@condomini.command("autonomia-junior")
def rendi_autonomo(condominio: Condominio, comando: casa.CustodeJuniorResoAutonomo, regole: Regole) -> Events:
    """Registra che il custode junior, dopo l'affiancamento, prosegue da solo.

    Raises: Rejected "condominio-concluso", "junior-non-scelto", "junior-gia-autonomo", "affiancamento-non-concluso".
    """
    aperto(condominio)
    if condominio.junior_scelto_il is None:
        raise Rejected("junior-non-scelto", "I residenti non hanno ancora scelto il custode junior.")
    if condominio.junior_autonomo_il:
        raise Rejected("junior-gia-autonomo", "Il custode junior è già autonomo.")
    mesi = regole.mesi_di_affiancamento_del_junior.al(condominio.junior_scelto_il)
    if comando.avvenuto_il < after_months(condominio.junior_scelto_il, mesi):
        raise Rejected("affiancamento-non-concluso", f"L'affiancamento del custode junior dura {mesi} mesi.")
    return [comando]
