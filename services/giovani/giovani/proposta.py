"""La proposta del catalogo scuola-lavoro: i posti, gli studenti che i tutor possono seguire, i percorsi conclusi."""

from datetime import date

from contratti import giovani
from contratti.rete import PersonaId
from pydantic import BaseModel, ConfigDict, Field
from telaio.command import Command
from telaio.entity import Entity, Events, Rejected, State

from giovani.regole import NORMATIVA, Regole


class Percorso(BaseModel):
    """Lo studente e le sue ore; `concluso_il` None: lo sta ancora facendo."""

    model_config = ConfigDict(frozen=True)

    persona: str
    istituto: str
    ore_previste: int
    ore_minime_nel_triennio: int | None
    assegnato_il: date
    concluso_il: date | None = None
    ore_svolte: int | None = None
    valida: bool | None = None
    soglia_percento: int | None = None

    @property
    def coerente(self) -> bool:
        """Dice se è valido proprio il percorso che raggiunge la soglia, dove la soglia si sa."""
        if self.soglia_percento is None or self.ore_svolte is None:
            return True
        return self.valida == bastano(self.ore_svolte, self.ore_previste, self.soglia_percento)


class Proposta(State):
    """Che cosa è offerto e chi ne fruisce. Storie impossibili: `mai_assegnati` tiene chi ha concluso senza un posto,
    `gia_conclusi` chi ha concluso due volte."""

    etichetta: str
    ente: str
    ambito: str
    comune: str
    posti: int
    dal: date
    al: date
    competenze: tuple[str, ...] = ()
    finalita: tuple[str, ...] = ()
    rischio: str
    tutor: int
    percorsi: tuple[Percorso, ...] = ()
    mai_assegnati: tuple[str, ...] = ()
    gia_conclusi: tuple[str, ...] = ()
    ritirata_il: date | None = None

    def percorso_di(self, persona: str) -> Percorso | None:
        """Restituisce il percorso di quello studente; None se non ha un posto."""
        return next((p for p in self.percorsi if p.persona == persona), None)


proposte = Entity("proposta", Proposta, "proposte", "Proposta scuola-lavoro", named_by=("ente", "ambito", "dal"))


def bastano(ore_svolte: int, ore_previste: int, soglia_percento: int) -> bool:
    """Dice se le ore svolte raggiungono la soglia."""
    return ore_svolte * 100 >= ore_previste * soglia_percento


@proposte.begins
def _(proposta: Proposta | None, evento: giovani.PropostaPubblicata) -> Proposta:
    dati = evento.model_dump(exclude={"avvenuto_il"}) | {"etichetta": NORMATIVA.etichetta.al(evento.dal)}
    return proposta.with_(**dati) if proposta else Proposta(**dati)


@proposte.on
def _(proposta: Proposta, evento: giovani.StudenteAssegnato) -> Proposta:
    ore_minime = NORMATIVA.ore_minime_nel_triennio.al(proposta.dal)
    nuovo = Percorso(
        persona=evento.persona,
        istituto=evento.istituto,
        ore_previste=evento.ore_previste,
        ore_minime_nel_triennio=ore_minime.get(evento.tipo_istituto or ""),
        assegnato_il=evento.avvenuto_il,
    )
    return proposta.with_(percorsi=(*proposta.percorsi, nuovo))


@proposte.on
def _(proposta: Proposta, evento: giovani.AlternanzaConclusa) -> Proposta:
    percorso = proposta.percorso_di(evento.persona)
    if percorso is None:
        return proposta.with_(mai_assegnati=(*proposta.mai_assegnati, evento.persona))
    if percorso.concluso_il:
        return proposta.with_(gia_conclusi=(*proposta.gia_conclusi, evento.persona))
    esito = evento.model_dump(include={"ore_svolte", "valida", "soglia_percento"})
    finito = percorso.model_copy(update=esito | {"concluso_il": evento.avvenuto_il})
    return proposta.with_(percorsi=tuple(finito if p is percorso else p for p in proposta.percorsi))


proposte.after(giovani.PropostaRitirata, lambda p, e: p.with_(ritirata_il=e.avvenuto_il))


proposte.never(
    "fine-prima-dell-inizio", "Il periodo della proposta finisce prima di cominciare.", lambda p: p.al < p.dal
)


@proposte.invariant
def ognuno_una_volta(proposta: Proposta) -> None:
    """Raises: Rejected "studente-gia-assegnato", "studente-non-assegnato", "percorso-gia-concluso"."""
    if len({p.persona for p in proposta.percorsi}) != len(proposta.percorsi):
        raise Rejected("studente-gia-assegnato", "Lo studente ha già un posto in questa proposta.")
    if proposta.mai_assegnati:
        raise Rejected("studente-non-assegnato", "Lo studente non ha un posto in questa proposta.")
    if proposta.gia_conclusi:
        raise Rejected("percorso-gia-concluso", "Il percorso dello studente è già concluso: si può rettificare.")


@proposte.invariant
def nei_suoi_giorni(proposta: Proposta) -> None:
    """Raises: Rejected "proposta-finita", "proposta-ritirata"; vale il giorno dell'assegnazione, non quello in cui la
    si registra."""
    ultima = max((p.assegnato_il for p in proposta.percorsi), default=date.min)
    if ultima > proposta.al:
        raise Rejected("proposta-finita", "Il periodo della proposta è finito prima del giorno dell'assegnazione.")
    if proposta.ritirata_il and ultima > proposta.ritirata_il:
        raise Rejected("proposta-ritirata", "La proposta è ritirata da prima del giorno dell'assegnazione.")


# Chi ha concluso ha usato il suo posto: non lo libera.
proposte.never("posti-esauriti", "La proposta non ha posti liberi.", lambda p: len(p.percorsi) > p.posti)
proposte.never(
    "validita-incoerente",
    "Con queste ore cambia la validità del percorso: vanno corrette insieme.",
    lambda p: not all(percorso.coerente for percorso in p.percorsi),
)


class ConclusionePercorso(Command):
    """Le ore che lo studente ha svolto; se bastano lo dice la regola."""

    persona: PersonaId
    ore_svolte: giovani.OreSvolte
    competenze_acquisite: giovani.CompetenzeAcquisite = Field(default=())


@proposte.command(
    "pubblicazione",
    once=("proposta-gia-pubblicata", "La proposta c'è già: per un altro periodo se ne pubblica una nuova."),
)
def pubblica(proposta: Proposta | None, comando: giovani.PropostaPubblicata, regole: Regole) -> Events:
    """Pubblica una proposta nel catalogo, con i tutor che bastano per i suoi posti.

    Raises: Rejected "proposta-gia-pubblicata", "tutor-insufficienti", "fine-prima-dell-inizio".
    """
    _seguiti(comando.posti, comando, regole, comando.avvenuto_il)
    return [comando]


@proposte.command("assegnazione")
def assegna(proposta: Proposta, comando: giovani.StudenteAssegnato, regole: Regole) -> Events:
    """Dà a uno studente un posto nella proposta.

    Raises: Rejected "posti-esauriti", "studente-gia-assegnato", "proposta-finita", "proposta-ritirata" (regole della
    scheda), "tutor-insufficienti" (una proposta può essere più vecchia della regola).
    """
    _seguiti(len(proposta.percorsi) + 1, proposta, regole, comando.avvenuto_il)
    return [comando]


def _seguiti(studenti: int, proposta: Proposta | giovani.PropostaPubblicata, regole: Regole, giorno: date) -> None:
    """Raises: Rejected "tutor-insufficienti"."""
    regola = regole.studenti_per_tutor.in_force(giorno)
    ognuno = regola.valore.di(proposta.rischio)
    if ognuno is not None and studenti > ognuno * proposta.tutor:
        raise Rejected(
            "tutor-insufficienti",
            f"Con questo rischio ogni tutor segue al massimo {ognuno} studenti: servono più tutor, o meno posti."
            f" ({regola.fonte})",
        )


@proposte.command("conclusione-percorso")
def concludi(proposta: Proposta, comando: ConclusionePercorso, regole: Regole) -> Events:
    """Conclude il percorso di uno studente e dice se è valido; con poche ore non lo è, ma si conclude lo stesso.

    Raises: Rejected "studente-non-assegnato", "percorso-gia-concluso" (regola della scheda).
    """
    percorso, soglia = proposta.percorso_di(comando.persona), regole.soglia_di_validita_percento.al(comando.avvenuto_il)
    if percorso is None:
        raise Rejected("studente-non-assegnato", "Lo studente non ha un posto in questa proposta.")
    valida = bastano(comando.ore_svolte, percorso.ore_previste, soglia)
    return [giovani.AlternanzaConclusa(**comando.model_dump(), valida=valida, soglia_percento=soglia)]


gia_ritirata = proposte.refusal("proposta-gia-ritirata", "La proposta è già ritirata.", lambda p: p.ritirata_il)
proposte.records("ritiro", giovani.PropostaRitirata, gia_ritirata)
