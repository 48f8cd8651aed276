"""Sizes of files and functions, and what may be larger or smaller than the house likes, with the reason."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LONGEST_FILE, SHORTEST_FILE = 250, 30
LONGEST_FUNCTION, MOST_PARAMETERS, DEEPEST = 40, 6, 3
SHORT_BY_NATURE = {"__init__.py", "__main__.py", "service.py"}

EXCEPTIONS = {
    "schemas/contratti/casa.py": "thirty events are one list, read from top to bottom",
    "schemas/contratti/cruscotto.py": "reports and releases with all their parts are one list, read from top to bottom",
    "schemas/contratti/lavoro.py": "thirty events are one list, read from top to bottom",
    "schemas/contratti/punti.py": "twenty events are one list, read from top to bottom",
    "telaio/telaio/columns.py": "one way of sending rows, used by wrapper and projection",
    "telaio/telaio/web/answers.py": "how every answer is written, used by all of the web",
    "telaio/telaio/web/metrics.py": "the declaration of one metric",
    "deploy/local/scenario/clock.py": "the scenario's one way of moving time",
    "deploy/local/scenario/plan.py": "where a strand of the scenario is added",
    "deploy/local/stack/probe.py": "run as a program of its own",
    "deploy/local/stack/waiting.py": "how everything is waited for",
    "telaio/telaio/identity.py": "one function that three modules need and none of them owns",
    "telaio/telaio/locks.py": "how entities are locked is one idea, however small",
    "telaio/telaio/republish.py": "one word of the command line",
    "services/casa/casa/regole.py": "the model of the rules; their values are the TOML beside it",
    "services/punti/punti/regole.py": "the model of the rules; their values are the TOML beside it",
}
"""By file (or file:function): why it may exceed a bound."""


@dataclass(frozen=True)
class Breach:
    """A bound that is exceeded."""

    place: str
    what: str


def breaches(root: Path, files: list[str]) -> list[Breach]:
    """All bounds exceeded by these files, exceptions left out."""
    found = [breach for name in files for breach in _of_file(name, (root / name).read_text(encoding="utf-8"))]
    return [b for b in found if b.place not in EXCEPTIONS and b.place.partition(":")[0] not in EXCEPTIONS]


def _of_file(name: str, text: str) -> Iterator[Breach]:
    lines = text.count("\n")
    if lines > LONGEST_FILE:
        yield Breach(name, f"{lines} lines")
    if lines < SHORTEST_FILE and Path(name).name not in SHORT_BY_NATURE:
        yield Breach(name, f"only {lines} lines")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _of_function(f"{name}:{node.name}", node)


def _of_function(place: str, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Breach]:
    length = (node.end_lineno or node.lineno) - node.lineno + 1
    parameters = [a for a in node.args.posonlyargs + node.args.args if a.arg not in ("self", "cls")]
    if length > LONGEST_FUNCTION:
        yield Breach(place, f"{length} lines")
    if len(parameters) > MOST_PARAMETERS:
        yield Breach(place, f"{len(parameters)} parameters")
    if _depth(node) > DEEPEST:
        yield Breach(place, f"nested {_depth(node)} deep")


def _depth(node: ast.AST) -> int:
    """How deep loops, conditions and the like are nested; functions inside are judged by themselves."""
    deepest = 0
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        nests = isinstance(child, ast.If | ast.For | ast.AsyncFor | ast.While | ast.With | ast.AsyncWith | ast.Try)
        elif_ = isinstance(node, ast.If) and isinstance(child, ast.If) and child in node.orelse
        deepest = max(deepest, _depth(child) + (1 if nests and not elif_ else 0))
    return deepest
