"""L'abbinamento fra un candidato e un'offerta: proposto con le sue ragioni, deciso dalle due parti, entro i posti."""

from datetime import date

from contratti import lavoro
from telaio.command import Command
from telaio.entity import Entity, Events, State
from telaio.here import Here
from telaio.state import counting

from lavoro.affinita import affinita
from lavoro.candidato import Candidato, in_carico
from lavoro.offerta import Offerta, aperta, con_posti, offerte
from lavoro.regole import Regole


class Abbinamento(State):
    """La proposta e che cosa ne hanno detto le due parti: occupa un posto quando accettano entrambe."""

    candidato: str
    offerta: str
    punteggio: int
    ragioni: tuple[str, ...] = ()
    proposto_il: date
    accettato_da: tuple[str, ...] = ()
    rifiutato_da: str | None = None


abbinamenti = Entity("abbinamento", Abbinamento, "abbinamenti", "Abbinamento", named_by=("punteggio", "proposto_il"))

abbinamenti.begin(lavoro.AbbinamentoProposto, lambda _, e: Abbinamento(proposto_il=e.avvenuto_il, **e.model_dump()))
abbinamenti.after(lavoro.AbbinamentoAccettato, lambda a, e: a.with_(accettato_da=(*a.accettato_da, e.da)))
abbinamenti.after(lavoro.AbbinamentoRifiutato, lambda a, e: a.with_(rifiutato_da=e.da))
offerte.sums(abbinamenti, by="offerta")(
    counting("occupati", lambda a: not a.rifiutato_da and {"candidato", "aderente"} <= set(a.accettato_da))
)
abbinamenti.claim("abbinamento-gia-proposto", "Il candidato è già stato proposto per questa offerta.")(
    lambda a: [] if a.rifiutato_da else [f"{a.candidato}:{a.offerta}"]
)
abbinamenti.never(
    "abbinamento-gia-accettato",
    "Questa parte ha già accettato: manca la risposta dell'altra.",
    lambda a: len(set(a.accettato_da)) < len(a.accettato_da),
)
non_rifiutato = abbinamenti.refusal(
    "abbinamento-rifiutato", "L'abbinamento è stato rifiutato: se ne propone uno nuovo.", lambda a: a.rifiutato_da
)


class Proposta(Command):
    """Quale candidato per quale offerta: punteggio e ragioni li calcola il servizio."""

    candidato: lavoro.CandidatoId
    offerta: lavoro.OffertaId


@abbinamenti.command("proposta", once=("abbinamento-gia-registrato", "L'abbinamento c'è già: ne serve uno nuovo."))
def proponi(
    _: Abbinamento | None, comando: Proposta, candidato: Candidato, offerta: Offerta, regole: Regole, qui: Here
) -> Events:
    """Propone un candidato per un'offerta, e dice quanto è adatto e perché. Raises: Rejected
    "candidato-non-in-carico", "offerta-chiusa", "posti-esauriti"."""
    in_carico(candidato)
    aperta(offerta, comando.avvenuto_il)
    con_posti(offerta)
    trovata = affinita(candidato, offerta, qui.district, regole.pesi_di_affinita.al(comando.avvenuto_il))
    return [lavoro.AbbinamentoProposto(**comando.model_dump(), **trovata._asdict())]


@abbinamenti.command("accettazione")
def accetta(
    abbinamento: Abbinamento, comando: lavoro.AbbinamentoAccettato, candidato: Candidato, offerta: Offerta
) -> Events:
    """Registra chi accetta; quando candidato e aderente hanno accettato entrambi, il posto è preso. Raises: Rejected
    "abbinamento-rifiutato", "candidato-non-in-carico", "offerta-chiusa"."""
    non_rifiutato(abbinamento)
    in_carico(candidato)
    aperta(offerta, comando.avvenuto_il)
    return [comando]


# Chi ci ripensa rifiuta anche dopo avere accettato, e libera il posto. Un tirocinio che finisce non lo libera: chi
# ospita, se ne vuole un altro, pubblica un'altra offerta.
abbinamenti.records("rifiuto", lavoro.AbbinamentoRifiutato, non_rifiutato)
