"""Ciò che pagine, API e consumatore di un processo hanno in comune."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

from telaio.database import Connection
from telaio.runtime import Runtime

from cruscotto.avvisi import Avvisi
from cruscotto.cifre.indicatori import Registro
from cruscotto.domande.filtro import Filtro, Tempi
from cruscotto.domande.freschezza import impronta
from cruscotto.domande.istantanea import Taglio, istantanea
from cruscotto.proiezione import generation

_DOVE = "_contesto_del_cruscotto"
ADESSO = Filtro()


@dataclass(frozen=True)
class Contesto:
    """Un cruscotto in funzione: il registro del distretto e chi ne aspetta le novità."""

    runtime: Runtime
    registro: Registro
    avvisi: Avvisi
    una_alla_volta: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    """Le istantanee costano: chi ne chiede molte aspetta, e non ferma chi guarda le cifre di oggi."""

    @property
    def tempi(self) -> Tempi:
        """Fra quando e quando si possono chiedere cifre."""
        return Tempi(self.registro.avvio, self.runtime.clock.now())

    def lettura(self, filtro: Filtro = ADESSO) -> AbstractAsyncContextManager[Connection]:
        """Una transazione in cui tutte le cifre di una risposta sono dello stesso istante; per un filtro che chiede
        com'era, quello."""
        return self._com_era(filtro) if filtro.com_era else generation.reading_served(self.runtime.pool)

    @asynccontextmanager
    async def _com_era(self, filtro: Filtro) -> AsyncIterator[Connection]:
        taglio = Taglio(registrato_entro=filtro.registrato_entro, al=filtro.giorno)
        async with self.una_alla_volta, istantanea(self.runtime.pool, taglio) as connection:
            yield connection


def contesto(runtime: Runtime) -> Contesto:
    """Il contesto di quel processo: uno solo, perché il consumatore svegli i lettori delle sue pagine.

    Raises: pydantic.ValidationError, KeyError per un registro o un file del distretto sbagliati.
    """
    trovato = vars(runtime).get(_DOVE)
    if trovato is None:
        trovato = vars(runtime)[_DOVE] = _nuovo(runtime)
    assert isinstance(trovato, Contesto)
    return trovato


def _nuovo(runtime: Runtime) -> Contesto:
    async def adesso() -> str:
        async with generation.reading_served(runtime.pool) as connection:
            return await impronta(connection)

    return Contesto(
        runtime, Registro.carica(runtime.settings.distretto_file, tipi=runtime.district.tipi), Avvisi(adesso)
    )
