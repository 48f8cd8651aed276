"""La pagina Rete, e le stesse cose nell'API."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from starlette.requests import Request
from starlette.responses import Response
from telaio.web.answers import json
from telaio.web.routing import Guarded, Handler, api, page
from telaio.web.templates import render

from cruscotto.api import BASE
from cruscotto.contesto import Contesto
from cruscotto.descrizione import FILTRO, INTERO, SCRITTO, TESTO, descrivi, elenco, oggetto, voce
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
            nome=viste.nome,
        )

    return handle


async def _grafici(c: Contesto, request: Request) -> Iterable[Grafico]:
    trovata = await _rete(c, leggi_filtro(request.query_params, c.runtime.district, (*NOMI, "vista"), c.tempi))
    viste = Viste(trovata.rete, trovata.legami, c.runtime.district)
    return (viste.una(vista) for vista in VISTE)


def _rete_per_programmi(c: Contesto) -> Handler:
    async def handle(request: Request) -> Response:
        filtro = leggi_filtro(request.query_params, c.runtime.district, tempi=c.tempi)
        trovata = await _rete(c, filtro)
        return json(
            {
                "filtro": filtro.scritto(),
                "flussi": [asdict(f) for f in trovata.rete.flussi],
                "isolati": list(trovata.rete.isolati),
                "fermi": [asdict(f) | {"entro": f.entro.isoformat()} for f in trovata.fermi],
                "attesa_mediana_giorni": trovata.mediana,
            }
        )

    return handle


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
    voce("rete", "Chi invia a chi, e gli invii fermi oltre il termine", "Rete", FILTRO, (422,), etag=False),
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
        attesa_mediana_giorni={"type": ["integer", "null"], "description": "null: non calcolabile"},
    ),
)
