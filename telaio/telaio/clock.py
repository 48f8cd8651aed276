"""The one clock of a service. In development it can be moved, so that the demo's facts of 2016 are recorded in 2016."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

ROME = ZoneInfo("Europe/Rome")


class Clock:
    """Tells now and today. `simulated`: an ISO instant, or `@path` of a file that holds one and may change."""

    def __init__(self, simulated: str | None = None) -> None:
        self._read: Callable[[], datetime] = _reader(simulated)

    def now(self) -> datetime:
        """The instant, UTC, aware."""
        return self._read()

    def today(self) -> date:
        """The civil date in Europe/Rome."""
        return self._read().astimezone(ROME).date()


def _reader(simulated: str | None) -> Callable[[], datetime]:
    if not simulated:
        return lambda: datetime.now(UTC)
    if simulated.startswith("@"):
        path = Path(simulated[1:])
        return lambda: _instant(path.read_text(encoding="ascii"))
    fixed = _instant(simulated)
    return lambda: fixed


def _instant(text: str) -> datetime:
    """The instant written in `text`. Raises: ValueError where it has no time zone."""
    instant = datetime.fromisoformat(text.strip())
    if instant.tzinfo is None:
        raise ValueError(f"an instant needs its time zone: {text!r}")
    return instant.astimezone(UTC)
