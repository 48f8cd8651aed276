"""Il rilascio del mese, su un PostgreSQL vero: chi lo fa, che cosa contiene, che cosa sopravvive."""

from typing import Any

from cruscotto.indicatori import Registro
from cruscotto.pubblica.mensile import pubblica_se_serve
from cruscotto.pubblica.pubblicazione import Pubblicazione, rilasci
from telaio.clock import Clock

from .conftest import Web
from .racconto_linee import racconto


async def pubblicati(web: Web) -> list[Pubblicazione]:
    async with web.cruscotto.pool.acquire() as connection:
        return await rilasci(connection)


async def al(web: Web, quando: str) -> str | None:
    """Il rilascio che il cruscotto fa in quel giorno."""
    web.runtime.clock = Clock(f"{quando}T09:30:00+01:00")
    return await pubblica_se_serve(web.runtime)


def cifra(p: Pubblicazione, codice: str) -> Any:
    return next(c for c in p.cifre if c.codice == codice and c.parte is None)


async def test_ogni_mese_se_ne_fa_uno_quando_e_finito_da_qualche_giorno(web: Web) -> None:
    await web.feed(racconto())
    assert [await al(web, g) for g in ("2016-12-04", "2016-12-05", "2016-12-31")] == ["2016-10", "2016-11", None]
    assert await al(web, "2017-04-10") == "2017-03"  # i mesi passati senza che nessuno guardasse non si recuperano
    assert [p.mese for p in await pubblicati(web)] == ["2016-10", "2016-11", "2017-03"]


async def test_nessuna_cifra_di_persone_sotto_k_e_ciascuna_riga_c_e(web: Web) -> None:
    await web.feed(racconto())
    await al(web, "2016-12-15")
    (fatta,) = await pubblicati(web)
    assert {c.codice for c in fatta.cifre} == set(Registro.carica().per_codice)
    assert cifra(fatta, "LA01").valore is None  # due persone
    assert cifra(fatta, "LA01").motivo == "tutela"
    assert cifra(fatta, "CA06").motivo == "non_pubblicata"
    assert (cifra(fatta, "PU01").valore, cifra(fatta, "PU01").mese) == ("2", "2016-11")
    assert cifra(fatta, "AD08").valore is None  # 15, ma non di ogni comune almeno cinque
