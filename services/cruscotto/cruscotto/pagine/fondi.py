"""La pagina Fondi: il Fondo Garanzia mese per mese, il Fondo Esperienze anno per anno."""

from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import Response
from telaio.web.routing import Guarded, Handler, page
from telaio.web.templates import render

from cruscotto.cifre import letture
from cruscotto.cifre.fondo import GARANZIA, Posizione, posizione
from cruscotto.cifre.movimenti import ESPERIENZE, MISURE, Fondi
from cruscotto.contesto import Contesto
from cruscotto.domande.filtro import Filtro
from cruscotto.grafico import Grafico
from cruscotto.pagine.modelli import MODELLI
from cruscotto.pagine.scelta import da_correggere, scelta_di
from cruscotto.pagine.schede import di_quando, in_csv


def routes(c: Contesto) -> list[Guarded]:
    """La pagina, e le sue tabelle da scaricare."""
    return [
        page("/fondi", _fondi(c), action="lettura"),
        page("/fondi/{grafico}.csv", in_csv(lambda request: _grafici(c, request)), action="lettura"),
    ]


def _fondi(c: Contesto) -> Handler:
    async def handle(request: Request) -> Response:
        scelta = scelta_di(c, request)
        if scelta.errori:
            return da_correggere(request, scelta, "/fondi")
        fondi, garanzia, aggiornato = await _letti(c, scelta.filtro)
        return render(
            request,
            "fondi.html",
            using=MODELLI,
            scelta=scelta,
            fondo=garanzia,
            garanzia=fondi.garanzia(),
            esperienze=fondi.esperienze(),
            delle_esperienze=fondi.alla_fine(ESPERIENZE),
            aggiornato=aggiornato,
        )

    return handle


async def _grafici(c: Contesto, request: Request) -> Iterable[Grafico]:
    scelta = scelta_di(c, request)
    scelta.senza_errori()
    fondi, _, _ = await _letti(c, scelta.filtro)
    return [*fondi.garanzia(), fondi.esperienze()]


async def _letti(c: Contesto, filtro: Filtro) -> tuple[Fondi, Posizione, str]:
    """I fondi sono di tutto il distretto, e le loro somme si contano dall'avvio."""
    oggi = filtro.oggi(c.runtime.clock.today())
    async with c.lettura(filtro) as connection:
        trovati, mesi = await letture.dall_avvio(connection, c.registro, filtro, oggi, MISURE)
        alla_data = await letture.alla_data(connection, c.registro, filtro, oggi, GARANZIA.misure)
        aggiornato = await di_quando(connection)
    return Fondi(trovati, mesi, filtro.dal), posizione(alla_data), aggiornato
