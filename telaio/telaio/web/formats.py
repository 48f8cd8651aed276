"""Values as people in Italy read them."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from telaio.clock import ROME
from telaio.district import District

CODED = re.compile(r"[a-z]+|[a-z0-9]+(_[a-z0-9]+)+")
HYPHEN = re.compile(r"(?<![0-9])-|-(?![0-9])")
AMOUNT = re.compile(r"-?[0-9]{1,15}")
NOTHING = "—"
UUID_LENGTH = 36
SUFFIXES = ("_il", "_alle", "_centesimi", "_id")
DAYS = frozenset({"il", "dal", "al"})

ACCENTS = {
    word: word[:-1] + accented
    for accented, words in {
        "à": "attivita mensilita mobilita stabilita socialita opportunita comunita morosita disponibilita eta citta"
        " novita universita difficolta autorita societa fragilita specialita necessita qualita quantita meta gia sara"
        " disabilita indennita",
        "ì": "lunedi martedi mercoledi giovedi venerdi",
        "ù": "piu gioventu",
        "é": "perche",
        "ò": "puo pero",
    }.items()
    for word in words.split()
}
"""Words that an ASCII identifier has to write without their accent."""


def words(code: str) -> str:
    """`attivita_svolta` as “Attività svolta”; the hyphen of a range of numbers (`14-17`) stays."""
    text = " ".join(ACCENTS.get(w, w) for w in HYPHEN.sub("_", code).split("_"))
    return text[:1].upper() + text[1:]


def title_of(event_type: str) -> str:
    """`casa.MorositaRilevata` as “Morosità rilevata”."""
    name = event_type.rpartition(".")[2]
    return words(re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower())


def short(id: str) -> str:
    """The end of an id, which tells cases apart on a page; a word, such as a ledger's id, stays whole."""
    return id[-8:] if len(id) == UUID_LENGTH else id


def feminine(title: str) -> bool:
    """Whether an Italian noun is most likely feminine: famiglia, coabitazione."""
    return title.lower().partition(" ")[0].endswith(("a", "ione", "à"))


def day(value: date | str | None) -> str:
    """dd/mm/yyyy. An ISO text is read as a date; any other text is returned as it is."""
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value[:10])
        except ValueError:
            return str(value)
    return f"{value:%d/%m}/{value.year:04}" if value else NOTHING


def instant(value: datetime | str | None) -> str:
    """Date and time in Rome."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return str(value)
    return value.astimezone(ROME).strftime("%d/%m/%Y %H:%M") if value else NOTHING


def number(value: float) -> str:
    """1.234,5."""
    return f"{value:,}".translate(str.maketrans(",.", ".,"))


def euro(cents: int | str | None) -> str:
    """Cents as 1.234,50 €."""
    if cents is None or cents == "":
        return NOTHING
    whole, rest = divmod(abs(int(cents)), 100)
    sign = "-" if int(cents) < 0 else ""
    return f"{sign}{whole:,}".replace(",", ".") + f",{rest:02} €"


def shown(name: str, value: Any, district: District) -> str:
    """A value as the end of its name says: `_il`, `dal`, `al`, `_alle`, `_centesimi`, `comune`, or by what it is."""
    if value is None or value in ("", [], ()):
        return NOTHING
    if isinstance(value, bool):
        return "sì" if value else "no"
    if isinstance(value, list | tuple):
        between = "; " if any(isinstance(v, dict) for v in value) else ", "
        return between.join(shown(name, v, district) for v in value)
    if isinstance(value, dict):
        return ", ".join(f"{heading(k)}: {shown(k, v, district)}" for k, v in value.items())
    return _scalar(name, value, district)


def _scalar(name: str, value: Any, district: District) -> str:
    last = name.rpartition("_")[2]
    if last == "centesimi" and AMOUNT.fullmatch(str(value)):
        return euro(value)
    if isinstance(value, datetime) or (last == "alle" and isinstance(value, str)):
        return instant(value)
    if isinstance(value, date) or (last in DAYS and isinstance(value, str)):
        return day(value)
    if isinstance(value, int | float):
        return number(value)
    text = str(value)
    known = district.comuni.get(text) or district.enti.get(text) or district.nodi.get(text)
    return known or (words(text) if CODED.fullmatch(text) else text)


def heading(column: str) -> str:
    """A field's or column's name without the suffix that tells its kind."""
    for suffix in SUFFIXES:
        column = column.removesuffix(suffix)
    return words(column.strip("_"))


def is_number(column: str, rows: Iterable[dict[str, Any]]) -> bool:
    """Whether a column is set to the right."""
    return all(isinstance(row[column], int | float) and not isinstance(row[column], bool) for row in rows)


def columns(rows: Iterable[dict[str, Any]]) -> list[str]:
    """The columns a list shows: all but the id, which becomes a link."""
    first = next(iter(rows), {})
    return [name for name in first if name != "id"]
