"""Un grafico e la sua tabella: le stesse cifre disegnate, scritte e scaricate. Puro."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Numero = Decimal | int | float
PERICOLOSI = ("=", "+", "-", "@", "\t", "\r")
"""Con che cosa comincia un testo che un foglio di calcolo prenderebbe per una formula (OWASP, CSV injection)."""


@dataclass(frozen=True)
class Cella:
    """Una casella: come si legge e, se è un numero, quanto vale. `classe` la colora, senza dire altro."""

    testo: str
    valore: Numero | None = None
    classe: str = ""


@dataclass(frozen=True)
class RigaScritta:
    """Una riga della tabella; `href`: la pagina che ne dice di più."""

    nome: str
    celle: tuple[Cella, ...]
    href: str = ""


@dataclass(frozen=True)
class Grafico:
    """Una scheda: la tabella, e `disegno`, ciò che lo script ne disegna (vuoto: la tabella basta).

    nome: unico nella pagina, e nome del file che se ne scarica. colonne: la prima è quella dei nomi delle righe.
    info: che cosa mostra e come è contato, un capoverso ciascuno. numeri: le colonne di numeri, a destra.
    """

    nome: str
    titolo: str
    colonne: tuple[str, ...]
    righe: tuple[RigaScritta, ...]
    disegno: Mapping[str, Any]
    info: tuple[str, ...] = ()
    vuoto: str = "Niente da mostrare in questo periodo."

    def di_numeri(self, colonna: int) -> bool:
        """Se una colonna, contata dopo quella dei nomi, è di numeri."""
        return any(r.celle[colonna].valore is not None for r in self.righe)


def serie(tipo: str, colonne: Sequence[str], righe: Sequence[RigaScritta], **altro: Any) -> dict[str, Any]:
    """Il disegno di una tabella: una serie per colonna, un punto per riga. tipo: barre, linee, orizzontali."""
    return {
        "tipo": tipo,
        "etichette": [r.nome for r in righe],
        "serie": [
            {"nome": nome, "valori": [_disegnato(r.celle[n].valore) for r in righe], "testi": _testi(righe, n)}
            for n, nome in enumerate(colonne)
        ],
        **altro,
    }


def _testi(righe: Sequence[RigaScritta], colonna: int) -> list[str]:
    return [r.celle[colonna].testo for r in righe]


def _disegnato(valore: Numero | None) -> float | None:
    return None if valore is None else float(valore)


def scritto_in_csv(grafico: Grafico) -> str:
    """La tabella per i programmi: separata da virgole, decimali con il punto, senza segno d'ordine dei byte."""
    foglio = io.StringIO()
    riga = csv.writer(foglio)
    riga.writerow([innocuo(c) for c in grafico.colonne])
    for r in grafico.righe:
        riga.writerow([innocuo(r.nome), *(_casella(c) for c in r.celle)])
    return foglio.getvalue()


def _casella(cella: Cella) -> str:
    """Un numero resta un numero, anche sotto zero."""
    return innocuo(cella.testo) if cella.valore is None else str(cella.valore)


def innocuo(testo: str) -> str:
    """Il testo, con un apostrofo davanti se un foglio di calcolo lo eseguirebbe."""
    return f"'{testo}" if testo.startswith(PERICOLOSI) else testo
