"""Whether the process lives, whether it can accept commands, and what its parts say of themselves."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from telaio.database import ANY, reachable
from telaio.migrate import migrations, pending
from telaio.runtime import Runtime
from telaio.web.answers import json
from telaio.web.problems import Problem
from telaio.web.reads import reading
from telaio.web.routing import Guarded, here, public


def routes() -> list[Guarded]:
    """Public: they tell nothing about anybody, and who watches must not need a person's token."""
    return [public("/health/live", _live), public("/health/ready", _ready), public("/status", _status)]


async def _live(request: Request) -> Response:
    return json({"stato": "vivo"})


async def _ready(request: Request) -> Response:
    """503 only for what no command can be accepted without. Kafka away is 200: the journal keeps what is to be sent."""
    runtime = here(request).runtime
    problem = await _missing(runtime)
    if problem is not None:
        raise problem
    return json({"stato": "degradato" if _degraded(runtime) else "pronto", "parti": _degraded(runtime)})


async def _status(request: Request) -> Response:
    runtime = here(request).runtime
    problem = await _missing(runtime)
    state = "non-pronto" if problem else "degradato" if _degraded(runtime) else "pronto"
    return json(
        {
            "servizio": runtime.service.name,
            "titolo": runtime.service.title,
            "partner": runtime.settings.partner,
            "adesso": runtime.clock.now().isoformat(),
            "stato": state,
            "motivo": problem.code if problem else None,
            "parti": runtime.status,
        }
    )


def _degraded(runtime: Runtime) -> list[str]:
    """The parts without their broker."""
    return [name for name, part in runtime.status.items() if part.get("kafka") is False]


async def _missing(runtime: Runtime) -> Problem | None:
    """Why no command can be accepted; None when it can."""
    if not await reachable(runtime.pool):
        return _not_ready("database-non-raggiungibile", "Il database non risponde, o non accetta scritture.")
    waiting = await _pending(runtime)
    if waiting:
        return _not_ready("migrazioni-da-applicare", f"Migrazioni da applicare: {', '.join(waiting)}.")
    if runtime.recovering:
        return _not_ready("ripristino-in-corso", "Un salvataggio è stato ripristinato: si riprende ciò che gli manca.")
    return None


async def _pending(runtime: Runtime) -> list[str]:
    wanted = migrations(runtime.service.name, runtime.service.migrations)
    try:
        async with reading(runtime) as connection:
            return [m.name for m in await pending(connection, wanted)]
    except ANY as error:
        return [f"illeggibili ({type(error).__name__})"]


def _not_ready(code: str, detail: str, **extra: Any) -> Problem:
    return Problem(503, code, detail, headers={"Retry-After": "5"}, **extra)
