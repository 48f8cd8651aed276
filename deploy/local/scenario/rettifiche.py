"""Come si corregge un fatto già registrato: trovarlo, ridirlo giusto, annullarlo. Vale per ogni linea."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from scenario.linea import Linea
from scenario.passo import Passo

RECENTI = 500


def cerca(
    linea: Linea, nome: str, adatto: Callable[[Passo, dict[str, Any]], object] = lambda *_: True, gia: bool = False
) -> Passo | None:
    """L'ultimo passo accolto, di quel nome e adatto; `gia`: uno che è già stato rettificato."""
    for passo in reversed(linea.passi[-RECENTI:]):
        buono = passo.nome == nome and passo.expects.accolto and not passo.ripete
        dati = linea.com_e(passo)
        if buono and dati is not None and (passo.id in linea.giusto) is gia and adatto(passo, dati):
            return passo
    return None


def e_l_ultimo(linea: Linea, passo: Passo) -> bool:
    """Dice se dopo non è accaduto nulla dello stesso genere: correggerlo non tocca i passaggi di mezzo."""
    return linea.ultimo(passo.nome, passo.entita) is passo


def correggi(linea: Linea, passo: Passo | None, **giusti: Any) -> bool:
    """Rettifica un passo con i dati di prima e quelli giusti. Dice se c'era che cosa correggere."""
    if passo is not None:
        linea.rettifica(passo, "errore_di_digitazione", {**(linea.com_e(passo) or {}), **giusti})
    return passo is not None


def annulla(linea: Linea, passo: Passo | None) -> bool:
    """Annulla un passo. Dice se c'era che cosa annullare."""
    if passo is not None:
        linea.rettifica(passo, "fatto_non_avvenuto", None)
    return passo is not None


def dopo(dati: Mapping[str, Any], giorni: int) -> str:
    """Il giorno che viene tanti giorni dopo quello del fatto."""
    return (date.fromisoformat(dati["avvenuto_il"]) + timedelta(giorni)).isoformat()
