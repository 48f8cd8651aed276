"""Richieste sbagliate prima ancora delle regole: date, comuni, permessi, chiavi; e rettifiche che non reggono.

Ogni funzione dice quale passo ha scritto, None se in scena non c'era nulla di adatto.
"""

from datetime import timedelta
from random import Random
from typing import Any

from scenario.casa.scena import FONDO, Scena
from scenario.copione import COORDINATRICE
from scenario.passo import Evento, Passo, rifiutato


def domani(scena: Scena, caso: Random) -> Passo | None:
    """Un fatto che deve ancora accadere."""
    f = scena.una_famiglia(caso)
    campi = {"avvenuto_il": (scena.oggi + timedelta(1)).isoformat(), "importo_centesimi": 100, "mensilita": 1}
    return scena.rifiuta(f"famiglie/{f.id}/rilievo-morosita", campi, "dati-non-validi") if f else None


def comune_di_altri(scena: Scena, caso: Random) -> Passo | None:
    """Brescia, che è fuori dal distretto."""
    id = scena.mai_visto()
    campi = {"comune": "017029", "componenti": [scena.persona(id)], "minori": 0}
    return scena.rifiuta(f"famiglie/{id}/presa-in-carico", campi, "dati-non-validi")


def famiglia_inesistente(scena: Scena, caso: Random) -> Passo | None:
    """Una famiglia che nessuno ha preso in carico."""
    return scena.rifiuta(f"famiglie/{scena.mai_visto()}/sfratto-intimato", {}, "non-trovato")


def chi_non_puo(scena: Scena, caso: Random) -> Passo | None:
    """La coordinatrice legge e non registra."""
    f = scena.una_famiglia(caso)
    return scena.rifiuta(f"famiglie/{f.id}/sfratto-intimato", {}, "non-permesso", chi=COORDINATRICE) if f else None


def senza_accesso(scena: Scena, caso: Random) -> Passo | None:
    """Nessuno ha fatto accesso."""
    campi = {"importo_centesimi": 1, "da": "ente"}
    return scena.rifiuta(f"fondi/{FONDO}/versamento", campi, "token-mancante", con=[FONDO], chi=None)


def chiave_di_un_altro(scena: Scena, caso: Random) -> Passo | None:
    """Una chiave già usata, per una richiesta diversa."""
    prima = scena.ultimo("famiglie/rilievo-morosita")
    if prima is None:
        return None
    body = {**prima.body, "importo_centesimi": prima.body["importo_centesimi"] + 1}
    return scena.ripeti(prima, body=body, expects=rifiutato("chiave-riusata"))


def rettifica_di_altri(scena: Scena, caso: Random) -> Passo | None:
    """L'evento da rettificare è di un'altra famiglia."""
    altra = scena.ultimo("famiglie/presa-in-carico")
    f = altra and scena.una_famiglia(caso, lambda f: f.id != altra.entita)
    return _rettifica(scena, f.id, altra, None, "evento-non-trovato") if f and altra else None


def rettifica_impossibile(scena: Scena, caso: Random) -> Passo | None:
    """La prima presa in carico, da cui il resto della storia dipende, non si può annullare."""
    debito = scena.ultimo("famiglie/rilievo-morosita")
    if debito is None:
        return None
    prima = next(p for p in scena.passi if p.nome == "famiglie/presa-in-carico" and p.entita == debito.entita)
    return _rettifica(scena, prima.entita, prima, None, "rettifica-incoerente")


def rettifica_vuota(scena: Scena, caso: Random) -> Passo | None:
    """Dati corretti a cui manca quasi tutto."""
    debito, data = scena.ultimo("famiglie/rilievo-morosita"), {"avvenuto_il": scena.oggi.isoformat()}
    return _rettifica(scena, debito.entita, debito, data, "rettifica-non-valida") if debito else None


def _rettifica(scena: Scena, famiglia: str, passo: Passo, data: dict[str, Any] | None, codice: str) -> Passo:
    campi = {"rettifica": Evento(passo.id), "motivo": "altro", "data": data}
    return scena.rifiuta(f"famiglie/{famiglia}/rettifica", campi, codice, con=[passo.entita])
