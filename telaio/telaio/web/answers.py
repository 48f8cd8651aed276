"""How a problem is answered: as a page to a browser, as problem+json to everything else."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from telaio.web.problems import Problem, as_problem, internal
from telaio.web.templates import render


def answer(request: Request, problem: Problem) -> Response:
    """The response to a request that ends in `problem`."""
    correlation = request.state.correlation
    if "text/html" not in request.headers.get("accept", ""):
        return problem.response(correlation)
    page = render(request, "problema.html", problem=problem, correlazione=correlation, status=problem.status)
    page.headers.update(problem.headers)
    return page


async def on_http_exception(request: Request, error: Exception) -> Response:
    """Starlette's own errors: unknown addresses and methods."""
    assert isinstance(error, HTTPException)
    return answer(request, as_problem(error) or internal())


def json(content: object, status: int = 200, **headers: str) -> Response:
    """A JSON answer; underscores in header names stand for hyphens."""
    return JSONResponse(content, status, headers={n.replace("_", "-"): v for n, v in headers.items()})
