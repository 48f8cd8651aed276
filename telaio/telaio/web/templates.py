"""Pages from templates."""

import re
from collections.abc import Iterable
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from starlette.requests import Request
from starlette.responses import HTMLResponse

from telaio.web import formats, static
from telaio.web.sender import FORM_TOKEN

FOLDER = Path(__file__).parent / "templates"
POST_FORM = re.compile(r"""<form\b[^>]*\bmethod=["']?post\b[^>]*>""", re.IGNORECASE)
_form_token: ContextVar[str] = ContextVar("form_token", default="")


class FormToken(Extension):
    """Every form sent by POST carries the token of its session, wherever it is written: nobody can forget it."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return POST_FORM.sub(rf'\g<0><input type="hidden" name="{FORM_TOKEN}" value="{{{{ form_token() }}}}">', source)


def environment(folders: Iterable[Path] = ()) -> Environment:
    """The templates of the chassis, after those in `folders`, which may replace or extend them."""
    found = Environment(
        loader=ChoiceLoader([FileSystemLoader(f) for f in (*folders, FOLDER)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[FormToken],
    )
    found.globals["form_token"] = _form_token.get  # a global, so that macros know it too
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
    _form_token.set(getattr(request.state, "form_token", ""))
    return HTMLResponse(using.get_template(name).render(**known, **context), status)
