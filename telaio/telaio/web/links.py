"""Where an operator can go from a page: what may be begun, and the cases that name this one."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from telaio.command import CommandSpec
from telaio.entity import Entity
from telaio.service import Service
from telaio.web import formats
from telaio.web.commands import action_of
from telaio.web.routing import here, principal


@dataclass(frozen=True)
class Link:
    href: str
    label: str


def may(request: Request, spec: CommandSpec) -> bool:
    """Whether who reads the page may give this command."""
    return principal(request).may(action_of(spec), here(request).runtime.service.name)


def new_label(entity: Entity[Any], spec: CommandSpec) -> str:
    """“Nuova famiglia”; with the command's title where there are several ways to begin."""
    adjective = "Nuova" if formats.feminine(entity.title) else "Nuovo"
    label = f"{adjective} {entity.title.lower()}"
    return label if len(_creating(entity)) == 1 else f"{label}: {spec.title.lower()}"


def ways_in(request: Request, entity: Entity[Any]) -> list[Link]:
    """The commands that begin a case of this kind and that the reader may give."""
    return [_new(entity, spec) for spec in _creating(entity) if may(request, spec)]


def naming(service: Service, entity: Entity[Any], id: str) -> list[Link]:
    """The service's own pages about this case, then the other kinds whose cases may name it, each with a search."""
    own = [Link(f"/sportello/{entity.plural}/{id}/{step}", title) for step, title in entity.pages.items()]
    return own + [
        Link(f"/sportello/{other.plural}?cerca={id}", formats.words(other.plural))
        for other in service.entities
        if other is not entity and entity.kind in other.state.model_fields and not other.singleton
    ]


def next_steps(request: Request, service: Service, entity: Entity[Any], id: str) -> list[Link]:
    """The cases of other kinds that begin from this one, with its name already filled in."""
    return [
        Link(f"{_new(other, spec).href}?{entity.kind}={id}", new_label(other, spec))
        for other in service.entities
        for spec in _creating(other)
        if other is not entity and entity.kind in spec.model.model_fields and may(request, spec)
    ]


def _creating(entity: Entity[Any]) -> list[CommandSpec]:
    return [] if entity.singleton else [spec for spec in entity.commands.values() if spec.creates]


def _new(entity: Entity[Any], spec: CommandSpec) -> Link:
    return Link(f"/sportello/{entity.plural}/nuova/{spec.name}", new_label(entity, spec))
