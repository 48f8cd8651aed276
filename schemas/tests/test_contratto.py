"""What every event of the contract keeps: no personal data, nothing unbounded, closed to write and open to read."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import pytest
from contratti import esporta
from contratti.casa import AdesioneAlFondoSottoscritta, FamigliaPresaInCarico, NucleoAggiornato, PresaInCaricoConclusa
from contratti.rete import Event, EventoRettificato, leggi
from pydantic import Field, ValidationError, create_model

MODELS = esporta.modelli()
FORBIDDEN = {
    "nome", "cognome", "nominativo", "codice_fiscale", "telefono", "cellulare", "email", "pec", "indirizzo", "note",
    "nota", "descrizione", "commento", "testo", "nascita_il", "data_di_nascita",
}  # fmt: skip
FREE_BY_DESIGN = {("rete.EventoRettificato", "data")}
"""The corrected event's own data: validated by the model of the event it corrects, which this walk covers."""
PUBLIC_BY_DESIGN = {("punti.PuntoDiComunitaAperto", "indirizzo")}
"""The address of a public place, which the public page shows."""


def names(node: Any) -> Iterator[str]:
    """Every property name in a schema."""
    if isinstance(node, dict):
        yield from node.get("properties", {})
        for value in node.values():
            yield from names(value)
    if isinstance(node, list):
        for value in node:
            yield from names(value)


def unbounded(node: dict[str, Any]) -> Iterator[str]:
    """What in a schema has no end."""
    for option in node.get("anyOf", []):
        yield from unbounded(option)
    kind = node.get("type")
    if kind == "string" and not ({"enum", "const", "maxLength"} & node.keys() or node.get("format") == "date"):
        pattern = node.get("pattern", "*")
        if not pattern.startswith("^") or not pattern.endswith("$") or "*" in pattern or "+" in pattern:
            yield "string"
    if kind in {"integer", "number"} and not {"minimum", "exclusiveMinimum"} & node.keys():
        yield "number below"
    if kind in {"integer", "number"} and "maximum" not in node:
        yield "number above"
    if kind == "array":
        yield from ["array"] if "maxItems" not in node else []
        yield from unbounded(node["items"])
    if kind == "object" and "properties" not in node:
        yield "object"
    for inner in [*node.get("properties", {}).values(), *node.get("$defs", {}).values()]:
        yield from unbounded(inner)


def enums(node: Any) -> Iterator[list[str]]:
    """Every closed list of codes in a schema, those of its parts included."""
    if isinstance(node, dict):
        yield from [node["enum"]] if "enum" in node else []
        yield from (codes for value in node.values() for codes in enums(value))
    if isinstance(node, list):
        yield from (codes for value in node for codes in enums(value))


def literals(hint: Any) -> Iterator[tuple[str, ...]]:
    """Every closed list of codes in an annotation."""
    if get_origin(hint) is Literal:
        yield get_args(hint)
    for inner in get_args(hint):
        yield from literals(inner)


def fields(model: type[Event]) -> list[str]:
    return [name for name in model.model_fields if (model.type_name, name) not in FREE_BY_DESIGN]


CODED = [(m, f) for m in MODELS for f, hint in get_type_hints(m).items() if f in m.model_fields and any(literals(hint))]


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.type_name)
def test_no_event_has_a_field_for_personal_data(model: type[Event]) -> None:
    public = {name for (tipo, name) in PUBLIC_BY_DESIGN if tipo == model.type_name}
    assert not FORBIDDEN & set(names(esporta.schema(model))) - public


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.type_name)
def test_nothing_in_an_event_is_unbounded(model: type[Event]) -> None:
    schema = esporta.schema(model)
    properties = schema["properties"] | schema.get("$defs", {})
    free = {name for (tipo, name) in FREE_BY_DESIGN if tipo == model.type_name}
    assert {n: list(unbounded(p)) for n, p in properties.items() if n not in free and list(unbounded(p))} == {}


@pytest.mark.parametrize(
    ("hint", "what"),
    [
        (str, "string"),
        (Annotated[str, Field(pattern="^[a-z]+$")], "string"),
        (str | None, "string"),
        (Annotated[int, Field(ge=0)], "number above"),
        (Annotated[int, Field(le=9)], "number below"),
        (tuple[Literal["altro"], ...], "array"),
        (Annotated[tuple[str, ...], Field(max_length=3)], "string"),
        (dict[str, Any], "object"),
    ],
)
def test_the_walk_sees_what_is_unbounded(hint: Any, what: str) -> None:
    probe = create_model("Prova", campo=(hint, ...))
    assert list(unbounded(probe.model_json_schema())) == [what]


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.type_name)
def test_every_event_and_every_field_says_in_italian_what_it_is(model: type[Event]) -> None:
    assert model.__doc__
    assert model.__doc__.endswith(".")
    assert [n for n, f in model.model_fields.items() if not f.title] == []


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.type_name)
def test_the_parts_of_an_event_have_titles_and_their_codes_have_altro(model: type[Event]) -> None:
    parts = esporta.schema(model).get("$defs", {})
    assert all("altro" in codes for codes in enums(parts))
    assert all("title" in field for part in parts.values() for field in part["properties"].values())


@pytest.mark.parametrize(("model", "field"), CODED, ids=lambda x: x if isinstance(x, str) else x.type_name)
def test_every_list_of_codes_has_altro(model: type[Event], field: str) -> None:
    hint = get_type_hints(model, include_extras=False)[field]
    assert all("altro" in codes for codes in literals(hint))


@pytest.mark.parametrize(("model", "field"), CODED, ids=lambda x: x if isinstance(x, str) else x.type_name)
def test_an_unknown_code_reads_as_altro(model: type[Event], field: str) -> None:
    data = esporta.campioni(model)["completo"]
    many = isinstance(data[field], list)
    data[field] = ["codice_di_domani"] if many else "codice_di_domani"
    assert getattr(leggi(model.type_name, model.schema_version, data), field) == (("altro",) if many else "altro")


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.type_name)
def test_a_reader_ignores_a_field_it_does_not_know(model: type[Event]) -> None:
    data, name = esporta.campioni(model)["completo"], (model.type_name, model.schema_version)
    assert leggi(*name, data | {"campo_di_domani": 1}) == leggi(*name, data)


def test_a_person_appears_once_in_a_family() -> None:
    twice = {"avvenuto_il": "2016-03-20", "minori": 0, "componenti": ["p-aaaaaa", "p-aaaaaa"]}
    with pytest.raises(ValidationError, match="la stessa persona compare due volte"):
        NucleoAggiornato.model_validate(twice | {"motivo": "nascita"})
    with pytest.raises(ValidationError, match="la stessa persona compare due volte"):
        FamigliaPresaInCarico.model_validate(twice | {"comune": "017113"})


def test_a_name_is_not_a_pseudonym() -> None:
    with pytest.raises(ValidationError):
        NucleoAggiornato.model_validate(
            {"avvenuto_il": "2016-03-20", "minori": 0, "componenti": ["Mario Rossi"], "motivo": "nascita"}
        )


def test_an_event_may_have_a_field_called_tipo_beside_its_type() -> None:
    written = {"avvenuto_il": "2016-03-20", "tipo": "proprietario", "comune": "017113"}
    event = AdesioneAlFondoSottoscritta.model_validate(written)
    assert event.type_name == "casa.AdesioneAlFondoSottoscritta"
    assert event.tipo == "proprietario"
    assert event.model_dump(mode="json") == written
    assert AdesioneAlFondoSottoscritta.model_validate(event.model_dump()) == event


def test_the_type_of_an_event_is_strand_and_name() -> None:
    assert PresaInCaricoConclusa.type_name == "casa.PresaInCaricoConclusa"
    assert EventoRettificato.type_name == "rete.EventoRettificato"
