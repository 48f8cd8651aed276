"""How people write values, as JSON has them, and back: days first, amounts in euro, hours as they say them."""

import re
from collections.abc import Callable
from typing import Any, get_args

from telaio.web import formats
from telaio.web.fields import Shape

SEVERAL = frozenset({"scelte", "comuni", "ids"})
DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
HOUR = re.compile(r"(\d{1,2})(?:[:.,](\d{2}))?", re.ASCII)
THOUSANDS = re.compile(r"-?\d{1,3}(\.\d{3})+(,\d{1,2})?", re.ASCII)
PLAIN = re.compile(r"-?\d{1,12}([.,]\d{1,2})?", re.ASCII)


def converted(kind: str, found: Shape, texts: list[str]) -> Any:
    """What was typed as a JSON value; what cannot be converted is left as typed, for validation to refuse by name."""
    if kind == "scelta":
        return next((code for code in get_args(found.base) if str(code) == texts[0]), texts[0])
    if kind == "ids":
        return [line for text in texts for line in _lines(text)]
    return texts if kind in SEVERAL else CONVERT.get(kind, str)(texts[0])


def texts_of(kind: str, value: Any) -> list[str]:
    """The reverse of `converted`: what somebody would have typed."""
    if isinstance(value, list | tuple):
        return [str(v) for v in value] if kind in SEVERAL else ["\n".join(map(str, value))]
    if isinstance(value, bool):
        return ["si" if value else "no"]
    if kind == "euro":
        return [formats.euro(value).removesuffix(" €")]
    return [formats.day(value) if kind == "data" else str(value)]


def _whole(text: str) -> int | str:
    return int(text) if re.fullmatch(r"-?[0-9]{1,15}", text) else text


def _yes(text: str) -> bool | str:
    return {"si": True, "no": False}.get(text, text)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in re.split(r"[\n,;]", text) if line.strip()]


def _iso(text: str) -> str:
    found = DAY_FIRST.fullmatch(text)
    return f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}" if found else text


def _hour(text: str) -> str:
    """09:30 of 9:30, 9.30, 9,30 and 09:00 of 9."""
    found = HOUR.fullmatch(text)
    return f"{found[1]:0>2}:{found[2] or '00'}" if found else text


def _cents(text: str) -> int | str:
    """Cents of an amount written in euro, as in Italy: 1.234,50; a dot before two last digits is read as a comma."""
    amount = re.sub(r"[\s€]", "", text)
    if THOUSANDS.fullmatch(amount):
        amount = amount.replace(".", "")
    elif not PLAIN.fullmatch(amount):
        return text
    whole, _, decimals = amount.replace(",", ".").partition(".")
    sign = -1 if whole.startswith("-") else 1
    return int(whole) * 100 + sign * int(f"{decimals:0<2}")


CONVERT: dict[str, Callable[[str], Any]] = {
    "data": _iso,
    "ora": _hour,
    "euro": _cents,
    "numero": _whole,
    "si_no": _yes,
    "elenco": _lines,
}
