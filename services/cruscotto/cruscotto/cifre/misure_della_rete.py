"""Le misure della rete che non si sommano soltanto: la mediana delle attese (RE03), da quanti aspettano e da quanto."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import lru_cache

from telaio.calendar import working_days

from cruscotto.apporti.luoghi import DISTRETTO
from cruscotto.apporti.punti import GRUPPI
from cruscotto.proiezione.passi_della_rete import (
    APERTE,
    APERTE_AI_NODI,
    ARCHI,
    CHIUSE,
    CHIUSE_AI_NODI,
    IN_MANO,
    RISPOSTI,
)
from cruscotto.rete.catene import mediana_di_attesa

PerMisura = dict[str, dict[str, int]]
MEDIANA, MISURATE = "attesa_mediana", "attese_misurate"
MEDIANE = frozenset({MEDIANA, MISURATE})
NON_CIFRE = (IN_MANO, ARCHI, APERTE_AI_NODI, CHIUSE_AI_NODI, GRUPPI)
"""Le misure di cui si fanno elenchi, non cifre."""

_giorni = lru_cache(maxsize=20_000)(working_days)


def con_le_loro(misure: Collection[str]) -> list[str]:
    """Le misure volute, con quelle da cui nasce la mediana."""
    return sorted({*misure, APERTE, CHIUSE} if not MEDIANE.isdisjoint(misure) else misure)


def con_la_mediana(comuni: dict[str, PerMisura], giorno: date) -> dict[str, PerMisura]:
    """Le stesse misure e, di tutto il distretto, la mediana delle attese a quel giorno."""
    attese: Counter[tuple[int, bool]] = Counter()
    for misure in comuni.values():
        attese.update(attese_in(misure, giorno))
    di_tutti = comuni.setdefault(DISTRETTO, {})
    di_tutti.update(_detta(mediana_di_attesa(attese)))
    return comuni


def attese_in(misure: Mapping[str, Mapping[str, int]], giorno: date) -> Counter[tuple[int, bool]]:
    """Quante attese di quanti giorni, finite con una risposta o no; chi aspetta conta fino a quel giorno."""
    attese: Counter[tuple[int, bool]] = Counter()
    for chiave, quante in misure.get(CHIUSE, {}).items():
        giorni, _, come = chiave.partition("|")
        attese[int(giorni), come == RISPOSTI] += quante
    for dal, quante in misure.get(APERTE, {}).items():
        attese[_giorni(date.fromisoformat(dal), giorno), False] += quante
    return attese


def mediane_per_mese(
    prima: PerMisura, mesi: Mapping[date, PerMisura], ieri: date, fini: Sequence[date]
) -> tuple[PerMisura, dict[date, PerMisura]]:
    """Di quanto la mediana cambia da un mese al seguente; `fini`: l'ultimo giorno di ciascuno, `ieri` quello prima."""
    somma = {misura: Counter(prima.get(misura, {})) for misura in (APERTE, CHIUSE)}
    detta = _detta(mediana_di_attesa(attese_in(somma, ieri)))
    prima, trovati = {**prima, **detta}, dict(mesi)
    for fine in fini:
        mese = fine.replace(day=1)
        for misura, quante in somma.items():
            quante.update(mesi.get(mese, {}).get(misura, {}))
        ora = _detta(mediana_di_attesa(attese_in(somma, fine)))
        cambio = {misura: {"": ora[misura][""] - detta[misura][""]} for misura in detta}
        trovati[mese], detta = {**trovati.get(mese, {}), **cambio}, ora
    return prima, trovati


def _detta(mediana: int | None) -> PerMisura:
    return {MEDIANA: {"": mediana or 0}, MISURATE: {"": int(mediana is not None)}}
