"""Le bozze dei rapporti: aprirne una, scriverne i testi un gruppo alla volta, guardarla, approvarla."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from telaio.database import transaction
from telaio.web import incoming
from telaio.web.problems import Problem
from telaio.web.routing import Guarded, Handler, page
from telaio.web.submitted import KEY, REFUSALS, form, hidden, one, refusal, run
from telaio.web.templates import render
from telaio.web.validation import Finding, Invalid

from cruscotto.contesto import Contesto
from cruscotto.pagine.modelli import MODELLI
from cruscotto.pagine.rendicontazione import BASE, anteprima, di_chi, elenco, trova
from cruscotto.rendiconto import testi
from cruscotto.rendiconto.cifre import periodo, periodo_scritto
from cruscotto.rendiconto.rapporto import rapporti
from cruscotto.rendiconto.testi import GRUPPI, LUNGHEZZA, Sezione

SEMESTRI = (("01", "06"), ("07", "12"))
ID = "_id"
NO: tuple[type[Exception], ...] = (Invalid, *REFUSALS)
Scritti = Mapping[str, str]


def routes(c: Contesto) -> list[Guarded]:
    """L'elenco con il modulo per aprire, la bozza, i suoi testi, e l'approvazione con la sua conferma."""
    scrive, approva = "rendicontazione", "approvazione"
    return [
        page(BASE, _elenco(c), action=scrive),
        page(BASE, _apri(c), action=scrive, method="POST"),
        page(f"{BASE}/{{id}}/bozza", _bozza(c), action=scrive),
        page(f"{BASE}/{{id}}/bozza", _scrivi(c), action=scrive, method="POST"),
        page(f"{BASE}/{{id}}/approvazione", _chiedi(c), action=approva),
        page(f"{BASE}/{{id}}/approvazione", _approva(c), action=approva, method="POST"),
    ]


@dataclass(frozen=True)
class Modulo:
    """Ciò che era scritto, che cosa non va, e perché un comando è stato rifiutato."""

    scritti: Mapping[str, Any]
    errori: Sequence[Finding] = ()
    rifiuto: str | None = None

    @property
    def status(self) -> int:
        return 422 if self.errori or self.rifiuto else 200

    def errore(self, campo: str) -> str:
        return "; ".join(e.message for e in self.errori if e.location == (campo,))


def _elenco(c: Contesto) -> Handler:
    async def handle(request: Request) -> Response:
        return await _pagina_dell_elenco(c, request, Modulo({"enti": []}))

    return handle


async def _pagina_dell_elenco(c: Contesto, request: Request, modulo: Modulo) -> Response:
    distretto = c.runtime.district
    async with c.runtime.pool.acquire(timeout=10) as connection:
        voci = await elenco(connection)
    enti = sorted({(ente, distretto.enti.get(ente, ente)) for ente in distretto.linee.values()}, key=lambda e: e[1])
    periodi = _periodi(c.registro.avvio, c.runtime.clock.today())
    return render(
        request, "rendicontazione.html", using=MODELLI, status=modulo.status, modulo=modulo, voci=voci, enti=enti,
        periodi=periodi, nuovo=str(uuid4()), chiave=str(uuid4()),
    )  # fmt: skip


def _periodi(avvio: date, oggi: date) -> list[tuple[str, str]]:
    """I semestri dall'avvio a oggi, dal più recente: il valore del modulo e come si legge."""
    mesi = [(f"{anno}-{dal}", f"{anno}-{al}") for anno in range(avvio.year, oggi.year + 1) for dal, al in SEMESTRI]
    validi = [(dal, al) for dal, al in mesi if al >= f"{avvio:%Y-%m}" and dal <= f"{oggi:%Y-%m}"]
    return [(f"{dal}/{al}", periodo_scritto(dal, al)) for dal, al in reversed(validi)]


def _apri(c: Contesto) -> Handler:
    async def handle(request: Request) -> Response:
        inviati = await form(request)
        scelto, enti, id = one(inviati, "periodo"), inviati.get("enti", []), hidden(inviati, ID)
        if scelto not in dict(_periodi(c.registro.avvio, c.runtime.clock.today())):
            errori = [Finding(("periodo",), "Periodo", "va scelto fra quelli proposti")]
            return await _pagina_dell_elenco(c, request, Modulo({"enti": enti}, errori))
        dal, al = scelto.split("/")
        request.path_params["id"] = id
        try:
            await _comando(c, request, "apertura", hidden(inviati, KEY), dal=dal, al=al, enti=enti)
        except NO as no:
            return await _pagina_dell_elenco(c, request, Modulo({"enti": enti}, rifiuto=refusal(no)[0]))
        return RedirectResponse(f"{BASE}/{id}/bozza", 303)

    return handle


async def _comando(c: Contesto, request: Request, nome: str, chiave: str, **campi: Any) -> None:
    """Il comando al rapporto dell'indirizzo, con la data di oggi. Raises: Invalid, e come `execute`."""
    corpo = {"avvenuto_il": c.runtime.clock.today().isoformat(), **campi}
    id = incoming.entity_id(request, rapporti)
    await run(request, rapporti, rapporti.commands[nome], id, chiave, json.dumps(corpo).encode())


def _bozza(c: Contesto) -> Handler:
    async def handle(request: Request) -> Response:
        return await _pagina_della_bozza(c, request, Modulo({}))

    return handle


async def _pagina_della_bozza(c: Contesto, request: Request, modulo: Modulo) -> Response:
    async with c.runtime.pool.acquire(timeout=10) as connection:
        id, rapporto = await trova(connection, request)
        salvati = await testi.bozze(connection, id)
    if rapporto.numero is not None:
        return RedirectResponse(f"{BASE}/{id}", 303)
    return render(
        request,
        "bozza.html",
        using=MODELLI,
        status=modulo.status,
        id=id,
        rapporto=rapporto,
        periodo=periodo_scritto(rapporto.dal, rapporto.al),
        concluso=periodo(rapporto.dal, rapporto.al).ultimo_giorno < c.runtime.clock.today(),
        parte=await anteprima(c, rapporto, di_chi(request, rapporto)),
        gruppi=GRUPPI,
        scritti={**salvati, **modulo.scritti},
        modulo=modulo,
        lunghezza=LUNGHEZZA,
        salvato=request.query_params.get("salvato", ""),
    )


def _scrivi(c: Contesto) -> Handler:
    async def handle(request: Request) -> Response:
        inviati = await form(request)
        gruppo = one(inviati, "gruppo")
        if gruppo not in GRUPPI:
            raise Problem(400, "modulo-non-valido", "Il modulo non è completo: tornare alla pagina e ricaricarla.")
        scritti = {s.nome: _pulito(one(inviati, s.nome)) for s in GRUPPI[gruppo]}
        errori = [e for s in GRUPPI[gruppo] if (e := _sbagliato(s, scritti[s.nome]))]
        if errori:
            return await _pagina_della_bozza(c, request, Modulo(scritti, errori))
        try:
            await _salva(c, request, scritti)
        except REFUSALS as no:
            return await _pagina_della_bozza(c, request, Modulo(scritti, rifiuto=refusal(no)[0]))
        return RedirectResponse(f"{BASE}/{request.path_params['id']}/bozza?salvato={gruppo}#{gruppo}", 303)

    return handle


async def _salva(c: Contesto, request: Request, scritti: Scritti) -> None:
    """Prima i testi, poi il comando che li nomina: un testo che nessuno nomina non fa danno, il contrario sì."""
    async with transaction(c.runtime.pool) as connection:
        id, _ = await trova(connection, request)
        await testi.salva(connection, id, scritti)
    await _comando(c, request, "narrativa", str(uuid4()))


def _pulito(testo: str) -> str:
    return testo.replace("\r\n", "\n").replace("\r", "\n").strip()


def _sbagliato(sezione: Sezione, testo: str) -> Finding | None:
    if len(testo) > LUNGHEZZA:
        detto = f"ha {len(testo)} caratteri: può averne al più {LUNGHEZZA}"
    elif any(not (ch.isprintable() or ch in "\n\t") for ch in testo):
        detto = "contiene un carattere che non si può stampare"
    else:
        return None
    return Finding((sezione.nome,), sezione.titolo, detto)


def _chiedi(c: Contesto) -> Handler:
    async def handle(request: Request) -> Response:
        return await _conferma(c, request, None)

    return handle


async def _conferma(c: Contesto, request: Request, rifiuto: str | None) -> Response:
    async with c.runtime.pool.acquire(timeout=10) as connection:
        id, rapporto = await trova(connection, request)
    if rapporto.numero is not None:
        return RedirectResponse(f"{BASE}/{id}", 303)
    distretto = c.runtime.district
    return render(
        request,
        "approvazione.html",
        using=MODELLI,
        status=409 if rifiuto else 200,
        id=id,
        rapporto=rapporto,
        periodo=periodo_scritto(rapporto.dal, rapporto.al),
        enti=[distretto.enti.get(e, e) for e in rapporto.enti],
        mancanti=[s.titolo for gruppo in GRUPPI.values() for s in gruppo if s.nome not in rapporto.narrativa],
        rifiuto=rifiuto,
        chiave=str(uuid4()),
    )


def _approva(c: Contesto) -> Handler:
    async def handle(request: Request) -> Response:
        chiave = hidden(await form(request), KEY)
        try:
            await _comando(c, request, "approvazione", chiave)
        except REFUSALS as no:
            return await _conferma(c, request, refusal(no)[0])
        return RedirectResponse(f"{BASE}/{request.path_params['id']}?fatto=1", 303)

    return handle
