"""Il documento OpenAPI del cruscotto: quello del telaio, più le rotte che ogni modulo descrive accanto alle sue."""

from copy import deepcopy
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from telaio.service import Service
from telaio.web import openapi
from telaio.web.answers import json
from telaio.web.routing import Guarded, public

from cruscotto import descrizione_delle_cifre
from cruscotto.api import BASE
from cruscotto.contesto import Contesto
from cruscotto.descrizione import ROTTE, SCHEMI, TAG
from cruscotto.interoperabilita import secondo_le_linee_guida

Json = dict[str, Any]
assert descrizione_delle_cifre  # descrive le rotte di `api`


def routes(c: Contesto) -> list[Guarded]:
    """Al posto di quella del telaio: le rotte di un servizio vengono prima."""
    intero = secondo_le_linee_guida(documento(c.runtime.service), c.runtime)

    async def handle(request: Request) -> Response:
        return json(intero, Cache_Control="public, max-age=300")

    return [public("/openapi.json", handle)]


def documento(servizio: Service) -> Json:
    """Le rotte del servizio, e quelle che ogni modulo ha descritto."""
    base = openapi.document(servizio)
    base["paths"] |= {BASE + percorso: deepcopy(operazioni) for percorso, operazioni in ROTTE.items()}
    base["components"] = deepcopy({**base["components"], "schemas": {**base["components"]["schemas"], **SCHEMI}})
    base["tags"] = [*base["tags"], {"name": TAG, "description": "Gli indicatori, ciò che vi sta dietro, la rete"}]
    return base
