"""Pages."""

from telaio.service import Service
from telaio.web.routing import Guarded


def routes(service: Service) -> list[Guarded]:
    return []
