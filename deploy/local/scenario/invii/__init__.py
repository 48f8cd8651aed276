"""Gli invii in scena: chi passa da una linea all'altra, e come va a finire."""

from scenario.copione import Copione
from scenario.invii import storie
from scenario.invii.sportelli import Sportelli

STORIE = (
    (storie.famiglia_intera, 26, (18, 40)),
    (storie.aiuto_di_casa, 14, (40, 75)),
    (storie.rifiutato_e_offerto_al_comune, 9, (60, 110)),
    (storie.scaduto_e_archiviato, 5, (110, 180)),
    (storie.scaduto_e_accettato_tardi, 5, (120, 190)),
    (storie.chiamata_aperta, 8, (70, 120)),
    (storie.annullato_da_chi_invia, 5, (110, 170)),
    (storie.ritirato_da_chi_riceve, 4, (130, 220)),
    (storie.non_riuscito, 5, (110, 180)),
    (storie.revocato, 3, (190, 270)),
)
"""Ogni storia: quante volte e ogni quanti giorni."""
POSTI = {
    "casa": ("accompagnamento_abitativo", "garanzia_affitto", "coabitazione"),
    "lavoro": ("orientamento_al_lavoro", "tirocinio", "inserimento_lavorativo"),
    "giovani": ("laboratorio", "percorso_scuola_lavoro"),
}
"""Chi dice quanti posti ha, e di che cosa."""


def apri(copione: Copione) -> Sportelli:
    """Mette in scena gli invii: tutte le loro storie cominciano."""
    sportelli = Sportelli(copione)
    for storia, quante, ogni in STORIE:
        copione.avvia(storie.piu_volte(sportelli, storia, quante, ogni), 45)
    for linea, prestazioni in POSTI.items():
        copione.avvia(storie.posti(sportelli, linea, prestazioni), 20)
    return sportelli
