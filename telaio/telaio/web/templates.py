"""Pages from templates."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from telaio.web import formats, static

FOLDER = Path(__file__).parent / "templates"


def environment(folders: Iterable[Path] = ()) -> Environment:
    """The templates of the chassis, after those in `folders`, which may replace or extend them."""
    found = Environment(
        loader=ChoiceLoader([FileSystemLoader(f) for f in (*folders, FOLDER)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals["static"] = static.address
    found.filters.update(
        data=formats.day, alle=formats.instant, euro=formats.euro, parole=formats.words, breve=formats.short
    )
    return found


_OWN = environment()


def render(
    request: Request, name: str, *, status: int = 200, using: Environment = _OWN, **context: Any
) -> HTMLResponse:
    """A page. Every template knows the service, who is reading and the address asked for."""
    runtime = request.app.state.here.runtime
    known = {
        "service": runtime.service,
        "partner": runtime.district.enti.get(runtime.settings.partner, runtime.settings.partner),
        "district": runtime.district,
        "principal": getattr(request.state, "principal", None),
        "path": request.url.path,
    }
    return HTMLResponse(using.get_template(name).render(**known, **context), status)
