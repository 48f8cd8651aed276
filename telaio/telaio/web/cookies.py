"""The cookies of the pages. They hold random values alone, and each service has names of its own: browsers keep
cookies by host, not by port, and on one machine all services share the host."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from telaio.runtime import Runtime


@dataclass(frozen=True)
class Cookie:
    """A cookie that scripts cannot read. SameSite is Lax and not Strict: who comes back from the identity provider
    comes from another site. `lasts`: seconds, None until the browser is closed."""

    name: str
    secure: bool
    lasts: int | None = None

    def read(self, request: Request) -> str | None:
        return request.cookies.get(self.name)

    def keep(self, response: Response, value: str) -> None:
        response.set_cookie(
            self.name, value, max_age=self.lasts, path="/", secure=self.secure, httponly=True, samesite="lax"
        )

    def forget(self, response: Response) -> None:
        response.delete_cookie(self.name, path="/", secure=self.secure, httponly=True, samesite="lax")


def session_cookie(runtime: Runtime) -> Cookie:
    """What tells who reads the pages."""
    return Cookie(_name(runtime), not runtime.settings.sviluppo)


def attempt_cookie(runtime: Runtime, lasts: int) -> Cookie:
    """What ties an answer of the identity provider to this browser."""
    return Cookie(f"{_name(runtime)}_accesso", not runtime.settings.sviluppo, lasts)


def _name(runtime: Runtime) -> str:
    """`__Host-`: the browser takes it only from this host itself, over TLS."""
    return f"{'' if runtime.settings.sviluppo else '__Host-'}genera_{runtime.service.name}"
