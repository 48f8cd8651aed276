"""Il cursore di un elenco: dove riprende la pagina dopo. Chi chiede lo riporta com'è; che cosa dica è affare nostro."""

import base64
import re

from telaio.web.problems import Problem


def scritto(dove: str) -> str:
    """Il cursore che dice quel punto."""
    return base64.urlsafe_b64encode(dove.encode()).decode().rstrip("=")


def letto(cursore: str | None, forma: re.Pattern[str]) -> re.Match[str] | None:
    """Il punto che dice, e le sue parti; None: si comincia. `forma`: come quell'elenco scrive i suoi punti.

    Raises: Problem 400 per un cursore che non è stato dato qui.
    """
    if not cursore:
        return None
    try:
        trovato = forma.fullmatch(base64.urlsafe_b64decode(cursore + "=" * (-len(cursore) % 4)).decode("ascii"))
    except ValueError:
        trovato = None
    if trovato is None:
        raise non_valido()
    return trovato


def non_valido() -> Problem:
    """La risposta a chi manda un cursore che qui non è stato dato."""
    return Problem(400, "cursore-non-valido", "Il cursore non è fra quelli dati da questo elenco.")
