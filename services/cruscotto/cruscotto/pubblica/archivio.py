"""I rilasci come li leggono pagina, API e file: l'ultimo, o tutti, tenuti finché non se ne fa un altro."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from telaio.database import Connection
from telaio.runtime import Runtime

from cruscotto.cifre.indicatori import Registro
from cruscotto.pubblica import dati_aperti, pubblicazione
from cruscotto.pubblica.pubblicazione import Pubblicazione
from cruscotto.pubblica.regole import Regole


@dataclass
class Archivio:
    """Ciò che è pubblico in un cruscotto. Non legge altro che rilasci."""

    runtime: Runtime
    registro: Registro
    regole: Regole
    _tenuta: tuple[str, list[dati_aperti.Riga]] = field(default=("", []))

    @asynccontextmanager
    async def lettura(self) -> AsyncIterator[Connection]:
        """Una connessione al diario del cruscotto."""
        async with self.runtime.pool.acquire() as connection:
            yield connection

    async def impronta(self) -> str:
        """Cambia quando si pubblica, e quando cambia come si chiamano le cifre."""
        async with self.lettura() as connection:
            return f"{await pubblicazione.impronta(connection)}-{self.registro.impronta}"

    async def ultima(self) -> Pubblicazione | None:
        """Ciò che vale adesso; None se non si è ancora pubblicato niente."""
        async with self.lettura() as connection:
            return await pubblicazione.ultimo(connection)

    async def serie(self) -> list[dati_aperti.Riga]:
        """Ogni cifra di ogni rilascio, in righe."""
        ora = await self.impronta()
        if self._tenuta[0] != ora:
            async with self.lettura() as connection:
                tutti = await pubblicazione.rilasci(connection)
            distretto = self.runtime.district
            righe = dati_aperti.righe(tutti, self.registro, distretto.comuni, distretto.denominazione)
            self._tenuta = (ora, righe)
        return self._tenuta[1]
