"""Le misure di RE01-RE04 come le definiscono `catene.py` e i percorsi, rileggendo tutti gli invii: il riferimento."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cruscotto.apporti import invii
from cruscotto.apporti.invii import Invio
from cruscotto.apporti.luoghi import DISTRETTO
from cruscotto.rete import percorsi
from cruscotto.rete.catene import Catena, attese, catene, con_esito, conclusi, mediana_di_attesa, ricomposti
from telaio.database import Connection

PerMisura = dict[str, dict[str, int]]
CATENE = frozenset({"catene_chieste", "catene_con_esito", "catene_concluse"})
DI_TUTTI = frozenset({"attesa_mediana", "attese_misurate", "persone_collegate", "persone_fra_linee"})
DELLA_RETE = CATENE | DI_TUTTI


@dataclass(frozen=True)
class Fatti:
    """Ciò da cui nascono. `dal`: per ogni persona, il mese da cui ciascuna linea la segue."""

    invii: Sequence[Invio]
    catene: Sequence[Catena]
    dal: Mapping[str, Mapping[str, date]]
    di_chi: dict[str, set[str]]

    def misure(self, dal: date, al: date) -> dict[str, PerMisura]:
        """Le misure per comune, e quelle di tutto il distretto: dei fatti da `dal` ad `al`."""
        per_comune: dict[str, list[Catena]] = {}
        for catena in self.catene:
            per_comune.setdefault(catena.comune, []).append(catena)
        trovate = {comune: _delle_catene(sue, dal, al) for comune, sue in per_comune.items()}
        return trovate | {DISTRETTO: self._di_tutti(dal, al)}

    def _di_tutti(self, dal: date, al: date) -> PerMisura:
        mediana = mediana_di_attesa(attese(self.invii, dal, al))
        persone = {p: {linea for linea, il in linee.items() if il <= al} for p, linee in self.dal.items()}
        percorsi = ricomposti(persone, self.invii, self.di_chi, al)
        return {
            "attesa_mediana": {"": mediana or 0},
            "attese_misurate": {"": int(mediana is not None)},
            "persone_collegate": {"": percorsi.sopra},
            "persone_fra_linee": {"": percorsi.sotto},
        }

    def passi(
        self, mesi: Sequence[date], comune: str | None, volute: Collection[str]
    ) -> Iterator[tuple[date, PerMisura]]:
        """Di quanto cambiano le misure volute da un mese al seguente; `mesi`: l'ultimo giorno di ciascuno."""
        prima: PerMisura = {}
        for fine in mesi:
            ora = _intere(self.misure(date.min, fine), comune, volute)
            yield fine.replace(day=1), _differenza(ora, prima)
            prima = ora


async def leggi(connection: Connection) -> Fatti:
    """Tutto ciò che serve, dalla generazione servita."""
    tutti = await invii.leggi(connection)
    return Fatti(tutti, catene(tutti), await percorsi.dal(connection), await percorsi.per_famiglia(connection))


def _delle_catene(sue: Sequence[Catena], dal: date, al: date) -> PerMisura:
    esiti = con_esito(sue, dal, al)
    concluse: dict[str, int] = {}
    for esito in conclusi(sue, dal, al):
        concluse[esito] = concluse.get(esito, 0) + 1
    chieste = {"catene_chieste": {"": esiti.sotto}, "catene_con_esito": {"": esiti.sopra}}
    return {**chieste, "catene_concluse": concluse}


def _intere(per_comune: Mapping[str, PerMisura], comune: str | None, volute: Collection[str]) -> PerMisura:
    somma: PerMisura = {}
    scelte = [misure for dove, misure in per_comune.items() if comune in (None, dove)]
    for misura, chiavi in (voce for misure in scelte for voce in misure.items() if voce[0] in volute):
        sue = somma.setdefault(misura, {})
        for chiave, valore in chiavi.items():
            sue[chiave] = sue.get(chiave, 0) + valore
    return somma


def _differenza(ora: PerMisura, prima: PerMisura) -> PerMisura:
    return {
        misura: {k: valore - prima.get(misura, {}).get(k, 0) for k, valore in chiavi.items()}
        | {k: -valore for k, valore in prima.get(misura, {}).items() if k not in chiavi}
        for misura, chiavi in ora.items()
    }
