"""Che forma ha la rete: quanto è fitta, quanto è reciproca, su chi si regge, in quanto tempo si risponde. Pura."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from cruscotto.apporti.invii import Invio
from cruscotto.cifre.valuta import percento
from cruscotto.rete.catene import attese, mediana_di_attesa
from cruscotto.rete.flussi import A_TUTTI, Rete, a_chi

if TYPE_CHECKING:
    from networkx import DiGraph, Graph

Coppia = tuple[str, str]


@dataclass(frozen=True)
class Mancanza:
    """Che cosa accade se un nodo manca: gli invii che lo toccano, e chi resta staccato dal gruppo più grande."""

    nodo: str
    invii: int
    staccati: tuple[str, ...]


@dataclass(frozen=True)
class Legami:
    """Le misure della rete. In percento; None dove non si può calcolare.

    densita: coppie (chi invia, chi riceve) con almeno un invio, su quelle possibili fra tutti i nodi del distretto.
    reciprocita: coppie ricambiate, su quelle che ci sono. ponti: i legami senza i quali la rete si divide.
    """

    densita: Decimal | None
    reciprocita: Decimal | None
    ponti: frozenset[Coppia]
    mancanze: Sequence[Mancanza]

    @property
    def articolazioni(self) -> frozenset[str]:
        """I nodi senza i quali la rete si divide."""
        return frozenset(m.nodo for m in self.mancanze if m.staccati)

    def ponte(self, uno: str, altro: str) -> bool:
        """Se il legame fra i due, in un verso o nell'altro, è l'unica via fra due parti della rete."""
        return (uno, altro) in self.ponti or (altro, uno) in self.ponti


def legami(rete: Rete) -> Legami:
    """Le misure dei flussi di un periodo. Un invio a sé stessi, o aperto a tutti, non lega due nodi."""
    import networkx as nx  # noqa: PLC0415  pesa: solo per chi apre la pagina

    versi: DiGraph[str] = nx.DiGraph()
    versi.add_nodes_from({*rete.nodi, *rete.isolati} - {A_TUTTI})
    versi.add_edges_from((f.da, f.a) for f in rete.flussi if f.da != f.a and A_TUTTI not in (f.da, f.a))
    senza_verso = versi.to_undirected()
    nodi, archi = versi.number_of_nodes(), versi.number_of_edges()
    ricambiati = sum(versi.has_edge(a, da) for da, a in versi.edges)
    return Legami(
        densita=percento(Decimal(archi), Decimal(nodi * (nodi - 1))),
        reciprocita=percento(Decimal(ricambiati), Decimal(archi)),
        ponti=frozenset(nx.bridges(senza_verso)),
        mancanze=_mancanze(rete, senza_verso),
    )


def _mancanze(rete: Rete, grafo: "Graph[str]") -> list[Mancanza]:
    """Un nodo alla volta, prima chi staccherebbe più nodi, poi chi tocca più invii."""
    import networkx as nx  # noqa: PLC0415

    articolazioni = set(nx.articulation_points(grafo))
    trovate = [
        Mancanza(
            nodo,
            sum(f.chiesti for f in rete.flussi if nodo in (f.da, f.a)),
            _staccati(grafo, nodo) if nodo in articolazioni else (),
        )
        for nodo in rete.nodi
        if nodo != A_TUTTI
    ]
    return sorted(trovate, key=lambda m: (-len(m.staccati), -m.invii, m.nodo))


def _staccati(grafo: "Graph[str]", nodo: str) -> tuple[str, ...]:
    """Chi era raggiungibile attraverso il nodo, e non lo è più dal gruppo più grande che resta."""
    import networkx as nx  # noqa: PLC0415

    suoi = nx.node_connected_component(grafo, nodo) - {nodo}
    gruppi = sorted(nx.connected_components(grafo.subgraph(suoi)), key=lambda g: (-len(g), min(g)))
    return tuple(sorted(n for gruppo in gruppi[1:] for n in gruppo))


@dataclass(frozen=True)
class Risposte:
    """Quanto aspetta chi invia a un nodo. mediana: giorni lavorativi, None se più della metà aspetta ancora."""

    nodo: str
    chiesti: int
    risposti: int
    mediana: int | None


def tempi_di_risposta(invii: Iterable[Invio], dal: date, al: date, nodi: Collection[str]) -> list[Risposte]:
    """I tempi di ogni nodo che ha ricevuto nel periodo, nell'ordine di `nodi`."""
    per_nodo: dict[str, list[Invio]] = {}
    for invio in invii:
        per_nodo.setdefault(a_chi(invio), []).append(invio)
    return tempi_dei_nodi({nodo: Counter(attese(suoi, dal, al)) for nodo, suoi in per_nodo.items()}, nodi)


def tempi_dei_nodi(attese: Mapping[str, Counter[tuple[int, bool]]], nodi: Collection[str]) -> list[Risposte]:
    """I tempi di ogni nodo, da quante attese di quanti giorni sono finite con una risposta o no."""
    return [
        Risposte(nodo, sue.total(), sum(n for (_, risposto), n in sue.items() if risposto), mediana_di_attesa(sue))
        for nodo in (*nodi, *sorted(attese.keys() - {*nodi, A_TUTTI}))
        if (sue := attese.get(nodo))
    ]
