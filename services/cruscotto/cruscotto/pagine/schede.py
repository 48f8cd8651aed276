"""Le schede dei grafici: come una pagina le dà da scaricare, e di quando sono le loro cifre."""

from collections.abc import Awaitable, Callable, Iterable

from starlette.requests import Request
from starlette.responses import Response
from telaio.database import Connection
from telaio.web.problems import Problem
from telaio.web.routing import Handler

from cruscotto import scrittura
from cruscotto.domande import freschezza
from cruscotto.grafico import Grafico, scritto_in_csv

Grafici = Callable[[Request], Awaitable[Iterable[Grafico]]]


def in_csv(grafici: Grafici) -> Handler:
    """La tabella della scheda nominata nell'indirizzo, con le stesse cifre della pagina."""

    async def handle(request: Request) -> Response:
        nome = str(request.path_params["grafico"])
        trovato = next((g for g in await grafici(request) if g.nome == nome), None)
        if trovato is None:
            raise Problem(404, "grafico-sconosciuto", "Questa pagina non ha un grafico con questo nome.")
        headers = {"Content-Disposition": f'attachment; filename="{trovato.nome}.csv"'}
        return Response(scritto_in_csv(trovato), headers=headers, media_type="text/csv")

    return handle


async def di_quando(connection: Connection) -> str:
    """L'ultima registrazione compresa nelle cifre, come si legge; «mai» senza eventi."""
    return scrittura.quando(freschezza.aggiornato_alle(await freschezza.fonti(connection)))
