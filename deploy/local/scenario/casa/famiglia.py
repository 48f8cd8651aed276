"""I gesti di una famiglia: ognuno è un comando, e cambia la famiglia com'è in scena."""

from random import Random
from typing import Any

from scenario.casa.scena import Famiglia, Scena
from scenario.passo import Passo
from scenario.rubrica import Persona

BISOGNI = ("reddito", "lavoro", "salute", "relazioni", "crescita_dei_figli", "burocrazia", "istruzione", "mobilita")
ESITI = ("autonomia_abitativa", "casa_mantenuta", "casa_mantenuta", "alloggio_pubblico", "trasferimento", "rinuncia")
COME = ("garanzia_del_fondo", "contributo_morosita_incolpevole", "accordo_con_il_locatore", "nuova_locazione")


def nuova(scena: Scena, numero: int) -> Famiglia:
    """Una famiglia che si presenta oggi: non è ancora in carico."""
    nome, caso = f"famiglia/{numero}", scena.sorte(f"nucleo/{numero}")
    quanti = caso.choices((1, 2, 3, 4, 5, 6), (10, 18, 26, 26, 14, 6))[0]
    persone = [scena.persona(f"{nome}/{n}") for n in range(quanti)]
    minori = caso.randint(0, max(0, quanti - 1 - (quanti > 3)))
    famiglia = Famiglia(scena.id(nome), scena.distretto.uno(caso), persone, minori, scena.oggi)
    scena.famiglie.append(famiglia)
    scena.soggetti[famiglia.id] = famiglia
    return famiglia


def prendi_in_carico(scena: Scena, f: Famiglia, caso: Random) -> None:
    """La presa in carico, la prima o una nuova."""
    bisogni = ["abitare", *caso.sample(BISOGNI, caso.randint(0, 3))]
    campi = {"comune": f.comune, "componenti": list(f.persone), "minori": f.minori, "bisogni": bisogni}
    _fatto(scena, f, "presa-in-carico", campi)
    adulti = len(f.persone) - f.minori
    for numero, persona in enumerate(f.persone):
        scena.incontra(Persona(persona, f.comune, minore=numero >= adulti))
    f.in_carico = True


def aggiorna_nucleo(scena: Scena, f: Famiglia, caso: Random) -> None:
    """Una nascita, o qualcuno che va a stare altrove."""
    if len(f.persone) > 1 and caso.random() < 0.4:
        f.persone.pop()
        f.minori, motivo = min(f.minori, len(f.persone) - 1), "uscita"
    else:
        f.persone.append(scena.persona(f"{f.id}/nascita/{len(f.persone)}"))
        f.minori, motivo = f.minori + 1, "nascita"
    _fatto(scena, f, "aggiornamento-nucleo", {"componenti": list(f.persone), "minori": f.minori, "motivo": motivo})


def rileva_morosita(scena: Scena, f: Famiglia, importo: int, mensilita: int) -> Passo:
    """Una nuova morosità."""
    f.morosita += importo
    return _fatto(scena, f, "rilievo-morosita", {"importo_centesimi": importo, "mensilita": mensilita})


def sana(scena: Scena, f: Famiglia, importo: int) -> None:
    """Una parte della morosità è stata pagata."""
    f.morosita -= importo
    _fatto(scena, f, "morosita-sanata", {"importo_centesimi": importo})


def concorda_piano(scena: Scena, f: Famiglia, rate: int) -> None:
    """Il piano di rientro di tutta la morosità."""
    prima_rata = scena.oggi.replace(day=28).isoformat() if scena.oggi.day <= 28 else scena.oggi.isoformat()
    _fatto(scena, f, "piano-di-rientro", {"importo_centesimi": f.morosita, "rate": rate, "prima_rata_il": prima_rata})


def intima(scena: Scena, f: Famiglia) -> None:
    """Lo sfratto è stato intimato."""
    f.sfratto = True
    _fatto(scena, f, "sfratto-intimato", {})


def previeni(scena: Scena, f: Famiglia, come: str) -> None:
    """Lo sfratto non avrà luogo."""
    f.sfratto = False
    _fatto(scena, f, "sfratto-prevenuto", {"come": come})


def esegui(scena: Scena, f: Famiglia) -> Passo:
    """Lo sfratto è stato eseguito."""
    f.sfratto = False
    return _fatto(scena, f, "sfratto-eseguito", {})


def concludi(scena: Scena, f: Famiglia, esito: str) -> None:
    """La presa in carico finisce."""
    f.in_carico = False
    _fatto(scena, f, "conclusione", {"esito": esito})


def _fatto(scena: Scena, f: Famiglia, comando: str, campi: dict[str, Any]) -> Passo:
    passo = scena.registra(f"famiglie/{f.id}/{comando}", campi, dal=f.ultimo)
    f.ultimo = max(f.ultimo, passo.il)
    return passo
