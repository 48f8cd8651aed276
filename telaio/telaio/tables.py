"""Entities as tables, for the queries of a strand's lists: one row a case, one column a field of its state."""

from collections.abc import Mapping
from datetime import date
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from telaio.entity import Entity

PLAIN: Mapping[Any, str] = {date: "date", int: "bigint", bool: "boolean", float: "double precision", str: "text"}
WRAPPED = (Annotated, Union, UnionType)


def tables(*entities: Entity[Any]) -> str:
    """The beginning of a query that reads the cases of these kinds, annulled ones apart, as tables of that name.
    Lists of codes or ids are arrays, what has parts of its own is jsonb."""
    return "with " + ", ".join(f"{e.kind} as ({_cases(e)})" for e in entities)


def _cases(entity: Entity[Any]) -> str:
    fields = {name: field.annotation for name, field in entity.state.model_fields.items() if name != "id"}
    columns = ", ".join(f'"{name}" {column_type(annotation)}' for name, annotation in fields.items())
    return (
        f"select s.id, f.* from snapshot s cross join jsonb_to_record(s.state) as f ({columns})"  # noqa: S608  declared
        f" where s.kind = '{entity.kind}' and s.state is not null"
    )


def column_type(annotation: Any) -> str:
    """The type of the column that holds such a field."""
    origin, inner = get_origin(annotation), [a for a in get_args(annotation) if a not in (type(None), Ellipsis)]
    if origin in WRAPPED:
        return column_type(inner[0])
    if origin is tuple and len(inner) == 1 and column_type(inner[0]) == "text":
        return "text[]"
    return "text" if origin is Literal else PLAIN.get(annotation, "jsonb")
