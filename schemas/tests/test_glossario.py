"""The glossary explains every event and every field of the contract, and nothing that is not there any more."""

import re
from collections.abc import Iterator
from importlib import import_module
from itertools import pairwise
from typing import Any

import pytest
from contratti import esporta
from contratti.rete import Envelope

GLOSSARY = (esporta.CARTELLA / "glossario.md").read_text(encoding="utf-8")
EVENTS = {model.type_name: model for model in esporta.modelli()}
SCHEMAS = {name: esporta.schema(model) for name, model in EVENTS.items()}
STRANDS = {name.partition(".")[0] for name in EVENTS}
IN_EVERY_EVENT = "avvenuto_il"
SUFFIXES = {"_il", "_alle", "_centesimi", "_minuti", "_ore", "_giorni", "_mesi", "_percento", "_id", "_"}
LONGEST_LINE = 180
NAME = re.compile(r"`(\w+)`")
CODE = re.compile(r"(?<!\*)\*(\w+)\*(?!\*)")
TERM = re.compile(r"- \*\*(.+?)\.\*\* (.+?)(?= - \*\*|$)")
SOURCE = re.compile(r"\*Font[ei]: [^*]{5,}\*$")
FIELDS_FIRST = re.compile(r"((?:`\w+`,? ?)*)(.*)")

Meanings = dict[str, str]


def rows(text: str) -> Iterator[tuple[str, str, list[str]]]:
    """Each row of the tables of events: the strand of its section ("" where it is of all), the table's first title."""
    strand = title = ""
    for line in text.partition("\n## 2. ")[2].partition("\n## 3. ")[0].splitlines():
        if line.startswith("### "):
            strand = "".join(NAME.findall(line))
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if cells and cells[0] in ("Campo", "Evento"):
            title = cells[0]
        elif cells and cells[0] != "---" and not cells[0].startswith("**"):
            yield strand, title, cells


def meanings(cell: str) -> Iterator[tuple[str, str]]:
    """Each field at the head of a part of a cell, with the words that follow."""
    for part in cell.split(" · "):
        head, words = FIELDS_FIRST.fullmatch(part).groups()  # type: ignore[union-attr]
        yield from ((name, words) for name in NAME.findall(head))


def recurring(text: str) -> dict[str, Meanings]:
    """The fields that recur, by strand."""
    found: dict[str, Meanings] = {strand: {} for strand in ("", *STRANDS)}
    for strand, title, cells in rows(text):
        if title == "Campo":
            found[strand] |= dict.fromkeys(NAME.findall(cells[0]), cells[1])
    return found


def told(text: str) -> list[tuple[str, str]]:
    """The events in the order of the tables, each with its cell of fields; a row without a name goes on."""
    found: list[tuple[str, str]] = []
    for strand, title, cells in rows(text):
        names = NAME.findall(cells[0])
        if title == "Evento" and names:
            found.append((f"{strand}.{names[0]}", cells[2]))
        elif title == "Evento":
            found[-1] = (found[-1][0], f"{found[-1][1]} · {cells[2]}")
    return found


def fields(name: str) -> set[str]:
    """The fields of an event, but the one that every event has."""
    return set(EVENTS[name].model_fields) - {IN_EVERY_EVENT}


def parts(name: str) -> set[str]:
    """The fields of the things an event lists."""
    return {field for part in SCHEMAS[name].get("$defs", {}).values() for field in part["properties"]}


def codes(node: Any) -> set[str]:
    """Every code in a schema."""
    if isinstance(node, dict):
        return set(node.get("enum", ())).union(*(codes(value) for value in node.values()))
    return set().union(*(codes(value) for value in node)) if isinstance(node, list) else set()


def of_event(name: str, cell: str, known: Meanings) -> Iterator[str]:
    """What is wrong in the row of an event. `known`: the fields that need no words here."""
    own, inner, here, said = fields(name), parts(name), dict(meanings(cell)), set(NAME.findall(cell))
    yield from (f"{name}: `{f}` manca" for f in (own - here.keys()) | (inner - said))
    yield from (f"{name}: `{f}` non c'è più" for f in said - own - inner)
    yield from (f"{name}: `{f}` senza spiegazione" for f in own & here.keys() if not here[f] and not known.get(f))
    yield from (f"{name}: *{c}* non c'è più" for c in set(CODE.findall(cell)) - codes(SCHEMAS[name]))


def of_recurring(found: dict[str, Meanings]) -> Iterator[str]:
    """What is wrong in the lists of the fields that recur."""
    if IN_EVERY_EVENT not in found[""]:
        yield f"`{IN_EVERY_EVENT}` manca"
    for strand, known in found.items():
        used = {IN_EVERY_EVENT}.union(*(fields(name) for name in EVENTS if name.startswith(strand)))
        yield from (f"{strand or 'ovunque'}: `{f}` non c'è più" for f in known.keys() - used)


def of_events(text: str) -> Iterator[str]:
    """What is wrong in the tables."""
    cells, known = told(text), recurring(text)
    names = [name for name, _ in cells]
    yield from (f"{name} manca" for name in EVENTS.keys() - set(names))
    yield from (f"{name} non c'è più" for name in set(names) - EVENTS.keys())
    yield from (f"{name} due volte" for name in set(names) if names.count(name) > 1)
    yield from of_recurring(known)
    for name, cell in cells:
        if name in EVENTS:
            yield from of_event(name, cell, known[""] | known[name.partition(".")[0]])


def of_terms(text: str) -> Iterator[str]:
    """What is wrong among the words: not written as a term, no source, not in alphabetical order."""
    groups = text.partition("\n## 1. ")[2].partition("\n## 2. ")[0].split("\n### ")[1:]
    yield from [] if groups else ["mancano le parole"]
    for group in groups:
        terms = dict(TERM.findall(" ".join(group.split())))
        if len(terms) != group.count("\n- "):
            yield f"{group.splitlines()[0]}: una voce senza nome, o due con lo stesso"
        yield from (f"{term} senza fonte" for term, words in terms.items() if not SOURCE.search(words))
        order = [re.sub(r"\W+", " ", term).lower() for term in terms]
        yield from (f"{after} fuori posto" for before, after in pairwise(order) if after < before)


def vocabulary() -> set[str]:
    """Every name that the contract has: events, fields, codes, types of value; and the endings of fields."""
    modules = [vars(import_module(f"contratti.{strand}")) for strand in STRANDS]
    of_one = [{name, name.partition(".")[2]} | fields(name) | parts(name) | codes(SCHEMAS[name]) for name in EVENTS]
    return SUFFIXES.union({IN_EVERY_EVENT}, STRANDS, Envelope.model_fields, *modules, *of_one)


def of_text(text: str) -> Iterator[str]:
    """Names in backticks, anywhere, that nothing in the contract has; and lines nobody reads to the end."""
    named = set(re.findall(r"`([A-Za-z_.]+)`", text))
    yield from (f"`{name}` non c'è più" for name in named - vocabulary())
    yield from (f"{line[:12]}… è lunga" for line in text.splitlines() if len(line) > LONGEST_LINE)


def faults(text: str) -> list[str]:
    """What is wrong in the glossary; empty where it says what the contract says."""
    return sorted([*of_events(text), *of_terms(text), *of_text(text)])


def test_the_glossary_says_what_the_contract_says() -> None:
    assert faults(GLOSSARY) == []


@pytest.mark.parametrize(
    ("written", "broken", "fault"),
    [
        ("| `SfrattoEseguito` | Lo sfratto c'è stato | – |\n", "", "casa.SfrattoEseguito manca"),
        ("| `SfrattoEseguito` |", "| `SfrattoRinviato` |", "casa.SfrattoRinviato non c'è più"),
        ("| `SfrattoEseguito` |", "| `SfrattoIntimato` |", "casa.SfrattoIntimato due volte"),
        (" · `rate` quante", "", "casa.PianoDiRientroConcordato: `rate` manca"),
        ("`rate` quante", "`rate`", "casa.PianoDiRientroConcordato: `rate` senza spiegazione"),
        ("`rate` quante", "`rate` quante · `acconto` quanto", "casa.PianoDiRientroConcordato: `acconto` non c'è più"),
        ("`giorno`, ", "", "punti.OrariAggiornati: `giorno` manca"),
        ("*casa_mantenuta*", "*casa_salvata*", "casa.PresaInCaricoConclusa: *casa_salvata* non c'è più"),
        ("| `famiglia` |", "| `parenti` |", "casa: `parenti` non c'è più"),
        ("| `famiglia` |", "| `parenti` |", "casa.AlloggioAssegnato: `famiglia` senza spiegazione"),
        ("| `avvenuto_il` |", "| `comune` |", "`avvenuto_il` manca"),
        (" *Fonte: c.c. art. 1571.*", "", "Locatore senza fonte"),
        ("- **Sapere.**", "- **Altro sapere.**", "altro sapere fuori posto"),
        ("- **Sapere.**", "- Sapere.", "Punti di Comunità: una voce senza nome, o due con lo stesso"),
        ("- **Sapere.**", "- **Gruppo.**", "Punti di Comunità: una voce senza nome, o due con lo stesso"),
        ("## 1. Le parole", "## Le parole", "mancano le parole"),
        ("`EventoTerritoriale` dice", "`EventoDiPiazza` dice", "`EventoDiPiazza` non c'è più"),
        ("`casa.SfrattoIntimato`", "`casa.SfrattoPerso`", "`casa.SfrattoPerso` non c'è più"),
        ("\n### La busta\n", f"\n### La busta {'lunga ' * 40}\n", "### La busta… è lunga"),
    ],
)
def test_what_is_missing_stale_or_unexplained_is_named(written: str, broken: str, fault: str) -> None:
    assert fault in faults(GLOSSARY.replace(written, broken))
