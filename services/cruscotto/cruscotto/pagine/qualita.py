"""La pagina Qualità dei dati, e le stesse cose nell'API."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from telaio.web import formats
from telaio.web.answers import json
from telaio.web.routing import Guarded, Handler, api, page
from telaio.web.templates import render
from telaio.web.validation import Finding, Invalid

from cruscotto import in_json
from cruscotto.api import BASE
from cruscotto.apporti.luoghi import NON_RILEVATO
from cruscotto.cifre import misure
from cruscotto.cifre.valuta import calcola, percento
from cruscotto.contesto import Contesto
from cruscotto.descrizione import FONTE, INTERO, SCRITTO, TESTO, descrivi, elenco, filtro, oggetto, voce
from cruscotto.domande import qualita
from cruscotto.domande.filtro import NOMI as NOMI_DEL_FILTRO
from cruscotto.domande.filtro import Filtro, leggi_filtro
from cruscotto.domande.qualita import DellaFonte, Qualita, Registrazioni
from cruscotto.grafico import Cella, Grafico, RigaScritta, serie
from cruscotto.pagine.modelli import MODELLI
from cruscotto.pagine.scelta import Scelta, da_correggere, scelta_di
from cruscotto.pagine.schede import di_quando, in_csv
from cruscotto.scrittura import mese, numero

NOMI = ("dal", "al", "semestre")
"""Una registrazione è di chi la fa: un comune non ce l'ha."""


@dataclass(frozen=True)
class Letta:
    """Ciò che la pagina dice. `senza_comune`: le cifre di cui una parte non ha un comune."""

    qualita: Qualita
    senza_comune: Sequence[tuple[str, str, Decimal]]
    aggiornato: str


def routes(c: Contesto) -> list[Guarded]:
    """La pagina, le sue tabelle da scaricare, e la rotta per i programmi."""
    return [
        page("/qualita", _pagina(c), action="lettura"),
        page("/qualita/{grafico}.csv", in_csv(lambda request: _grafici(c, request)), action="lettura"),
        api(f"{BASE}/qualita", _per_programmi(c), action="lettura"),
    ]


def _pagina(c: Contesto) -> Handler:
    async def handle(request: Request) -> Response:
        scelta = _scelta(c, request)
        if scelta.errori:
            return da_correggere(request, scelta, "/qualita")
        letta = await _letta(c, scelta.filtro)
        schede = _schede(c, letta)
        return render(
            request, "qualita.html", using=MODELLI, scelta=scelta, schede=schede, aggiornato=letta.aggiornato,
            qualita=letta.qualita, giorni=c.registro.giorni_di_ritardo,
        )  # fmt: skip

    return handle


def _scelta(c: Contesto, request: Request) -> Scelta:
    """Il periodo chiesto, a mesi interi; un comune, o com'era allora, qui non si può chiedere."""
    scelta = scelta_di(c, request)
    f = scelta.filtro
    chiesti = {"comune": f.comune, "al": f.giorno, "registrato_entro": f.registrato_entro}
    estranei = [Finding((nome,), NOMI_DEL_FILTRO[nome], "qui non si può chiedere") for nome, v in chiesti.items() if v]
    return replace(scelta, errori=[*scelta.errori, *estranei])


async def _letta(c: Contesto, filtro: Filtro) -> Letta:
    async with c.lettura() as connection:
        trovata = await qualita.leggi(connection, filtro)
        tutte = await misure.tabella(connection, c.registro, Filtro(), c.runtime.clock.today())
        aggiornato = await di_quando(connection)
    senza = tutte.di(NON_RILEVATO)
    cifre = (
        (i.codice, i.nome, calcola(i.formula, senza, i.finestra, i.scala)) for i in c.registro.indicatori
        if not i.di_distretto
    )  # fmt: skip
    quante = [(codice, nome, c.denominatore if c.denominatore is not None else c.valore) for codice, nome, c in cifre]
    return Letta(trovata, [(codice, nome, n) for codice, nome, n in quante if n], aggiornato)


async def _grafici(c: Contesto, request: Request) -> Iterable[Grafico]:
    scelta = _scelta(c, request)
    scelta.senza_errori()
    return _schede(c, await _letta(c, scelta.filtro))


def _schede(c: Contesto, letta: Letta) -> list[Grafico]:
    mesi = [RigaScritta(mese(m), _celle(sue)) for m, sue in letta.qualita.mesi.items()]
    tardive = [RigaScritta(r.nome, (r.celle[1],)) for r in mesi]
    disegno = serie("barre", ("Tardive",), tardive) if letta.qualita.totale.tardivi else {}
    return [
        Grafico("partner", "Partner per partner", ("Chi registra", *_COLONNE, *_DA_PARTE), _righe(c, letta), {}, _INFO),
        Grafico("mesi", "Mese per mese", ("Mese", *_COLONNE), tuple(mesi), disegno, _INFO),
        Grafico(
            "senza-comune",
            "Cifre con una parte senza comune",
            ("Indicatore", "Non rilevato"),
            _senza_comune(letta),
            {},
            ("Il comune «non rilevato» è una categoria: conta nel distretto, e in nessun comune.",),
            "Ogni cifra ha il suo comune.",
        ),
    ]


def _senza_comune(letta: Letta) -> tuple[RigaScritta, ...]:
    righe = sorted(letta.senza_comune, key=lambda r: -r[2])
    return tuple(RigaScritta(f"{c} {nome}", (Cella(numero(n), n),), f"/indicatori/{c}") for c, nome, n in righe)


def _righe(c: Contesto, letta: Letta) -> tuple[RigaScritta, ...]:
    enti = c.runtime.district.enti

    def riga(f: DellaFonte) -> RigaScritta:
        chi = f"{enti.get(f.fonte.partner, f.fonte.partner)} ({formats.words(f.fonte.servizio).lower()})"
        da_parte = (_quanti(f.in_quarantena), _quanti(f.in_attesa), Cella(formats.instant(f.fonte.ultimo_alle)))
        return RigaScritta(chi, (*_celle(f.totale), *da_parte))

    return tuple(map(riga, letta.qualita.fonti))


def _celle(r: Registrazioni) -> tuple[Cella, ...]:
    quota = percento(Decimal(r.tardivi), Decimal(r.eventi))
    quante = [_quanti(n) for n in (r.eventi, r.tardivi, r.rettifiche, r.annullamenti, r.senza_comune)]
    return (*quante[:2], Cella(numero(quota, "%"), quota), *quante[2:])


def _quanti(n: int) -> Cella:
    return Cella(numero(Decimal(n)), n)


_COLONNE = ("Registrazioni", "Tardive", "Tardive, %", "Rettifiche", "Annullamenti", "Senza comune")
_DA_PARTE = ("In quarantena", "In attesa", "Ultima registrazione")
_INFO = (
    "I mesi sono quelli in cui si è registrato, non quelli in cui le cose sono accadute.",
    "Rettifiche e annullamenti sono il modo giusto di rimediare a un errore: nessuno è un difetto di chi li fa.",
    "In quarantena: illeggibili, messi da parte e non contati. In attesa: aspettano l'evento che viene prima.",
)


def _per_programmi(c: Contesto) -> Handler:
    async def handle(request: Request) -> Response:
        letto = leggi_filtro(request.query_params, c.runtime.district, NOMI, c.tempi)
        if letto.giorno:
            raise Invalid([Finding(("al",), NOMI_DEL_FILTRO["al"], "deve essere un mese nella forma AAAA-MM")])
        async with c.lettura() as connection:
            trovata = await qualita.leggi(connection, letto)
        corpo: dict[str, Any] = {
            "filtro": letto.scritto(),
            "giorni_di_ritardo": c.registro.giorni_di_ritardo,
            "fonti": [in_json.della_fonte(f, c.runtime.district) for f in trovata.fonti],
            "illeggibili": dict(trovata.illeggibili),
        }
        return json(corpo, Cache_Control="no-store")

    return handle


_QUANTE = dict.fromkeys(("eventi", "tardivi", "rettifiche", "annullamenti", "senza_comune"), INTERO)
_MESE = "^20[0-9]{2}-(0[1-9]|1[0-2])$"
descrivi(
    "/qualita",
    voce(
        "qualita",
        "Com'è stato registrato: tardi, corretto, senza comune, messo da parte",
        "Qualita",
        [
            filtro("dal", _MESE, "Dalle registrazioni di questo mese"),
            filtro("al", _MESE, "Fino a quelle di questo mese"),
            filtro("semestre", "^20[0-9]{2}-[12]$", "Al posto di dal e al"),
        ],
        (422,),
        etag=False,
    ),
    Qualita=oggetto(
        filtro=SCRITTO,
        giorni_di_ritardo={**INTERO, "description": "Oltre, una registrazione è tardiva"},
        fonti=elenco(
            oggetto(
                **FONTE,
                **_QUANTE,
                in_quarantena=INTERO,
                in_attesa=INTERO,
                per_mese=elenco(oggetto(mese=TESTO, **_QUANTE)),
            )
        ),
        illeggibili={"type": "object", "additionalProperties": INTERO},
    ),
)
