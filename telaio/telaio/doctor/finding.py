"""What the doctor says: one thing that is well, worth a look, or wrong, and for the last two what to do.

Sentences are Italian, for the partner's IT person; a fix says what to type or whom to ask.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """One line of the report. `fix`: what to do, empty where nothing is to be done."""

    kind: Literal["bene", "attenzione", "errore"]
    what: str
    fix: str = ""


def good(what: str) -> Finding:
    """Something that is as it should be."""
    return Finding("bene", what)


def look(what: str, fix: str) -> Finding:
    """Something that does not stop the service, but should be known."""
    return Finding("attenzione", what, fix)


def bad(what: str, fix: str) -> Finding:
    """Something without which the service does not work."""
    return Finding("errore", what, fix)
