"""I gesti su alloggi e garanzie, e le adesioni da cui gli alloggi arrivano."""

from datetime import date
from random import Random
from typing import Any

from scenario.casa.scena import EURO, FONDO, MESI, Alloggio, Famiglia, Garanzia, Scena
from scenario.passo import Passo

LOCATORI = ("privato", "privato", "privato", "privato", "ente_pubblico", "cooperativa")


def nuovo_alloggio(scena: Scena, comune: str, caso: Random) -> Alloggio:
    """Un alloggio messo a disposizione: a volte lo procura un'agenzia, se no il proprietario aderisce al Fondo."""
    numero = len(scena.alloggi)
    alloggio = Alloggio(scena.id(f"alloggio/{numero}"), comune, caso.randrange(300, 530, 10) * EURO)
    scena.alloggi.append(alloggio)
    scena.soggetti[alloggio.id] = alloggio
    agenzia = caso.choice(scena.agenzie) if scena.agenzie and caso.random() < 0.45 else None
    if agenzia is None and caso.random() < 0.7:
        sottoscrivi(scena, scena.id(f"proprietario/{numero}"), "proprietario", comune)
    rendi_disponibile(scena, alloggio, caso, agenzia)
    return alloggio


def sottoscrivi(scena: Scena, id: str, tipo: str, comune: str) -> None:
    """Un'adesione al Fondo."""
    scena.registra(f"adesioni/{id}/sottoscrizione", {"tipo": tipo, "comune": comune})


def rendi_disponibile(scena: Scena, a: Alloggio, caso: Random, agenzia: str | None = None) -> None:
    """L'alloggio è a disposizione, per la prima volta o di nuovo."""
    campi = {"comune": a.comune, "vani": caso.randint(2, 5), "canone_centesimi": a.canone}
    campi |= {"locatore": "privato" if agenzia else caso.choice(LOCATORI), "tramite_agenzia": agenzia}
    scena.registra(f"alloggi/{a.id}/disponibilita", campi)
    a.disponibile = True


def assegna(scena: Scena, a: Alloggio, f: Famiglia, titolo: str) -> None:
    """L'alloggio è assegnato alla famiglia."""
    a.famiglia, f.alloggio = f, a
    scena.registra(f"alloggi/{a.id}/assegnazione", {"famiglia": f.id, "titolo": titolo})


def concedi(scena: Scena, f: Famiglia, a: Alloggio, massimale: int, mesi: int) -> Garanzia:
    """La garanzia è concessa."""
    g = Garanzia(scena.id(f"garanzia/{len(scena.garanzie)}"), f, a, massimale, scena.oggi)
    scena.garanzie.append(g)
    scena.soggetti[g.id] = g
    f.garanzia, f.garantita = g, True
    movimento(scena, g, "concessione", concessione(f, a, massimale, mesi), g.ultimo)
    return g


def concessione(f: Famiglia, a: Alloggio, massimale: int, mesi: int) -> dict[str, Any]:
    """I campi di una concessione."""
    return {"famiglia": f.id, "alloggio": a.id, "massimale_centesimi": massimale, "mesi": mesi}


def escuti(scena: Scena, g: Garanzia, importo: int, motivo: str) -> None:
    """Il locatore riscuote dal Fondo."""
    g.escusso += importo
    movimento(scena, g, "escussione", {"importo_centesimi": importo, "motivo": motivo}, g.ultimo)


def recupera(scena: Scena, g: Garanzia, importo: int) -> None:
    """La famiglia restituisce al Fondo."""
    g.recuperato += importo
    movimento(scena, g, "recupero", {"importo_centesimi": importo}, g.ultimo)


def svincola(scena: Scena, g: Garanzia, motivo: str) -> None:
    """Il Fondo non risponde più."""
    _chiudi(g)
    movimento(scena, g, "svincolo", {"motivo": motivo}, g.ultimo)


def movimento(scena: Scena, g: Garanzia, comando: str, campi: dict[str, Any], dal: date) -> Passo:
    """Un comando su una garanzia: tocca anche il Fondo, la famiglia e l'alloggio."""
    passo = scena.registra(f"garanzie/{g.id}/{comando}", campi, con=g.tocca, dal=dal, chi=scena.responsabile)
    g.ultimo = max(g.ultimo, passo.il)
    return passo


def libera(scena: Scena, a: Alloggio, escusso: int = 0) -> None:
    """La famiglia lascia l'alloggio; la garanzia attiva è svincolata, dopo un'ultima escussione se c'è un importo."""
    famiglia, g = a.famiglia, a.famiglia.garanzia if a.famiglia else None
    campi: dict[str, Any] = {}
    if g is not None and g.attiva:
        campi["garanzia_attiva"] = "escussione_e_svincolo" if escusso else "svincolo"
    if escusso:
        assert g is not None
        g.escusso += escusso
        campi |= {"importo_escusso_centesimi": escusso, "motivo_escussione": "danni_all_alloggio"}
    con = (*g.tocca, g.id) if g is not None else (FONDO,)
    scena.registra(f"alloggi/{a.id}/liberazione", campi, con=con, chi=scena.responsabile)
    if g is not None:
        _chiudi(g)
    if famiglia is not None:
        famiglia.alloggio = None
    a.famiglia = None


def ritira(scena: Scena, a: Alloggio, motivo: str) -> None:
    """L'alloggio non è più a disposizione."""
    a.disponibile = False
    scena.registra(f"alloggi/{a.id}/ritiro", {"motivo": motivo})


def durata(caso: Random) -> int:
    """I mesi di una garanzia, entro la regola."""
    return caso.choices((6, 12, MESI), (1, 5, 3))[0]


def _chiudi(g: Garanzia) -> None:
    g.attiva = False
    if g.famiglia.garanzia is g:
        g.famiglia.garanzia = None
