"""Chi rilegge ciò che la linea lavoro ha registrato: qualche fatto va corretto o annullato."""

from collections.abc import Callable
from random import Random

from scenario.copione import Storia
from scenario.lavoro.scena import EURO, Scena
from scenario.linea import a_turno
from scenario.rettifiche import annulla, cerca, correggi, dopo

Revisione = Callable[[Scena, Random], bool]


def revisione(scena: Scena) -> Storia:
    """Una rettifica ogni tre settimane circa, di un genere dopo l'altro."""
    return a_turno(scena, "lavoro/revisione", REVISIONI, 130, (12, 26))


def _tipo_di_servizio(scena: Scena, caso: Random) -> bool:
    passo = cerca(scena, "agenti/servizio", lambda _, dati: dati["tipo"] != "orientamento")
    return correggi(scena, passo, tipo="orientamento")


def _servizio_mai_dato(scena: Scena, caso: Random) -> bool:
    return annulla(scena, cerca(scena, "agenti/servizio"))


def _comune_del_candidato(scena: Scena, caso: Random) -> bool:
    """Di chi è stato preso in carico una volta sola."""
    prese = [p.entita for p in scena.passi if p.nome == "candidati/presa-in-carico" and p.expects.accolto]
    passo = cerca(scena, "candidati/presa-in-carico", lambda p, _: prese.count(p.entita) == 1)
    if passo is None:
        return False
    candidato = scena.soggetti[passo.entita]
    candidato.comune = scena.distretto.vicino(candidato.comune, caso)
    return correggi(scena, passo, comune=candidato.comune)


def _comune_dell_aderente(scena: Scena, caso: Random) -> bool:
    """Di chi ha aderito una volta sola."""
    adesioni = [p.entita for p in scena.passi if p.nome == "aderenti/sottoscrizione" and p.expects.accolto]
    passo = cerca(scena, "aderenti/sottoscrizione", lambda p, _: adesioni.count(p.entita) == 1)
    if passo is None:
        return False
    aderente = scena.soggetti[passo.entita]
    aderente.comune = scena.distretto.vicino(aderente.comune, caso)
    return correggi(scena, passo, comune=aderente.comune)


def _presenze(scena: Scena, caso: Random) -> bool:
    passo = cerca(scena, "eventi-formativi/svolgimento")
    return correggi(scena, passo, presenze=passo.body["presenze"] + 3) if passo else False


def _non_lavorava_piu(scena: Scena, caso: Random) -> bool:
    passo = cerca(scena, "inserimenti/verifica", lambda _, dati: dati["ancora_occupato"])
    return correggi(scena, passo, ancora_occupato=False)


def _versamento(scena: Scena, caso: Random) -> bool:
    """Erano cento euro in più, e da un ente."""
    passo = cerca(scena, "fondi/versamento", lambda _, dati: dati["da"] != "fondazione")
    if passo is None:
        return False
    scena.versato += 100 * EURO
    return correggi(scena, passo, importo_centesimi=passo.body["importo_centesimi"] + 100 * EURO, da="ente")


def _giorno_del_servizio(scena: Scena, caso: Random) -> bool:
    """Era del giorno dopo; è la seconda rettifica dello stesso fatto."""
    passo = cerca(scena, "agenti/servizio", lambda _, d: dopo(d, 1) <= scena.oggi.isoformat(), gia=True)
    dati = scena.com_e(passo) if passo else None
    return correggi(scena, passo, avvenuto_il=dopo(dati, 1)) if dati else False


def _contratto(scena: Scena, caso: Random) -> bool:
    passo = cerca(scena, "inserimenti/avvio", lambda _, dati: dati["contratto"] == "tempo_determinato")
    return correggi(scena, passo, contratto="apprendistato")


def _interrotto_altrimenti(scena: Scena, caso: Random) -> bool:
    passo = cerca(scena, "tirocini/interruzione", lambda _, dati: dati["motivo"] != "altro")
    return correggi(scena, passo, motivo="altro")


def _verifica_mai_fatta(scena: Scena, caso: Random) -> bool:
    return annulla(scena, cerca(scena, "inserimenti/verifica"))


REVISIONI: tuple[Revisione, ...] = (
    _tipo_di_servizio,
    _comune_del_candidato,
    _presenze,
    _versamento,
    _servizio_mai_dato,
    _comune_dell_aderente,
    _non_lavorava_piu,
    _giorno_del_servizio,
    _contratto,
    _verifica_mai_fatta,
    _interrotto_altrimenti,
)
