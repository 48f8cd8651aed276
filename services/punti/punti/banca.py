"""La banca del tempo: quanto ciascuno ha dato e ricevuto in tutti gli scambi. Nessun saldo esclude qualcuno."""

from pydantic import BaseModel, ConfigDict
from telaio.entity import Entity, State

from punti.scambio import Scambio, scambi


class Conto(BaseModel):
    """Il tempo di una persona."""

    model_config = ConfigDict(frozen=True)

    persona: str
    dato_minuti: int = 0
    ricevuto_minuti: int = 0

    @property
    def saldo_minuti(self) -> int:
        """Dato meno ricevuto."""
        return self.dato_minuti - self.ricevuto_minuti


class Banca(State):
    """Il libro mastro degli scambi: un conto per persona, in ordine di pseudonimo."""

    conti: tuple[Conto, ...] = ()


banche = Entity("banca", Banca, "banche-del-tempo", "Banca del tempo", singleton="banca-del-tempo")


@banche.sums(scambi)
def segui(banca: Banca, prima: Scambio | None, dopo: Scambio | None) -> Banca:
    """Restituisce la banca dopo che uno scambio è cambiato; chi non ha più scambi non ha più un conto."""
    conti = {conto.persona: conto for conto in banca.conti}
    for scambio, segno in ((prima, -1), (dopo, 1)):
        for p in scambio.partecipanti if scambio else ():
            conto = conti.get(p.persona, Conto(persona=p.persona))
            conti[p.persona] = Conto(
                persona=p.persona,
                dato_minuti=conto.dato_minuti + segno * p.dato_minuti,
                ricevuto_minuti=conto.ricevuto_minuti + segno * p.ricevuto_minuti,
            )
    return banca.with_(conti=tuple(c for _, c in sorted(conti.items()) if c.dato_minuti or c.ricevuto_minuti))


banche.never(
    "banca-non-in-pareggio",
    "La somma dei saldi della banca del tempo deve essere zero.",
    lambda b: sum(conto.saldo_minuti for conto in b.conti),
)
