"""By when somebody must act, in working days, and what goes on by itself: the district's configuration."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from telaio.calendar import after_working_days

PER_STATO = {
    "accettato": 1,
    "confermato": 5,
    "in_corso": 60,
    "revoca_in_corso": 5,
    "scaduto": 2,
    "rifiutato": 2,
    "ritirato": 2,
    "non_riuscito": 5,
    "interrotto": 5,
    "concluso": 10,
}


class Termini(BaseModel):
    """Working days to answer (`rispondere`; by prestazione where they differ) and to act in each other state.

    riofferta: the states from which an invio is offered to the next candidate without anybody's asking.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rispondere: int = Field(2, ge=1, le=60)
    rispondere_urgente: int = Field(1, ge=1, le=60)
    per_prestazione: dict[str, int] = Field(default_factory=dict)
    per_stato: dict[str, int] = Field(default_factory=dict)
    riofferta: frozenset[str] = frozenset({"scaduto", "rifiutato", "ritirato"})

    def risposta(self, chiesto_il: date, prestazione: str, urgente: bool) -> date:
        """The last day to answer what is asked on that day."""
        giorni = self.per_prestazione.get(prestazione, self.rispondere)
        return after_working_days(chiesto_il, min(giorni, self.rispondere_urgente) if urgente else giorni)

    def entro(self, stato: str, dal: date) -> date:
        """The last day to act in a state that began on that day."""
        return after_working_days(dal, self.per_stato.get(stato, PER_STATO[stato]))
