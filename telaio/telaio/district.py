"""The district: its comuni and its partners. Data, so that another Ambito can adopt the software."""

import tomllib
from collections.abc import Container, Iterable, Iterator
from functools import cache, cached_property
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from contratti.invii import DelDistretto
from contratti.rete import CodiceComune, Ente, Istat
from pydantic import BaseModel, ConfigDict, Field

from telaio.invii.termini import Termini

Location = tuple[str | int, ...]
Tipo = Literal["comuni", "privato_sociale", "scuole", "aziende", "parrocchie", "altri"]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
EARTH_RADIUS_KM = 6371.0


class District(BaseModel):
    """Comuni by ISTAT code, partners and wider network by slug.

    linee: who runs each strand; ospiti: who works as a guest in another's service; tipi: what kind of subject each ente
    is, for figures by kind; sedi: in which comune it is at home; abitanti: the residents of each comune; invii: the
    terms of the referrals.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    denominazione: str = "Distretto"
    comuni: dict[CodiceComune, str] = Field(default_factory=dict)
    centri: dict[CodiceComune, tuple[Longitude, Latitude]] = Field(default_factory=dict)
    abitanti: dict[CodiceComune, Annotated[int, Field(gt=0)]] = Field(default_factory=dict)
    enti: dict[str, str] = Field(default_factory=dict)
    linee: dict[str, Ente] = Field(default_factory=dict)
    ospiti: dict[Ente, str] = Field(default_factory=dict)
    tipi: dict[Ente, Tipo] = Field(default_factory=dict)
    sedi: dict[Ente, CodiceComune] = Field(default_factory=dict)
    invii: Termini = Field(default_factory=Termini)

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

    @property
    def servizi(self) -> tuple[str, ...]:
        """The services that publish: the strands and the dashboard."""
        return (*self.linee, "cruscotto")

    @cached_property
    def nodi(self) -> dict[str, str]:
        """Who can send and receive, by node (service/partner): the partner and, where it helps, the strand."""
        run = {f"{service}/{ente}": f"{self.enti.get(ente, ente)} ({service})" for service, ente in self.linee.items()}
        return run | {f"{service}/{ente}": self.enti.get(ente, ente) for ente, service in self.ospiti.items()}

    def nodes_of(self, service: str, partner: str) -> tuple[str, ...]:
        """The nodes of a service: its owner's first, then its guests'."""
        return f"{service}/{partner}", *(f"{service}/{e}" for e, host in self.ospiti.items() if host == service)

    def strangers(self, model: BaseModel) -> Iterator[tuple[Location, str]]:
        """Where a comune or a node of another district is named, and which."""
        for mark, known in ((Istat, self.comuni), (DelDistretto, self.nodi)):
            for name in _fields_with(mark, type(model)):
                yield from _strangers((name,), getattr(model, name), known)


@cache
def _fields_with(mark: type, model: type[BaseModel]) -> tuple[str, ...]:
    """The fields of a model that carry the mark, or something in them."""
    fields = model.model_fields.items()
    return tuple(name for name, field in fields if marked(mark, field.annotation, field.metadata))


def _strangers(location: Location, value: Any, known: Container[str]) -> Iterator[tuple[Location, str]]:
    if isinstance(value, str):
        if value not in known:
            yield location, value
    elif value is not None:
        for index, one in enumerate(value):
            yield from _strangers((*location, index), one, known)


def marked(mark: type, annotation: Any, metadata: Iterable[Any] = ()) -> bool:
    """Whether a type, or one inside it, carries the mark (a comune's code, a node)."""
    if mark in metadata:
        return True
    return any(marked(mark, a, getattr(a, "__metadata__", ())) for a in get_args(annotation) if a is not mark)
