"""La pagina Territorio: un indicatore comune per comune, su una cartina schematica e per mille abitanti."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from telaio.web.routing import Guarded, Handler, page
from telaio.web.templates import render

from cruscotto import scrittura
from cruscotto.cifre import letture
from cruscotto.cifre.formule import Distinte, Somma
from cruscotto.cifre.indicatori import Indicatore
from cruscotto.cifre.letture import Dettaglio
from cruscotto.cifre.valuta import Cifra
from cruscotto.contesto import Contesto
from cruscotto.domande.filtro import Filtro
from cruscotto.grafico import Cella, Grafico, RigaScritta, serie
from cruscotto.pagine.modelli import MODELLI
from cruscotto.pagine.scelta import Scelta, con_errore, da_correggere, scelta_di
from cruscotto.pagine.schede import di_quando, in_csv
from cruscotto.rete import cartina
from cruscotto.schede_di_indicatore import cella

MILLE = 1000
DECIMO = Decimal("0.1")
SCHEMATICA = "La cartina è schematica: ogni comune è l'area più vicina al suo centro, non il suo confine."
PER_MILLE = "Per mille abitanti: il valore diviso gli abitanti che il distretto indica per ogni comune, per mille."


def routes(c: Contesto) -> list[Guarded]:
    """La pagina, e le sue tabelle da scaricare."""
    return [
        page("/territorio", _territorio(c), action="lettura"),
        page("/territorio/{grafico}.csv", in_csv(lambda request: _grafici(c, request)), action="lettura"),
    ]


def con_i_comuni(c: Contesto) -> list[Indicatore]:
    """Gli indicatori di cui ogni comune ha una parte."""
    return [i for i in c.registro.indicatori if not i.di_distretto]


def _scelta(c: Contesto, request: Request) -> tuple[Scelta, Indicatore]:
    """Il filtro, che qui guarda sempre tutti i comuni, e l'indicatore scelto: di regola il primo."""
    scelta, ammessi = scelta_di(c, request, "indicatore"), {i.codice: i for i in con_i_comuni(c)}
    codice = request.query_params.get("indicatore") or next(iter(ammessi))
    scelta = replace(scelta, filtro=replace(scelta.filtro, comune=None), comune="")
    if codice not in ammessi:
        scelta = con_errore(scelta, "indicatore", "Indicatore", "non è fra quelli che hanno cifre per comune")
    return scelta, ammessi.get(codice, next(iter(ammessi.values())))


def _territorio(c: Contesto) -> Handler:
    async def handle(request: Request) -> Response:
        scelta, indicatore = _scelta(c, request)
        if scelta.errori:
            return da_correggere(request, scelta, "/territorio")
        dettaglio, aggiornato = await _letto(c, indicatore, scelta.filtro)
        return render(
            request,
            "territorio.html",
            using=MODELLI,
            scelta=scelta,
            indicatore=indicatore,
            indicatori=con_i_comuni(c),
            dettaglio=dettaglio,
            schede=_schede(c, indicatore, dettaglio),
            aggiornato=aggiornato,
            coda="?" + urlencode({"indicatore": indicatore.codice, **_detto(scelta.filtro)}),
        )

    return handle


async def _grafici(c: Contesto, request: Request) -> Iterable[Grafico]:
    scelta, indicatore = _scelta(c, request)
    scelta.senza_errori()
    dettaglio, _ = await _letto(c, indicatore, scelta.filtro)
    return _schede(c, indicatore, dettaglio)


async def _letto(c: Contesto, indicatore: Indicatore, filtro: Filtro) -> tuple[Dettaglio, str]:
    async with c.lettura(filtro) as connection:
        dettaglio = await letture.dettaglio(connection, c.registro, indicatore, filtro, c.runtime)
        return dettaglio, await di_quando(connection)


def _detto(filtro: Filtro) -> dict[str, str]:
    return {nome: valore for nome, valore in filtro.scritto().items() if valore}


def _schede(c: Contesto, indicatore: Indicatore, dettaglio: Dettaglio) -> list[Grafico]:
    """La cartina, se il distretto dice dove sono i comuni; i valori per mille abitanti, se dice quanti sono e la cifra
    è un conto di cose o persone."""
    abitanti, forme = c.runtime.district.abitanti, cartina.forme(c.runtime.district.centri, c.runtime.district.comuni)
    trovate = [_cartina(indicatore, dettaglio, forme)]
    if isinstance(indicatore.formula, Somma | Distinte) and indicatore.unita != "euro" and abitanti:
        trovate.append(_per_mille(indicatore, dettaglio, abitanti))
    return trovate


def _cartina(indicatore: Indicatore, dettaglio: Dettaglio, forme: dict[str, Any] | None) -> Grafico:
    righe = [(codice, RigaScritta(nome, (_con_i_termini(indicatore, v),))) for codice, nome, v in dettaglio.per_comune]
    valori = [
        {"nome": r.nome, "valore": None if (v := r.celle[0].valore) is None else float(v), "testo": r.celle[0].testo}
        for codice, r in righe
        if codice
    ]
    return Grafico(
        nome="comuni",
        titolo=f"{indicatore.nome}, comune per comune",
        colonne=("Comune", "Valore"),
        righe=tuple(r for _, r in righe),
        disegno={"tipo": "mappa", "forme": forme, "valori": valori} if forme else {},
        info=(f"{indicatore.definizione}.", indicatore.nota, SCHEMATICA),
    )


def _con_i_termini(indicatore: Indicatore, cifra: Cifra) -> Cella:
    quanti, scritta = scrittura.termini(indicatore, cifra), cella(indicatore, cifra)
    return Cella(f"{scritta.testo} ({quanti})" if quanti else scritta.testo, scritta.valore)


def _per_mille(indicatore: Indicatore, dettaglio: Dettaglio, abitanti: dict[str, int]) -> Grafico:
    righe = tuple(
        RigaScritta(nome, (_ogni_mille(cifra, abitanti[codice]), cella(indicatore, cifra), _quanti(abitanti[codice])))
        for codice, nome, cifra in dettaglio.per_comune
        if codice in abitanti
    )
    return Grafico(
        nome="copertura",
        titolo="Per mille abitanti",
        colonne=("Comune", "Ogni mille abitanti", "Valore", "Abitanti"),
        righe=righe,
        disegno=serie("orizzontali", ("Ogni mille abitanti",), righe),
        info=(PER_MILLE, "Dice dove il progetto arriva di più e dove di meno, a parità di abitanti."),
    )


def _ogni_mille(cifra: Cifra, abitanti: int) -> Cella:
    if cifra.valore is None:
        return Cella(scrittura.numero(None))
    valore = (MILLE * cifra.valore / abitanti).quantize(DECIMO, ROUND_HALF_UP)
    return Cella(scrittura.numero(valore), valore)


def _quanti(numero: int) -> Cella:
    return Cella(scrittura.numero(Decimal(numero)), numero)
