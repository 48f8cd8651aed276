"""Chi attacca: raccoglie tutto ciò che è pubblico, sa k e le regole, e chiede a un risolutore (HiGHS) che ne segue.

Le incognite sono intere: quanto vale ogni cella alla fine di ogni mese. Una somma è *determinata* se in tutti i mondi
compatibili con ciò che è pubblico vale lo stesso.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

MOLTO = 2000
PROVE = 24
MEZZO = 0.5
Verita = Mapping[str, Sequence[int]]
"""Di ogni cella il valore alla fine di ogni mese; prima del primo, tutte valgono zero."""


@dataclass(frozen=True)
class Somma:
    """Alcune celle insieme: quanto sono alla fine di un mese, o di quanto si sono mosse da un altro (0: dall'avvio)."""

    celle: frozenset[str]
    mese: int
    da: int = 0

    def in_verita(self, verita: Verita) -> int:
        return sum(verita[c][self.mese - 1] - (verita[c][self.da - 1] if self.da else 0) for c in self.celle)


class Attaccante:
    """Ciò che si sa. `crescono`: le somme che non scendono mai."""

    def __init__(self, celle: Sequence[str], mesi: int, crescono: Iterable[Collection[str]] = ()) -> None:
        self._dove = {(c, m): n for n, (c, m) in enumerate((c, m) for c in celle for m in range(1, mesi + 1))}
        self._righe: list[tuple[dict[int, float], float, float]] = []
        self._si_o_no = 0
        for insieme in crescono:
            for m in range(2, mesi + 1):
                self._limita(self._somma(Somma(frozenset(insieme), m, m - 1)), 0, np.inf)

    def sa(self, somma: Somma, valore: int) -> None:
        """Quella somma è pubblica."""
        self._limita(self._somma(somma), valore, valore)

    def sa_che_una_e_piccola(self, somme: Sequence[Somma], k: int) -> None:
        """Una riga che manca: almeno una di queste somme vale meno di k, in su e in giù."""
        quali = {}
        for somma in somme:
            quale = len(self._dove) + self._si_o_no
            self._si_o_no += 1
            quali[quale] = 1.0
            coefficienti = self._somma(somma)
            self._limita({**coefficienti, quale: MOLTO}, -np.inf, k - 1 + MOLTO)
            self._limita({**coefficienti, quale: -MOLTO}, -(k - 1) - MOLTO, np.inf)
        self._limita(quali, 1, np.inf)

    def determinate(self, verita: Verita, bersagli: Sequence[Somma]) -> list[Somma]:
        """Le somme che non possono essere altro che ciò che sono."""
        vera = np.array([verita[c][m - 1] for c, m in self._dove])
        versi = np.array([self._vettore(s) for s in bersagli], dtype=np.float32).reshape(-1, len(vera))
        restano = np.arange(len(bersagli))

        def guarda(mondo: np.ndarray) -> None:
            nonlocal restano
            restano = restano[np.abs(versi[restano] @ (mondo - vera)) < MEZZO]

        caso = np.random.default_rng(len(bersagli))
        for _ in range(PROVE):
            guarda(self._mondo(caso.integers(-3, 4, len(vera))))
        trovate = []
        while len(restano):
            uno = restano[0]
            for segno in (1, -1):
                guarda(self._mondo(segno * versi[uno]))
            if len(restano) and restano[0] == uno:
                trovate.append(bersagli[uno])
                restano = restano[1:]
        return trovate

    def _mondo(self, verso: np.ndarray) -> np.ndarray:
        """Un mondo compatibile, il più lontano in quel verso. Dev'essercene almeno uno: quello vero."""
        n, tutte = len(self._dove), len(self._dove) + self._si_o_no
        righe = np.zeros((len(self._righe), tutte))
        for i, (coefficienti, _, _) in enumerate(self._righe):
            for dove, quanto in coefficienti.items():
                righe[i, dove] = quanto
        limiti = LinearConstraint(righe, [r[1] for r in self._righe], [r[2] for r in self._righe])
        alto = np.concatenate([np.full(n, MOLTO), np.ones(self._si_o_no)])
        costo = np.concatenate([verso, np.zeros(self._si_o_no)])
        trovato = milp(costo, constraints=limiti if self._righe else None, integrality=1, bounds=Bounds(0, alto))
        assert trovato.x is not None, trovato.message
        return np.round(trovato.x[:n])

    def _somma(self, somma: Somma) -> dict[int, float]:
        coefficienti = {self._dove[c, somma.mese]: 1.0 for c in somma.celle}
        return coefficienti | ({self._dove[c, somma.da]: -1.0 for c in somma.celle} if somma.da else {})

    def _vettore(self, somma: Somma) -> np.ndarray:
        vettore = np.zeros(len(self._dove), dtype=np.float32)
        for dove, quanto in self._somma(somma).items():
            vettore[dove] = quanto
        return vettore

    def _limita(self, coefficienti: dict[int, float], basso: float, alto: float) -> None:
        self._righe.append((coefficienti, basso, alto))
