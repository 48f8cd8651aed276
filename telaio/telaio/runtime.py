"""What a running service holds: its declaration, settings, clock, database and the live state of its parts."""

import asyncio
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

from telaio.clock import Clock
from telaio.database import Pool, open_pool
from telaio.district import District
from telaio.here import Here
from telaio.rules import Rules
from telaio.service import Service
from telaio.settings import Settings


@dataclass
class Runtime:
    """One running service. `status`: what its parts say of themselves, by part; `committed`: set after each command,
    `heard` after each batch that was read; `leaving`: set when the process is told to stop, for answers that would
    otherwise last; recovering: no command is accepted until what a restored backup lacks is taken back."""

    service: Service
    settings: Settings
    clock: Clock
    pool: Pool
    rules: Rules | None
    district: District
    status: dict[str, dict[str, Any]] = field(default_factory=dict)
    committed: asyncio.Event = field(default_factory=asyncio.Event)
    heard: asyncio.Event = field(default_factory=asyncio.Event)
    leaving: asyncio.Event = field(default_factory=asyncio.Event)
    recovering: bool = False

    @classmethod
    async def start(cls, service: Service, settings: Settings) -> Self:
        """Opens the pool (which works also while the database is away) and reads rules and district.

        Raises: SettingsError, FileNotFoundError, pydantic.ValidationError for data files that are wrong.
        """
        pool = await open_pool(settings.database)
        return cls(
            service=service,
            settings=settings,
            clock=Clock(settings.adesso),
            pool=pool,
            rules=_rules(service, settings),
            district=District.load(settings.distretto_file),
        )

    @property
    def source(self) -> str:
        """Who publishes: service and owning partner."""
        return f"/{self.service.name}/{self.settings.partner}"

    @cached_property
    def here(self) -> Here:
        """Where this service's decisions are taken."""
        nodes = self.district.nodes_of(self.service.name, self.settings.partner)
        return Here(nodes, frozenset(o.prestazione for o in self.service.offers), self.district.invii, self.district)

    async def stop(self) -> None:
        """Closes the pool, by force where a connection will not come back."""
        try:
            await asyncio.wait_for(self.pool.close(), 5)
        except TimeoutError:
            self.pool.terminate()


def _rules(service: Service, settings: Settings) -> Rules | None:
    if service.rules is None or service.rules_file is None:
        return None
    own = [settings.regole_file] if settings.regole_file else []
    return service.rules.load(service.rules_file, *own)
