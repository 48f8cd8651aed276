"""La pagina Rete, e le stesse cose nell'API."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from starlette.requests import Request
from starlette.responses import Response
from telaio.web.answers import json
from telaio.web.lists import limit_in
from telaio.web.routing import Guarded, Handler, api, page
from telaio.web.templates import render

from cruscotto.api import BASE, DI_PAGINA
from cruscotto.contesto import Contesto
from cruscotto.descrizione import (
    FILTRO,
    FORSE_TESTO,
    INTERO,
    SCRITTO,
    TESTO,
    descrivi,
    elenco,
    oggetto,
    parametro,
    voce,
)
from cruscotto.domande import cursore
from cruscotto.domande.filtro import NOMI, Filtro, leggi_filtro
from cruscotto.grafico import Grafico
from cruscotto.pagine.modelli import MODELLI
from cruscotto.pagine.scelta import da_correggere, scelta_di
from cruscotto.pagine.schede import di_quando, in_csv
from cruscotto.rete import rete_letta
from cruscotto.rete.catene import mediana_di_attesa
from cruscotto.rete.flussi import Fermo, Rete, fermi, fra_i_nodi
from cruscotto.rete.legami import Legami, Risposte, legami, tempi_dei_nodi
from cruscotto.rete.viste_della_rete import VISTE, Viste

CURSORE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}):([a-z0-9-]{1,64})")
MOSTRATI = 200
"""Quanti invii fermi elenca la pagina: gli altri si contano, e l'API li dà tutti."""


@dataclass(frozen=True)
class Trovata:
    """Ciò che la pagina e l'API dicono della rete: gli invii chiesti nel periodo, e quelli fermi adesso."""

    rete: Rete
    legami: Legami
    fermi: list[Fermo]
    mediana: int | None
    risposte: list[Risposte]
    aggiornato: str


def routes(c: Contesto) -> list[Guarded]:
    """La pagina, ciò che se ne scarica, e la rotta per i programmi."""
    return [
        page("/rete", _pagina_della_rete(c), action="lettura"),
        page("/rete/{grafico}.csv", in_csv(lambda request: _grafici(c, request)), action="lettura"),
        api(f"{BASE}/rete", _rete_per_programmi(c), action="lettura"),
    ]


def _pagina_della_rete(c: Contesto) -> Handler:
    async def handle(request: Request) -> Response:
        scelta = scelta_di(c, request, "vista")
        if scelta.errori:
            return da_correggere(request, scelta, "/rete")
        trovata, vista = await _rete(c, scelta.filtro), request.query_params.get("vista", "")
        viste = Viste(trovata.rete, trovata.legami, c.runtime.district)
        return render(
            request,
            "rete.html",
            using=MODELLI,
            scelta=scelta,
            trovata=trovata,
            grafico=viste.una(vista),
            viste=VISTE,
            mostrati=MOSTRATI,
            nome=viste.nome,
        )

    return handle


async def _grafici(c: Contesto, request: Request) -> Iterable[Grafico]:
    trovata = await _rete(c, leggi_filtro(request.query_params, c.runtime.district, (*NOMI, "vista"), c.tempi))
    viste = Viste(trovata.rete, trovata.legami, c.runtime.district)
    return (viste.una(vista) for vista in VISTE)


def _rete_per_programmi(c: Contesto) -> Handler:
    async def handle(request: Request) -> Response:
        filtro = leggi_filtro(request.query_params, c.runtime.district, (*NOMI, *DI_PAGINA), c.tempi)
        limite, dopo = limit_in(request), _dopo(request)
        trovata = await _rete(c, filtro)
        fermi = [f for f in trovata.fermi if (f.entro.isoformat(), f.id) > dopo]
        return json(
            {
                "filtro": filtro.scritto(),
                "flussi": [asdict(f) for f in trovata.rete.flussi],
                "isolati": list(trovata.rete.isolati),
                "fermi": [asdict(f) | {"entro": f.entro.isoformat()} for f in fermi[:limite]],
                "fermi_in_tutto": len(trovata.fermi),
                "attesa_mediana_giorni": trovata.mediana,
                "successivo": _successivo(fermi, limite),
            }
        )

    return handle


def _dopo(request: Request) -> tuple[str, str]:
    """Dopo quale invio fermo si riprende. Raises: Problem 400."""
    trovato = cursore.letto(request.query_params.get("cursore"), CURSORE)
    return (trovato[1], trovato[2]) if trovato else ("", "")


def _successivo(fermi: Sequence[Fermo], limite: int) -> str | None:
    ultimo = fermi[limite - 1] if len(fermi) > limite else None
    return cursore.scritto(f"{ultimo.entro}:{ultimo.id}") if ultimo else None


async def _rete(c: Contesto, filtro: Filtro) -> Trovata:
    distretto, oggi = c.runtime.district, filtro.oggi(c.runtime.clock.today())
    async with c.lettura(filtro) as connection:
        letta = await rete_letta.leggi(connection, c.registro, filtro, oggi)
        in_mano = await rete_letta.in_mano(connection, filtro.comune)
        aggiornato = await di_quando(connection)
    trovata = fra_i_nodi(letta.flussi, distretto.nodi)
    return Trovata(
        rete=trovata,
        legami=legami(trovata),
        fermi=fermi(in_mano, distretto.invii, oggi),
        mediana=mediana_di_attesa(letta.tutte_le_attese),
        risposte=tempi_dei_nodi(letta.attese, tuple(distretto.nodi)),
        aggiornato=aggiornato,
    )


descrivi(
    "/rete",
    voce(
        "rete",
        "Chi invia a chi, e gli invii fermi oltre il termine, una pagina alla volta",
        "Rete",
        [*FILTRO, parametro("Limite"), parametro("Cursore")],
        (400, 422),
        etag=False,
    ),
    Rete=oggetto(
        filtro=SCRITTO,
        flussi=elenco(
            oggetto(
                da=TESTO,
                a=TESTO,
                **dict.fromkeys(("chiesti", "confermati", "rifiutati", "conclusi", "aiutati"), INTERO),
            )
        ),
        isolati=elenco(TESTO),
        fermi=elenco(oggetto(id=TESTO, stato=TESTO, di=TESTO, prestazione=TESTO, entro=TESTO, ritardo=INTERO)),
        fermi_in_tutto=INTERO,
        successivo=FORSE_TESTO,
        attesa_mediana_giorni={"type": ["integer", "null"], "description": "null: non calcolabile"},
    ),
)
