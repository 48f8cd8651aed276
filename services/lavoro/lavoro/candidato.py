"""Il candidato: la persona che cerca lavoro, che cosa sa fare, quando può lavorare."""

from datetime import date

from contratti import lavoro
from telaio.entity import Entity, State
from telaio.state import counting

from lavoro.tirocinio import tirocini


class Candidato(State):
    """La persona com'è adesso. `in_carico` conta inizi meno fini: 1 sì, 0 no."""

    persona: str = ""
    comune: str = ""
    competenze: tuple[str, ...] = ()
    disponibilita: tuple[str, ...] = ()
    in_carico: int = 0
    in_carico_dal_il: date | None = None
    tirocini_in_corso: int = 0


candidati = Entity("candidato", Candidato, "candidati", "Candidato", pages={"abbinamenti": "Offerte adatte"})


@candidati.begins
def _(candidato: Candidato | None, evento: lavoro.CandidatoPresoInCarico) -> Candidato:
    prima, detto = candidato or Candidato(), evento.model_dump(exclude={"avvenuto_il", "invio"})
    return prima.with_(in_carico=prima.in_carico + 1, in_carico_dal_il=evento.avvenuto_il, **detto)


candidati.after(
    lavoro.CompetenzeAggiornate,
    lambda c, e: c.with_(competenze=e.competenze, disponibilita=e.disponibilita or c.disponibilita),
)
candidati.after(lavoro.PresaInCaricoConclusa, lambda c, e: c.with_(in_carico=c.in_carico - 1))
candidati.claim("persona-gia-candidata", "La persona è già in carico con un'altra scheda.")(
    lambda c: [c.persona] if c.in_carico > 0 else []
)
in_carico = candidati.switch(
    "in_carico",
    on_twice=("candidato-gia-in-carico", "Il candidato è già in carico."),
    off_twice=("candidato-non-in-carico", "Il candidato non è in carico: prima va preso in carico."),
)
candidati.sums(tirocini, by="candidato")(counting("tirocini_in_corso", lambda t: not t.finito_il))
candidati.never(
    "tirocinio-in-corso",
    "Il candidato ha un tirocinio in corso: prima va detto come è finito.",
    lambda c: c.tirocini_in_corso and not c.in_carico,
)

# Chi torna riapre la stessa scheda.
candidati.records("presa-in-carico", lavoro.CandidatoPresoInCarico, creates=True)
candidati.records("aggiornamento-competenze", lavoro.CompetenzeAggiornate, in_carico)
candidati.records("conclusione", lavoro.PresaInCaricoConclusa)
