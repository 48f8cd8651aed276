"""La pagina Stato: che cosa è vivo, in parole, per chi non guarda Grafana; le stesse cose nell'API."""

import hashlib
from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import Response
from telaio.web.answers import json
from telaio.web.routing import Guarded, Handler, api, page
from telaio.web.templates import render

from cruscotto.api import BASE, aggiornamenti
from cruscotto.avvisi import Avvisi
from cruscotto.contesto import Contesto
from cruscotto.descrizione import ISTANTE, TESTO, descrivi, elenco, oggetto, rif, voce
from cruscotto.domande import stato
from cruscotto.domande.filtro import leggi_filtro
from cruscotto.domande.stato import Stato
from cruscotto.pagine.modelli import MODELLI

GRUPPI = {"servizi": "I servizi dei partner", "flussi": "I flussi degli eventi", "cruscotto": "Il cruscotto"}
VOTI = {"bene": "Va bene", "attenzione": "Da guardare", "male": "Fermo"}
IN_TUTTO = {
    "bene": "Tutto funziona.",
    "attenzione": "Il sistema funziona; qualcosa va guardato.",
    "male": "Qualcosa è fermo: le cifre possono non essere complete.",
}


def routes(c: Contesto) -> list[Guarded]:
    """La pagina, i suoi avvisi, e la rotta per i programmi. Lo stato cambia anche quando nessuna cifra cambia, e lo
    guarda anche chi non può leggere le cifre: perciò gli avvisi sono i suoi."""
    avvisi = Avvisi(lambda: _impronta(c))
    return [
        page("/stato", _pagina(c), action="stato"),
        page("/stato/aggiornamenti", aggiornamenti(c, avvisi), action="stato"),
        api(f"{BASE}/stato", _per_programmi(c), action="stato"),
    ]


async def _letto(c: Contesto) -> Stato:
    async with c.lettura() as connection:
        return await stato.leggi(connection, c.runtime, c.registro.giorni_di_silenzio)


async def _impronta(c: Contesto) -> str:
    """Cambia quando di una parte si dice qualcosa di diverso."""
    detto = repr((await _letto(c)).tutte)
    return hashlib.sha256(detto.encode()).hexdigest()[:16]


def _pagina(c: Contesto) -> Handler:
    async def handle(request: Request) -> Response:
        trovato = await _letto(c)
        gruppi = [(nome, titolo, getattr(trovato, nome)) for nome, titolo in GRUPPI.items()]
        return render(
            request, "stato.html", using=MODELLI, gruppi=gruppi, voti=VOTI, voto=trovato.voto,
            in_tutto=IN_TUTTO[trovato.voto], adesso=c.runtime.clock.now(),
        )  # fmt: skip

    return handle


def _per_programmi(c: Contesto) -> Handler:
    async def handle(request: Request) -> Response:
        leggi_filtro(request.query_params, c.runtime.district, ())
        trovato = await _letto(c)
        parti = {nome: [asdict(p) for p in getattr(trovato, nome)] for nome in GRUPPI}
        corpo = {"adesso": c.runtime.clock.now().isoformat(), "voto": trovato.voto, **parti}
        return json(corpo, Cache_Control="no-store")

    return handle


descrivi(
    "/stato",
    voce("stato", "Che cosa è vivo: servizi, flussi, cruscotto", "Stato", [], (422,), etag=False),
    Stato=oggetto(adesso=ISTANTE, voto=TESTO, **dict.fromkeys(GRUPPI, elenco(rif("Parte")))),
    Parte=oggetto(nome=TESTO, voto={"type": "string", "enum": [*VOTI]}, detto=TESTO, chi=TESTO),
)
