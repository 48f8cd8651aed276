"""La pagina Rete, e le stesse cose nell'API."""

from dataclasses import asdict
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from telaio.web.answers import json
from telaio.web.routing import Guarded, Handler, api, page
from telaio.web.templates import render

from cruscotto import invii
from cruscotto.api import BASE
from cruscotto.catene import attese, mediana_di_attesa
from cruscotto.contesto import Contesto
from cruscotto.filtro import Filtro, leggi_filtro
from cruscotto.flussi import fermi, rete
from cruscotto.pagine.modelli import MODELLI
from cruscotto.pagine.scelta import da_correggere, scelta_di


def routes(c: Contesto) -> list[Guarded]:
    """La pagina, e la rotta per i programmi."""
    return [
        page("/rete", _pagina_della_rete(c), action="lettura"),
        api(f"{BASE}/rete", _rete_per_programmi(c), action="lettura"),
    ]


def _pagina_della_rete(c: Contesto) -> Handler:
    async def handle(request: Request) -> Response:
        scelta = scelta_di(c, request)
        if scelta.errori:
            return da_correggere(request, scelta, "/rete")
        return render(request, "rete.html", using=MODELLI, scelta=scelta, **await _rete(c, scelta.filtro))

    return handle


def _rete_per_programmi(c: Contesto) -> Handler:
    async def handle(request: Request) -> Response:
        filtro = leggi_filtro(request.query_params, c.runtime.district)
        trovata = await _rete(c, filtro)
        return json(
            {
                "filtro": filtro.scritto(),
                "flussi": [asdict(f) for f in trovata["rete"].flussi],
                "isolati": list(trovata["rete"].isolati),
                "fermi": [asdict(f) | {"entro": f.entro.isoformat()} for f in trovata["fermi"]],
                "attesa_mediana_giorni": trovata["mediana"],
            }
        )

    return handle


async def _rete(c: Contesto, filtro: Filtro) -> dict[str, Any]:
    """Ciò che la pagina e l'API dicono della rete: gli invii chiesti nel periodo, e quelli fermi adesso."""
    runtime = c.runtime
    async with c.lettura() as connection:
        tutti = await invii.leggi(connection)
    suoi = [i for i in tutti if filtro.comune in (None, i.spedito.comune)]
    dal, al = filtro.dal or date.min, filtro.al or runtime.clock.today()
    chiesti = [i for i in suoi if dal <= i.spedito.richiesto_il <= al]
    return {
        "rete": rete(chiesti, runtime.district.nodi),
        "fermi": fermi(suoi, runtime.district.invii, runtime.clock.today()),
        "mediana": mediana_di_attesa(attese(suoi, dal, al)),
        "nomi": runtime.district.nodi,
    }
