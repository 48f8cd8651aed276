"""Il fareassieme: chi dà e chi riceve un sapere, molti a molti, con il tempo dato pari a quello ricevuto."""

from datetime import date

from contratti import punti as contratto
from contratti.punti import Partecipante
from telaio.entity import Entity, Events, Rejected, State

from punti.punto import Punto, aperto


class Scambio(State):
    """Uno scambio avvenuto: chi c'era, quanto ha dato e quanto ha ricevuto."""

    scambiato_il: date
    partecipanti: tuple[Partecipante, ...]
    punto: str | None = None


scambi = Entity("scambio", Scambio, "scambi", "Scambio")


@scambi.begins
def _(scambio: Scambio | None, evento: contratto.ScambioAvvenuto) -> Scambio:
    return Scambio(scambiato_il=evento.avvenuto_il, partecipanti=evento.partecipanti, punto=evento.punto)


# Le stesse regole le dice già, campo per campo, il contratto: qui valgono per ogni storia, anche scritta altrove.
scambi.never(
    "partecipante-ripetuto",
    "Nello scambio la stessa persona compare due volte.",
    lambda s: len({p.persona for p in s.partecipanti}) != len(s.partecipanti),
)
scambi.never(
    "scambio-non-in-pareggio",
    "I minuti dati e quelli ricevuti devono essere, in tutto, uguali.",
    lambda s: sum(p.dato_minuti - p.ricevuto_minuti for p in s.partecipanti),
)


@scambi.command("registrazione", once=("scambio-gia-registrato", "Lo scambio è già registrato: si può rettificare."))
def registra(scambio: Scambio | None, comando: contratto.ScambioAvvenuto, punto: Punto | None) -> Events:
    """Registra uno scambio; chi ha ricevuto più di quanto ha dato partecipa come gli altri.

    Raises: Rejected "punto-non-trovato", "punto-chiuso".
    """
    if comando.punto and punto is None:
        raise Rejected("punto-non-trovato", "Il Punto di Comunità indicato non esiste in questo servizio.")
    if punto is not None:
        aperto(punto, comando.avvenuto_il)
    return [comando]
