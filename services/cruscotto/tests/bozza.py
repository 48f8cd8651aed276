"""Un rapporto di prova: aprirlo, scriverlo, approvarlo, come fanno le pagine."""

from datetime import date
from typing import Any
from uuid import uuid4

from cruscotto.rendiconto import testi
from cruscotto.rendiconto.rapporto import rapporti
from telaio.database import transaction
from telaio.execute import Accepted, Call, execute

from .conftest import Web

OGGI = date(2016, 12, 15)


async def comanda(web: Web, id: str, nome: str, **campi: Any) -> Accepted:
    """Un comando al rapporto, come Giulia Rossi. Raises: Rejected."""
    spec = rapporti.commands[nome]
    oggi = web.runtime.clock.today()
    modello = spec.model.model_validate({"avvenuto_il": oggi, **campi})
    return await execute(web.runtime, Call(rapporti, id, spec, modello, author="giulia.rossi"))


async def scrivi(web: Web, id: str, **scritti: str) -> None:
    """Salva dei testi, e li registra."""
    async with transaction(web.runtime.pool) as connection:
        await testi.salva(connection, id, scritti)
    await comanda(web, id, "narrativa")


async def aperto(web: Web, dal: str = "2016-02", al: str = "2016-11", enti: tuple[str, ...] = ()) -> str:
    """Una bozza con il suo testo obbligatorio."""
    id = str(uuid4())
    await comanda(web, id, "apertura", dal=dal, al=al, enti=enti)
    await scrivi(web, id, sintesi="Tre famiglie hanno una casa garantita.")
    return id


async def approvato(web: Web, dal: str = "2016-02", al: str = "2016-11", enti: tuple[str, ...] = ()) -> str:
    """Un rapporto approvato."""
    id = await aperto(web, dal, al, enti)
    await comanda(web, id, "approvazione")
    return id


async def eventi(web: Web, id: str) -> list[Any]:
    """La storia del rapporto nel diario: tipo e dati, in ordine."""
    righe = await web.runtime.pool.fetch(
        "select type, data::text from journal where kind = 'rapporto' and entity = $1 order by version", id
    )
    return [(tipo.partition(".")[2], dati) for tipo, dati in righe]
