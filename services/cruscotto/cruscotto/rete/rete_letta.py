"""La rete come la chiedono pagina e API, letta dal riepilogo: costa quanto i nodi e i mesi, non quanto gli invii."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from telaio.database import Connection

from cruscotto.apporti import invii
from cruscotto.apporti.invii import Invio, uniti
from cruscotto.cifre.indicatori import Registro
from cruscotto.cifre.misure import Lettura, PerMisura, fine_del_mese, sommate
from cruscotto.cifre.misure_della_rete import attese_in
from cruscotto.domande.filtro import Filtro
from cruscotto.proiezione.passi_della_rete import APERTE, APERTE_AI_NODI, ARCHI, CHIUSE, CHIUSE_AI_NODI, IN_MANO
from cruscotto.rete.flussi import Flusso

Attese = Counter[tuple[int, bool]]
"""Quante attese di quanti giorni lavorativi, finite con una risposta o no."""
_IN_MANO = "select key from totale where measure = $1 and ($2::text is null or comune = $2) order by key"


@dataclass(frozen=True)
class Letta:
    """Ciò che accade fra i nodi in un periodo. `attese`: per nodo a cui si è chiesto."""

    flussi: Sequence[Flusso]
    attese: dict[str, Attese]

    @property
    def tutte_le_attese(self) -> Attese:
        """Quelle di tutti i nodi insieme, e degli invii aperti a tutti."""
        insieme: Attese = Counter()
        for sue in self.attese.values():
            insieme.update(sue)
        return insieme


async def leggi(connection: Connection, registro: Registro, filtro: Filtro, oggi: date) -> Letta:
    """Gli invii chiesti nel periodo e nel comune: che cosa ne è stato, e quanto hanno aspettato fino ad `al`."""
    fine = fine_del_mese(filtro.al)
    giorno = min(fine, oggi)
    lettura = Lettura(connection, registro, fine, giorno, (ARCHI, APERTE_AI_NODI, CHIUSE_AI_NODI), ())
    comuni = await lettura.da(filtro.dal)
    misure = sommate(sue for comune, sue in comuni.items() if filtro.comune in (None, comune))
    return Letta(_flussi(misure.get(ARCHI, {})), _attese(misure, giorno))


async def in_mano(connection: Connection, comune: str | None) -> list[Invio]:
    """Gli invii che qualcuno deve ancora muovere."""
    ids = [id for (id,) in await connection.fetch(_IN_MANO, IN_MANO, comune)]
    return uniti(await invii.mezzi(connection, ids))


def _flussi(archi: dict[str, int]) -> list[Flusso]:
    coppie: dict[tuple[str, str], dict[str, int]] = {}
    for chiave, quanti in archi.items():
        da, a, fatto = chiave.split("|")
        coppie.setdefault((da, a), {})[fatto] = quanti
    fatti = ("chiesti", "confermati", "rifiutati", "conclusi", "aiutati")
    return [Flusso(da, a, *(sue.get(fatto, 0) for fatto in fatti)) for (da, a), sue in sorted(coppie.items())]


def _attese(misure: PerMisura, giorno: date) -> dict[str, Attese]:
    """Per nodo: la chiave comincia con il suo nome."""
    per_nodo: dict[str, dict[str, dict[str, int]]] = {}
    for sua, comune in ((APERTE_AI_NODI, APERTE), (CHIUSE_AI_NODI, CHIUSE)):
        for chiave, quante in misure.get(sua, {}).items():
            nodo, _, resto = chiave.partition("|")
            per_nodo.setdefault(nodo, {}).setdefault(comune, {})[resto] = quante
    return {nodo: attese_in(sue, giorno) for nodo, sue in per_nodo.items()}
