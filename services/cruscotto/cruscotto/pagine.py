"""Le pagine del cruscotto: la Sintesi, e per ogni indicatore le sue parti e gli eventi che vi stanno dietro."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from telaio.web import formats, static
from telaio.web.routing import Guarded, Handler, page
from telaio.web.templates import environment, render
from telaio.web.validation import Finding, Invalid

from cruscotto import evidenza, freschezza, letture, scrittura
from cruscotto.api import aggiornamenti, del_suo_periodo, scelto
from cruscotto.contesto import Contesto
from cruscotto.filtro import NOMI, Filtro, leggi_filtro

QUI = Path(__file__).parent
PER_PAGINA = 50
static.serve_also(QUI / "static")
MODELLI = environment([QUI / "templates"])
MODELLI.filters.update(
    numero=scrittura.numero,
    mese=scrittura.mese,
    mese_breve=scrittura.mese_breve,
    durata=scrittura.durata,
    altezze=scrittura.altezze,
    evento=formats.title_of,
)
MODELLI.globals.update(termini=scrittura.termini, finestre=scrittura.FINESTRE, linee_scritte=scrittura.LINEE)


def routes(c: Contesto) -> list[Guarded]:
    """Le pagine, e il flusso che le tiene aggiornate."""
    rotte: dict[str, Handler] = {
        "/": _sintesi(c, "sintesi.html"),
        "/sintesi/cifre": _sintesi(c, "cifre.html"),
        "/sintesi/aggiornamenti": aggiornamenti(c),
        "/indicatori/{codice}": _indicatore(c),
    }
    return [page(percorso, risposta, action="lettura") for percorso, risposta in rotte.items()]


@dataclass(frozen=True)
class Scelta:
    """Ciò che il modulo del filtro mostra: le voci, quelle scelte, gli errori per campo."""

    filtro: Filtro
    comuni: Sequence[tuple[str, str]]
    semestri: Sequence[tuple[str, str]]
    comune: str
    semestre: str
    errori: Sequence[Finding]

    @property
    def coda(self) -> str:
        """Il filtro come coda di un indirizzo; vuota senza filtro."""
        voci = {nome: valore for nome, valore in self.filtro.scritto().items() if valore}
        return f"?{urlencode(voci)}" if voci else ""

    @property
    def periodo(self) -> str:
        return scrittura.periodo(self.filtro)

    def errore(self, campo: str) -> str:
        return "; ".join(e.message for e in self.errori if e.location == (campo,))


def _sintesi(c: Contesto, modello: str) -> Handler:
    async def handle(request: Request) -> Response:
        scelta = scelta_di(c, request)
        if scelta.errori:
            return da_correggere(request, scelta, "/")
        return render(request, modello, using=MODELLI, scelta=scelta, **await _cifre(c, scelta.filtro))

    return handle


async def _cifre(c: Contesto, filtro: Filtro) -> dict[str, Any]:
    """Tutto ciò che la Sintesi mostra, di uno stesso istante."""
    oggi, adesso = c.runtime.clock.today(), c.runtime.clock.now()
    con_obiettivo = [i for i in c.registro.indicatori if i.con_obiettivo]
    async with c.lettura() as connection:
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
        "andamento": [(i, andamento[i.codice]) for i in con_obiettivo],
        "aggiornato": scrittura.quando(quadro.aggiornato_alle),
        "adesso": adesso,
    }


def _per_linea(righe: Sequence[letture.Riga]) -> list[tuple[str, list[letture.Riga]]]:
    """Le righe di ciascuna linea, nell'ordine del registro."""
    linee = dict.fromkeys(r.indicatore.linea for r in righe)
    return [(linea, [r for r in righe if r.indicatore.linea == linea]) for linea in linee]


def _indicatore(c: Contesto) -> Handler:
    async def handle(request: Request) -> Response:
        indicatore, scelta = scelto(c, request), scelta_di(c, request, "cursore")
        if scelta.errori:
            return da_correggere(request, scelta, f"/indicatori/{indicatore.codice}")
        cursore = request.query_params.get("cursore")
        suo = del_suo_periodo(indicatore, scelta.filtro)
        async with c.lettura() as connection:
            dettaglio = await letture.dettaglio(connection, c.registro, indicatore, scelta.filtro, c.runtime)
            pagina = await evidenza.pagina(connection, indicatore, suo, cursore, PER_PAGINA)
        return render(
            request,
            "indicatore.html",
            using=MODELLI,
            scelta=scelta,
            indicatore=indicatore,
            dettaglio=dettaglio,
            pagina=pagina,
            prima=not cursore,
        )

    return handle


def da_correggere(request: Request, scelta: Scelta, dove: str) -> Response:
    """La pagina che dice che cosa non va nel filtro."""
    return render(request, "filtro_sbagliato.html", using=MODELLI, status=422, scelta=scelta, dove=dove)


def scelta_di(c: Contesto, request: Request, *altri: str) -> Scelta:
    """Il filtro dell'indirizzo e le voci del suo modulo; con errori, il filtro è quello vuoto."""
    distretto, chiesto = c.runtime.district, request.query_params
    errori: Sequence[Finding] = ()
    try:
        filtro = leggi_filtro(chiesto, distretto, ammessi=(*NOMI, *altri))
    except Invalid as sbagliato:
        filtro, errori = Filtro(), sbagliato.findings
    return Scelta(
        filtro=filtro,
        comuni=sorted(distretto.comuni.items(), key=lambda voce: voce[1]),
        semestri=_semestri(c.registro.avvio, c.runtime.clock.today()),
        comune=filtro.comune or "",
        semestre=_semestre(filtro),
        errori=errori,
    )


def _semestri(avvio: date, oggi: date) -> list[tuple[str, str]]:
    """I semestri dall'avvio a oggi, dal più recente."""
    primo, ultimo = (2 * g.year + (g.month > 6) for g in (avvio, oggi))
    return [(f"{n // 2}-{n % 2 + 1}", f"{n % 2 + 1}° semestre {n // 2}") for n in range(ultimo, primo - 1, -1)]


def _semestre(filtro: Filtro) -> str:
    """Il semestre che il filtro ritaglia; vuoto se non è un semestre intero."""
    dal, al = filtro.dal, filtro.al
    if not dal or not al or dal.year != al.year or (dal.month, al.month) not in ((1, 6), (7, 12)):
        return ""
    return f"{dal.year}-{1 if dal.month == 1 else 2}"
