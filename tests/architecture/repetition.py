"""Function bodies that stand in two services: what is technical and needed twice belongs in the chassis."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

LINES = 6
"""Bodies shorter than this may look alike: different partner, different law."""


@dataclass(frozen=True)
class Twin:
    """A body found in several places."""

    places: tuple[str, ...]


def twins(sources: Mapping[str, str]) -> list[Twin]:
    """Bodies of six lines or more that stand in files of two services. `sources`: text by path (services/<name>/…)."""
    found: dict[str, list[str]] = {}
    for path, text in sources.items():
        for place, body in _bodies(path, text):
            found.setdefault(body, []).append(place)
    return [Twin(tuple(places)) for places in found.values() if len({p.split("/")[1] for p in places}) > 1]


def _bodies(path: str, text: str) -> Iterator[tuple[str, str]]:
    """Each function's place, and its body without docstring."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            written = "\n".join(ast.unparse(statement) for statement in body)
            if written.count("\n") + 1 >= LINES:
                yield f"{path}:{node.name}", written
