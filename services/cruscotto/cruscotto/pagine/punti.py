"""La pagina Punti, e i posti liberi della rete; le stesse cose nell'API."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from telaio.district import District
from telaio.web import formats
from telaio.web.routing import Guarded, Handler, api, page
from telaio.web.templates import render

from cruscotto import in_json
from cruscotto.api import BASE, Corpo, con_etag
from cruscotto.contesto import Contesto
from cruscotto.descrizione import (
    FILTRO,
    FORSE_NUMERO,
    FORSE_TESTO,
    GIORNO,
    INTERO,
    NUMERO,
    SCRITTO,
    TESTO,
    VERO,
    descrivi,
    elenco,
    oggetto,
    voce,
)  # fmt: skip
from cruscotto.domande import capienza, vita_dei_punti
from cruscotto.domande.capienza import Disponibili
from cruscotto.domande.filtro import Filtro, leggi_filtro
from cruscotto.domande.vita_dei_punti import UnPunto
from cruscotto.grafico import Cella, Grafico, RigaScritta, serie
from cruscotto.pagine.modelli import MODELLI
from cruscotto.pagine.scelta import da_correggere, scelta_di
from cruscotto.pagine.schede import di_quando, in_csv
from cruscotto.scrittura import numero


@dataclass(frozen=True)
class Letti:
    """Ciò che pagina e file dicono."""

    punti: Sequence[UnPunto]
    posti: Sequence[Disponibili]
    aggiornato: str


def routes(c: Contesto) -> list[Guarded]:
    """La pagina, le sue tabelle da scaricare, e le due rotte per i programmi."""
    return [
        page("/punti", _pagina(c), action="lettura"),
        page("/punti/{grafico}.csv", in_csv(lambda request: _grafici(c, request)), action="lettura"),
        api(f"{BASE}/punti", con_etag(c, lambda request: _per_programmi(c, request)), action="lettura"),
        api(f"{BASE}/capienza", con_etag(c, lambda request: _capienza(c, request)), action="lettura"),
    ]


def _pagina(c: Contesto) -> Handler:
    async def handle(request: Request) -> Response:
        scelta = scelta_di(c, request)
        if scelta.errori:
            return da_correggere(request, scelta, "/punti")
        letti = await _letti(c, scelta.filtro)
        autonomia, orari, posti = _schede(letti, c.runtime.district)
        return render(
            request,
            "punti.html",
            using=MODELLI,
            scelta=scelta,
            autonomia=autonomia,
            orari=orari,
            posti=posti,
            aperti=[p for p in letti.punti if p.aperto],
            aggiornato=letti.aggiornato,
        )

    return handle


async def _letti(c: Contesto, filtro: Filtro) -> Letti:
    async with c.lettura(filtro) as connection:
        punti = await vita_dei_punti.leggi(connection, filtro)
        return Letti(punti, await capienza.leggi(connection), await di_quando(connection))


async def _grafici(c: Contesto, request: Request) -> Iterable[Grafico]:
    scelta = scelta_di(c, request)
    scelta.senza_errori()
    return _schede(await _letti(c, scelta.filtro), c.runtime.district)


def _schede(letti: Letti, distretto: District) -> tuple[Grafico, Grafico, Grafico]:
    righe = [_riga(p, distretto) for p in letti.punti]
    cittadini = [
        RigaScritta(p.nome, (_percento(p.vita.promosse_dai_cittadini), _percento(p.vita.nuovi))) for p in letti.punti
    ]
    disegno = serie("orizzontali", _DISEGNATE, cittadini, unita="%") if cittadini else {}
    return (
        Grafico("autonomia", "I Punti uno per uno", _COLONNE, tuple(righe), disegno, _DI_CHE_SI_TRATTA),
        Grafico("orari", "Quando sono aperti", _DEGLI_ORARI, tuple(_aperture(letti.punti)), {}, _ORARI),
        Grafico("posti", "Posti liberi adesso", _DEI_POSTI, _posti(letti.posti, distretto), {}, _POSTI, _NESSUN_POSTO),
    )


def _riga(p: UnPunto, distretto: District) -> RigaScritta:
    aperto = "" if p.aperto else " (chiuso)"
    celle = (
        Cella(distretto.comuni.get(p.comune, p.comune)),
        Cella(formats.words(p.fase)),
        Cella(str(p.vita.attivita), p.vita.attivita),
        _percento(p.vita.promosse_dai_cittadini),
        Cella(str(p.vita.presenze), p.vita.presenze),
        _percento(p.vita.nuovi),
        Cella(str(p.gruppi), p.gruppi),
        Cella(numero(p.ore_settimanali), p.ore_settimanali),
    )
    return RigaScritta(p.nome + aperto, celle)


def _percento(valore: Any) -> Cella:
    return Cella(numero(valore, "%"), valore)


def _aperture(punti: Iterable[UnPunto]) -> Iterable[RigaScritta]:
    for p in punti:
        if p.aperto and p.orari:
            detti = "; ".join(f"{formats.words(g)} {dalle}–{alle}" for g, dalle, alle in p.orari)
            yield RigaScritta(p.nome, (Cella(detti), Cella(formats.words(p.tenuto_da) if p.tenuto_da else "")))


def _posti(posti: Iterable[Disponibili], distretto: District) -> tuple[RigaScritta, ...]:
    return tuple(
        RigaScritta(
            distretto.nodi.get(d.nodo, d.nodo),
            (
                Cella(formats.words(d.prestazione)),
                Cella(str(d.liberi), d.liberi),
                Cella(str(d.in_attesa), d.in_attesa),
                Cella(formats.day(d.aggiornati_il)),
            ),
        )
        for d in posti
    )


_COLONNE = (
    "Punto", "Comune", "Fase", "Attività", "Promosse dai cittadini", "Presenze", "Prime presenze", "Gruppi",
    "Ore alla settimana",
)  # fmt: skip
_DISEGNATE = ("Promosse dai cittadini, %", "Prime presenze, %")
_DEGLI_ORARI = ("Punto", "Orari", "Sportello tenuto da")
_DEI_POSTI = ("Nodo", "Prestazione", "Posti liberi", "In attesa", "Detto il")
_DI_CHE_SI_TRATTA = (
    "Fase, gruppi e ore sono di adesso; attività e presenze sono del periodo scelto.",
    "Promosse dai cittadini: da soli o insieme al facilitatore. Prime presenze: di chi veniva per la prima volta.",
)
_ORARI = ("L'ultimo orario pubblicato da ogni Punto aperto.",)
_NESSUN_POSTO = "Nessun nodo ha ancora detto quanti posti ha."
_POSTI = ("Quanti posti ogni nodo ha detto di avere, per prestazione: la capienza si dice, non si chiede.",)


def _per_programmi(c: Contesto, request: Request) -> Corpo:
    filtro = leggi_filtro(request.query_params, c.runtime.district, tempi=c.tempi)

    async def corpo(connection: Any) -> object:
        punti = await vita_dei_punti.leggi(connection, filtro)
        return {"filtro": filtro.scritto(), "punti": [in_json.punto(p) for p in punti]}

    return filtro, corpo


def _capienza(c: Contesto, request: Request) -> Corpo:
    filtro = leggi_filtro(request.query_params, c.runtime.district, ())

    async def corpo(connection: Any) -> object:
        return {"posti": [in_json.posti(d) for d in await capienza.leggi(connection)]}

    return filtro, corpo


descrivi(
    "/punti",
    voce("punti", "I Punti di Comunità: autonomia, attività, orari, gruppi", "Punti", FILTRO, (422,)),
    Punti=oggetto(filtro=SCRITTO, punti=elenco({"$ref": "#/components/schemas/Punto"})),
    Punto=oggetto(
        **dict.fromkeys(("id", "nome", "comune", "fase"), TESTO),
        **dict.fromkeys(("aperto", "per_il_lavoro"), VERO),
        fase_dal=GIORNO,
        orari=elenco(oggetto(giorno=TESTO, dalle=TESTO, alle=TESTO)),
        ore_settimanali=NUMERO,
        tenuto_da=FORSE_TESTO,
        **dict.fromkeys(("gruppi", "attivita", "presenze", "prime_presenze"), INTERO),
        **dict.fromkeys(("promosse_dai_cittadini", "promosse_insieme"), INTERO),
        promosse_dai_cittadini_percento=FORSE_NUMERO,
        prime_presenze_percento=FORSE_NUMERO,
    ),
)
descrivi(
    "/capienza",
    voce("capienza", "I posti liberi adesso, per nodo e prestazione", "Capienza", [], (422,)),
    Capienza=oggetto(
        posti=elenco(oggetto(nodo=TESTO, prestazione=TESTO, liberi=INTERO, in_attesa=INTERO, aggiornati_il=GIORNO))
    ),
)
