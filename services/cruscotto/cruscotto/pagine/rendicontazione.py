"""La Rendicontazione: un rapporto approvato, i suoi file, la sua verifica. L'elenco e le bozze: `bozza.py`."""

import asyncio
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from telaio.database import Connection
from telaio.journal import load
from telaio.web import incoming
from telaio.web.problems import Problem
from telaio.web.routing import Guarded, Handler, page
from telaio.web.templates import render

from cruscotto.contesto import Contesto
from cruscotto.domande.istantanea import Taglio, istantanea
from cruscotto.pagine.modelli import MODELLI
from cruscotto.rendiconto.cifre import cifre, di_un_ente, fonti_di, linee_di, periodo, periodo_scritto
from cruscotto.rendiconto.contenuto import Contenuto, Parte, leggi_contenuto
from cruscotto.rendiconto.diffusione import da_diffondere
from cruscotto.rendiconto.formati import FORMATI
from cruscotto.rendiconto.rapporto import Rapporto, rapporti
from cruscotto.rendiconto.verifica import verifica

BASE = "/rendicontazione"
MOSTRATI = 200
"""Quanti eventi arrivati dopo si elencano nella pagina: gli altri si contano."""
_ELENCO = "select id, state from public.snapshot where kind = 'rapporto' and state is not null"


def routes(c: Contesto) -> list[Guarded]:
    """Un rapporto, i suoi file, la sua verifica; la scheda generica del telaio rimanda qui."""
    rotte: dict[str, Handler] = {
        f"{BASE}/{{id}}": _rapporto(c),
        f"{BASE}/{{id}}/verifica": _verifica(c),
        f"{BASE}/{{id}}/rapporto.{{formato}}": _file(c),
        "/sportello/rapporti": _altrove,
        "/sportello/rapporti/{id}": _altrove,
    }
    return [page(percorso, risposta, action="rendicontazione") for percorso, risposta in rotte.items()]


@dataclass(frozen=True)
class Voce:
    """Un rapporto nell'elenco."""

    id: str
    rapporto: Rapporto

    @property
    def periodo(self) -> str:
        return periodo_scritto(self.rapporto.dal, self.rapporto.al)


async def elenco(connection: Connection) -> list[Voce]:
    """Le bozze, poi gli approvati dall'ultimo."""
    righe = await connection.fetch(_ELENCO)
    voci = [Voce(id, Rapporto.model_validate_json(stato)) for id, stato in righe]
    return sorted(voci, key=lambda v: (-(v.rapporto.numero or 10**9), v.rapporto.dal, v.id))


async def trova(connection: Connection, request: Request) -> tuple[str, Rapporto]:
    """Il rapporto dell'indirizzo. Raises: Problem 404."""
    id = incoming.entity_id(request, rapporti)
    trovato = await load(connection, rapporti, id)
    if trovato is None or not isinstance(trovato.state, Rapporto):
        raise Problem(404, "rapporto-sconosciuto", "Nessun rapporto ha questo identificativo.")
    return id, trovato.state


def di_chi(request: Request, rapporto: Rapporto) -> str | None:
    """L'ente chiesto; None: tutta la rete. Raises: Problem 404 per un ente senza una parte sua."""
    ente = request.query_params.get("ente") or None
    if ente is not None and ente not in rapporto.enti:
        raise Problem(404, "parte-sconosciuta", "Questo ente non ha una parte in questo rapporto.")
    return ente


async def anteprima(c: Contesto, rapporto: Rapporto, ente: str | None) -> Parte:
    """Le cifre che il rapporto avrebbe adesso."""
    filtro, oggi, distretto = periodo(rapporto.dal, rapporto.al), c.runtime.clock.today(), c.runtime.district
    if ente is None:
        async with c.lettura() as connection:
            return Parte(None, distretto.denominazione, await cifre(connection, c.registro, filtro, oggi))
    sole = Taglio(fonti=fonti_di(ente, distretto))
    async with c.una_alla_volta, istantanea(c.runtime.pool, sole) as connection:
        tutte = await cifre(connection, c.registro, filtro, oggi)
    return Parte(ente, distretto.enti.get(ente, ente), di_un_ente(tutte, linee_di(ente, distretto)))


def _rapporto(c: Contesto) -> Handler:
    async def handle(request: Request) -> Response:
        async with c.runtime.pool.acquire(timeout=10) as connection:
            id, rapporto = await trova(connection, request)
            contenuto = await leggi_contenuto(connection, id)
        if contenuto is None:
            return RedirectResponse(f"{BASE}/{id}/bozza", 303)
        parte = contenuto.parte(di_chi(request, rapporto))
        return render(
            request,
            "rapporto.html",
            using=MODELLI,
            contenuto=contenuto,
            periodo=periodo_scritto(rapporto.dal, rapporto.al),
            parte=parte,
            formati=FORMATI,
            fatto="fatto" in request.query_params,
        )

    return handle


def _verifica(c: Contesto) -> Handler:
    async def handle(request: Request) -> Response:
        contenuto = await _approvato(c, request)
        esito = await verifica(c, contenuto)
        r = contenuto.rapporto
        return render(
            request,
            "verifica.html",
            using=MODELLI,
            contenuto=contenuto,
            periodo=periodo_scritto(r.dal, r.al),
            esito=esito,
            mostrati=MOSTRATI,
        )

    return handle


def _file(c: Contesto) -> Handler:
    async def handle(request: Request) -> Response:
        estensione = str(request.path_params["formato"])
        formato = FORMATI.get(estensione)
        if formato is None:
            raise Problem(404, "formato-sconosciuto", f"Un rapporto si scarica come {', '.join(FORMATI)}.")
        contenuto, diffuso = await _approvato(c, request), request.query_params.get("diffusione") == "si"
        if diffuso:
            async with c.runtime.pool.acquire(timeout=10) as connection:
                contenuto = await da_diffondere(connection, contenuto)
        parte = contenuto.parte(di_chi(request, contenuto.rapporto))
        if parte is None:
            raise Problem(404, "parte-non-diffusa", "Le cifre di un solo ente non si diffondono.")
        nome = f"rapporto-{contenuto.numero}-{'pubblico' if diffuso else parte.ente or 'rete'}.{estensione}"
        headers = {"Content-Disposition": f'attachment; filename="{nome}"', "Cache-Control": "private, no-cache"}
        scritto = await asyncio.to_thread(formato.scrivi, contenuto, parte)
        return Response(scritto, headers=headers, media_type=formato.tipo)

    return handle


async def _approvato(c: Contesto, request: Request) -> Contenuto:
    """Raises: Problem 404, 409 per una bozza."""
    async with c.runtime.pool.acquire(timeout=10) as connection:
        id, _ = await trova(connection, request)
        contenuto = await leggi_contenuto(connection, id)
    if contenuto is None:
        raise Problem(409, "rapporto-non-approvato", "Il rapporto è una bozza: non ha ancora file né verifica.")
    return contenuto


async def _altrove(request: Request) -> Response:
    id = request.path_params.get("id")
    return RedirectResponse(f"{BASE}/{id}" if id else BASE, 303)
