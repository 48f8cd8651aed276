"""La Sintesi: i tre obiettivi, tutte le linee, l'andamento, che cosa chiede attenzione. Si aggiorna da sé."""

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from telaio.web.routing import Guarded, Handler, page
from telaio.web.templates import render

from cruscotto import scrittura
from cruscotto.api import aggiornamenti
from cruscotto.cifre import letture
from cruscotto.contesto import Contesto
from cruscotto.domande import freschezza
from cruscotto.domande.filtro import Filtro
from cruscotto.pagine.modelli import MODELLI
from cruscotto.pagine.scelta import da_correggere, scelta_di
from cruscotto.schede_di_indicatore import per_mese


def routes(c: Contesto) -> list[Guarded]:
    """La pagina, e il flusso che la tiene aggiornata."""
    rotte: dict[str, Handler] = {
        "/": _sintesi(c, "sintesi.html"),
        "/sintesi/cifre": _sintesi(c, "cifre.html"),
        "/sintesi/aggiornamenti": aggiornamenti(c),
    }
    return [page(percorso, risposta, action="lettura") for percorso, risposta in rotte.items()]


def _sintesi(c: Contesto, modello: str) -> Handler:
    async def handle(request: Request) -> Response:
        scelta = scelta_di(c, request)
        if scelta.errori:
            return da_correggere(request, scelta, "/")
        return render(request, modello, using=MODELLI, scelta=scelta, **await _cifre(c, scelta.filtro))

    return handle


async def _cifre(c: Contesto, filtro: Filtro) -> dict[str, Any]:
    """Tutto ciò che la Sintesi mostra, di uno stesso istante."""
    oggi, adesso = filtro.oggi(c.runtime.clock.today()), c.runtime.clock.now()
    con_obiettivo = [i for i in c.registro.indicatori if i.con_obiettivo]
    async with c.lettura(filtro) as connection:
        quadro = await letture.quadro(connection, c.registro, filtro, oggi)
        attenzione = await freschezza.attenzione(connection, quadro.fonti, adesso, c.registro.giorni_di_silenzio)
        andamento = await letture.andamento(connection, c.registro, con_obiettivo, filtro, oggi)
    return {
        "obiettivi": [r for r in quadro.righe if r.indicatore.con_obiettivo],
        "linee": _per_linea([r for r in quadro.righe if not r.indicatore.con_obiettivo]),
        "fondo": quadro.fondo,
        "fonti": quadro.fonti,
        "attenzione": attenzione,
        "lettore": c.runtime.status.get("lettore", {}),
        "andamento": [(i.codice, per_mese(i, andamento[i.codice], i.nome)) for i in con_obiettivo],
        "aggiornato": scrittura.quando(quadro.aggiornato_alle),
        "adesso": adesso,
    }


def _per_linea(righe: Sequence[letture.Riga]) -> list[tuple[str, list[letture.Riga]]]:
    """Le righe di ciascuna linea, nell'ordine del registro."""
    linee = dict.fromkeys(r.indicatore.linea for r in righe)
    return [(linea, [r for r in righe if r.indicatore.linea == linea]) for linea in linee]
