"""The check: what the cruscotto shows against the independent calculation, figure by figure."""

import asyncio
from dataclasses import dataclass
from datetime import date

from scenario import readmodels
from scenario.conto import Cifra, Cifre, conta, fini_dei_mesi
from scenario.plan import FROM
from scenario.play import Performance

ARRIVED_WITHIN_S, ASK_EVERY_S = 60.0, 0.1
TARGETS = {
    "CA01": ("Famiglie garantite", 80),
    "CA02": ("Coabitazioni accompagnate", 20),
    "CA03": ("Condomini sociali avviati", 4),
}


@dataclass(frozen=True)
class Verdict:
    """The figures of the cruscotto, how many were compared, and the lines that tell of those that differ."""

    shown: Cifre
    compared: int
    differences: list[str]
    until: date

    def total(self, code: str, key: str = "") -> int:
        """The district's figure at the end, of the keys that begin so."""
        return sum(
            v for c, v in self.shown.items() if c.codice == code and c.al == self.until and c.chiave.startswith(key)
        )


async def arrived(dsn: str, events: list[str]) -> bool:
    """Waits until the cruscotto has these facts; whether it has them, and no others."""
    wanted, connection = set(events), await readmodels.seen(dsn)
    try:
        async with asyncio.timeout(ARRIVED_WITHIN_S):
            while not wanted <= (found := await readmodels.facts(connection)):
                await asyncio.sleep(ASK_EVERY_S)
    except TimeoutError:
        return False
    finally:
        await connection.close()
    return found == wanted


async def verdict(dsn: str, performance: Performance, to: date) -> Verdict:
    """Compares every figure that the read models have, at the end of every month."""
    months = fini_dei_mesi(FROM, to)
    connection = await readmodels.seen(dsn)
    try:
        shown = await readmodels.read(connection, months)
    finally:
        await connection.close()
    right = conta(performance.accepted, FROM, to)
    every = sorted(c for c in shown.keys() | right.keys() if c.codice in readmodels.FIGURES)
    wrong = [_line(c, shown, right) for c in every if shown.get(c) != right.get(c)]
    return Verdict(shown, len(every), wrong, months[-1])


def summary(verdict: Verdict) -> str:
    """The headline figures as lines for a terminal."""
    targets = [f"  {name:<28} {verdict.total(code):>6}   obiettivo {aim}" for code, (name, aim) in TARGETS.items()]
    paid, claimed, recovered = (
        verdict.total(*of) for of in (("fondo", "versato"), ("CA09", "escussione"), ("CA09", "recupero"))
    )
    fund = {
        "versato": paid,
        "escusso": claimed,
        "recuperato": recovered,
        "saldo": paid - claimed + recovered,
        "impegnato": verdict.total("fondo", "impegnato"),
    }
    return "\n".join([*targets, "  Fondo Garanzia: " + " · ".join(f"{n} {_euro(v)}" for n, v in fund.items())])


def _euro(cents: int) -> str:
    whole = f"{cents // 100:,}".replace(",", ".")
    return f"{whole},{cents % 100:02} €"


def _line(figure: Cifra, shown: Cifre, right: Cifre) -> str:
    where = " ".join(filter(None, (figure.codice, figure.chiave, figure.comune)))
    return f"{where} al {figure.al}: cruscotto {shown.get(figure, 0)}, calcolo {right.get(figure, 0)}"
