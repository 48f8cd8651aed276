"""From commit to dashboard."""

from bench.result import Result
from bench.world import World


async def measure(world: World, events: int, rounds: int) -> list[Result]:
    """Not yet."""
    return []
