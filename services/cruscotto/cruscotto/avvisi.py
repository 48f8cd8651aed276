"""Avvisa le pagine aperte quando una cifra cambia: server-sent events, per un numero limitato di lettori."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic

from telaio.database import ANY
from telaio.web.problems import Problem

MASSIMO_LETTORI = 200
OGNI_SECONDI = 1.0
"""Ogni quanto si guarda se un altro processo ha applicato eventi."""
ALMENO_SECONDI = 0.1
"""Fra due avvisi: chi riceve cento eventi al secondo non ridisegna cento volte."""
SILENZI_FRA_BATTITI = 15
"""Di un secondo l'uno: così ci si accorge presto che il processo si ferma."""
DURATA_SECONDI = 600.0
"""Poi il lettore si ricollega da sé, e il suo accesso è verificato di nuovo."""
PRIMO = b"retry: 2000\n\n: aperto\n\n"
BATTITO = b": vivo\n\n"

Impronta = Callable[[], Awaitable[str]]
log = logging.getLogger("cruscotto.avvisi")


class Avvisi:
    """Chi aspetta che le cifre cambino. Un solo guardiano legge il database, e solo finché qualcuno aspetta."""

    def __init__(self, impronta: Impronta) -> None:
        self._impronta = impronta
        self._svegliato, self._al_lavoro = asyncio.Event(), asyncio.Event()
        self._lettori: set[asyncio.Queue[str]] = set()
        self._guardiano: asyncio.Task[None] | None = None

    def sveglia(self) -> None:
        """Il consumatore di questo processo ha applicato un lotto."""
        self._svegliato.set()

    @property
    def lettori(self) -> int:
        return len(self._lettori)

    def chiedi_posto(self) -> None:
        """Raises: Problem 503 quando i lettori sono troppi."""
        if self.lettori >= MASSIMO_LETTORI:
            raise Problem(503, "troppi-lettori", "Troppe pagine aperte insieme.", headers={"Retry-After": "30"})

    async def flusso(self, finito: Callable[[], bool] = lambda: False) -> AsyncIterator[bytes]:
        """Un evento `aggiornamento` quando le cifre cambiano, commenti nel frattempo; finisce dopo DURATA_SECONDI."""
        fine, silenzi = monotonic() + DURATA_SECONDI, 0
        with self._posto() as coda:
            await self._al_lavoro.wait()  # ciò che cambia dopo il primo segno di vita sarà avvisato
            yield PRIMO
            while monotonic() < fine and not finito():
                pezzo = await _pezzo(coda)
                silenzi = 0 if pezzo else silenzi + 1
                if pezzo or silenzi % SILENZI_FRA_BATTITI == 0:
                    yield pezzo or BATTITO

    @contextmanager
    def _posto(self) -> Iterator[asyncio.Queue[str]]:
        """Una coda di un posto solo: chi è lento salta all'ultima impronta."""
        coda: asyncio.Queue[str] = asyncio.Queue(1)
        self._lettori.add(coda)
        if self._guardiano is None:
            self._al_lavoro.clear()
            self._guardiano = asyncio.create_task(self._guarda(), name="avvisi")
        try:
            yield coda
        finally:
            self._lettori.discard(coda)
            if not self._lettori and self._guardiano:
                self._guardiano.cancel()
                self._guardiano = None

    async def _guarda(self) -> None:
        nota: str | None = None
        while True:
            self._svegliato.clear()
            nuova = await self._letta()
            if nota is not None and nuova not in (None, nota):
                self._avvisa(nuova)
            nota = nuova or nota
            self._al_lavoro.set()
            await asyncio.sleep(ALMENO_SECONDI)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._svegliato.wait(), OGNI_SECONDI - ALMENO_SECONDI)

    async def _letta(self) -> str | None:
        """L'impronta; None mentre il database non risponde."""
        try:
            return await self._impronta()
        except ANY as lontano:
            log.warning("database away", extra={"reason": type(lontano).__name__})
            return None

    def _avvisa(self, impronta: str) -> None:
        for coda in self._lettori:
            if coda.full():
                coda.get_nowait()
            coda.put_nowait(impronta)


async def _pezzo(coda: asyncio.Queue[str]) -> bytes | None:
    """Il prossimo avviso; None dopo un secondo di silenzio."""
    try:
        impronta = await asyncio.wait_for(coda.get(), OGNI_SECONDI)
    except TimeoutError:
        return None
    return f"event: aggiornamento\nid: {impronta}\ndata: {{}}\n\n".encode()
