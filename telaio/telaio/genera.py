"""The command `genera`: every word of every service installed here. `genera casa doctor`, or `genera doctor` where only
one service is installed, as in a partner's image."""

import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import EntryPoint, entry_points

from telaio.cli import main as run
from telaio.service import Service

GROUP = "genera.servizi"
"""The entry points by which a service's package says where its declaration is."""


def main(words: Sequence[str] | None = None) -> None:
    """Runs one word and exits: 0 done, 1 failed, 2 wrong use or settings."""
    words = list(sys.argv[1:] if words is None else words)
    installed = {found.name: found for found in entry_points(group=GROUP)}
    named = words and words[0] in installed
    if not named and len(installed) != 1:
        sys.exit(_usage(installed))
    service: Service = installed[words.pop(0) if named else next(iter(installed))].load()
    run(service, words)


def _usage(installed: Mapping[str, EntryPoint]) -> str:
    """What to write, by what is installed."""
    if not installed:
        return "Nessun servizio è installato qui."
    names = " | ".join(sorted(installed))
    return f"Indicare il servizio: genera ({names}) <parola>; «genera {min(installed)} --help» elenca le parole."
