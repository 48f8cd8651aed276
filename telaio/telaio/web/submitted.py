"""What a form sends, and what becomes of it: an executed command and a page to return to."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from telaio.command import CommandSpec
from telaio.database import DEAD, Unavailable
from telaio.entity import Entity, Rejected
from telaio.execute import execute
from telaio.idempotency import KeyReused
from telaio.web import incoming
from telaio.web.commands import digest, make_call
from telaio.web.forms import Values
from telaio.web.incoming import form as form  # noqa: PLC0414  strands read what was typed from here
from telaio.web.problems import Problem, as_problem
from telaio.web.routing import here
from telaio.web.validation import validated

KEY = "_chiave"
"""The hidden field that makes a double click one command."""

REFUSALS: tuple[type[Exception], ...] = (Rejected, KeyReused, Unavailable, *DEAD)
"""What a form tells its reader, keeping what was typed."""


def one(values: Values, name: str) -> str:
    """The first value of a field; empty where there is none."""
    return next(iter(values.get(name, ())), "")


def hidden(values: Values, name: str) -> str:
    """A value our own page put in the form. Raises: Problem 400 where somebody changed it."""
    value = one(values, name)
    if not incoming.TOKEN.fullmatch(value):
        raise Problem(400, "modulo-non-valido", "Il modulo non è completo: tornare alla pagina e ricaricarla.")
    return value


async def run(request: Request, entity: Entity[Any], spec: CommandSpec, id: str, key: str, raw: bytes) -> None:
    """Executes the command whose JSON body is `raw`. Raises: Invalid, and as `execute`."""
    runtime = here(request).runtime
    model = validated(spec.model, raw, runtime.clock.today(), runtime.district)
    await execute(runtime, make_call(request, entity, spec, id, model, key=key, digest=digest(raw)))


def done(entity: Entity[Any], spec: CommandSpec, id: str) -> Response:
    """Back to the case, which tells what was recorded; reloading it repeats nothing."""
    return RedirectResponse(f"/sportello/{entity.plural}/{id}?fatto={spec.name}", 303)


def refusal(error: Exception) -> tuple[str, int]:
    """One of REFUSALS in the words of who fills in forms, and its status."""
    problem = as_problem(error)
    assert problem is not None
    if isinstance(error, KeyReused):
        again = "per registrarne un altro, riaprirlo dalla scheda"
        return f"Questo modulo è già stato registrato con altri dati: {again}.", problem.status
    return problem.detail, problem.status
