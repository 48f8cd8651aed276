"""Il laboratorio esperienziale: posti, iscrizioni, presenze. Chi può dare il consenso è in `iscrizione.py`."""

from datetime import date
from itertools import chain

from contratti import giovani
from pydantic import BaseModel, ConfigDict, Field
from telaio.entity import Entity, Rejected, State

from giovani.iscrizione import Iscrizione, con_il_consenso


class Incontro(BaseModel):
    """Chi c'era, quando."""

    model_config = ConfigDict(frozen=True)

    incontro: int
    svolto_il: date
    persone: tuple[str, ...]


class Laboratorio(State):
    """Il laboratorio com'è adesso. `mai_iscritti` tiene chi si è ritirato senza essere iscritto, `avviato` e `concluso`
    contano quante volte: più di una è una storia impossibile."""

    ambito: str = ""
    comune: str = ""
    con: tuple[str, ...] = ()
    enti: tuple[str, ...] = ()
    posti: int = 0
    avviato: int = 0
    avviato_il: date | None = Field(None, title="Avviato il")
    iscrizioni: tuple[Iscrizione, ...] = ()
    mai_iscritti: tuple[str, ...] = ()
    incontri: tuple[Incontro, ...] = ()
    concluso: int = 0
    concluso_il: date | None = Field(None, title="Concluso il")

    @property
    def iscritti(self) -> list[str]:
        """Chi frequenta adesso."""
        return [i.persona for i in self.iscrizioni if i.al_il is None]


laboratori = Entity(
    "laboratorio",
    Laboratorio,
    "laboratori",
    "Laboratorio",
    switches={"avviato", "concluso"},
    named_by=("ambito", "comune"),
)


@laboratori.begins
def _(laboratorio: Laboratorio | None, evento: giovani.LaboratorioCoprogettato) -> Laboratorio:
    prima = laboratorio or Laboratorio()
    return prima.with_(ambito=evento.ambito, comune=evento.comune, con=evento.con, enti=evento.enti)


@laboratori.on
def _(laboratorio: Laboratorio, evento: giovani.LaboratorioAvviato) -> Laboratorio:
    return laboratorio.with_(posti=evento.posti, avviato=laboratorio.avviato + 1, avviato_il=evento.avvenuto_il)


@laboratori.on
def _(laboratorio: Laboratorio, evento: giovani.IscrizioneRaccolta) -> Laboratorio:
    nuova = Iscrizione(dal_il=evento.avvenuto_il, **evento.model_dump(exclude={"avvenuto_il"}))
    return laboratorio.with_(iscrizioni=(*laboratorio.iscrizioni, nuova))


@laboratori.on
def _(laboratorio: Laboratorio, evento: giovani.IscrizioneRitirata) -> Laboratorio:
    iscrizioni = list(laboratorio.iscrizioni)
    for posto, iscrizione in enumerate(iscrizioni):
        if iscrizione.persona == evento.persona and iscrizione.al_il is None:
            iscrizioni[posto] = iscrizione.model_copy(update={"al_il": evento.avvenuto_il})
            return laboratorio.with_(iscrizioni=tuple(iscrizioni))
    return laboratorio.with_(mai_iscritti=(*laboratorio.mai_iscritti, evento.persona))


@laboratori.on
def _(laboratorio: Laboratorio, evento: giovani.PresenzeRegistrate) -> Laboratorio:
    nuovo = Incontro(incontro=evento.incontro, svolto_il=evento.avvenuto_il, persone=evento.persone)
    return laboratorio.with_(incontri=(*laboratorio.incontri, nuovo))


@laboratori.on
def _(laboratorio: Laboratorio, evento: giovani.LaboratorioConcluso) -> Laboratorio:
    return laboratorio.with_(concluso=laboratorio.concluso + 1, concluso_il=evento.avvenuto_il)


laboratori.never(
    "laboratorio-gia-avviato",
    "Il laboratorio è già avviato: i posti si possono rettificare.",
    lambda lab: lab.avviato > 1,
)
laboratori.never(
    "laboratorio-gia-concluso",
    "Il laboratorio è già concluso: la data si può rettificare.",
    lambda lab: lab.concluso > 1,
)
laboratori.never(
    "laboratorio-non-avviato",
    "Prima di raccogliere iscrizioni va registrato l'avvio, con i posti.",
    lambda lab: lab.iscrizioni and not lab.avviato,
)


@laboratori.invariant
def ognuno_una_volta(laboratorio: Laboratorio) -> None:
    """Raises: Rejected "persona-gia-iscritta", "persona-non-iscritta", "ritiro-prima-dell-iscrizione"."""
    if len(set(laboratorio.iscritti)) != len(laboratorio.iscritti):
        raise Rejected("persona-gia-iscritta", "La persona è già iscritta a questo laboratorio.")
    if laboratorio.mai_iscritti:
        raise Rejected("persona-non-iscritta", "La persona non è iscritta a questo laboratorio.")
    if any(i.al_il and i.al_il < i.dal_il for i in laboratorio.iscrizioni):
        raise Rejected("ritiro-prima-dell-iscrizione", "Il ritiro è prima del giorno dell'iscrizione.")


# Chi si ritira libera il posto.
laboratori.never("posti-esauriti", "Il laboratorio non ha posti liberi.", lambda lab: len(lab.iscritti) > lab.posti)


@laboratori.invariant
def col_consenso_di_chi_lo_esprime(laboratorio: Laboratorio) -> None:
    """Raises: Rejected "consenso-mancante", "consenso-non-proprio"."""
    for iscrizione in laboratorio.iscrizioni:
        con_il_consenso(iscrizione)


@laboratori.invariant
def presenti_solo_gli_iscritti(laboratorio: Laboratorio) -> None:
    """Raises: Rejected "incontro-gia-registrato", "presenza-senza-iscrizione"; vale chi era iscritto quel giorno."""
    if len({i.incontro for i in laboratorio.incontri}) != len(laboratorio.incontri):
        raise Rejected("incontro-gia-registrato", "Le presenze di questo incontro ci sono già: si possono rettificare.")
    for incontro in laboratorio.incontri:
        iscritti = {i.persona for i in laboratorio.iscrizioni if i.comprende(incontro.svolto_il)}
        if not iscritti.issuperset(incontro.persone):
            raise Rejected("presenza-senza-iscrizione", "Fra i presenti c'è chi quel giorno non era iscritto.")


@laboratori.invariant
def nulla_dopo_la_conclusione(laboratorio: Laboratorio) -> None:
    """Raises: Rejected "laboratorio-concluso"; ciò che è avvenuto prima si può registrare anche dopo."""
    fine = laboratorio.concluso_il
    iscrizioni = chain.from_iterable((i.dal_il, i.al_il) for i in laboratorio.iscrizioni)
    giorni = [laboratorio.avviato_il, *iscrizioni, *(i.svolto_il for i in laboratorio.incontri)]
    if fine and any(giorno > fine for giorno in giorni if giorno):
        raise Rejected("laboratorio-concluso", "Il laboratorio risulta concluso prima di quel giorno.")


laboratori.records(
    "coprogettazione",
    giovani.LaboratorioCoprogettato,
    once=("laboratorio-gia-coprogettato", "Il laboratorio c'è già: per una nuova edizione se ne apre un altro."),
)
laboratori.records("avvio", giovani.LaboratorioAvviato)
laboratori.records("iscrizione", giovani.IscrizioneRaccolta)
laboratori.records("ritiro", giovani.IscrizioneRitirata, title="Ritiro di un iscritto")
laboratori.records("presenze", giovani.PresenzeRegistrate)
# Un laboratorio coprogettato può anche concludersi senza essere mai avviato.
laboratori.records("conclusione", giovani.LaboratorioConcluso)
