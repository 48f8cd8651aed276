"""From commit to dashboard."""

from tests.bench.result import Result
from tests.bench.world import World


async def measure(world: World, events: int, rounds: int) -> list[Result]:
    """Not yet."""
    return []
