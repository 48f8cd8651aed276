"""Ciò che un rapporto fissa quando è approvato: versioni, cifre e rettifiche di uno stesso istante."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Self

from contratti.cruscotto import CifraFissata, RettificaSuccessiva, VersioneFissata
from telaio.database import Connection
from telaio.here import View

from cruscotto.contesto import Contesto, contesto
from cruscotto.domande.istantanea import Taglio, ferma, ritaglia
from cruscotto.rendiconto.cifre import cifre, di_un_ente, fonti_di, linee_di, periodo
from cruscotto.rendiconto.successive import dei_precedenti

if TYPE_CHECKING:
    from telaio.runtime import Runtime

_VERSIONI = "select source, subject, version from gate where version > 0 order by source, subject"


@dataclass(frozen=True)
class Fotografia(View):
    """Di ogni fonte le schede con la loro versione; le cifre, per ente (None: consolidate), e di chi sono per esteso;
    ciò che tocca i rapporti precedenti; l'impronta del registro che le ha calcolate."""

    seconds: ClassVar[int] = 300  # una copia per ogni ente: venti secondi ciascuna con un milione di eventi
    versioni: Mapping[str, Sequence[VersioneFissata]] = field(default_factory=dict)
    parti: Mapping[str | None, tuple[CifraFissata, ...]] = field(default_factory=dict)
    nomi: Mapping[str | None, str] = field(default_factory=dict)
    rettifiche: Sequence[RettificaSuccessiva] = ()
    registro: str | None = None

    @classmethod
    async def load_in(cls, runtime: "Runtime", connection: Connection, id: str, state: Any, command: Any) -> Self:
        """La generazione servita com'è adesso; niente per un rapporto che non è una bozza.

        La legge una transazione sua, che è ferma e non ferma nessuno. Il comando ha già preso il protocollo: dei
        rapporti approvati prima essa vede tutto, e nessun altro viene approvato intanto.
        """
        if state is None or state.numero is not None:
            return cls()
        async with ferma(runtime.settings.database) as letta:
            versioni = await _versioni(letta)
            rettifiche = await dei_precedenti(letta)
            parti = await _parti(contesto(runtime), letta, state)
        nomi = {e: runtime.district.enti.get(e, e) if e else runtime.district.denominazione for e in parti}
        return cls(versioni, parti, nomi, rettifiche, contesto(runtime).registro.impronta)


async def _versioni(connection: Connection) -> dict[str, list[VersioneFissata]]:
    trovate: dict[str, list[VersioneFissata]] = {}
    for fonte, soggetto, versione in await connection.fetch(_VERSIONI):
        trovate.setdefault(fonte, []).append(VersioneFissata(soggetto=soggetto, versione=versione))
    return trovate


async def _parti(c: Contesto, connection: Connection, stato: Any) -> dict[str | None, tuple[CifraFissata, ...]]:
    """Le cifre consolidate, e quelle di ogni ente da una copia dei suoi soli fatti."""
    filtro, oggi, distretto = periodo(stato.dal, stato.al), c.runtime.clock.today(), c.runtime.district
    parti: dict[str | None, tuple[CifraFissata, ...]] = {
        None: await cifre(connection, c.registro, filtro, oggi),
    }
    for ente in stato.enti:
        await connection.execute("savepoint ente")
        await ritaglia(connection, Taglio(fonti=fonti_di(ente, distretto)))
        sue = await cifre(connection, c.registro, filtro, oggi)
        parti[ente] = di_un_ente(sue, linee_di(ente, distretto))
        await connection.execute("rollback to savepoint ente")
    return parti
