"""L'API delle cifre, sotto /api/v1: indicatori, gli eventi che vi stanno dietro, freschezza, aggiornamenti. Il resto
sta con la sua pagina."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from telaio.database import Connection
from telaio.web import incoming
from telaio.web.answers import json
from telaio.web.lists import limit_in
from telaio.web.problems import Problem
from telaio.web.routing import Guarded, Handler, api

from cruscotto import in_json
from cruscotto.avvisi import Avvisi
from cruscotto.cifre import letture
from cruscotto.cifre.indicatori import Indicatore
from cruscotto.contesto import Contesto
from cruscotto.domande import evidenza, freschezza
from cruscotto.domande.filtro import NOMI, Filtro, leggi_filtro

BASE = "/api/v1"
DI_PAGINA = ("cursore", "limite")
DA_RICONTROLLARE = "private, no-cache"

Corpo = tuple[Filtro, Callable[[Connection], Awaitable[object]]]
"""Che cosa si guarda, e ciò che se ne dice."""


def routes(c: Contesto) -> list[Guarded]:
    """Le rotte, tutte in lettura e con token."""
    rotte: dict[str, Handler] = {
        "/indicatori": con_etag(c, lambda request: _elenco(c, request)),
        "/indicatori/{codice}": con_etag(c, lambda request: _uno(c, request)),
        "/indicatori/{codice}/eventi": con_etag(c, lambda request: _eventi(c, request)),
        "/freschezza": _freschezza(c),
        "/aggiornamenti": aggiornamenti(c),
    }
    return [api(BASE + percorso, risposta, action="lettura") for percorso, risposta in rotte.items()]


def scelto(c: Contesto, request: Request) -> Indicatore:
    """L'indicatore nominato nell'indirizzo. Raises: Problem 404."""
    trovato = c.registro.per_codice.get(str(request.path_params["codice"]))
    if trovato is None:
        errore = {"pointer": "/codice", "campo": "Codice", "messaggio": "non è nel registro degli indicatori"}
        raise Problem(404, "indicatore-sconosciuto", "Nessun indicatore ha questo codice.", errors=[errore])
    return trovato


def del_suo_periodo(indicatore: Indicatore, filtro: Filtro) -> Filtro:
    """Una cifra cumulata non comincia da `dal`, una di tutto il distretto non ha comuni: nemmeno i suoi eventi."""
    comune = None if indicatore.di_distretto else filtro.comune
    return replace(filtro, comune=comune, dal=filtro.dal if indicatore.finestra == "nel_periodo" else None)


def aggiornamenti(c: Contesto, avvisi: Avvisi | None = None) -> Handler:
    """Il flusso degli avvisi, per l'API e per le pagine. Senza dire quali: quelli delle cifre."""
    suoi = avvisi or c.avvisi

    async def handle(request: Request) -> Response:
        suoi.chiedi_posto()
        flusso = suoi.flusso(c.runtime.leaving.is_set)
        return StreamingResponse(flusso, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})

    return handle


def con_etag(c: Contesto, prepara: Callable[[Request], Corpo]) -> Handler:
    """Legge il filtro, poi in una transazione sola l'impronta e, se chi chiede non l'ha già, il corpo."""

    async def handle(request: Request) -> Response:
        filtro, corpo = prepara(request)
        async with c.lettura(filtro) as connection:
            oggi = c.runtime.clock.today().isoformat()
            etag = f'"{await freschezza.impronta(connection)}-{c.registro.impronta[:8]}-{oggi}"'
            if incoming.seen(request.headers, etag):
                return Response(status_code=304, headers={"ETag": etag, "Cache-Control": DA_RICONTROLLARE})
            trovato = await corpo(connection)
        return json(trovato, ETag=etag, Cache_Control=DA_RICONTROLLARE)

    return handle


def _elenco(c: Contesto, request: Request) -> Corpo:
    filtro = leggi_filtro(request.query_params, c.runtime.district, tempi=c.tempi)

    async def corpo(connection: Connection) -> object:
        quadro = await letture.quadro(connection, c.registro, filtro, c.runtime.clock.today())
        return {
            "filtro": filtro.scritto(),
            "aggiornato_alle": in_json.istante(quadro.aggiornato_alle),
            "indicatori": [in_json.indicatore(r.indicatore, r.valore) for r in quadro.righe],
        }

    return filtro, corpo


def _uno(c: Contesto, request: Request) -> Corpo:
    indicatore, distretto = scelto(c, request), c.runtime.district
    filtro = leggi_filtro(request.query_params, distretto, tempi=c.tempi)

    async def corpo(connection: Connection) -> object:
        d = await letture.dettaglio(connection, c.registro, indicatore, filtro, c.runtime)
        return {
            "filtro": filtro.scritto(),
            "indicatore": in_json.indicatore(indicatore, d.valore),
            "per_comune": [in_json.del_comune(*riga) for riga in d.per_comune],
            "per_mese": [in_json.del_mese(m) for m in d.per_mese],
        }

    return filtro, corpo


def _eventi(c: Contesto, request: Request) -> Corpo:
    indicatore, distretto = scelto(c, request), c.runtime.district
    chiesto = leggi_filtro(request.query_params, distretto, (*NOMI, *DI_PAGINA), c.tempi)
    filtro = del_suo_periodo(indicatore, chiesto)
    limite, cursore = limit_in(request), request.query_params.get("cursore")

    async def corpo(connection: Connection) -> object:
        pagina = await evidenza.pagina(connection, indicatore, filtro, cursore, limite)
        return {
            "codice": indicatore.codice,
            "filtro": filtro.scritto(),
            "eventi": [in_json.prova(p, distretto) for p in pagina.prove],
            "successivo": pagina.successivo,
        }

    return filtro, corpo


def _freschezza(c: Contesto) -> Handler:
    async def handle(request: Request) -> Response:
        adesso, distretto = c.runtime.clock.now(), c.runtime.district
        async with c.lettura() as connection:
            fonti = await freschezza.fonti(connection)
            attesa = await freschezza.attenzione(connection, fonti, adesso, c.registro.giorni_di_silenzio)
        return json(
            {
                "adesso": adesso.isoformat(),
                "aggiornato_alle": in_json.istante(freschezza.aggiornato_alle(fonti)),
                "fonti": [in_json.sentita(f, distretto, adesso) for f in fonti],
                "in_quarantena": attesa.quarantena,
                "in_attesa": attesa.in_attesa,
                "soggetti_biforcati": attesa.biforcati,
                "lettore": c.runtime.status.get("lettore"),
            },
            Cache_Control="no-store",
        )

    return handle
