"""Every door of every service: its address, whether it is a page or for programs, and the action it asks for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module

from starlette.applications import Starlette
from telaio.runtime import Runtime
from telaio.service import Service
from telaio.settings import Settings
from telaio.web import make_app
from telaio.web.routing import Guarded

SERVICES = ("casa", "lavoro", "giovani", "punti", "cruscotto")
NOWHERE = {
    "database": "postgresql://nobody@127.0.0.1:1/none", "kafka": "127.0.0.1:1", "partner": "ambito",
    "chiavi_file": "/dev/null", "emittente": "prova",
}  # fmt: skip
PARAMETER = re.compile(r"\{(\w+)(:\w+)?\}")
AN_ID = "00000000-0000-4000-8000-000000000001"


@dataclass(frozen=True)
class Porta:
    """One address of a service."""

    service: str
    door: str
    method: str
    path: str
    action: str

    @property
    def tried(self) -> str:
        """An address that leads there."""
        return PARAMETER.sub(lambda found: "1" if found[2] == ":int" else AN_ID, self.path)


def declaration(name: str) -> Service:
    found = import_module(f"{name}.service").servizio
    assert isinstance(found, Service)
    return found


def application(runtime: Runtime) -> Starlette:
    routes = runtime.service.routes(runtime) if runtime.service.routes else ()
    return make_app(runtime, routes)


def porte(app: Starlette, service: str) -> Sequence[Porta]:
    """The doors of an application, in order of address. HEAD goes with GET."""
    found = []
    for route in app.routes:
        assert isinstance(route, Guarded), route
        method = "POST" if "POST" in (route.methods or ()) else "GET"
        found.append(Porta(service, route.door, method, route.path, route.action))
    return sorted(found, key=lambda p: (p.path, p.method))


async def all_doors() -> list[Porta]:
    """The doors of all services, without a database or a broker."""
    found: list[Porta] = []
    for name in SERVICES:
        runtime = await Runtime.start(declaration(name), Settings.model_validate(NOWHERE))
        found += porte(application(runtime), name)
        await runtime.stop()
    return found
