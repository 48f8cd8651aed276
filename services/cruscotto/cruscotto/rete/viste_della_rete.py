"""Le viste della rete: matrice, flussi, grafo, mappa. Le stesse cifre, quattro schede. Pura."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import cos, pi, sin
from typing import Any

from telaio.district import District

from cruscotto.grafico import Cella, Grafico, RigaScritta
from cruscotto.rete import cartina
from cruscotto.rete.cartina import Punto
from cruscotto.rete.flussi import A_TUTTI, Flusso, Rete
from cruscotto.rete.legami import Legami

VISTE = {"matrice": "Matrice", "flussi": "Flussi", "grafo": "Grafo", "mappa": "Mappa"}
GRADI = 4
"""Quanti toni ha la matrice."""
ACCANTO, A_DESTRA = 0.022, 0.06
"""In gradi: quanto stanno lontani, sulla mappa, due enti dello stesso comune; quanto dai comuni chi non vi ha sede."""
IN_CIMA = 0.35
"""Quanto stanno larghi, sul cerchio, i nodi che hanno il nome sopra o sotto e non di lato."""
Posto = tuple[float, float, str]
"""Dove sta un nodo, e da che lato ha il nome."""


@dataclass(frozen=True)
class Viste:
    """Le schede di una rete."""

    rete: Rete
    legami: Legami
    distretto: District

    def una(self, vista: str) -> Grafico:
        """La scheda con quel nome, fra quelle di VISTE."""
        viste: dict[str, Any] = {"flussi": self._flussi, "grafo": self._grafo, "mappa": self._mappa}
        fatta: Grafico = viste.get(vista, self._matrice)()
        return fatta

    def nome(self, nodo: str) -> str:
        return "chiunque offra" if nodo == A_TUTTI else self.distretto.nodi.get(nodo, nodo)

    def _matrice(self) -> Grafico:
        piu = max((f.chiesti for f in self.rete.flussi), default=1)
        righe = [
            RigaScritta(self.nome(da), tuple(_casella(self.rete.fra(da, a), piu) for a in self.rete.ricevono))
            for da in self.rete.inviano
        ]
        colonne = ("Chi invia", *(self.nome(a) for a in self.rete.ricevono))
        return self._scheda("matrice", "Chi invia a chi", colonne, righe, {}, _MATRICE)

    def _flussi(self) -> Grafico:
        righe = [RigaScritta(self.nome(f.da), (Cella(self.nome(f.a)), *_esiti(f))) for f in self.rete.flussi]
        legami = [
            {"da": self.nome(f.da), "a": self.nome(f.a), "quanti": f.chiesti, "testo": self._detto(f)}
            for f in self.rete.flussi
        ]
        disegno = {"tipo": "flussi", "legami": legami} if legami else {}
        return self._scheda("flussi", "Da chi invia a chi riceve", _DI_UN_FLUSSO, righe, disegno, _FLUSSI)

    def _grafo(self) -> Grafico:
        return self._nodi_e_archi("grafo", "La rete come grafo", self._in_cerchio, _GRAFO)

    def _mappa(self) -> Grafico:
        forme = cartina.forme(self.distretto.centri, self.distretto.comuni)
        return self._nodi_e_archi("mappa", "La rete sulla mappa", self._sulla_mappa, _MAPPA, {"forme": forme})

    @cached_property
    def _attivi(self) -> list[str]:
        """Chi invia o riceve, «chiunque offra» compreso."""
        return sorted(self.rete.nodi, key=lambda n: n == A_TUTTI)

    @cached_property
    def _in_cerchio(self) -> dict[str, Posto]:
        """Tutti i nodi del distretto, sempre nello stesso posto; chi non è del distretto viene dopo."""
        tutti = [*sorted(self.distretto.nodi), *(n for n in self._attivi if n not in self.distretto.nodi)]
        return {n: _sul_cerchio(2 * pi * i / len(tutti)) for i, n in enumerate(tutti)}

    @cached_property
    def _sulla_mappa(self) -> dict[str, Posto]:
        """I nodi nel comune in cui hanno sede, quelli di uno stesso comune uno accanto all'altro; in colonna a destra
        chi non ha una sede nei dati del distretto. Senza centri, nessuno."""
        centri, sedi = cartina.punti(self.distretto.centri), self.distretto.sedi
        per_comune: dict[str, list[str]] = {}
        for nodo in sorted({*self.distretto.nodi, *self._attivi}):
            per_comune.setdefault(sedi.get(nodo.partition("/")[2], ""), []).append(nodo)
        fuori = [n for comune, nodi in per_comune.items() if comune not in centri for n in nodi]
        dentro = {n: p for c, nodi in per_comune.items() if c in centri for n, p in _accanto(centri[c], nodi)}
        return dentro | dict(_in_colonna(fuori, list(centri.values())))

    def _nodi_e_archi(
        self, nome: str, titolo: str, dove: Mapping[str, Posto], info: tuple[str, ...], altro: Any = None
    ) -> Grafico:
        nodi = list(dove)
        disegnati = [f for f in self.rete.flussi if f.da in dove and f.a in dove and f.da != f.a]
        disegno = {
            "tipo": "grafo",
            "nodi": [self._nodo(n, dove[n]) for n in nodi],
            "archi": [
                {
                    "da": nodi.index(f.da),
                    "a": nodi.index(f.a),
                    "quanti": f.chiesti,
                    "ponte": self.legami.ponte(f.da, f.a),
                    "testo": self._detto(f),
                }
                for f in disegnati
            ],
            **(altro or {}),
        }
        righe = [
            RigaScritta(self.nome(f.da), (Cella(self.nome(f.a)), _quanti(f.chiesti), Cella(self._e_ponte(f))))
            for f in self.rete.flussi
        ]
        colonne = ("Chi invia", "Chi riceve", "Chiesti", "Ponte")
        return self._scheda(nome, titolo, colonne, righe, disegno if nodi else {}, info)

    def _nodo(self, nodo: str, dove: Posto) -> dict[str, Any]:
        fatti, avuti = (sum(f.chiesti for f in self.rete.flussi if capo(f) == nodo) for capo in (_da, _a))
        da_solo = self.rete.fra(nodo, nodo)
        testo = f"{self.nome(nodo)}: ha chiesto {fatti}, ha ricevuto {avuti}"
        testo += f", a sé stesso {da_solo}" if da_solo else ""
        articolazione = nodo in self.legami.articolazioni
        return {
            "nome": nodo,
            "breve": self.nome(nodo).partition(" (")[0],
            "testo": testo + ("; senza, la rete si divide" if articolazione else ""),
            "x": dove[0],
            "y": dove[1],
            "quanti": fatti + avuti,
            "articolazione": articolazione,
            "lato": dove[2],
        }

    def _e_ponte(self, f: Flusso) -> str:
        return "sì" if self.legami.ponte(f.da, f.a) else "no"

    def _detto(self, f: Flusso) -> str:
        esito = f"{f.chiesti} chiesti, {f.confermati} confermati, {f.rifiutati} rifiutati, {f.conclusi} conclusi"
        return f"Da {self.nome(f.da)} a {self.nome(f.a)}: {esito}"

    def _scheda(
        self,
        nome: str,
        titolo: str,
        colonne: tuple[str, ...],
        righe: list[RigaScritta],
        disegno: Mapping[str, Any],
        info: tuple[str, ...],
    ) -> Grafico:
        detti = tuple(i for i in info if i)
        return Grafico(nome, titolo, colonne, tuple(righe), disegno, detti, "Nessun invio chiesto in questo periodo.")


def _da(f: Flusso) -> str:
    return f.da


def _a(f: Flusso) -> str:
    return f.a


def _sul_cerchio(angolo: float) -> Posto:
    x, y = sin(angolo), -cos(angolo)
    if abs(x) < IN_CIMA:
        return x, y, "top" if y < 0 else "bottom"
    return x, y, "left" if x < 0 else "right"


def _accanto(centro: Punto, nodi: list[str]) -> Iterator[tuple[str, Posto]]:
    for i, nodo in enumerate(nodi):
        di_lato = i - (len(nodi) - 1) / 2
        yield (
            nodo,
            (centro[0] + ACCANTO * di_lato, centro[1], "right" if di_lato > 0 else "left" if di_lato else "bottom"),
        )


def _in_colonna(nodi: list[str], centri: list[Punto]) -> Iterator[tuple[str, Posto]]:
    if not centri:
        return
    destra, alto, basso = max(x for x, _ in centri), max(y for _, y in centri), min(y for _, y in centri)
    for i, nodo in enumerate(nodi):
        yield nodo, (destra + A_DESTRA, alto - (alto - basso) * i / max(len(nodi) - 1, 1), "right")


def _quanti(n: int) -> Cella:
    return Cella(str(n), n)


def _casella(n: int, piu: int) -> Cella:
    return Cella(str(n) if n else "—", n, f"tono-{-(-n * GRADI // piu)}")


def _esiti(f: Flusso) -> tuple[Cella, ...]:
    return tuple(_quanti(n) for n in (f.chiesti, f.confermati, f.rifiutati, f.conclusi, f.aiutati))


_DI_UN_FLUSSO = ("Chi invia", "Chi riceve", "Chiesti", "Confermati", "Rifiutati", "Conclusi", "Con aiuto ottenuto")
_CHI = "Un invio è di chi lo ha chiesto e di chi è stato confermato o, finché nessuno lo è, interpellato."
_MATRICE = (_CHI, "Nelle righe chi invia, nelle colonne chi riceve; più scura la casella, più sono gli invii.")
_FLUSSI = (_CHI, "A sinistra chi invia, a destra chi riceve: ogni ente può stare da tutte e due le parti.")
_GRAFO = (
    _CHI,
    "I nodi stanno sempre nello stesso posto. Più grande il nodo, più sono gli invii che lo toccano; un rombo "
    "arancione è un nodo senza il quale la rete si divide; una freccia tratteggiata è un ponte: l'unica via "
    "fra due parti.",
)
_MAPPA = (
    *_GRAFO[:1],
    "La cartina è schematica: ogni comune è l'area più vicina al suo centro, non il suo confine. In "
    "colonna a destra, chi non ha una sede nei dati del distretto.",
)
