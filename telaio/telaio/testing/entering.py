"""A session of the pages for a test, without the identity provider's part in it: that has tests of its own."""

from collections.abc import Iterable
from dataclasses import dataclass

from telaio.runtime import Runtime
from telaio.web.access import Principal
from telaio.web.cookies import session_cookie
from telaio.web.provider import Identity
from telaio.web.session import Sessions


@dataclass(frozen=True)
class Entered:
    """What a browser that is signed in sends: its cookie, and with every form the field `_modulo`."""

    name: str
    value: str
    form_token: str

    @property
    def cookie(self) -> dict[str, str]:
        """The header of a request."""
        return {"Cookie": f"{self.name}={self.value}"}


async def enter(
    runtime: Runtime, subject: str, roles: Iterable[str], services: Iterable[str] = ("*",), ente: str | None = None
) -> Entered:
    """Begins a session of somebody with these roles in these services."""
    who = Principal(subject, subject, frozenset(roles), frozenset(services), ente)
    sessions = Sessions(runtime, None)
    value = await sessions.begin(Identity(who, {}))
    return Entered(session_cookie(runtime).name, value, (await sessions.find(value)).form_token)
