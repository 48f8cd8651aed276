"""Il rilascio del mese, che si fa da sé accanto all'API: al più uno alla volta, quando il mese è finito da qualche
giorno e le letture sono in pari. I mesi passati senza che nessuno guardasse non si recuperano."""

import asyncio
import logging
from uuid import UUID, uuid5

from telaio.database import Unavailable
from telaio.entity import Rejected
from telaio.execute import Call, execute
from telaio.runtime import Runtime

from cruscotto.pubblica.rilascio import Rilascio, mese_da_pubblicare, pubblicazioni, regole_di

AUTORE = "sistema"
PAUSA_SECONDI = 20.0
MESI = UUID("6f1d8c1e-3f0b-5a7e-9d52-2f4b7c9a1e60")
"""Da cui nasce l'identificativo di ogni mese: due processi insieme chiedono la stessa pubblicazione."""

_FATTA = "select exists (select from snapshot where kind = 'pubblicazione' and state->>'mese' >= $1)"
log = logging.getLogger("cruscotto.pubblica")


async def ogni_mese(runtime: Runtime) -> None:
    """Lavora finché non è fermata."""
    while True:
        await asyncio.sleep(PAUSA_SECONDI)
        if in_pari(runtime):
            await pubblica_se_serve(runtime)


async def pubblica_se_serve(runtime: Runtime) -> str | None:
    """Il mese pubblicato adesso; None se non ce n'era da pubblicare."""
    oggi = runtime.clock.today()
    mese = mese_da_pubblicare(oggi, regole_di(runtime).giorno)
    if await runtime.pool.fetchval(_FATTA, mese) or not await qualcosa_e_accaduto(runtime):
        return None
    comando = Rilascio(avvenuto_il=oggi, mese=mese)
    try:
        await execute(runtime, Call(pubblicazioni, id_del(mese), pubblicazioni.commands["rilascio"], comando, AUTORE))
    except Rejected as gia:
        log.info("not published", extra={"month": mese, "code": gia.code})
        return None
    except Unavailable:
        log.warning("database away", extra={"month": mese})
        return None
    return mese


def id_del(mese: str) -> str:
    """L'identificativo della pubblicazione di un mese."""
    return str(uuid5(MESI, mese))


def in_pari(runtime: Runtime) -> bool:
    """Se ciò che si è letto è tutto ciò che c'è: a metà di una lettura le cifre sarebbero pubbliche, e false."""
    if not runtime.settings.lettore:
        return True
    lettore = runtime.status.get("lettore", {})
    return lettore.get("ritardo") == 0 and bool(lettore.get("partizioni")) and not lettore.get("allarmi")


async def qualcosa_e_accaduto(runtime: Runtime) -> bool:
    """Se la generazione servita ha qualche fatto: un cruscotto appena nato non ha niente da dire."""
    nome = await runtime.pool.fetchval("select name from served")
    return nome is not None and bool(await runtime.pool.fetchval(f"select exists (select from {nome}.freshness)"))  # noqa: S608
