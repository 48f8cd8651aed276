"""L'affinità fra un candidato e un'offerta, da 0 a 100, con le sue ragioni: competenze, distanza, disponibilità."""

from collections.abc import Iterable
from typing import NamedTuple

from contratti.lavoro import Ragione
from contratti.rete import ALTRO
from telaio.district import District

from lavoro.candidato import Candidato
from lavoro.offerta import Offerta
from lavoro.regole import Pesi

Voce = tuple[float, Ragione]  # quanto, da 0 a 1, e perché
COMPETENZE: tuple[Ragione, ...] = ("tutte_le_competenze", "parte_delle_competenze", "competenze_da_formare")
ORARIO: tuple[Ragione, ...] = ("orario_compatibile", "orario_in_parte", "orario_non_compatibile")
NON_SI_SA = 0.5


class Affinita(NamedTuple):
    """Il punteggio e le ragioni, una per voce."""

    punteggio: int
    ragioni: tuple[Ragione, ...]


def affinita(candidato: Candidato, offerta: Offerta, distretto: District, pesi: Pesi) -> Affinita:
    """Restituisce l'affinità; sempre la stessa per gli stessi dati."""
    liberi: Voce = (1.0, "nessuna_competenza_richiesta")
    orario: Voce = (NON_SI_SA, "orario_da_concordare")
    voci = (
        (pesi.competenze, _quanta_parte(offerta.competenze, candidato.competenze, COMPETENZE) or liberi),
        (pesi.distanza, _vicinanza(distretto.distance_km(candidato.comune, offerta.comune), pesi)),
        (pesi.disponibilita, _quanta_parte(offerta.orario, candidato.disponibilita, ORARIO) or orario),
    )
    punti, massimo = sum(peso * quanto for peso, (quanto, _) in voci), sum(peso for peso, _ in voci)
    return Affinita(round(100 * punti / massimo), tuple(perche for _, (_, perche) in voci))


def classifica(
    coppie: Iterable[tuple[Candidato, Offerta]], distretto: District, pesi: Pesi
) -> list[tuple[Candidato, Offerta, Affinita]]:
    """Restituisce le coppie possibili, con offerte aperte e posti liberi, dalla più adatta; a pari merito, per id."""
    possibili = [(c, o) for c, o in coppie if c.in_carico and o.chiusa_il is None and o.occupati < o.posti]
    trovate = [(c, o, affinita(c, o, distretto, pesi)) for c, o in possibili]
    return sorted(trovate, key=lambda t: (-t[2].punteggio, t[0].id, t[1].id))


def _quanta_parte(chiesti: Iterable[str], dati: Iterable[str], ragioni: tuple[Ragione, ...]) -> Voce | None:
    """Quanta parte di ciò che si chiede c'è: tutta, una parte, niente; None se non si chiede nulla (o «altro»)."""
    noti = set(chiesti) - {ALTRO}
    quota = len(noti & set(dati)) / len(noti) if noti else None
    return None if quota is None else (quota, ragioni[0 if quota == 1 else 1 if quota else 2])


def _vicinanza(km: float | None, pesi: Pesi) -> Voce:
    """In linea d'aria, fra i centri dei comuni; se il distretto non li dice, comuni diversi non si confrontano."""
    if km is None:
        return NON_SI_SA, "distanza_non_nota"
    quota = max(0.0, 1 - km / pesi.lontano_km)
    if km <= pesi.vicino_km:
        return quota, "comune_vicino" if km else "stesso_comune"
    return quota, "comune_raggiungibile" if quota else "comune_lontano"
