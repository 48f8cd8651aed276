"""La pagina Indicatori: base, obiettivo, valore, avanzamento e andamento di tutti; di regola nel semestre in corso."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from telaio.web.routing import Guarded, Handler, page
from telaio.web.templates import render

from cruscotto import scrittura
from cruscotto.cifre import letture
from cruscotto.cifre.letture import DelMese, Riga
from cruscotto.contesto import Contesto
from cruscotto.domande.filtro import Filtro
from cruscotto.grafico import Cella, Grafico, RigaScritta
from cruscotto.pagine.modelli import MODELLI
from cruscotto.pagine.scelta import Scelta, con_errore, da_correggere, scelta_del_semestre
from cruscotto.pagine.schede import di_quando, in_csv

ALTEZZA = 20
COLONNE = ("Codice", "Indicatore", "Linea", "Unità", "Base", "Obiettivo", "Valore", "Avanzamento (%)")


@dataclass(frozen=True)
class Voce:
    """Una riga della pagina. altezze: delle barre dell'andamento, un mese ciascuna; detto: lo stesso, in parole."""

    riga: Riga
    altezze: Sequence[float]
    detto: str


def routes(c: Contesto) -> list[Guarded]:
    """La pagina, e la sua tabella da scaricare."""
    return [
        page("/indicatori", _elenco(c), action="lettura"),
        page("/indicatori/{grafico}.csv", in_csv(lambda request: _grafici(c, request)), action="lettura"),
    ]


def _scelta(c: Contesto, request: Request) -> tuple[Scelta, str]:
    """Il filtro, e la linea scelta (vuota: tutte)."""
    scelta, linea = scelta_del_semestre(c, request, "linea"), request.query_params.get("linea", "")
    if linea and linea not in scrittura.LINEE:
        return con_errore(scelta, "linea", "Linea", "non è una linea del progetto"), ""
    return scelta, linea


def _elenco(c: Contesto) -> Handler:
    async def handle(request: Request) -> Response:
        scelta, linea = _scelta(c, request)
        if scelta.errori:
            return da_correggere(request, scelta, "/indicatori")
        voci, aggiornato = await _voci(c, scelta.filtro, linea)
        linee = dict.fromkeys(v.riga.indicatore.linea for v in voci)
        return render(
            request,
            "indicatori.html",
            using=MODELLI,
            scelta=scelta,
            linea=linea,
            per_linea=[(nome, [v for v in voci if v.riga.indicatore.linea == nome]) for nome in linee],
            aggiornato=aggiornato,
            coda=_coda(scelta, linea),
        )

    return handle


def _coda(scelta: Scelta, linea: str) -> str:
    """Ciò che si guarda, per chi lo scarica: «dall'avvio a oggi» va detto, o sarebbe il semestre in corso."""
    filtro = scelta.filtro
    voci = {**filtro.scritto(), "linea": linea or None}
    intero = {} if filtro.dal or filtro.al or filtro.com_era else {"semestre": ""}
    return "?" + urlencode({nome: valore for nome, valore in voci.items() if valore} | intero)


async def _grafici(c: Contesto, request: Request) -> Iterable[Grafico]:
    scelta, linea = _scelta(c, request)
    scelta.senza_errori()
    voci, _ = await _voci(c, scelta.filtro, linea)
    return [Grafico("elenco", "Indicatori", COLONNE, tuple(_scritta(v.riga) for v in voci), {})]


async def _voci(c: Contesto, filtro: Filtro, linea: str) -> tuple[list[Voce], str]:
    """Le righe, e di quando sono. L'andamento è dell'ultimo anno, anche se il periodo è più breve."""
    oggi = filtro.oggi(c.runtime.clock.today())
    async with c.lettura(filtro) as connection:
        quadro = await letture.quadro(connection, c.registro, filtro, oggi)
        righe = [r for r in quadro.righe if linea in ("", r.indicatore.linea)]
        anno = Filtro(filtro.comune, None, filtro.al)
        mesi = await letture.andamento(connection, c.registro, [r.indicatore for r in righe], anno, oggi)
        aggiornato = await di_quando(connection)
    return [_voce(r, mesi[r.indicatore.codice]) for r in righe], aggiornato


def _voce(riga: Riga, mesi: Sequence[DelMese]) -> Voce:
    """Di ciò che accade nel periodo si vede ogni mese, del resto la cifra alla sua fine."""
    nel_mese = riga.indicatore.finestra == "nel_periodo"
    valori = [(m.nel_mese if nel_mese else m.a_fine_mese).valore for m in mesi]
    altezze = scrittura.altezze(valori, ALTEZZA)
    if not mesi:
        return Voce(riga, altezze, "")
    primo, ultimo = (scrittura.numero(v, riga.indicatore.unita) for v in (valori[0], valori[-1]))
    detto = f"{primo} a {scrittura.mese(mesi[0].mese)}, {ultimo} a {scrittura.mese(mesi[-1].mese)}"
    return Voce(riga, altezze, detto)


def _scritta(riga: Riga) -> RigaScritta:
    i, v = riga.indicatore, riga.valore
    numeri = (
        _cella(i.base, i.unita, "da rilevare"),
        _cella(i.obiettivo, i.unita, "non definito"),
        _cella(v.valore, i.unita, "non calcolabile"),
        _cella(v.avanzamento, "%", v.senza_avanzamento or ""),
    )
    return RigaScritta(i.codice, (Cella(i.nome), Cella(scrittura.LINEE[i.linea]), Cella(i.unita), *numeri))


def _cella(valore: Decimal | None, unita: str, senza: str) -> Cella:
    return Cella(senza) if valore is None else Cella(scrittura.numero(valore, unita), valore)
