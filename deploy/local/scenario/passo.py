"""Un passo del copione: un comando in un giorno simulato, e la risposta che deve avere."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

NOMI = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|p-[a-z0-9]{6,64}")
CREANO = {
    "invii/richiesta", "invii-ricevuti/accettazione", "invii-ricevuti/rifiuto",
    "adesioni/sottoscrizione", "alloggi/disponibilita", "coabitazioni/avvio", "condomini/avvio",
    "coprogettazioni/registrazione", "famiglie/presa-in-carico", "garanzie/concessione",
    "incontri-di-rete/registrazione",
    "eventi-territoriali/programma", "eventi-territoriali/svolgimento", "facilitatori/incarico",
    "laboratori/coprogettazione", "proposte/pubblicazione",
    "abbinamenti/proposta", "aderenti/sottoscrizione", "agenti/incarico", "candidati/presa-in-carico",
    "esperienze/finanziamento", "eventi-formativi/programma", "inserimenti/avvio", "offerte/pubblicazione",
    "tirocini/attivazione",
    "aiuti/offerta", "ascolti/richiesta", "gruppi/nascita", "idee/presentazione", "punti/apertura", "saperi/offerta",
    "saperi/richiesta", "scambi/registrazione",
}  # fmt: skip
"""I comandi che aprono una scheda: la risposta è 201."""

STATUS = {"dati-non-validi": 422, "chiave-riusata": 422, "non-permesso": 403, "token-mancante": 401}
"""Lo status di un rifiuto; quello di una regola è 409."""


@dataclass(frozen=True)
class Evento:
    """L'id di un evento nato da un passo precedente: si conosce solo quando quel passo ha avuto risposta.

    posto: quale, fra gli eventi di quella risposta.
    """

    passo: str
    posto: int = 0


@dataclass(frozen=True)
class Atteso:
    """La risposta che il comando deve avere; `codice` è quello del rifiuto, None se va accolto."""

    status: int
    codice: str | None = None

    @property
    def accolto(self) -> bool:
        """Dice se il comando va accolto."""
        return self.codice is None


@dataclass(frozen=True)
class Passo:
    """Un comando. `chiave` è la sua Idempotency-Key: di regola il suo id, quello di un altro passo se lo ripete.

    chi: l'utente che lo invia, None per nessuno; con: che cosa tocca, oltre a ciò che nomina; aspetta: i rifiuti di chi
    non ha ancora sentito ciò che un'altra linea ha detto, dopo i quali si riprova.
    """

    id: str
    giorno: date
    path: str
    body: Mapping[str, Any]
    expects: Atteso
    chi: str | None
    chiave: str
    con: frozenset[str] = frozenset()
    servizio: str = "casa"
    aspetta: frozenset[str] = frozenset()

    @property
    def nome(self) -> str:
        """Il comando senza l'entità: «famiglie/presa-in-carico»."""
        return _nome(self.path)

    @property
    def entita(self) -> str:
        """L'id dell'entità a cui è rivolto."""
        return self.path.split("/")[1]

    @property
    def il(self) -> date:
        """Il giorno in cui il fatto è avvenuto, non dopo quello in cui si registra."""
        return date.fromisoformat(self.body["avvenuto_il"])

    @property
    def ripete(self) -> bool:
        """Dice se ripete un passo già accolto: deve avere la stessa risposta, e non cambia nulla."""
        return self.chiave != self.id and self.expects.accolto

    @property
    def tocca(self) -> frozenset[str]:
        """L'entità a cui è rivolto (una sola in ogni servizio, se ha un nome suo), quelle e le persone che nomina, e
        quelle dette in `con`."""
        nominate = {*NOMI.findall(self.path), *_nomi(self.body.values())}
        return self.con | nominate | {f"{self.servizio}/{self.entita}"}


def accolto(path: str) -> Atteso:
    """La risposta a un comando che va accolto."""
    return Atteso(201 if _nome(path) in CREANO else 200)


def rifiutato(codice: str) -> Atteso:
    """La risposta a un comando che va rifiutato con quel codice."""
    return Atteso(STATUS.get(codice, 409), codice)


def catene(passi: Sequence[Passo]) -> list[list[Passo]]:
    """I passi di un giorno in catene che non toccano nulla in comune: si possono recitare insieme, ognuna in ordine."""
    trovate: list[tuple[frozenset[str], list[Passo]]] = []
    for passo in passi:
        unite = [c for c in trovate if c[0] & passo.tocca]
        altre = [c for c in trovate if not c[0] & passo.tocca]
        nomi = passo.tocca.union(*(c[0] for c in unite))
        insieme = sorted((p for c in unite for p in c[1]), key=lambda p: p.id)
        trovate = [*altre, (nomi, [*insieme, passo])]
    return [catena for _, catena in trovate]


def _nome(path: str) -> str:
    plurale, _, comando = path.split("/")
    return f"{plurale}/{comando}"


def _nomi(valori: Iterable[Any]) -> Iterable[str]:
    for valore in valori:
        if isinstance(valore, str):
            yield from NOMI.findall(valore)
        elif isinstance(valore, Mapping):
            yield from _nomi(valore.values())
        elif isinstance(valore, list | tuple):
            yield from _nomi(valore)
