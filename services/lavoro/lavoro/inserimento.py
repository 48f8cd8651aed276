"""L'inserimento lavorativo e le verifiche a distanza di mesi: la persona lavora ancora?"""

from datetime import date

from contratti import lavoro
from telaio.calendar import after_months
from telaio.entity import Entity, Events, Rejected, State

from lavoro.aderente import Aderente, in_rete
from lavoro.candidato import Candidato, in_carico


class Inserimento(State):
    """Chi lavora, dove, da quando, e le verifiche fatte."""

    candidato: str
    aderente: str
    contratto: str
    avviato_il: date
    cessato_il: date | None = None
    verifiche: tuple[lavoro.InserimentoVerificato, ...] = ()


inserimenti = Entity("inserimento", Inserimento, "inserimenti", "Inserimento lavorativo", named_by=("avviato_il",))
inserimenti.begin(
    lavoro.InserimentoLavorativoAvviato, lambda _, e: Inserimento(avviato_il=e.avvenuto_il, **e.model_dump())
)
inserimenti.after(lavoro.InserimentoVerificato, lambda i, e: i.with_(verifiche=(*i.verifiche, e)))
inserimenti.after(lavoro.InserimentoCessato, lambda i, e: i.with_(cessato_il=e.avvenuto_il))


@inserimenti.invariant
def verifiche_a_suo_tempo(inserimento: Inserimento) -> None:
    """Raises: Rejected "verifica-non-prevista", "verifica-gia-fatta", "verifica-prima-del-tempo"."""
    mesi, verifiche = [v.a_mesi for v in inserimento.verifiche], inserimento.verifiche
    if not set(mesi) <= {1, 3, 6}:
        raise Rejected("verifica-non-prevista", "Si verifica a 1, 3 e 6 mesi dall'avvio.")
    if len(set(mesi)) < len(mesi):
        raise Rejected("verifica-gia-fatta", "Questa verifica è già stata fatta: se è sbagliata si rettifica.")
    if any(v.avvenuto_il < after_months(inserimento.avviato_il, v.a_mesi) for v in verifiche):
        raise Rejected("verifica-prima-del-tempo", "Dall'avvio non sono ancora passati tanti mesi: si verifica dopo.")


in_essere = inserimenti.refusal("inserimento-gia-cessato", "L'inserimento è già cessato.", lambda i: i.cessato_il)


@inserimenti.command("avvio", once=("inserimento-gia-avviato", "L'inserimento è già avviato: ne serve uno nuovo."))
def avvia(
    _: Inserimento | None, comando: lavoro.InserimentoLavorativoAvviato, candidato: Candidato, aderente: Aderente
) -> Events:
    """Avvia l'inserimento di un candidato in carico presso chi fa parte della rete. Raises: Rejected
    "candidato-non-in-carico", "aderente-non-in-rete"."""
    in_carico(candidato)
    in_rete(aderente, comando.avvenuto_il)
    return [comando]


# Si verifica anche a presa in carico conclusa, e anche a inserimento cessato: si dice come è andata.
inserimenti.records("verifica", lavoro.InserimentoVerificato)
inserimenti.records("cessazione", lavoro.InserimentoCessato, in_essere)
