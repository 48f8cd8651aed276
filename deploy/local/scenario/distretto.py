"""I comuni del distretto, con quanto pesano: quelli di telaio, e una tabella di abitanti e confini."""

import csv
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from random import Random


@dataclass(frozen=True)
class Comune:
    """Un comune: codice ISTAT, abitanti (1 dove non si sanno), comuni con cui confina."""

    istat: str
    residenti: int = 1
    confina_con: tuple[str, ...] = ()


class Distretto:
    """I comuni di `district.toml`; più sono abitati, più spesso escono in sorte."""

    def __init__(self) -> None:
        district = tomllib.loads(files("telaio").joinpath("district.toml").read_text(encoding="utf-8"))
        noti = {c.istat: c for c in _tabella()}
        self.comuni = [noti.get(istat, Comune(istat)) for istat in sorted(district["comuni"])]
        self._pesi = [c.residenti for c in self.comuni]

    @property
    def per_abitanti(self) -> list[str]:
        """I codici dei comuni, dal più abitato."""
        return [c.istat for c in sorted(self.comuni, key=lambda c: -c.residenti)]

    def uno(self, caso: Random) -> str:
        """Un comune in sorte, secondo gli abitanti."""
        return caso.choices(self.comuni, self._pesi)[0].istat

    def vicino(self, istat: str, caso: Random) -> str:
        """Un altro comune in sorte: uno di quelli con cui confina, se si sanno."""
        confini = next(c.confina_con for c in self.comuni if c.istat == istat)
        return caso.choice(confini or [c.istat for c in self.comuni if c.istat != istat])

    def vicini(self, uno: str, altro: str) -> bool:
        """Dice se sono lo stesso comune, o se confinano."""
        return uno == altro or altro in next(c.confina_con for c in self.comuni if c.istat == uno)


def _tabella() -> list[Comune]:
    righe = csv.DictReader(files(__package__).joinpath("comuni.csv").read_text(encoding="ascii").splitlines())
    return [Comune(r["istat"], int(r["residenti"]), tuple(r["confina_con"].split(";"))) for r in righe]
