"""Gli invii come li vede il cruscotto: le due mezze storie di ciascuno, piegate come dai servizi, e i loro giorni."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from contratti.invii import InvioRichiesto, InvioScaduto
from contratti.rete import Event
from pydantic_core import from_json
from telaio.database import Connection
from telaio.entity import Entity
from telaio.invii.halves import Ricevuto, Spedito, invii, ricevuti
from telaio.invii.heard import speaks_for
from telaio.invii.situation import Situation, overall

from cruscotto.apporti.luoghi import chi_registra
from cruscotto.apporti.quota import Genere, Quote, Stato, genere, quota

LEGAMI = "legami_di_invii"
"""La misura la cui chiave è «persona/chi|invio», «famiglia/quale|invio» o «segue/invio|invio»."""
Mezzi = dict[tuple[str, str], str]
"""Le metà, per fonte e soggetto, come JSON."""

_MEZZI = "select source, subject, state from folded where starts_with(subject, 'invio')"
_LEGATI = """
select split_part(key, '|', 2) from unnest($1::text[]) as c (cosa)
cross join lateral (
  select key from quota where measure = $2 and key > c.cosa || '|' and key < c.cosa || '}'
  group by key having sum(value) > 0
) q
"""


@dataclass
class Mezzo(Stato):
    """Una mezza storia: lo stato del servizio che la scrive, e il giorno di ogni passo, per tipo di evento."""

    stato: dict[str, Any] = field(default_factory=dict)
    passi: dict[str, str] = field(default_factory=dict)


def _muovi(entita: Entity[Any]) -> Callable[[Mezzo, Event, str], Quote]:
    def muovi(mezzo: Mezzo, evento: Event, id: str) -> Quote:
        prima = entita.state.model_validate(mezzo.stato) if mezzo.stato else None
        mezzo.stato = entita.evolve(id, prima, evento).model_dump(mode="json")
        mezzo.passi.setdefault(type(evento).__name__, evento.avvenuto_il.isoformat())
        if isinstance(evento, InvioRichiesto):
            yield from _legami(evento, id)
        if not isinstance(evento, InvioScaduto):
            yield quota("enti_attivi", 1, chiave=chi_registra(mezzo.stato.get("nodo") or mezzo.stato["da"]))

    return muovi


def _legami(chiesto: InvioRichiesto, id: str) -> Quote:
    """Di chi è l'invio e quale continua: chi li cerca li trova di qui, senza leggere tutti gli invii."""
    nomi = {"segue": chiesto.segue, "persona": chiesto.persona, "famiglia": chiesto.famiglia}
    for cosa, suo in nomi.items():
        if suo:
            yield quota(LEGAMI, 1, chiave=f"{cosa}/{suo}|{id}")


def _mezzo(entita: Entity[Any]) -> Genere:
    """Il genere di una metà, che ogni servizio può scrivere."""
    trovato = genere(f"*/{entita.kind}", Mezzo, ricorda=True)
    trovato.apporti.update({tipo: _muovi(entita) for tipo in entita.handlers})
    return trovato


spediti, risposte = _mezzo(invii), _mezzo(ricevuti)


@dataclass(frozen=True)
class Risposta:
    """La metà di chi riceve."""

    ricevuto: Ricevuto
    passi: Mapping[str, str]

    def il(self, passo: str) -> date | None:
        """Il giorno di un passo; None se non c'è stato."""
        giorno = self.passi.get(passo)
        return date.fromisoformat(giorno) if giorno else None


@dataclass(frozen=True)
class Invio:
    """Un invio con tutte e due le metà; `risposte`: per nodo che ha risposto."""

    spedito: Spedito
    passi: Mapping[str, str]
    risposte: Mapping[str, Risposta]

    def il(self, passo: str) -> date | None:
        """Il giorno di un passo di chi invia; None se non c'è stato."""
        giorno = self.passi.get(passo)
        return date.fromisoformat(giorno) if giorno else None

    @property
    def id(self) -> str:
        return self.spedito.id

    @property
    def confermata(self) -> Risposta | None:
        """La risposta di chi è stato confermato."""
        return self.risposte.get(self.spedito.confermato_a or "")

    @property
    def situazione(self) -> tuple[Situation, Ricevuto | None]:
        """A che punto è, e la metà da cui dipende."""
        return overall(self.spedito, {nodo: r.ricevuto for nodo, r in self.risposte.items()})


async def leggi(connection: Connection) -> list[Invio]:
    """Tutti gli invii della generazione servita, dal più vecchio."""
    return uniti({(fonte, soggetto): stato for fonte, soggetto, stato in await connection.fetch(_MEZZI)})


async def mezzi(connection: Connection, ids: Collection[str]) -> Mezzi:
    """Le metà di questi invii."""
    soggetti = [f"{e.kind}/{id}" for id in ids for e in (invii, ricevuti)]
    righe = await connection.fetch(f"{_MEZZI} and subject = any($1::text[])", soggetti) if ids else []
    return {(fonte, soggetto): stato for fonte, soggetto, stato in righe}


async def legati(connection: Connection, a: Collection[str]) -> set[str]:
    """Gli invii legati a qualcosa: «persona/p-aaaaaa», «segue/…»."""
    return {id for (id,) in await connection.fetch(_LEGATI, sorted(a), LEGAMI)} if a else set()


def uniti(mezzi: Mezzi) -> list[Invio]:
    """Le metà unite per invio, dal più vecchio."""
    return unisci((fonte, soggetto, Mezzo(**from_json(stato))) for (fonte, soggetto), stato in mezzi.items())


def unisci(mezzi: Iterable[tuple[str, str, Mezzo]]) -> list[Invio]:
    """Le metà (fonte, soggetto, stato) unite per invio; una risposta a un invio mai visto aspetta la sua metà, e chi
    parla a nome di un altro servizio non è ascoltato."""
    sentite = list(mezzi)
    risposte: dict[str, dict[str, Risposta]] = {}
    for ricevuto, passi in _di(ricevuti, sentite):
        risposte.setdefault(ricevuto.id, {})[ricevuto.nodo] = Risposta(ricevuto, passi)
    trovati = [Invio(spedito, passi, risposte.get(spedito.id, {})) for spedito, passi in _di(invii, sentite)]
    return sorted(trovati, key=lambda i: (i.spedito.richiesto_il, i.id))


def _di(entita: Entity[Any], mezzi: Iterable[tuple[str, str, Mezzo]]) -> Iterator[tuple[Any, dict[str, str]]]:
    for fonte, soggetto, mezzo in mezzi:
        if soggetto.startswith(f"{entita.kind}/") and mezzo.stato:
            stato = entita.state.model_validate(mezzo.stato)
            if speaks_for(fonte, stato):
                yield stato, mezzo.passi
