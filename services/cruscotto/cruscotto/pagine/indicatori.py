"""La pagina di un indicatore: il valore, le sue parti e gli eventi che vi stanno dietro."""

from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import Response
from telaio.web.routing import Guarded, Handler, page
from telaio.web.templates import render

from cruscotto.api import del_suo_periodo, scelto
from cruscotto.cifre import letture
from cruscotto.contesto import Contesto
from cruscotto.domande import evidenza
from cruscotto.grafico import Grafico
from cruscotto.pagine.modelli import MODELLI
from cruscotto.pagine.scelta import da_correggere, scelta_di
from cruscotto.pagine.schede import di_quando, in_csv
from cruscotto.schede_di_indicatore import schede

PER_PAGINA = 50


def routes(c: Contesto) -> list[Guarded]:
    """La pagina di un indicatore, e le tabelle che se ne scaricano."""
    return [
        page("/indicatori/{codice}", _indicatore(c), action="lettura"),
        page("/indicatori/{codice}/{grafico}.csv", in_csv(lambda request: _grafici(c, request)), action="lettura"),
    ]


async def _grafici(c: Contesto, request: Request) -> Iterable[Grafico]:
    indicatore, scelta = scelto(c, request), scelta_di(c, request)
    scelta.senza_errori()
    async with c.lettura(scelta.filtro) as connection:
        dettaglio = await letture.dettaglio(connection, c.registro, indicatore, scelta.filtro, c.runtime)
    return schede(indicatore, dettaglio)


def _indicatore(c: Contesto) -> Handler:
    async def handle(request: Request) -> Response:
        indicatore, scelta = scelto(c, request), scelta_di(c, request, "cursore")
        if scelta.errori:
            return da_correggere(request, scelta, f"/indicatori/{indicatore.codice}")
        cursore = request.query_params.get("cursore")
        suo = del_suo_periodo(indicatore, scelta.filtro)
        async with c.lettura(scelta.filtro) as connection:
            dettaglio = await letture.dettaglio(connection, c.registro, indicatore, scelta.filtro, c.runtime)
            pagina = await evidenza.pagina(connection, indicatore, suo, cursore, PER_PAGINA)
            aggiornato = await di_quando(connection)
        return render(
            request,
            "indicatore.html",
            using=MODELLI,
            scelta=scelta,
            indicatore=indicatore,
            dettaglio=dettaglio,
            schede=schede(indicatore, dettaglio),
            aggiornato=aggiornato,
            pagina=pagina,
            prima=not cursore,
            giorni_di_ritardo=c.registro.giorni_di_ritardo,
        )

    return handle
