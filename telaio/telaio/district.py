"""The district: its comuni and its partners. Data, so that another Ambito can adopt the software."""

import tomllib
from collections.abc import Iterable, Iterator
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Annotated, Any, Self, get_args

from contratti.rete import CodiceComune, Istat
from pydantic import BaseModel, ConfigDict, Field

Location = tuple[str | int, ...]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
EARTH_RADIUS_KM = 6371.0


class District(BaseModel):
    """Comuni by ISTAT code, partners and wider network by slug."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    denominazione: str = "Distretto"
    comuni: dict[CodiceComune, str] = Field(default_factory=dict)
    centri: dict[CodiceComune, tuple[Longitude, Latitude]] = Field(default_factory=dict)
    enti: dict[str, str] = Field(default_factory=dict)

    @classmethod
    def load(cls, path: Path | None) -> Self:
        """The district described by a TOML file; the example district where none is given."""
        chosen = path or Path(__file__).parent / "district.toml"
        return cls.model_validate(tomllib.loads(chosen.read_text(encoding="utf-8")))

    def distance_km(self, one: str, other: str) -> float | None:
        """As the crow flies, between the centres of two comuni; None where the district does not say where they are."""
        if one == other:
            return 0.0
        if one not in self.centri or other not in self.centri:
            return None
        (x, y), (to_x, to_y) = (map(radians, self.centri[code]) for code in (one, other))
        half_chord = sin((to_y - y) / 2) ** 2 + cos(y) * cos(to_y) * sin((to_x - x) / 2) ** 2
        return 2 * EARTH_RADIUS_KM * asin(sqrt(half_chord))

    def unknown_comuni(self, model: BaseModel) -> Iterator[tuple[Location, str]]:
        """Where a comune of another district is named, and which."""
        for name, field in type(model).model_fields.items():
            if _names_comuni(field.annotation, field.metadata):
                yield from self._strangers((name,), getattr(model, name))

    def _strangers(self, location: Location, value: Any) -> Iterator[tuple[Location, str]]:
        if isinstance(value, str):
            if value not in self.comuni:
                yield location, value
        elif value is not None:
            for index, one in enumerate(value):
                yield from self._strangers((*location, index), one)


def _names_comuni(annotation: Any, metadata: Iterable[Any] = ()) -> bool:
    """Whether a type, or one inside it, is marked as a comune's code."""
    if Istat in metadata:
        return True
    return any(_names_comuni(a, getattr(a, "__metadata__", ())) for a in get_args(annotation) if a is not Istat)
