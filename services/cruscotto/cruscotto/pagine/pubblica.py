"""Le pagine e i file per tutti: senza accesso, senza cookie, senza JavaScript, niente da altri siti.

Qui non si legge nessuna cifra che non sia in un rilascio: i moduli che le calcolano non si importano (c'è un test).
"""

import hashlib
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from telaio.web import formats, incoming
from telaio.web.answers import json
from telaio.web.problems import Problem
from telaio.web.routing import Guarded, Handler, public
from telaio.web.templates import render

from cruscotto.pagine.modelli import MODELLI
from cruscotto.pubblica import catalogo, dati_aperti, disegno, luoghi_aperti, vetrina
from cruscotto.pubblica.archivio import Archivio
from cruscotto.pubblica.luoghi_aperti import Punto
from cruscotto.pubblica.regole import Regole
from cruscotto.pubblica.tutela import PICCOLO_COMUNE

if TYPE_CHECKING:
    from cruscotto.contesto import Contesto

PER_POCO = "public, max-age=300"
Aperti = Callable[[], Awaitable[list[Punto]]]


def routes(c: "Contesto") -> list[Guarded]:
    """Le pagine, i file e la rotta per i programmi."""
    regole = Regole.carica(c.registro, c.runtime.settings.distretto_file)
    archivio = Archivio(c.runtime, c.registro, regole)

    async def aperti() -> list[Punto]:
        async with c.lettura() as connection:
            return await luoghi_aperti.aperti(connection)

    return [
        public("/pubblica", _pagina(archivio, aperti)),
        public("/dati-aperti", _dati_aperti(archivio)),
        public("/dati-aperti/catalogo.ttl", _catalogo(archivio)),
        public("/dati-aperti/indicatori.csv", _indicatori(archivio, _in_csv)),
        public("/dati-aperti/indicatori.json", _indicatori(archivio, _in_json)),
        public("/dati-aperti/punti.csv", _punti(archivio, aperti, "csv")),
        public("/dati-aperti/punti.json", _punti(archivio, aperti, "json")),
        public("/api/v1/pubblici", _indicatori(archivio, _gli_ultimi)),
    ]


def _pagina(a: Archivio, aperti: Aperti) -> Handler:
    async def handle(request: Request) -> Response:
        fatta, distretto = await a.ultima(), a.runtime.district
        righe = vetrina.righe(fatta, a.registro) if fatta else []
        per_comune = [r for r in righe if r.cifra.luoghi]
        scelta = _scelta(request, per_comune)
        luoghi = vetrina.luoghi(scelta, distretto.comuni) if scelta else []
        pagina = render(
            request,
            "pubblica.html",
            using=MODELLI,
            regole=a.regole,
            fatta=fatta,
            al=vetrina.fine_del(fatta.mese) if fatta else None,
            evidenza=vetrina.in_evidenza(righe, a.regole.in_evidenza),
            per_comune=per_comune,
            scelta=scelta,
            luoghi=luoghi,
            disegno=disegno.disegna(luoghi, distretto) if luoghi else None,
            punti=await aperti(),
            piccolo=formats.number(PICCOLO_COMUNE),
        )
        pagina.headers["Cache-Control"] = PER_POCO
        return pagina

    return handle


def _scelta(request: Request, per_comune: list[vetrina.Riga]) -> vetrina.Riga | None:
    """La cifra da mostrare per comune: quella chiesta, o la prima. Raises: Problem 422."""
    chiesta = request.query_params.get("cifra")
    if chiesta is None:
        return per_comune[0] if per_comune else None
    for riga in per_comune:
        if riga.indicatore.codice == chiesta:
            return riga
    errore = {"pointer": "/cifra", "campo": "Cifra", "messaggio": "non è fra quelle pubblicate per comune"}
    raise Problem(422, "cifra-non-pubblicata", "Questa cifra non si pubblica per comune.", errors=[errore])


def _dati_aperti(a: Archivio) -> Handler:
    async def handle(request: Request) -> Response:
        fatta = await a.ultima()
        pagina = render(
            request,
            "dati_aperti.html",
            using=MODELLI,
            insiemi=catalogo.INSIEMI,
            colonne=dati_aperti.COLONNE,
            motivi=vetrina.MOTIVI.values(),
            fatta=fatta,
            al=vetrina.fine_del(fatta.mese) if fatta else None,
            righe=vetrina.righe(fatta, a.registro) if fatta else [],
            regole=a.regole,
            piccolo=formats.number(PICCOLO_COMUNE),
        )
        pagina.headers["Cache-Control"] = PER_POCO
        return pagina

    return handle


def _catalogo(a: Archivio) -> Handler:
    async def handle(request: Request) -> Response:
        fatta = await a.ultima()
        modificato = fatta.pubblicata_il if fatta else a.registro.avvio
        testo = catalogo.turtle(a.regole, a.runtime.district.denominazione, modificato)
        return _file(request, testo, "text/turtle")

    return handle


def _indicatori(a: Archivio, scrivi: "Callable[[Archivio], Awaitable[Response]]") -> Handler:
    async def handle(request: Request) -> Response:
        etag = f'"{await a.impronta()}"'
        if incoming.seen(request.headers, etag):
            return Response(status_code=304, headers={"ETag": etag, "Cache-Control": PER_POCO})
        risposta = await scrivi(a)
        risposta.headers.update({"ETag": etag, **_PER_TUTTI})
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
            return JSONResponse({"punti": righe}, headers=_PER_TUTTI)
        return _file(request, dati_aperti.in_csv(righe, dati_aperti.COLONNE_DEI_PUNTI), "text/csv")

    return handle


_PER_TUTTI = {
    "Cache-Control": PER_POCO,
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""Dati aperti: anche la pagina di un altro sito li può leggere."""


def _file(request: Request, testo: str, tipo: str) -> Response:
    """Un file con la sua impronta, che non si rimanda a chi lo ha già."""
    etag = f'"{hashlib.sha256(testo.encode()).hexdigest()[:16]}"'
    intestazioni = {"ETag": etag, **_PER_TUTTI}
    if incoming.seen(request.headers, etag):
        return Response(status_code=304, headers=intestazioni)
    return Response(testo, media_type=tipo, headers=intestazioni)
