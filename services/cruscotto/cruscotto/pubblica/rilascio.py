"""La pubblicazione: una al mese, per sempre. Il suo evento tiene ciò che è pubblico, mai le cifre da cui nasce.

Chi la chiede dice solo il mese: le cifre le legge la decisione, dalla generazione servita e dai rilasci già fatti. Così
nessuno ne pubblica di sue, e perdere le letture non ne perde nessuna.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

from contratti.cruscotto import CifraPubblicata, DatiPubblicati
from contratti.lavoro import Mese
from telaio.command import Command
from telaio.database import Connection
from telaio.entity import Entity, Events, Rejected
from telaio.here import View
from telaio.runtime import Runtime

from cruscotto.contesto import contesto
from cruscotto.pubblica.proposte import Fonte, proposte
from cruscotto.pubblica.pubblicazione import Pubblicazione, primo_giorno, rilasci
from cruscotto.pubblica.regole import LICENZA, Regole
from cruscotto.pubblica.rilasciate import rilascia

_NELLA_GENERAZIONE = """
with pointer as (select name from public.served for share)
select set_config('search_path', (select name from pointer), true)
"""


pubblicazioni = Entity(
    "pubblicazione",
    Pubblicazione,
    "pubblicazioni",
    "Pubblicazione",
    correctable=False,
    named_by=("mese",),
    action="pubblicazione",
)


@dataclass(frozen=True)
class DaPubblicare(View):
    """Le cifre del mese già passate dalla tutela, la soglia, e l'ultimo mese pubblicato."""

    cifre: tuple[CifraPubblicata, ...]
    soglia: int
    ultimo: str

    @classmethod
    async def load_in(cls, runtime: Runtime, connection: Connection, id: str, state: Any, command: Any) -> Self:
        """Legge le cifre servite nella transazione del comando; il puntatore resta fermo fino alla fine."""
        # Due rilasci insieme non vedrebbero l'uno le cifre dell'altro.
        await connection.execute("select pg_advisory_xact_lock(hashtext('cruscotto.pubblicazione'))")
        regole, prima = regole_di(runtime), [p.cifre for p in await rilasci(connection)]
        fonte = Fonte(contesto(runtime).registro, regole, runtime.district)
        diario = await connection.fetchval("select current_setting('search_path')")
        await connection.execute(_NELLA_GENERAZIONE)
        trovate = await proposte(connection, fonte, primo_giorno(command.mese), runtime.clock.today())
        await connection.execute("select set_config('search_path', $1, true)", diario)
        cifre = rilascia(trovate, prima, regole.tutela, fonte.tutti)
        return cls(tuple(cifre), regole.k, await _ultimo(connection))


class Rilascio(Command):
    """Quale mese pubblicare."""

    mese: Mese


@pubblicazioni.command("rilascio", once=("pubblicazione-gia-fatta", "Questa pubblicazione è già stata fatta."))
def rilascia_il_mese(p: Pubblicazione | None, comando: Rilascio, oggi: date, da_pubblicare: DaPubblicare) -> Events:
    """Pubblica le cifre di un mese finito, come la tutela le ammette. Raises: Rejected "mese-non-finito",
    "mese-gia-pubblicato"."""
    if primo_giorno(comando.mese) >= oggi.replace(day=1):
        raise Rejected("mese-non-finito", "Si pubblica un mese quando è finito.")
    if comando.mese <= da_pubblicare.ultimo:
        raise Rejected("mese-gia-pubblicato", "Questo mese, o uno che lo segue, è già stato pubblicato.")
    fatta = DatiPubblicati(
        avvenuto_il=oggi,
        mese=comando.mese,
        soglia=da_pubblicare.soglia,
        licenza=LICENZA,
        cifre=da_pubblicare.cifre,
    )
    return [fatta]


@pubblicazioni.begins
def _(p: Pubblicazione | None, e: DatiPubblicati) -> Pubblicazione:
    detto = e.model_dump(include={"mese", "soglia", "licenza"})
    return Pubblicazione(**detto, cifre=e.cifre, pubblicata_il=e.avvenuto_il)


async def _ultimo(connection: Connection) -> str:
    trovato = await connection.fetchval("select max(state->>'mese') from snapshot where kind = 'pubblicazione'")
    return str(trovato or "")


def mese_da_pubblicare(oggi: date, giorno: int) -> str:
    """L'ultimo mese finito da abbastanza giorni."""
    fine = oggi.replace(day=1) - timedelta(days=1)
    if oggi.day < giorno:
        fine = fine.replace(day=1) - timedelta(days=1)
    return f"{fine:%Y-%m}"


_REGOLE = "_regole_della_pubblicazione"


def regole_di(runtime: Runtime) -> Regole:
    """Le regole di quel processo. Raises: pydantic.ValidationError, ValueError per un file del distretto sbagliato."""
    trovate = vars(runtime).get(_REGOLE)
    if trovate is None:
        registro = contesto(runtime).registro
        trovate = vars(runtime)[_REGOLE] = Regole.carica(registro, runtime.settings.distretto_file)
    assert isinstance(trovate, Regole)
    return trovate
