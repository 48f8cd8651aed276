"""Ciò che pagine, API e consumatore di un processo hanno in comune."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from telaio.database import Connection
from telaio.runtime import Runtime

from cruscotto import generation
from cruscotto.avvisi import Avvisi
from cruscotto.freschezza import impronta
from cruscotto.indicatori import Registro

_DOVE = "_contesto_del_cruscotto"


@dataclass(frozen=True)
class Contesto:
    """Un cruscotto in funzione: il registro del distretto e chi ne aspetta le novità."""

    runtime: Runtime
    registro: Registro
    avvisi: Avvisi

    @asynccontextmanager
    async def lettura(self) -> AsyncIterator[Connection]:
        """Una transazione di sola lettura: tutte le cifre di una risposta sono dello stesso istante."""
        async with generation.reading_served(self.runtime.pool) as connection:
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
