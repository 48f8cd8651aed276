"""The clock of the simulated time: a file that the services read again at every use."""

from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

ROME = ZoneInfo("Europe/Rome")
OPENING = time(9, 30)


class SimulatedClock:
    """Writes the instant that the services take for now."""

    def __init__(self, file: Path) -> None:
        self.file = file

    @property
    def setting(self) -> str:
        """What GENERA_ADESSO has to be."""
        return f"@{self.file}"

    def move(self, day: date) -> None:
        """It is the morning of `day` from now on. Renamed into place: nobody ever reads half an instant."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        beside = self.file.with_suffix(".new")
        beside.write_text(datetime.combine(day, OPENING, ROME).isoformat(), encoding="ascii")
        beside.replace(self.file)
