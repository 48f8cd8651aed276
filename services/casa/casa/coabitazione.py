"""La coabitazione accompagnata: chi vi entra, chi ne esce, entro i suoi posti."""

from collections.abc import Iterable

from contratti import casa
from telaio.entity import Entity, Events, Rejected, State


class Coabitazione(State):
    """I posti e le persone. `mai_entrati` tiene chi risulta uscito senza essere entrato: una storia impossibile."""

    comune: str
    posti: int
    ospitante: str | None = None
    coabitanti: tuple[str, ...] = ()
    mai_entrati: tuple[str, ...] = ()
    accompagnamenti: int = 0
    conclusa: bool = False


coabitazioni = Entity("coabitazione", Coabitazione, "coabitazioni", "Coabitazione")


@coabitazioni.begins
def _(coabitazione: Coabitazione | None, evento: casa.CoabitazioneAvviata) -> Coabitazione:
    return Coabitazione(comune=evento.comune, posti=evento.posti, ospitante=evento.ospitante)


@coabitazioni.on
def _(coabitazione: Coabitazione, evento: casa.CoabitanteUscito) -> Coabitazione:
    restano = list(coabitazione.coabitanti)
    if evento.persona not in restano:
        return coabitazione.with_(mai_entrati=(*coabitazione.mai_entrati, evento.persona))
    restano.remove(evento.persona)
    return coabitazione.with_(coabitanti=tuple(restano))


coabitazioni.after(casa.CoabitanteEntrato, lambda c, e: c.with_(coabitanti=(*c.coabitanti, e.persona)))
coabitazioni.after(casa.AccompagnamentoSvolto, lambda c, e: c.with_(accompagnamenti=c.accompagnamenti + 1))
coabitazioni.after(casa.CoabitazioneConclusa, lambda c, e: c.with_(conclusa=True))


@coabitazioni.claim("persona-gia-in-coabitazione", "La persona vive già in un'altra coabitazione.")
def chi_ci_vive(coabitazione: Coabitazione) -> Iterable[str]:
    """Restituisce i coabitanti: una persona sta in una coabitazione alla volta."""
    return coabitazione.coabitanti


@coabitazioni.invariant
def entro_i_posti(coabitazione: Coabitazione) -> None:
    """Raises: Rejected "posti-esauriti"; l'ospitante, che è in casa propria, non occupa posti."""
    if len(coabitazione.coabitanti) > coabitazione.posti:
        raise Rejected("posti-esauriti", "La coabitazione non ha posti liberi.")


@coabitazioni.invariant
def ognuno_una_volta(coabitazione: Coabitazione) -> None:
    """Raises: Rejected "persona-gia-presente", "persona-non-presente"."""
    presenti = [p for p in (coabitazione.ospitante, *coabitazione.coabitanti) if p]
    if len(set(presenti)) != len(presenti):
        raise Rejected("persona-gia-presente", "La persona vive già in questa coabitazione.")
    if coabitazione.mai_entrati:
        raise Rejected("persona-non-presente", "La persona non vive in questa coabitazione.")


@coabitazioni.invariant
def conclusa_vuota(coabitazione: Coabitazione) -> None:
    """Raises: Rejected "coabitanti-ancora-presenti": di ognuno va detto l'esito prima di concludere."""
    if coabitazione.conclusa and coabitazione.coabitanti:
        raise Rejected("coabitanti-ancora-presenti", "Prima va registrata l'uscita di chi ci vive ancora.")


def aperta(coabitazione: Coabitazione) -> None:
    """Raises: Rejected "coabitazione-conclusa"."""
    if coabitazione.conclusa:
        raise Rejected("coabitazione-conclusa", "La coabitazione è conclusa.")


@coabitazioni.command("avvio", creates=True)
def avvia(coabitazione: Coabitazione | None, comando: casa.CoabitazioneAvviata) -> Events:
    """Avvia una coabitazione accompagnata. Raises: Rejected "coabitazione-gia-avviata"."""
    if coabitazione is not None:
        raise Rejected("coabitazione-gia-avviata", "La coabitazione è già stata avviata.")
    return [comando]


coabitazioni.records("ingresso", casa.CoabitanteEntrato, aperta)
coabitazioni.records("uscita", casa.CoabitanteUscito, aperta)
coabitazioni.records("accompagnamento", casa.AccompagnamentoSvolto, aperta)
coabitazioni.records("conclusione", casa.CoabitazioneConclusa, aperta)
