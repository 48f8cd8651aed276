"""I dati aperti come si scaricano, e la rotta per i programmi: senza token, con un'impronta per non rimandarli."""

import hashlib
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from telaio.web import incoming
from telaio.web.answers import json
from telaio.web.routing import Guarded, Handler, public

from cruscotto.descrizione import (
    FORSE_NUMERO,
    FORSE_TESTO,
    INTERO,
    TAG,
    TESTO,
    descrivi,
    elenco,
    oggetto,
    parametro,
    problemi,
    rif,
)
from cruscotto.pubblica import catalogo, dati_aperti, vetrina
from cruscotto.pubblica.archivio import Archivio
from cruscotto.pubblica.luoghi_aperti import Punto

PER_POCO = "public, max-age=300"
PER_TUTTI = {
    "Cache-Control": PER_POCO,
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""Dati aperti: anche la pagina di un altro sito li può leggere."""
Aperti = Callable[[], Awaitable[list[Punto]]]
Scrittura = Callable[[Archivio], Awaitable[Response]]
_FORSE_GIORNO = {"type": ["string", "null"], "format": "date"}

descrivi(
    "/pubblici",
    {
        "operationId": "pubblici",
        "tags": [TAG],
        "summary": "Le cifre pubbliche: l'ultimo rilascio mensile, senza token",
        "security": [],
        "parameters": [parametro("SeNonVersione")],
        "responses": {
            "200": {
                "description": "Ciò che è pubblico oggi",
                "headers": {"ETag": {"schema": TESTO, "description": "Cambia quando si pubblica"}},
                "content": {"application/json": {"schema": rif("Pubblici")}},
            },
            "304": {"description": "Non è cambiato"},
            **problemi((503,)),
        },
    },
    Pubblici=oggetto(
        licenza=TESTO,
        titolare=FORSE_TESTO,
        soglia=INTERO,
        mese=FORSE_TESTO,
        pubblicata_il=_FORSE_GIORNO,
        cifre=elenco(rif("CifraPubblica")),
    ),
    CifraPubblica=oggetto(
        codice=TESTO,
        indicatore=TESTO,
        cifra={**FORSE_TESTO, "description": "Di una cifra a parte, il suo nome"},
        unita=TESTO,
        codici_istat={**FORSE_TESTO, "description": "Uno o più comuni insieme; null: tutto il distretto"},
        territorio=TESTO,
        riferita_al=_FORSE_GIORNO,
        pubblicata_il=_FORSE_GIORNO,
        valore=FORSE_NUMERO,
        numeratore=FORSE_NUMERO,
        denominatore=FORSE_NUMERO,
        motivo={"enum": ["tutela", "non_pubblicata", "non_calcolabile", "altro", None]},
    ),
)


def rotte(a: Archivio, aperti: Aperti) -> list[Guarded]:
    """I file e la rotta per i programmi. `aperti`: come si leggono i Punti."""
    return [
        public("/dati-aperti/catalogo.ttl", _catalogo(a)),
        public("/dati-aperti/indicatori.csv", _indicatori(a, _in_csv)),
        public("/dati-aperti/indicatori.json", _indicatori(a, _in_json)),
        public("/dati-aperti/punti.csv", _punti(a, aperti, "csv")),
        public("/dati-aperti/punti.json", _punti(a, aperti, "json")),
        public("/api/v1/pubblici", _indicatori(a, _gli_ultimi)),
    ]


def _catalogo(a: Archivio) -> Handler:
    async def handle(request: Request) -> Response:
        fatta = await a.ultima()
        modificato = fatta.pubblicata_il if fatta else a.registro.avvio
        testo = catalogo.turtle(a.regole, a.runtime.district.denominazione, modificato)
        return _file(request, testo, "text/turtle")

    return handle


def _indicatori(a: Archivio, scrivi: Scrittura) -> Handler:
    async def handle(request: Request) -> Response:
        etag = f'"{await a.impronta()}"'
        if incoming.seen(request.headers, etag):
            return Response(status_code=304, headers={"ETag": etag, "Cache-Control": PER_POCO})
        risposta = await scrivi(a)
        risposta.headers.update({"ETag": etag, **PER_TUTTI})
        return risposta

    return handle


async def _in_csv(a: Archivio) -> Response:
    return Response(dati_aperti.in_csv(await a.serie(), dati_aperti.COLONNE), media_type="text/csv")


async def _in_json(a: Archivio) -> Response:
    return json(dati_aperti.in_json(await a.ultima(), await a.serie(), a.regole))


async def _gli_ultimi(a: Archivio) -> Response:
    """Solo ciò che vale adesso."""
    fatta = await a.ultima()
    valgono = {(r.cifra.codice, r.cifra.parte, r.giorno) for r in vetrina.righe(fatta, a.registro)} if fatta else set()
    righe = [r for r in await a.serie() if dati_aperti.chiave(r) in valgono]
    return json(dati_aperti.in_json(fatta, righe, a.regole))


def _punti(a: Archivio, aperti: Aperti, forma: str) -> Handler:
    async def handle(request: Request) -> Response:
        righe = dati_aperti.dei_punti(await aperti(), a.runtime.district.comuni)
        if forma == "json":
            return JSONResponse({"punti": righe}, headers=PER_TUTTI)
        return _file(request, dati_aperti.in_csv(righe, dati_aperti.COLONNE_DEI_PUNTI), "text/csv")

    return handle


def _file(request: Request, testo: str, tipo: str) -> Response:
    """Un file con la sua impronta, che non si rimanda a chi lo ha già."""
    etag = f'"{hashlib.sha256(testo.encode()).hexdigest()[:16]}"'
    intestazioni = {"ETag": etag, **PER_TUTTI}
    if incoming.seen(request.headers, etag):
        return Response(status_code=304, headers=intestazioni)
    return Response(testo, media_type=tipo, headers=intestazioni)
