"""docs/ruoli.md: who may see or do what, written from the one table and the routes of the five services."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from telaio.web.access import MEANING, PUBLIC, ROLES, WHO_MAY
from telaio.web.routing import API, PAGE

from .porte import SERVICES, Porta

KIND = re.compile(r"/([a-z-]+)(?=/\{id\})")
MANY = 3
FILE = Path(__file__).parents[2] / "docs" / "ruoli.md"
INTRODUCTION = """# Chi può vedere o fare che cosa

Questa pagina è scritta da `make ruoli`, dalla stessa tabella che i servizi applicano (`telaio/telaio/web/access.py`):
ciò che non vi si trova nessuno lo può fare. Un ruolo vale nei servizi che il gestore delle identità assegna con esso
(`servizi`; `*` per tutti): chi è operatore di casa, per lavoro non è nessuno. Chi non ha fatto accesso è mandato ad
accedere; chi ha fatto accesso ma non può, se lo sente dire in italiano. Un ruolo tolto presso il gestore è tolto qui
entro dieci minuti.
"""


def written(doors: Sequence[Porta]) -> str:
    """The whole page."""
    parts = [INTRODUCTION, "## Azioni e ruoli\n", *_roles(), "\n## Quali indirizzi chiedono quale azione\n"]
    for service in SERVICES:
        parts += [f"\n### {service}\n", *_addresses([d for d in doors if d.service == service])]
    return "\n".join(parts) + "\n"


def _roles() -> list[str]:
    heads = [role.replace("_", " ") for role in ROLES]
    rows = [
        [action, MEANING[action], *("sì" if r in who else "no" for r in ROLES), "no"] for action, who in WHO_MAY.items()
    ]
    rows.append([PUBLIC, MEANING[PUBLIC], *("sì" for _ in ROLES), "sì"])
    return _table(["azione", "che cosa permette", *heads, "senza accesso"], rows)


def _addresses(doors: Sequence[Porta]) -> list[str]:
    rows = []
    for action in (*WHO_MAY, PUBLIC):
        for door in (PAGE, API, PUBLIC):
            mine = [d for d in doors if (d.action, d.door) == (action, door)]
            if mine:
                rows.append([action, "" if door == PUBLIC else door, ", ".join(folded(d.path for d in mine))])
    return _table(["azione", "", "indirizzi"], rows)


def folded(paths: Iterable[str]) -> list[str]:
    """The addresses, put together where many differ in the kind of case alone, else where they differ in the last step:
    `/(famiglie · fondi · garanzie)/{id}`, `/famiglie/{id}/(garanzia · visita)`."""
    shapes: dict[str, list[str]] = {}
    for path in dict.fromkeys(paths):
        shapes.setdefault(KIND.sub("/*", path, count=1), []).append(path)
    many = {shape: found for shape, found in shapes.items() if "*" in shape and len(found) >= MANY}
    rest = _by_last_step(p for shape, found in shapes.items() if shape not in many for p in found)
    return sorted(
        [f"`{shape.replace('*', _choice(KIND.findall(p)[0] for p in found))}`" for shape, found in many.items()] + rest
    )


def _by_last_step(paths: Iterable[str]) -> list[str]:
    steps: dict[str, list[str]] = {}
    for path in paths:
        head, _, last = path.rpartition("/")
        steps.setdefault(head, []).append(last)
    top = [f"`/{last}`" for last in steps.pop("", [])]
    return top + [f"`{head}/{_choice(lasts)}`" for head, lasts in steps.items()]


def _choice(words: Iterable[str]) -> str:
    found = list(words)
    return found[0] if len(found) == 1 else f"({' · '.join(found)})"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (heads, ["---"] * len(heads), *rows)]
