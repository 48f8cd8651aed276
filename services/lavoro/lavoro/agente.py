"""L'Agente Sviluppo Lavoro: dove lavora, con chi si raccorda, che servizi dà nel Punto specializzato sul lavoro."""

from contratti import lavoro
from telaio.entity import Entity, State


class Agente(State):
    """L'incarico e quanto ne è nato. `in_corso` conta incarichi meno cessazioni: 1 sì, 0 no."""

    comuni: tuple[str, ...] = ()
    punto: str = ""
    in_corso: int = 0
    raccordi: int = 0
    servizi: int = 0


agenti = Entity("agente", Agente, "agenti", "Agente Sviluppo Lavoro", named_by=("comuni",))


@agenti.begins
def _(agente: Agente | None, evento: lavoro.AgenteSviluppoLavoroIncaricato) -> Agente:
    prima = agente or Agente()
    return prima.with_(comuni=evento.comuni, punto=evento.punto, in_corso=prima.in_corso + 1)


agenti.after(lavoro.AgenteSviluppoLavoroCessato, lambda a, e: a.with_(in_corso=a.in_corso - 1))
agenti.after(lavoro.RaccordoSvolto, lambda a, e: a.with_(raccordi=a.raccordi + 1))
agenti.after(lavoro.ServizioSpecialisticoErogato, lambda a, e: a.with_(servizi=a.servizi + 1))
incaricato = agenti.switch(
    "in_corso",
    on_twice=("agente-gia-incaricato", "L'Agente ha già un incarico in corso."),
    off_twice=("agente-non-incaricato", "L'Agente non ha un incarico in corso: prima va incaricato."),
)

# Chi torna riapre la stessa scheda.
agenti.records("incarico", lavoro.AgenteSviluppoLavoroIncaricato, creates=True)
agenti.records("cessazione", lavoro.AgenteSviluppoLavoroCessato)
agenti.records("raccordo", lavoro.RaccordoSvolto, incaricato)
agenti.records("servizio", lavoro.ServizioSpecialisticoErogato, incaricato, title="Servizio specialistico")
