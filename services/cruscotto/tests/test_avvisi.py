"""Gli avvisi: uno quando una cifra cambia, nessuno altrimenti, per un numero limitato di lettori."""

import asyncio
from collections.abc import AsyncIterator
from time import time

import pytest
from cruscotto import avvisi
from cruscotto.avvisi import Avvisi
from cruscotto.contesto import contesto
from telaio.web.problems import Problem

from .conftest import Web
from .racconto import presa, storia


async def prossimo(flusso: AsyncIterator[bytes], entro: float = 3) -> str:
    """Il prossimo pezzo che non è un commento."""
    while True:
        pezzo = await asyncio.wait_for(anext(flusso), entro)
        if not pezzo.startswith(b": "):
            return pezzo.decode()


async def test_a_batch_of_this_process_is_announced_at_once(web: Web) -> None:
    di = contesto(web.runtime).avvisi
    flusso = di.flusso()
    assert (await prossimo(flusso)).startswith("retry:")
    await asyncio.sleep(0.3)
    await web.feed(storia("famiglia", 1, presa(2)))
    inizio = asyncio.get_running_loop().time()
    di.sveglia()
    assert (await prossimo(flusso)).startswith("event: aggiornamento\n")
    assert asyncio.get_running_loop().time() - inizio < 0.5
    await flusso.aclose()  # type: ignore[attr-defined]
    assert di.lettori == 0


async def test_a_batch_of_another_process_is_announced_within_a_second_or_so(web: Web) -> None:
    flusso = contesto(web.runtime).avvisi.flusso()
    await prossimo(flusso)
    await web.feed(storia("famiglia", 1, presa(2)))
    assert (await prossimo(flusso, entro=2)).startswith("event: aggiornamento\n")
    await flusso.aclose()  # type: ignore[attr-defined]


async def test_the_state_is_announced_when_a_partner_falls_silent_though_no_figure_changes(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anche a chi delle cifre non può sapere niente, come Luca Conti."""
    monkeypatch.setattr(avvisi, "DURATA_SECONDI", 3.0)
    web.runtime.status["battiti"] = {"casa": time()}
    cookie = (await web.entra("luca.conti")).cookie
    ascolto = [
        asyncio.create_task(web.client.get(percorso, headers={"Accept": "text/html", **cookie}))
        for percorso in ("/stato/aggiornamenti", "/sintesi/aggiornamenti")
    ]
    await asyncio.sleep(1.5)
    web.runtime.status["battiti"]["casa"] -= 3600
    dello_stato, delle_cifre = await asyncio.gather(*ascolto)
    assert dello_stato.text.count("event: aggiornamento") == 1
    assert delle_cifre.status_code == 403
    assert 'data-avvisi="/stato/aggiornamenti"' in await web.pagina("/stato", user="luca.conti")


async def test_nothing_new_is_not_announced_and_repeats_are_nothing_new(web: Web) -> None:
    una = storia("famiglia", 1, presa(2))
    await web.feed(una)
    di = contesto(web.runtime).avvisi
    flusso = di.flusso()
    await prossimo(flusso)
    await web.feed(una)
    di.sveglia()
    with pytest.raises(TimeoutError):
        await prossimo(flusso, entro=0.7)


async def test_all_readers_hear_and_only_one_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    letture, valore = 0, "a"

    async def impronta() -> str:
        nonlocal letture
        letture += 1
        return valore

    di = Avvisi(impronta)
    flussi = [di.flusso() for _ in range(20)]
    for flusso in flussi:
        await prossimo(flusso)
    valore = "b"
    di.sveglia()
    assert all(["aggiornamento" in await prossimo(f) for f in flussi])
    assert letture <= 3
    for flusso in flussi:
        await flusso.aclose()  # type: ignore[attr-defined]


async def test_readers_are_bounded(monkeypatch: pytest.MonkeyPatch, web: Web) -> None:
    monkeypatch.setattr(avvisi, "MASSIMO_LETTORI", 1)
    di = contesto(web.runtime).avvisi
    flusso = di.flusso()
    await prossimo(flusso)
    with pytest.raises(Problem) as troppi:
        di.chiedi_posto()
    assert troppi.value.status == 503
    assert (await web.api("/aggiornamenti")).status_code == 503
    await flusso.aclose()  # type: ignore[attr-defined]
    di.chiedi_posto()


async def test_a_stream_ends_when_the_process_leaves_and_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    async def impronta() -> str:
        return "a"

    fine = asyncio.Event()
    flusso = Avvisi(impronta).flusso(fine.is_set)
    await prossimo(flusso)
    fine.set()
    with pytest.raises(StopAsyncIteration):
        await prossimo(flusso)
    monkeypatch.setattr(avvisi, "DURATA_SECONDI", 0.1)
    breve = Avvisi(impronta).flusso()
    await prossimo(breve)
    with pytest.raises(StopAsyncIteration):
        await prossimo(breve)
