"""La dichiarazione del servizio cruscotto."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from starlette.routing import BaseRoute
from telaio.runtime import Runtime
from telaio.service import Consumption, Service

from cruscotto import api, api_dei_fondi, documento
from cruscotto.apporti import casa, giovani, invii, lavoro, punti, rete
from cruscotto.contesto import contesto
from cruscotto.domande import capienza
from cruscotto.pagine import (
    bozza,
    elenco,
    fondi,
    indicatori,
    percorsi,
    qualita,
    rendicontazione,
    sintesi,
    stato,
    territorio,
)
from cruscotto.pagine import pubblica as pagina_pubblica
from cruscotto.pagine import punti as pagina_dei_punti
from cruscotto.pagine import rete as pagina_della_rete
from cruscotto.proiezione import generation, riepilogo, viste_per_fogli
from cruscotto.proiezione.projection import Projection
from cruscotto.proiezione.rebuild import REBUILD, prepare
from cruscotto.pubblica.mensile import ogni_mese
from cruscotto.pubblica.rilascio import pubblicazioni, regole_di
from cruscotto.rendiconto.rapporto import protocolli, rapporti
from telaio import heartbeat

LINEE = (casa, lavoro, giovani, punti, rete, invii, capienza)
"""I moduli che dicono che cosa gli eventi di ogni linea aggiungono alle misure."""

ROTTE = (
    documento,
    api,
    api_dei_fondi,
    sintesi,
    elenco,
    indicatori,
    pagina_della_rete,
    territorio,
    fondi,
    percorsi,
    pagina_dei_punti,
    qualita,
    stato,
    bozza,
    rendicontazione,
    pagina_pubblica,
)
"""I moduli che dicono una pagina, o una parte dell'API."""


def consumo(runtime: Runtime) -> Consumption:
    """Ciò che il cruscotto legge: gli eventi di tutte le linee, nella generazione servita."""
    return Consumption(
        topics=[f"{name}.eventi" for name in runtime.district.linee],
        transaction=lambda: generation.in_served(runtime.pool),
        effect=Projection(riepilogo.aggiorna),
        committed=contesto(runtime).avvisi.sveglia,
    )


def rotte(runtime: Runtime) -> Sequence[BaseRoute]:
    """Le rotte del cruscotto: quelle di ogni pagina, e l'API."""
    trovato = contesto(runtime)
    return [rotta for modulo in ROTTE for rotta in modulo.routes(trovato)]


def parti(runtime: Runtime) -> Mapping[str, Callable[[], Awaitable[None]]]:
    """Ciò che corre accanto all'API: chi ascolta i battiti di ogni linea, chi pubblica i dati del mese,
    chi scrive le cifre per i fogli di calcolo.

    Raises: pydantic.ValidationError, ValueError per ciò che il distretto dice di sbagliato su che cosa si pubblica.
    """
    regole_di(runtime)
    return {
        "battiti": lambda: heartbeat.listen(runtime, runtime.district.linee),
        "pubblicazione": lambda: ogni_mese(runtime),
        "fogli": lambda: viste_per_fogli.tieni_aggiornate(contesto(runtime)),
    }


servizio = Service(
    name="cruscotto",
    title="Cruscotto della rete",
    entities=(pubblicazioni, rapporti, protocolli),
    migrations=Path(__file__).with_name("migrations"),
    prepare=prepare,
    consumer=consumo,
    routes=rotte,
    parts=parti,
    commands={"rebuild": REBUILD},
    remade=frozenset({"generation", "served"}),
)
