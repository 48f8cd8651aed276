"""Gli sportelli delle quattro linee quando si affidano qualcuno: i passi di chi invia e di chi riceve."""

from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID, uuid5

from scenario.copione import Copione
from scenario.linea import Linea
from scenario.passo import Passo
from scenario.rubrica import Persona

NODI = {
    "casa": "casa/consorzio-tenda",
    "lavoro": "lavoro/cooperativa-la-sorgente",
    "giovani": "giovani/cooperativa-la-nuvola-del-sacco",
    "punti": "punti/ama-brescia",
}
COMUNI = {
    "017001": "acquafredda", "017032": "calcinato", "017034": "calvisano", "017039": "carpenedolo",
    "017113": "montichiari", "017160": "remedello", "017203": "visano",
}  # fmt: skip
SUCCESSORI = UUID("5f0f8f3e-6f0e-4d63-9a4e-0f1f6c1b7d52")
"""Con questo spazio di nomi ogni servizio chiama l'invio che ne continua un altro."""
IN_VIAGGIO = frozenset(
    {"invio-sconosciuto", "invio-non-confermato", "invio-non-reindirizzabile", "invio-non-archiviabile"}
)
"""I rifiuti di chi non ha ancora sentito l'altra parte: si riprova, il giorno non passa."""


class Sportello(Linea):
    """Lo sportello di una linea, per i soli invii."""

    def __init__(self, copione: Copione, servizio: str, operatore: str) -> None:
        self.servizio, self.operatore = servizio, operatore
        super().__init__(copione)


@dataclass
class Invio:
    """Un invio in scena."""

    id: str
    da: str
    a: str | None
    prestazione: str
    persona: Persona

    @property
    def seguente(self) -> str:
        """L'id dell'invio che lo continua."""
        return str(uuid5(SUCCESSORI, self.id))


class Sportelli:
    """I quattro sportelli, e ciò che si dicono."""

    def __init__(self, copione: Copione) -> None:
        self.copione = copione
        chi = {"casa": "anna.bianchi", "lavoro": "marta.villa", "giovani": "sara.greco", "punti": "chiara.fontana"}
        self.di = {servizio: Sportello(copione, servizio, operatore) for servizio, operatore in chi.items()}

    def persona(self, nome: str, caso: Random, *, minore: bool = False) -> Persona:
        """Una persona nuova, di cui nessuna linea racconta altro: con tutte ha a che fare negli invii."""
        comune = self.di["punti"].distretto.uno(caso)
        persona = Persona(self.copione.persona(f"invii/{nome}"), comune, minore)
        for sportello in self.di.values():
            sportello.incontra(persona)
        return persona

    def chiedi(self, nome: str, da: str, a: str | None, prestazione: str, persona: Persona, **altro: Any) -> Invio:
        """Chi invia chiede: `da` e `a` sono linee; `a` può essere un nodo, o None per chiunque offra."""
        invio = Invio(self.copione.id(f"invio/{nome}"), da, a, prestazione, persona)
        chiesto = {"prestazione": prestazione, "comune": persona.comune, "persona": persona.id, **altro}
        nodo = NODI.get(a or "", a)
        self.fai(da, f"invii/{invio.id}/richiesta", chiesto | ({"a": nodo} if nodo else {}))
        return invio

    def fai(self, linea: str, path: str, campi: dict[str, Any] | None = None) -> Passo:
        """Un passo di una linea, che aspetta le notizie in viaggio."""
        return self.di[linea].registra(path, campi or {}, aspetta=IN_VIAGGIO)

    def rispondi(self, linea: str, invio: str, come: str, **campi: Any) -> Passo:
        """Un passo di chi riceve."""
        return self.fai(linea, f"invii-ricevuti/{invio}/{come}", campi)

    def prosegui(self, invio: Invio, come: str, **campi: Any) -> Passo:
        """Un passo di chi ha inviato."""
        return self.fai(invio.da, f"invii/{invio.id}/{come}", campi)

    def comune(self, persona: Persona) -> str:
        """Il nodo del comune in cui la persona sta, ospite dei Punti."""
        return f"punti/comune-{COMUNI[persona.comune]}"
