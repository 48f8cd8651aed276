"""Chi invia a chi, quanto e con che esito, e che cosa aspetta qualcuno da troppo tempo. Pura."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from telaio.calendar import working_days
from telaio.invii.situation import S, due
from telaio.invii.termini import Termini

from cruscotto.apporti.invii import Invio
from cruscotto.rete.catene import AIUTO

A_TUTTI = "a chiunque offra"
"""Il posto di chi riceve finché un invio aperto a tutti non è di nessuno."""


@dataclass(frozen=True)
class Flusso:
    """Ciò che un nodo ha chiesto a un altro."""

    da: str
    a: str
    chiesti: int
    confermati: int
    rifiutati: int
    conclusi: int
    aiutati: int


@dataclass(frozen=True)
class Fermo:
    """Un invio che aspetta qualcuno oltre il termine. `di`: il nodo a cui tocca; `ritardo`: in giorni lavorativi."""

    id: str
    stato: str
    di: str
    prestazione: str
    entro: date
    ritardo: int


@dataclass(frozen=True)
class Rete:
    """La rete in un periodo."""

    flussi: Sequence[Flusso]
    nodi: Sequence[str]
    isolati: Sequence[str]

    @property
    def chiesti(self) -> int:
        return sum(f.chiesti for f in self.flussi)

    @property
    def inviano(self) -> list[str]:
        return [n for n in self.nodi if any(f.da == n for f in self.flussi)]

    @property
    def ricevono(self) -> list[str]:
        return [n for n in self.nodi if any(f.a == n for f in self.flussi)]

    def fra(self, da: str, a: str) -> int:
        """Quanti invii sono stati chiesti dall'uno all'altro."""
        return next((f.chiesti for f in self.flussi if (f.da, f.a) == (da, a)), 0)


def a_chi(invio: Invio) -> str:
    """Chi riceve: chi è stato confermato, o interpellato."""
    return invio.spedito.confermato_a or invio.spedito.a or A_TUTTI


def rete(invii: Iterable[Invio], nodi: Mapping[str, str]) -> Rete:
    """I flussi degli invii; `nodi`: quelli del distretto, di cui chi non invia né riceve è isolato."""
    per_coppia: dict[tuple[str, str], list[Invio]] = {}
    for invio in invii:
        per_coppia.setdefault((invio.spedito.da, a_chi(invio)), []).append(invio)
    return fra_i_nodi([_flusso(da, a, suoi) for (da, a), suoi in sorted(per_coppia.items())], nodi)


def fra_i_nodi(flussi: Sequence[Flusso], nodi: Mapping[str, str]) -> Rete:
    """La rete di questi flussi, fra i nodi del distretto e gli altri che vi compaiono."""
    attivi = {nodo for f in flussi for nodo in (f.da, f.a)}
    noti = sorted(nodi, key=lambda n: nodi[n])
    altri = sorted(attivi - nodi.keys())
    return Rete(flussi, [n for n in (*noti, *altri) if n in attivi], [n for n in noti if n not in attivi])


def fatti_di(invio: Invio) -> tuple[tuple[str, str], list[str]]:
    """Fra chi e chi è, e che cosa ne è stato: è chiesto, e poi confermato, rifiutato, concluso, aiutato."""
    fine = invio.confermata.ricevuto if invio.confermata else None
    concluso = fine is not None and fine.stadio == "concluso"
    fatti = {
        "chiesti": True,
        "confermati": invio.spedito.confermato_a is not None,
        "rifiutati": any(r.ricevuto.stadio == "rifiutato" for r in invio.risposte.values()),
        "conclusi": concluso,
        "aiutati": concluso and fine is not None and fine.perche in AIUTO,
    }
    return (invio.spedito.da, a_chi(invio)), [fatto for fatto, vero in fatti.items() if vero]


def _flusso(da: str, a: str, invii: Sequence[Invio]) -> Flusso:
    conta = Counter(fatto for invio in invii for fatto in fatti_di(invio)[1])
    return Flusso(da, a, len(invii), conta["confermati"], conta["rifiutati"], conta["conclusi"], conta["aiutati"])


def fermi(invii: Iterable[Invio], termini: Termini, oggi: date) -> list[Fermo]:
    """Gli invii che qualcuno doveva muovere prima di oggi, da quello che aspetta da più tempo."""
    trovati = [f for i in invii if (f := _fermo(i, termini, oggi)) is not None]
    return sorted(trovati, key=lambda f: (f.entro, f.id))


def _fermo(invio: Invio, termini: Termini, oggi: date) -> Fermo | None:
    situazione, meta = invio.situazione
    entro = due(situazione, invio.spedito, meta, termini)
    if entro is None or entro >= oggi:
        return None
    di = invio.spedito.da if situazione.tocca_a == S else a_chi(invio)
    return Fermo(invio.id, situazione.stato, di, invio.spedito.prestazione, entro, working_days(entro, oggi))
