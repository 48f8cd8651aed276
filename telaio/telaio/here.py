"""What a decision may know beside its entities: where it is taken, and what others have told."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Self

from telaio.database import Connection
from telaio.district import District
from telaio.invii.termini import Termini

if TYPE_CHECKING:
    from telaio.runtime import Runtime


class View:
    """Something a decision reads beside its entities: what others have told. Read in the command's transaction.

    seconds: how long a command that reads it may take; most do not need to say.
    """

    seconds: ClassVar[int] = 0

    @classmethod
    async def load(cls, connection: Connection, id: str, state: Any, command: Any) -> Self:
        """What the decision on the entity `id` needs of it."""
        raise NotImplementedError

    @classmethod
    async def load_in(cls, runtime: "Runtime", connection: Connection, id: str, state: Any, command: Any) -> Self:
        """As `load`, where what is read depends on the service's settings or clock."""
        return await cls.load(connection, id, state, command)


@dataclass(frozen=True)
class Here:
    """The service that decides: its nodes (its own first, then its guests'), what it offers, the network's terms, the
    district it is in."""

    nodi: tuple[str, ...]
    offre: frozenset[str] = frozenset()
    termini: Termini = field(default_factory=Termini)
    district: District = field(default_factory=District)

    @property
    def nodo(self) -> str:
        return self.nodi[0]
