"""The ledger: what the load generator knows to be committed, and what the figures must therefore be. Shares no code
with the services: types, measures and arithmetic are written here a second time."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

Cell = tuple[str, str, str, str]
"""Measure, comune, month, key."""
CORRECTION = "rete.EventoRettificato"


@dataclass(frozen=True)
class Entry:
    """One committed event: whose (kind/id), its version, its id, its type, and what was sent."""

    subject: str
    version: int
    id: str
    type: str
    data: dict[str, Any]


class Ledger:
    """A file with one entry a line, written as answers come in."""

    def __init__(self, file: Path) -> None:
        self._file = file
        file.touch()

    def write(self, entry: Entry) -> None:
        """Adds an entry. A repeated answer adds it again: it must be the same."""
        with self._file.open("a") as lines:
            lines.write(json.dumps(asdict(entry)) + "\n")

    def entries(self) -> list[Entry]:
        """Every entry once. Raises: AssertionError where two answers claim one place."""
        found: dict[tuple[str, int], Entry] = {}
        for line in self._file.read_text().splitlines():
            entry = Entry(**json.loads(line))
            other = found.setdefault((entry.subject, entry.version), entry)
            assert other == entry, f"two answers for one version: {other} {entry}"
        return list(found.values())


def cells(entries: Iterable[Entry]) -> Counter[Cell]:
    """The sums that follow from the entries; none that is zero."""
    histories: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda e: e.version):
        histories.setdefault(entry.subject, []).append(entry)
    total: Counter[Cell] = Counter()
    for subject, history in histories.items():
        _add(total, subject.partition("/")[2], _as_corrected(history))
    return Counter({cell: value for cell, value in total.items() if value})


def _as_corrected(history: list[Entry]) -> list[tuple[str, dict[str, Any]]]:
    right = {e.data["rettifica"]: e.data["data"] for e in history if e.type == CORRECTION}
    told = [(e.type, right.get(e.id, e.data)) for e in history if e.type != CORRECTION]
    return [(kind, data) for kind, data in told if data is not None]


def _add(total: Counter[Cell], id: str, history: list[tuple[str, dict[str, Any]]]) -> None:
    """One entity's part of the sums."""
    comune = famiglia = ""
    left = 0  # of a guarantee: what may still be called
    for kind, data in history:
        amount = data.get("importo_centesimi", 0)
        comune = data.get("comune", comune)
        match kind.removeprefix("casa."):
            case "FamigliaPresaInCarico":
                parts = [("famiglie_in_carico", 1, comune, ""), ("comune_della_famiglia", 1, comune, id)]
            case "MorositaRilevata":
                parts = [("morosita", amount, comune, "")]
            case "MorositaSanata":
                parts = [("morosita", -amount, comune, "")]
            case "SfrattoIntimato":
                parts = [("sfratti_aperti", 1, comune, "")]
            case "SfrattoPrevenuto":
                parts = [("sfratti_aperti", -1, comune, ""), ("sfratti_prevenuti", 1, comune, "")]
            case "AlloggioResoDisponibile":
                parts = [("alloggi_disponibili", 1, comune, "")]
            case "DotazioneVersata":
                parts = [("fondo_versato", amount, "", data["da"])]
            case "GaranziaConcessa":
                famiglia, left = data["famiglia"], data["massimale_centesimi"]
                parts = [
                    *(("famiglie_garantite", 1, "", famiglia), ("garanzie_attive", 1, "", "")),
                    *(("massimali_concessi", left, "", famiglia), ("fondo_impegnato", left, "", "")),
                ]
            case "GaranziaEscussa":
                left -= amount
                parts = [("fondo_impegnato", -amount, "", ""), ("fondo_escusso", amount, "", famiglia)]
            case "RecuperoIncassato":
                parts = [("fondo_recuperato", amount, "", famiglia)]
            case "GaranziaSvincolata":
                parts = [("garanzie_attive", -1, "", ""), ("fondo_impegnato", -left, "", "")]
                left = 0
            case _:
                parts = []
        for measure, value, where, key in parts:
            total[measure, where, data["avvenuto_il"][:7], key] += value


MEASURES = (
    *("famiglie_in_carico", "comune_della_famiglia", "morosita", "sfratti_aperti", "sfratti_prevenuti"),
    *("alloggi_disponibili", "fondo_versato", "fondo_impegnato", "fondo_escusso", "fondo_recuperato"),
    *("famiglie_garantite", "garanzie_attive", "massimali_concessi"),
)
