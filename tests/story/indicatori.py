"""The indicators CA01-CA10 as the cruscotto should show them, from the figures of the independent calculation."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from scenario.conto import Cifre


@dataclass(frozen=True)
class Shown:
    """A number on the screen; `terms`: numerator and denominator, where it is a ratio."""

    value: Decimal | None
    terms: tuple[Decimal, Decimal] | None = None


class Reckoning:
    """The indicators of a comune, or of the whole district, at the end of a month."""

    def __init__(self, figures: Cifre, at: date, comune: str | None = None) -> None:
        self._figures, self._at, self._comune = figures, at, comune

    def of(self, code: str) -> Shown:
        """The indicator with that code."""
        return CODES[code](self)

    def total(self, code: str, *keys: str) -> int:
        """The sum over the keys (all, where none is named) and over the comuni, where none is asked for."""
        return sum(
            value
            for figure, value in self._figures.items()
            if (figure.codice, figure.al) == (code, self._at)
            and self._comune in (None, figure.comune)
            and (not keys or figure.chiave in keys)
        )


def _sum(code: str, *keys: str, unit: int = 1) -> Callable[[Reckoning], Shown]:
    return lambda r: Shown(Decimal(r.total(code, *keys)) / unit)


def _ratio(
    over: Callable[[Reckoning], int], under: Callable[[Reckoning], int], unit: int = 1
) -> Callable[[Reckoning], Shown]:
    def shown(r: Reckoning) -> Shown:
        terms = Decimal(over(r)) / unit, Decimal(under(r)) / unit
        percent = (100 * terms[0] / terms[1]).quantize(Decimal("0.1"), ROUND_HALF_UP) if terms[1] else None
        return Shown(percent, terms)

    return shown


CODES: dict[str, Callable[[Reckoning], Shown]] = {
    "CA01": _sum("CA01.comune"),
    "CA02": _sum("CA02"),
    "CA03": _sum("CA03"),
    "CA04": _sum("CA04"),
    "CA05": _sum("CA05", "agenzia_immobiliare", "proprietario"),
    "CA06": _sum("CA06", unit=100),
    "CA07": _sum("CA07"),
    "CA08": _ratio(lambda r: r.total("CA08", "prevenuti"), lambda r: r.total("CA08", "prevenuti", "eseguiti")),
    "CA09": _ratio(
        lambda r: r.total("CA09.comune", "escussione") - r.total("CA09.comune", "recupero"),
        lambda r: r.total("CA09.comune", "concessione"),
        unit=100,
    ),
    "CA10": _ratio(lambda r: r.total("CA10", "residenti", "junior"), lambda r: r.total("CA10")),
}
