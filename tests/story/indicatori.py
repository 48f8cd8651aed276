"""The indicators as the cruscotto should show them, from the figures of the independent calculation."""

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
    """The indicators of a comune, or of the whole district, at the end of a month.

    since: the end of the month before a period; what happened up to then is taken away from sums.
    """

    def __init__(self, figures: Cifre, at: date, comune: str | None = None, since: date | None = None) -> None:
        self._at, self._comune, self._since = at, comune, since
        self._found: dict[tuple[str, date], list[tuple[str, int]]] = {}
        for figure, value in figures.items():
            if comune in (None, figure.comune):
                self._found.setdefault((figure.codice, figure.al), []).append((figure.chiave, value))

    @property
    def district(self) -> bool:
        """Whether no comune is asked for."""
        return self._comune is None

    @property
    def period(self) -> bool:
        """Whether it is that of a period."""
        return self._since is not None

    def of(self, code: str) -> Shown:
        """The indicator with that code; None in a comune where only the district has one."""
        return Shown(None) if code in OF_THE_DISTRICT and not self.district else CODES[code](self)

    def parts_of(self, code: str) -> dict[str, Shown]:
        """What is shown beside it, by name."""
        return {name: part(self) for name, part in PARTS.get(code, {}).items()}

    def total(self, code: str, *keys: str, state: bool = False) -> int:
        """The sum over the keys (all, where none is named) and over the comuni, where none is asked for.

        state: how things stand at the end, whatever the period.
        """
        before = 0 if state or self._since is None else self._until(self._since, code, keys)
        return self._until(self._at, code, keys) - before

    def _until(self, at: date, code: str, keys: tuple[str, ...]) -> int:
        return sum(value for key, value in self._found.get((code, at), ()) if not keys or key in keys)


Figure = Callable[[Reckoning], Shown]


def _sum(code: str, *keys: str, unit: int = 1, state: bool = False) -> Figure:
    return lambda r: Shown(Decimal(r.total(code, *keys, state=state)) / unit)


def _tenth(over: Decimal, under: Decimal, factor: int) -> Decimal | None:
    return (factor * over / under).quantize(Decimal("0.1"), ROUND_HALF_UP) if under else None


def _ratio(over: Callable[[Reckoning], int], under: Callable[[Reckoning], int], unit: int = 1) -> Figure:
    def shown(r: Reckoning) -> Shown:
        terms = Decimal(over(r)) / unit, Decimal(under(r)) / unit
        return Shown(_tenth(*terms, 100), terms)

    return shown


def _share(code: str, *keys: str, of: tuple[str, ...] = (), unit: int = 1, state: bool = False) -> Figure:
    """Some keys of a figure out of others, or of all."""
    return _ratio(lambda r: r.total(code, *keys, state=state), lambda r: r.total(code, *of, state=state), unit)


def _mean(code: str, what: str, how_many: str) -> Figure:
    """A mean difference, to the tenth; its terms are the sum and how many."""

    def shown(r: Reckoning) -> Shown:
        terms = Decimal(r.total(code, what)), Decimal(r.total(code, how_many))
        return Shown(_tenth(*terms, 1), terms)

    return shown


def _of_comuni(code: str) -> Figure:
    """A figure that its comuni do not sum to: the district has its own."""
    return lambda r: Shown(Decimal(r.total(code if r.district else f"{code}.comune", state=True)))


def _covered(inside: str, how_many: str) -> Figure:
    """In how many comuni; a comune is one of them where there is something."""
    return lambda r: Shown(Decimal(r.total(how_many, state=True) if r.district else bool(r.total(inside, state=True))))


def _of_the_half_year(r: Reckoning, *keys: str) -> Shown:
    """Who was active counts once in each period: those of one are not the difference of two sums."""
    return Shown(Decimal(r.total("RE05.semestre" if r.period else "RE05", *keys, state=True)))


def _asked_in_the_half_year(r: Reckoning) -> Shown:
    """Chains count with their first request: those of a period are not the difference of two sums."""
    return _share("RE01.semestre" if r.period else "RE01", "con_esito", state=True)(r)


def _median_wait(r: Reckoning) -> Shown:
    """Written one more than it is, for a figure of zero is not written; its terms: itself, and whether it is known."""
    found = r.total("RE03.semestre" if r.period else "RE03", state=True)
    terms = Decimal(max(found - 1, 0)), Decimal(found > 0)
    return Shown(_tenth(*terms, 1), terms)


HELPED = ("aiuto_ottenuto", "aiuto_parziale")
WORK = ("azienda", "professionista", "agenzia_specializzata")
GIVEN = ("comune", "impresa", "ente", "cittadini")
KNOWN = {
    months: tuple(f"{months} {how}" for how in ("occupate", "non occupate", "non rilevate")) for months in (1, 3, 6)
}

OF_THE_DISTRICT = frozenset({"RE03", "RE04", "RE05", "RE06", "RE08"})
"""Rows that no comune has a part of: meetings and funds are of all."""

CODES: dict[str, Figure] = {
    "CA01": _sum("CA01.comune"),
    "CA02": _sum("CA02"),
    "CA03": _sum("CA03"),
    "CA04": _sum("CA04"),
    "CA05": _sum("CA05", "agenzia_immobiliare", "proprietario", state=True),
    "CA06": _sum("CA06", unit=100, state=True),
    "CA07": _sum("CA07"),
    "CA08": _share("CA08", "prevenuti", of=("prevenuti", "eseguiti")),
    "CA09": _ratio(
        lambda r: r.total("CA09.comune", "escussione") - r.total("CA09.comune", "recupero"),
        lambda r: r.total("CA09.comune", "concessione"),
        unit=100,
    ),
    "CA10": _share("CA10", "residenti", "junior"),
    "LA01": _sum("LA01"),
    "LA02": _sum("LA02", *WORK, state=True),
    "LA03": _sum("LA03"),
    "LA04": _share("LA04", "conclusi"),
    "LA05": _sum("LA05"),
    "LA06": _share("LA06", "6 occupate", of=KNOWN[6]),
    "LA07": _sum("LA07"),
    "LA08": _sum("LA08"),
    "AD01": _sum("AD01"),
    "AD02": _of_comuni("AD02"),
    "AD03": _sum("AD03"),
    "AD04": _sum("AD04"),
    "AD05": _sum("AD05", state=True),
    "AD06": _share("AD06", "validi"),
    "AD07": _sum("AD07"),
    "AD08": _sum("AD08"),
    "PU01": _sum("PU01", state=True),
    "PU02": _sum("PU02", state=True),
    "PU03": _share("PU03", "prime_presenze", of=("presenze",)),
    "PU04": _share("PU04", "cittadini", "insieme"),
    "PU05": _ratio(lambda r: r.total("PU05", state=True), lambda r: r.total("PU01", state=True)),
    "PU06": _sum("PU06", state=True),
    "PU07": _sum("PU07", unit=60),
    "PU08": _share("PU08", "reciproche", of=("tutte",), state=True),
    "PU09": _share("PU09", "senza rete", of=("rilevate",), state=True),
    "PU10": _mean("PU10", "benessere", "rilevate"),
    "PU11": _share("PU11", "risposta_della_comunita"),
    "RE01": _asked_in_the_half_year,
    "RE02": _share("RE02", *HELPED),
    "RE03": _median_wait,
    "RE04": _share("RE04", "collegate", state=True),
    "RE05": _of_the_half_year,
    "RE06": _share("RE06", "insieme"),
    "RE07": _sum("RE07"),
    "RE08": _share("RE08", *GIVEN, unit=100, state=True),
}

PARTS: dict[str, dict[str, Figure]] = {
    "RE02": {"con aiuto parziale": _sum("RE02", "aiuto_parziale")},
    "CA05": {
        "agenzie immobiliari": _sum("CA05", "agenzia_immobiliare", state=True),
        "proprietari": _sum("CA05", "proprietario", state=True),
        "altri, non contati": _sum("CA05", "altro", state=True),
    },
    "CA08": {"sfratti ancora aperti": _sum("CA08", "aperti", state=True)},
    "LA02": {
        "aziende": _sum("LA02", "azienda", state=True),
        "professionisti": _sum("LA02", "professionista", state=True),
        "agenzie specializzate": _sum("LA02", "agenzia_specializzata", state=True),
        "altri, non contati": _sum("LA02", "altro", state=True),
    },
    "LA03": {"sostenuti dal Fondo Esperienze": _sum("LA03.sostenuti")},
    "LA05": {"sostenuti dal Fondo Esperienze": _sum("LA05.sostenuti")},
    "LA06": {
        "a 1 mese": _share("LA06", "1 occupate", of=KNOWN[1]),
        "a 3 mesi": _share("LA06", "3 occupate", of=KNOWN[3]),
        "non rilevate a 1 mese": _sum("LA06", "1 non rilevate"),
        "non rilevate a 3 mesi": _sum("LA06", "3 non rilevate"),
        "non rilevate a 6 mesi": _sum("LA06", "6 non rilevate"),
    },
    "LA07": {"presenze": _sum("LA07.presenze")},
    "LA08": {
        name: _sum("LA08", key)
        for name, key in {
            "orientamento": "orientamento",
            "bilanci di competenze": "bilancio_di_competenze",
            "curriculum": "curriculum",
            "preparazione al colloquio": "preparazione_al_colloquio",
            "ricerca attiva": "ricerca_attiva",
            "consulenza contrattuale": "consulenza_contrattuale",
            "consulenza alle imprese": "consulenza_alle_imprese",
            "altro": "altro",
        }.items()
    },
    "AD01": {"giovani negli incontri in strada e agli eventi, anonimi": _sum("AD01.anonimi")},
    "AD02": {"comuni coperti": _covered("AD02.comune", "AD02.coperti")},
    "AD03": {
        "culturali": _sum("AD03", "culturale"),
        "sociali": _sum("AD03", "sociale"),
        "sportivi": _sum("AD03", "sportivo"),
        "altri": _sum("AD03", "altro"),
    },
    "AD04": {"laboratori senza i nomi di chi li ha coprogettati": _sum("AD04.senza_nomi")},
    "AD07": {"partecipanti": _sum("AD07.partecipanti")},
    "PU01": {"comuni in cui si trovano": _covered("PU01", "PU01.comuni")},
    "PU04": {"da soli": _share("PU04", "cittadini")},
    "PU06": {"hanno incontrato un altro gruppo": _sum("PU06.legami", state=True)},
    "PU09": {"non rilevate due volte": _sum("PU09.una_volta", state=True)},
    "PU10": {
        "fiducia, da 0 a 10": _mean("PU10", "fiducia", "rilevate"),
        "non rilevate due volte": _sum("PU10.una_volta", state=True),
    },
    "RE05": {
        kind: (lambda r, kind=kind: _of_the_half_year(r, kind))
        for kind in ("comuni", "privato sociale", "scuole", "aziende", "parrocchie", "altri")
    },
}
