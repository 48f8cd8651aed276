"""Rules as data: each value has a validity and a source, so that a past case is judged by the rule of its day."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any, Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict, RootModel

T = TypeVar("T")


class RuleUndefined(Exception):
    """No value is in force on that day: the district has to configure one."""


class Validity(BaseModel, Generic[T]):
    """One value of a rule. `dal` and `al` are included; `da_verificare`: known from a secondary source only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    valore: T
    dal: date = date(2000, 1, 1)
    al: date | None = None
    fonte: str
    da_verificare: bool = False


class Dated(RootModel[tuple[Validity[T], ...]], Generic[T]):
    """A rule through time."""

    def al(self, giorno: date) -> T:
        """The value in force on `giorno`. Raises: RuleUndefined."""
        return self.in_force(giorno).valore

    def in_force(self, giorno: date) -> Validity[T]:
        """The value in force on `giorno` with its source, for whoever is refused by it. Raises: RuleUndefined."""
        for validity in self.root:
            if validity.dal <= giorno and (validity.al is None or giorno <= validity.al):
                return validity
        raise RuleUndefined(giorno.isoformat())


class Rules(BaseModel):
    """The rules of a strand: one `Dated` field each. A strand subclasses it and ships its values as TOML."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def load(cls, *paths: Path) -> Self:
        """The rules of the first file, replaced one by one by those of the later files (a district's own)."""
        merged: dict[str, Any] = {}
        for path in paths:
            merged |= tomllib.loads(path.read_text(encoding="utf-8"))
        return cls.model_validate(merged)
