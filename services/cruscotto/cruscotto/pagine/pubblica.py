"""Le pagine e i file per tutti: senza accesso, senza cookie, senza JavaScript, niente da altri siti.

Qui non si legge nessuna cifra che non sia in un rilascio: i moduli che le calcolano non si importano (c'è un test).
"""

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from telaio.web import formats
from telaio.web.problems import Problem
from telaio.web.routing import Guarded, Handler, public
from telaio.web.templates import render

from cruscotto.pagine.modelli import MODELLI
from cruscotto.pubblica import catalogo, dati_aperti, disegno, file_aperti, luoghi_aperti, vetrina
from cruscotto.pubblica.archivio import Archivio
from cruscotto.pubblica.file_aperti import PER_POCO, Aperti
from cruscotto.pubblica.luoghi_aperti import Punto
from cruscotto.pubblica.regole import Regole
from cruscotto.pubblica.tutela import PICCOLO_COMUNE

if TYPE_CHECKING:
    from cruscotto.contesto import Contesto


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
        *file_aperti.rotte(archivio, aperti),
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
