"""The ledger: what the load generator knows to be committed, and what the figures must therefore be. Shares no code
with the services: types, measures and arithmetic are written here a second time."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
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
        self._file, self.count = file, 0
        file.touch()

    def write(self, entry: Entry) -> None:
        """Adds an entry. A repeated answer adds it again: it must be the same."""
        self.count += 1
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
    """What truly happened, by day; nothing before the event that opened the entity."""
    right = {e.data["rettifica"]: e.data["data"] for e in history if e.type == CORRECTION}
    told = [(e.type, right.get(e.id, e.data)) for e in history if e.type != CORRECTION]
    true = [(kind, data) for kind, data in told if data is not None]
    return sorted(true, key=lambda fact: max(fact[1]["avvenuto_il"], true[0][1]["avvenuto_il"]))


def _add(total: Counter[Cell], id: str, history: list[tuple[str, dict[str, Any]]]) -> None:
    """One entity's part of the sums."""
    comune, left, famiglia = "", 0, ""
    for kind, data in history:
        comune = data.get("comune", comune)
        if kind == "casa.GaranziaConcessa":
            famiglia, left = data["famiglia"], data["massimale_centesimi"]
        if kind in ("casa.GaranziaEscussa", "casa.GaranziaSvincolata"):
            taken = min(data.get("importo_centesimi", left), left)
            data, left = {**data, "taken": taken}, left - taken  # noqa: PLW2901
        names = {"comune": comune, "id": id, "famiglia": famiglia, "da": data.get("da", "")}
        for measure, sign, amount, where, key in PARTS.get(kind, ()):
            value = sign * (data[amount] if amount else 1)
            total[measure, names.get(where, ""), data["avvenuto_il"][:7], names.get(key, "")] += value


# For each type: measure, sign, which amount (none: one), of which comune, under which key.
PARTS: dict[str, Sequence[tuple[str, int, str, str, str]]] = {
    "casa.FamigliaPresaInCarico": (
        ("famiglie_in_carico", 1, "", "comune", ""),
        ("comune_della_famiglia", 1, "", "comune", "id"),
    ),
    "casa.MorositaRilevata": (("morosita", 1, "importo_centesimi", "comune", ""),),
    "casa.MorositaSanata": (("morosita", -1, "importo_centesimi", "comune", ""),),
    "casa.SfrattoIntimato": (("sfratti_aperti", 1, "", "comune", ""),),
    "casa.SfrattoPrevenuto": (
        ("sfratti_aperti", -1, "", "comune", ""),
        ("sfratti_prevenuti", 1, "", "comune", ""),
    ),
    "casa.AlloggioResoDisponibile": (("alloggi_disponibili", 1, "", "comune", ""),),
    "casa.DotazioneVersata": (("fondo_versato", 1, "importo_centesimi", "", "da"),),
    "casa.GaranziaConcessa": (
        ("famiglie_garantite", 1, "", "", "famiglia"),
        ("garanzie_attive", 1, "", "", ""),
        ("massimali_concessi", 1, "massimale_centesimi", "", "famiglia"),
        ("fondo_impegnato", 1, "massimale_centesimi", "", ""),
    ),
    "casa.GaranziaEscussa": (
        ("fondo_impegnato", -1, "taken", "", ""),
        ("fondo_escusso", 1, "importo_centesimi", "", "famiglia"),
    ),
    "casa.RecuperoIncassato": (("fondo_recuperato", 1, "importo_centesimi", "", "famiglia"),),
    "casa.GaranziaSvincolata": (
        ("garanzie_attive", -1, "", "", ""),
        ("fondo_impegnato", -1, "taken", "", ""),
    ),
}
MEASURES = sorted({part[0] for parts in PARTS.values() for part in parts})
