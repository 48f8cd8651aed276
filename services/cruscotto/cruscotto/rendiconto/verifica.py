"""La prova di un rapporto: rifatto dai fatti che lesse è identico; accanto, le cifre di oggi e perché differiscono.

Rifatte e di oggi hanno lo stesso registro: fra loro la differenza è dei fatti. Fra approvate e rifatte i fatti sono gli
stessi: la differenza è del registro, o di chi ha toccato il diario.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from contratti.cruscotto import CifraFissata
from telaio.database import Connection

from cruscotto.contesto import Contesto
from cruscotto.domande.istantanea import Taglio, Versione, istantanea
from cruscotto.rendiconto.cifre import cifre, di_un_ente, dice, fonti_di, linee_di, periodo
from cruscotto.rendiconto.contenuto import Contenuto, Parte, intatto, versioni
from cruscotto.rendiconto.successive import Successivo, successivi


@dataclass(frozen=True)
class Confronto:
    """Un indicatore: come fu approvato, rifatto dagli stessi fatti, e sui fatti di oggi."""

    approvata: CifraFissata
    rifatta: CifraFissata
    di_oggi: CifraFissata

    @property
    def identica(self) -> bool:
        return dice(self.approvata) == dice(self.rifatta)

    @property
    def cambiata(self) -> bool:
        return dice(self.rifatta) != dice(self.di_oggi)

    @property
    def uguale(self) -> bool:
        return self.identica and not self.cambiata


@dataclass(frozen=True)
class Verifica:
    """L'esito. `intatto`: l'impronta è quella; `altro_registro`: se è cambiato da allora (None: non fu fissato);
    `parti`: i confronti di tutta la rete e di ogni ente, per nome."""

    intatto: bool
    altro_registro: bool | None
    parti: Sequence[tuple[Parte, Sequence[Confronto]]]
    successivi: Sequence[Successivo]

    @property
    def identico(self) -> bool:
        """Se ogni cifra, rifatta, è quella approvata."""
        return all(c.identica for _, confronti in self.parti for c in confronti)


async def verifica(c: Contesto, contenuto: Contenuto) -> Verifica:
    """Rifà il rapporto. Costa quanto rileggere i fatti: una alla volta."""
    r = contenuto.rapporto
    async with c.runtime.pool.acquire() as connection:
        sano, lette = await intatto(connection, contenuto), await versioni(connection, contenuto.id)
    async with c.una_alla_volta:
        parti = [(p, await _confronti(c, contenuto, p, lette)) for p in contenuto.parti]
    async with c.lettura() as connection:
        dopo = await successivi(connection, contenuto.id, periodo(r.dal, r.al).ultimo_giorno)
    altro = None if contenuto.registro is None else contenuto.registro != c.registro.impronta
    return Verifica(sano, altro, parti, dopo)


async def _confronti(c: Contesto, contenuto: Contenuto, parte: Parte, lette: Sequence[Versione]) -> list[Confronto]:
    fonti = fonti_di(parte.ente, c.runtime.district) if parte.ente else None
    async with istantanea(c.runtime.pool, Taglio(versioni=lette, fonti=fonti)) as connection:
        rifatte = await _cifre(c, connection, contenuto, parte)
    adesso = istantanea(c.runtime.pool, Taglio(fonti=fonti)) if fonti is not None else c.lettura()
    async with adesso as connection:
        di_oggi = await _cifre(c, connection, contenuto, parte)
    return [Confronto(f, rifatte.get(f.codice, _assente(f)), di_oggi.get(f.codice, _assente(f))) for f in parte.cifre]


def _assente(cifra: CifraFissata) -> CifraFissata:
    """Di un indicatore che non è più nel registro: nessun valore."""
    return cifra.model_copy(update={"valore": None, "numeratore": None, "denominatore": None, "a_parte": ()})


async def _cifre(c: Contesto, connection: Connection, contenuto: Contenuto, parte: Parte) -> dict[str, CifraFissata]:
    """Le cifre del periodo che la connessione vede, come al giorno dell'approvazione."""
    r = contenuto.rapporto
    tutte = await cifre(connection, c.registro, periodo(r.dal, r.al), contenuto.approvato_il)
    sue = di_un_ente(tutte, linee_di(parte.ente, c.runtime.district)) if parte.ente else tutte
    return {f.codice: f for f in sue}
