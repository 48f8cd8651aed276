"""L'adesione di agenzie immobiliari e proprietari al Fondo Garanzia, coprogettato con loro."""

from contratti import casa
from telaio.entity import Entity, State


class Adesione(State):
    """Chi aderisce e da dove. `in_corso` conta sottoscrizioni meno cessazioni: 1 sì, 0 no."""

    tipo: str = ""
    comune: str = ""
    in_corso: int = 0

    @property
    def di_agenzia(self) -> bool:
        """Dice se è l'adesione in corso di un'agenzia."""
        return self.in_corso > 0 and self.tipo == "agenzia_immobiliare"


adesioni = Entity("adesione", Adesione, "adesioni", "Adesione al Fondo")


@adesioni.begins
def _(adesione: Adesione | None, evento: casa.AdesioneAlFondoSottoscritta) -> Adesione:
    prima = adesione or Adesione()
    return prima.with_(tipo=evento.tipo, comune=evento.comune, in_corso=prima.in_corso + 1)


adesioni.after(casa.AdesioneAlFondoCessata, lambda a, e: a.with_(in_corso=a.in_corso - 1))


adesioni.switch(
    "in_corso",
    on_twice=("adesione-gia-sottoscritta", "L'adesione è già in corso."),
    off_twice=("adesione-non-in-corso", "L'adesione non è in corso."),
)

# Chi torna riapre la stessa scheda.
adesioni.records("sottoscrizione", casa.AdesioneAlFondoSottoscritta, creates=True)
adesioni.records("cessazione", casa.AdesioneAlFondoCessata)
