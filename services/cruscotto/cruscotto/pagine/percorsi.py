"""I Percorsi: le persone seguite da più linee, e la storia di una. Solo per chi può vederli."""

import re

from starlette.requests import Request
from starlette.responses import Response
from telaio.web.problems import Problem
from telaio.web.routing import Guarded, Handler, page
from telaio.web.templates import render

from cruscotto.apporti import invii
from cruscotto.apporti.invii import Invio
from cruscotto.contesto import Contesto
from cruscotto.domande import cursore
from cruscotto.pagine.modelli import MODELLI
from cruscotto.rete import percorsi

QUANTE = 50
PERSONA = re.compile(r"p-[a-z0-9]{6,64}")


def routes(c: Contesto) -> list[Guarded]:
    """L'elenco, e la pagina di una persona."""
    return [
        page("/percorsi", _elenco(c), action="percorsi"),
        page("/percorsi/{persona}", _percorso(c), action="percorsi"),
    ]


def _elenco(c: Contesto) -> Handler:
    async def handle(request: Request) -> Response:
        trovato = cursore.letto(request.query_params.get("cursore"), PERSONA)
        dopo = trovato[0] if trovato else ""
        async with c.lettura() as connection:
            elenco = await percorsi.fra_le_linee(connection, dopo, QUANTE)
            quante = await percorsi.quante_fra_le_linee(connection)
        successivo = cursore.scritto(elenco.successivo) if elenco.successivo else None
        return render(
            request, "percorsi.html", using=MODELLI, persone=elenco.persone, quante=quante, successivo=successivo,
            dall_inizio=not dopo,
        )  # fmt: skip

    return handle


def _percorso(c: Contesto) -> Handler:
    async def handle(request: Request) -> Response:
        persona = str(request.path_params["persona"])
        if not PERSONA.fullmatch(persona):
            raise Problem(404, "non-trovato", "Non è uno pseudonimo di persona.")
        async with c.lettura() as connection:
            schede = await percorsi.schede(connection, persona)
            di_chi = {f"persona/{persona}", *(f"famiglia/{s}" for s in schede)}
            mezzi = await invii.mezzi(connection, await invii.legati(connection, di_chi))
            suoi = [i for i in invii.uniti(mezzi) if _riguarda(i, persona, schede)]
            momenti = await percorsi.storia(connection, persona, [i.id for i in suoi])
        return render(request, "percorso.html", using=MODELLI, persona=persona, momenti=momenti, invii=suoi)

    return handle


def _riguarda(invio: Invio, persona: str, schede: set[str]) -> bool:
    return invio.spedito.persona == persona or invio.spedito.famiglia in schede
