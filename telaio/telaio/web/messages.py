"""What pydantic finds wrong, said in Italian to whoever filled in the field."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

GENERIC = "il valore non è valido"

MESSAGES = {
    "missing": "va compilato",
    "extra_forbidden": "non è un campo previsto",
    "model_type": "deve essere un oggetto",
    "model_attributes_type": "deve essere un oggetto",
    "dataclass_type": "deve essere un oggetto",
    "dict_type": "deve essere un oggetto",
    "frozen_dict_type": "deve essere un oggetto",
    "ordered_dict_type": "deve essere un oggetto",
    "counter_type": "deve essere un oggetto",
    "mapping_type": "deve essere un oggetto",
    "named_tuple_type": "deve essere un elenco o un oggetto",
    "invalid_key": "i nomi dei campi devono essere testi",
    "none_required": "deve restare vuoto",
    "greater_than": "deve essere maggiore di {gt}",
    "greater_than_equal": "deve essere almeno {ge}",
    "less_than": "deve essere minore di {lt}",
    "less_than_equal": "deve essere al massimo {le}",
    "multiple_of": "deve essere un multiplo di {multiple_of}",
    "finite_number": "deve essere un numero finito",
    "too_short": "deve avere almeno {min_length} voci",
    "too_long": "deve avere al massimo {max_length} voci",
    "iterable_type": "deve essere un elenco",
    "list_type": "deve essere un elenco",
    "deque_type": "deve essere un elenco",
    "tuple_type": "deve essere un elenco",
    "set_type": "deve essere un elenco",
    "frozen_set_type": "deve essere un elenco",
    "set_item_not_hashable": "contiene una voce che non è un valore semplice",
    "string_type": "deve essere un testo",
    "string_unicode": "contiene caratteri non validi",
    "string_too_short": "deve avere almeno {min_length} caratteri",
    "string_too_long": "deve avere al massimo {max_length} caratteri",
    "string_pattern_mismatch": "non ha il formato atteso",
    "string_not_ascii": "deve contenere solo caratteri ASCII",
    "enum": "deve essere uno fra: {expected}",
    "literal_error": "deve essere uno fra: {expected}",
    "bool_type": "deve essere sì o no",
    "bool_parsing": "deve essere sì o no",
    "int_type": "deve essere un numero intero",
    "int_parsing": "deve essere un numero intero",
    "int_parsing_size": "è un numero troppo grande",
    "int_from_float": "deve essere un numero intero",
    "float_type": "deve essere un numero",
    "float_parsing": "deve essere un numero",
    "decimal_type": "deve essere un numero",
    "decimal_parsing": "deve essere un numero",
    "decimal_max_digits": "deve avere al massimo {max_digits} cifre",
    "decimal_max_places": "deve avere al massimo {decimal_places} decimali",
    "decimal_whole_digits": "deve avere al massimo {whole_digits} cifre prima della virgola",
    "fraction_type": "deve essere un numero",
    "fraction_parsing": "deve essere un numero",
    "date_type": "deve essere una data, per esempio 2016-03-20",
    "date_parsing": "deve essere una data, per esempio 2016-03-20",
    "date_from_datetime_parsing": "deve essere una data, per esempio 2016-03-20",
    "date_from_datetime_inexact": "deve essere una data senza ora",
    "date_past": "deve essere nel passato",
    "date_future": "deve essere nel futuro",
    "time_type": "deve essere un'ora, per esempio 09:30",
    "time_parsing": "deve essere un'ora, per esempio 09:30",
    "datetime_type": "deve essere data e ora, per esempio 2016-03-20T09:30:00Z",
    "datetime_parsing": "deve essere data e ora, per esempio 2016-03-20T09:30:00Z",
    "datetime_object_invalid": "deve essere data e ora, per esempio 2016-03-20T09:30:00Z",
    "datetime_from_date_parsing": "deve essere data e ora, per esempio 2016-03-20T09:30:00Z",
    "datetime_past": "deve essere nel passato",
    "datetime_future": "deve essere nel futuro",
    "timezone_naive": "non deve indicare il fuso orario",
    "timezone_aware": "deve indicare il fuso orario",
    "timezone_offset": "ha un fuso orario diverso da quello atteso",
    "time_delta_type": "deve essere una durata",
    "time_delta_parsing": "deve essere una durata",
    "uuid_type": "deve essere un UUID",
    "uuid_parsing": "deve essere un UUID",
    "uuid_version": "deve essere un UUID di versione {expected_version}",
    "url_type": "deve essere un indirizzo web",
    "url_parsing": "deve essere un indirizzo web",
    "url_syntax_violation": "deve essere un indirizzo web",
    "url_too_long": "deve avere al massimo {max_length} caratteri",
    "url_scheme": "deve cominciare con: {expected_schemes}",
    "bytes_type": "deve essere un testo",
    "bytes_too_short": "deve avere almeno {min_length} caratteri",
    "bytes_too_long": "deve avere al massimo {max_length} caratteri",
    "bytes_invalid_encoding": "contiene caratteri non validi",
    "union_tag_invalid": "è di un genere non previsto; quelli previsti: {expected_tags}",
    "union_tag_not_found": "non dice di che genere è",
    "recursion_depth_exceeded": "ha troppi livelli annidati",
    "json_invalid": "non è JSON valido",
    "json_type": "non è JSON valido",
}

SINGULAR = {"too_short", "too_long", "string_too_short", "string_too_long"}

NOT_FROM_JSON = {
    "no_such_attribute": "reads Python objects",
    "needs_python_object": "a mistake in a model's definition",
    "recursion_loop": "JSON has no cycles",
    "frozen_field": "assignment",
    "frozen_instance": "assignment",
    "get_attribute_error": "reads Python objects",
    "dataclass_exact_type": "reads Python objects",
    "default_factory_not_called": "a consequence of other errors, which are reported",
    "iteration_error": "reads Python objects",
    "missing_sentinel_error": "a value no JSON has",
    "ellipsis_error": "a value no JSON has",
    "is_instance_of": "reads Python objects",
    "is_subclass_of": "reads Python objects",
    "callable_type": "reads Python objects",
    "arguments_type": "function calls",
    "missing_argument": "function calls",
    "unexpected_keyword_argument": "function calls",
    "missing_keyword_only_argument": "function calls",
    "unexpected_positional_argument": "function calls",
    "missing_positional_only_argument": "function calls",
    "multiple_argument_values": "function calls",
    "complex_type": "a type no contract uses",
    "complex_str_parsing": "a type no contract uses",
    "value_error": "carries the validator's own Italian sentence",
    "assertion_error": "carries the validator's own sentence",
}
"""pydantic's error types without a sentence here, and why they need none."""


def message(kind: str, context: Mapping[str, Any] | None = None, text: str = "") -> str:
    """The Italian sentence for pydantic's error type `kind`. `text`: pydantic's own, which validators of ours write."""
    if kind == "value_error":
        return text.removeprefix("Value error, ") or GENERIC
    values = {name: _readable(value) for name, value in (context or {}).items()}
    template = MESSAGES.get(kind, GENERIC)
    if kind in SINGULAR and "1" in (values.get("min_length"), values.get("max_length")):
        template = template.replace("voci", "voce").replace("caratteri", "carattere")
    try:
        return template.format(**values)
    except KeyError:
        return GENERIC


def _readable(value: Any) -> str:
    if isinstance(value, str):
        return value.replace("'", "").replace(" or ", ", ")
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return f"{value:,}".replace(",", " ").replace(".", ",").replace(" ", ".")
    return str(value)
