"""La prima garanzia, quando nel Fondo c'è solo la raccolta dei cittadini: il locatore riscuote e il Fondo non basta."""

from scenario.casa import famiglia as di
from scenario.casa import garanzia as il_fondo
from scenario.casa.scena import EURO, Scena
from scenario.copione import Storia


def prologo(scena: Scena) -> Storia:
    """Un'escussione oltre il saldo è rifiutata; accolta quando arriva la dotazione della Fondazione."""
    caso = scena.sorte("prologo")
    yield 3
    f = di.nuova(scena, 0)
    di.prendi_in_carico(scena, f, caso)
    yield 7
    di.rileva_morosita(scena, f, 1_350 * EURO, 3)
    di.intima(scena, f)
    casa = il_fondo.nuovo_alloggio(scena, f.comune, caso)
    il_fondo.assegna(scena, casa, f, "locazione_in_corso")
    yield 6
    g = il_fondo.concedi(scena, f, casa, 2_400 * EURO, 18)
    di.previeni(scena, f, "garanzia_del_fondo")
    yield 45
    richiesto = {"importo_centesimi": 950 * EURO, "motivo": "canoni_non_pagati"}
    scena.rifiuta(f"garanzie/{g.id}/escussione", richiesto, "fondo-incapiente", con=g.tocca)
    yield 28
    il_fondo.escuti(scena, g, 950 * EURO, "canoni_non_pagati")
    yield 200
    il_fondo.recupera(scena, g, 150 * EURO)
    yield 150
    il_fondo.svincola(scena, g, "scadenza")
