"""La tutela: che cosa di una cifra che conta persone si può pubblicare. Una sola, per pagina, API, mappa e file. Pura.

La regola: niente che si ricavi sommando e sottraendo le cifre pubblicate, a una data o fra due date, vale meno di k.
Perché basta, e che cosa si è scartato: docs/decisions/0011.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Blocco = frozenset[str]
"""Ciò che una cifra conta insieme: dei comuni («» è il non rilevato), o una parte di un rapporto."""
Celle = Mapping[Blocco, int]
"""Le cifre di una riga a una data: blocchi senza niente in comune, che insieme sono il totale."""

NUMERATORE, RESTO = frozenset({"numeratore"}), frozenset({"resto"})
K_MINIMA, K_PREDEFINITA = 3, 5
PICCOLO_COMUNE = 5000
"""Abitanti: quelli di un piccolo comune (legge 158/2017, art. 1) si pubblicano insieme."""


@dataclass(frozen=True)
class Tavola:
    """Una riga già pubblicata. `mese`: AAAA-MM, quello alla cui fine sta."""

    mese: str
    celle: Celle


Storia = Mapping[str, Sequence[Tavola]]
"""Per codice, tutto ciò che di una riga è stato pubblicato."""


@dataclass(frozen=True)
class Legame:
    """Una quantità è parte di un'altra: anche la differenza è una cifra. Si scrivono «LA04.denominatore», «LA03».

    mesi: quanti ne devono passare prima che chi è nell'intero sia nella parte.
    """

    parte: str
    di: str
    mesi: int = 0


@dataclass(frozen=True)
class Tutela:
    """La regola, con la sua soglia e i legami fra le righe."""

    k: int = K_PREDEFINITA
    legami: tuple[Legame, ...] = ()

    def ammette(self, codice: str, ora: Tavola, storia: Storia) -> bool:
        """Se la riga si può pubblicare tutta, dopo ciò che è già pubblico; se no resta com'era."""
        prime = [t.celle for t in storia.get(codice, ())]
        return (
            self.abbastanza(ora.celle) and self.nel_tempo(ora.celle, prime) and self.con_le_altre(codice, ora, storia)
        )

    def abbastanza(self, ora: Celle) -> bool:
        """Nessuna somma di blocchi sotto k, zero compreso: come se all'avvio si fosse pubblicato che è tutto a zero."""
        return self._grandi(list(ora.values()))

    def nel_tempo(self, ora: Celle, prime: Iterable[Celle]) -> bool:
        """Nessuna somma di blocchi si è mossa di meno di k da ogni volta prima."""
        return all(self._grandi(spostamenti(ora, prima)) for prima in prime)

    def con_le_altre(self, codice: str, ora: Tavola, storia: Storia) -> bool:
        """Nessuna differenza fra una quantità e una sua parte è sotto k, né si è mossa di meno."""
        tutte = {**storia, codice: [*storia.get(codice, ()), ora]}
        return all(self._legame_tiene(legame, ora, tutte) for legame in self.legami if codice in _righe(legame))

    def _legame_tiene(self, legame: Legame, ora: Tavola, tutte: Storia) -> bool:
        parte, intero = (_serie(nome, tutte) for nome in (legame.parte, legame.di))
        # Chi è nell'intero a una data e non era nella parte a una data prima è un insieme di persone.
        coppie = [(a, s) for a in intero for s in parte if _mesi(s) <= _mesi(a) + legame.mesi and ora.mese in (a, s)]
        fra_date = [intero[a] - parte[s] for a, s in coppie]
        resti = {mese: intero[mese] - parte[mese] for mese in intero.keys() & parte.keys()}
        mosse = [resti[ora.mese] - r for mese, r in resti.items() if mese != ora.mese] if ora.mese in resti else []
        return all(abs(x) >= self.k for x in (*fra_date, *mosse))

    def _grandi(self, mosse: Sequence[int]) -> bool:
        """Se ogni somma di alcune mosse è almeno k, in su o in giù."""
        if all(m > 0 for m in mosse) or all(m < 0 for m in mosse):
            return all(abs(m) >= self.k for m in mosse)
        somme: set[int] = set()
        for m in mosse:
            somme |= {s + m for s in somme} | {m}
        return all(abs(s) >= self.k for s in somme)


def spostamenti(ora: Celle, prima: Celle) -> list[int]:
    """Di quanto si è mosso ogni blocco che si ricava da tutte e due: i più piccoli che siano unione dei loro."""
    if frozenset().union(*ora) != frozenset().union(*prima):
        return [sum(ora.values()) - sum(prima.values())]
    comuni: list[Blocco] = []
    for blocco in (*ora, *prima):
        toccati = [c for c in comuni if c & blocco]
        comuni = [c for c in comuni if not c & blocco] + [blocco.union(*toccati)]
    return [_in(c, ora) - _in(c, prima) for c in comuni]


def gruppi(abitanti: Mapping[str, int], comuni: Iterable[str]) -> list[Blocco]:
    """Come si dividono i comuni: da soli quelli con almeno 5.000 abitanti, insieme gli altri (almeno due) e il non
    rilevato. Lo dicono gli abitanti, mai le cifre: che cosa manca non deve dire nulla. Un blocco solo dove degli
    abitanti non si sa."""
    tutti = sorted(comuni, key=lambda c: (-abitanti.get(c, 0), c))
    grandi = [c for c in tutti if abitanti.get(c, 0) >= PICCOLO_COMUNE][: max(len(tutti) - 2, 0)]
    if any(c not in abitanti for c in tutti):
        grandi = []
    return [*(frozenset({c}) for c in grandi), frozenset({*tutti, ""} - {*grandi})]


def _in(insieme: Blocco, celle: Celle) -> int:
    return sum(valore for blocco, valore in celle.items() if blocco <= insieme)


def _righe(legame: Legame) -> set[str]:
    return {nome.partition(".")[0] for nome in (legame.parte, legame.di)}


def _mesi(mese: str) -> int:
    anno, _, numero = mese.partition("-")
    return 12 * int(anno) + int(numero)


def _serie(nome: str, storia: Storia) -> dict[str, int]:
    """I valori pubblicati di una quantità, per mese."""
    codice, _, quale = nome.partition(".")
    return {
        t.mese: t.celle[NUMERATORE] if quale == "numeratore" else sum(t.celle.values()) for t in storia.get(codice, ())
    }
