"""Chi rilegge ciò che la linea giovani ha registrato: qualche fatto va corretto o annullato."""

from collections.abc import Callable
from random import Random
from typing import Any

from scenario.copione import Storia
from scenario.giovani.scena import Scena
from scenario.linea import a_turno
from scenario.passo import Passo
from scenario.rettifiche import annulla, cerca, correggi, dopo

Revisione = Callable[[Scena, Random], bool]
SOGLIA = 75


def revisione(scena: Scena) -> Storia:
    """Una rettifica ogni tre settimane circa, di un genere dopo l'altro."""
    return a_turno(scena, "giovani/revisione", REVISIONI, 100, (12, 28))


def _giovani(scena: Scena, caso: Random) -> bool:
    """Erano di più."""
    passo = cerca(scena, "facilitatori/coinvolgimento")
    return correggi(scena, passo, giovani=passo.body["giovani"] + 4) if passo else False


def _incontro_mai_avvenuto(scena: Scena, caso: Random) -> bool:
    return annulla(scena, cerca(scena, "facilitatori/coinvolgimento"))


def _accordo_dell_altro(scena: Scena, caso: Random) -> bool:
    """Il consenso l'avevano dato entrambi: lo si è saputo dopo."""
    passo = cerca(scena, "laboratori/iscrizione", lambda _, dati: dati["consenso_espresso_da"] == "un_genitore")
    dati = scena.com_e(passo) if passo else None
    if passo is None or dati is None:
        return False
    scena.rettifica(passo, "dato_mancante", dati | {"consenso_espresso_da": "entrambi_i_genitori"})
    return True


def _ore(scena: Scena, caso: Random) -> bool:
    """Le ore erano la metà: il percorso non è valido."""
    passo = cerca(scena, "proposte/conclusione-percorso", lambda _, dati: dati["ore_svolte"] >= 40)
    if passo is None:
        return False
    esito = {"valida": False, "soglia_percento": SOGLIA}
    return correggi(scena, passo, ore_svolte=passo.body["ore_svolte"] // 2, **esito)


def _presenze(scena: Scena, caso: Random) -> bool:
    """Uno dei presenti non c'era."""
    passo = cerca(scena, "laboratori/presenze", lambda _, dati: len(dati["persone"]) > 2)
    return correggi(scena, passo, persone=passo.body["persone"][1:]) if passo else False


def _comune_del_laboratorio(scena: Scena, caso: Random) -> bool:
    passo = cerca(scena, "laboratori/coprogettazione")
    return correggi(scena, passo, comune=scena.distretto.vicino(passo.body["comune"], caso)) if passo else False


def _ambito(scena: Scena, caso: Random) -> bool:
    """E chi l'aveva coprogettato era la parrocchia; può essere la seconda rettifica dello stesso fatto."""
    passo = cerca(scena, "laboratori/coprogettazione", gia=True)
    return correggi(scena, passo, ambito="sociale", con=["ente"], enti=["parrocchia-santa-maria-assunta"])


def _partecipanti(scena: Scena, caso: Random) -> bool:
    passo = cerca(scena, "eventi-territoriali/svolgimento")
    if passo is None:
        return False
    organizzatori = passo.body["giovani_organizzatori"] + 2
    return correggi(scena, passo, partecipanti=passo.body["partecipanti"] + 12, giovani_organizzatori=organizzatori)


def _posti(scena: Scena, caso: Random) -> bool:
    """Un posto in più, se i tutor bastano."""

    def adatta(p: Passo, dati: dict[str, Any]) -> object:
        proposta = scena.soggetti[p.entita]
        return not proposta.ritirata and scena.segue(proposta, proposta.posti + 1)

    passo = cerca(scena, "proposte/pubblicazione", adatta)
    if passo is None:
        return False
    scena.soggetti[passo.entita].posti += 1
    return correggi(scena, passo, posti=scena.soggetti[passo.entita].posti)


def _giorno_dell_evento(scena: Scena, caso: Random) -> bool:
    """Si era svolto il giorno dopo."""
    passo = cerca(scena, "eventi-territoriali/svolgimento", lambda _, d: dopo(d, 1) <= scena.oggi.isoformat())
    return correggi(scena, passo, avvenuto_il=dopo(passo.body, 1)) if passo else False


REVISIONI: tuple[Revisione, ...] = (
    _giovani,
    _accordo_dell_altro,
    _presenze,
    _comune_del_laboratorio,
    _incontro_mai_avvenuto,
    _partecipanti,
    _ore,
    _ambito,
    _posti,
    _giorno_dell_evento,
)
