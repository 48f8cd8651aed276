"""Che cosa si chiede a un tirocinio per attivarlo, prorogarlo e pagarlo: la regola del giorno, con la sua fonte."""

from datetime import date, timedelta

from contratti import lavoro
from telaio.calendar import ONE_DAY, after_months, most_at_once
from telaio.entity import Events, Rejected

from lavoro.aderente import Aderente, in_rete
from lavoro.candidato import Candidato, in_carico
from lavoro.regole import Caso, Regole
from lavoro.tirocinio import Tirocinio, ancora_in_corso, tirocini

__all__ = ["tirocini"]


@tirocini.command("attivazione", once=("tirocinio-gia-attivato", "Il tirocinio è già attivato: ne serve uno nuovo."))
def attiva(
    _: Tirocinio | None, comando: lavoro.TirocinioAttivato, candidato: Candidato, aderente: Aderente, regole: Regole
) -> Events:
    """Attiva un tirocinio per un candidato in carico, presso chi può ospitarlo. Raises: Rejected
    "candidato-non-in-carico", "aderente-non-in-rete", e i codici delle regole qui sotto."""
    in_carico(candidato)
    in_rete(aderente, comando.avvenuto_il)
    durata_ammessa(comando, regole)
    entro_la_quota(aderente, "", (comando.dal, comando.al), comando.avvenuto_il, regole)
    almeno_la_minima(comando, aderente, regole)
    return [comando]


@tirocini.command("proroga")
def proroga(tirocinio: Tirocinio, comando: lavoro.TirocinioProrogato, aderente: Aderente, regole: Regole) -> Events:
    """Proroga un tirocinio prima che finisca. Raises: Rejected
    "tirocinio-finito", "proroga-fuori-tempo", e i codici delle regole qui sotto."""
    ancora_in_corso(tirocinio)
    if not comando.avvenuto_il <= tirocinio.al < comando.al:
        raise Rejected("proroga-fuori-tempo", "Si proroga entro l'ultimo giorno, e a un giorno che viene dopo.")
    regola = regole.durata_del_tirocinio.in_force(comando.avvenuto_il)
    entro_i_mesi(tirocinio.dal, comando.al, regola.valore[tirocinio.categoria].massimo_mesi, regola.fonte)
    entro_la_quota(aderente, tirocinio.id, (tirocinio.dal, comando.al), comando.avvenuto_il, regole)
    return [comando]


@tirocini.command("frequenza")
def registra_frequenza(tirocinio: Tirocinio, comando: lavoro.FrequenzaRegistrata, regole: Regole) -> Events:
    """Registra la frequenza di un mese, anche a tirocinio finito. Raises: Rejected "mese-nel-futuro"."""
    if comando.mese > f"{comando.avvenuto_il:%Y-%m}":
        raise Rejected("mese-nel-futuro", "Il mese non è ancora cominciato.")
    if comando.indennita_dovuta_centesimi is not None:
        return [comando]
    piena = comando.percentuale >= regole.frequenza_piena.al(comando.avvenuto_il)
    dovuta = (tirocinio.indennita_centesimi * (100 if piena else comando.percentuale) + 50) // 100
    return [comando.model_copy(update={"indennita_dovuta_centesimi": dovuta})]


def durata_ammessa(comando: lavoro.TirocinioAttivato, regole: Regole) -> None:
    """Raises: Rejected "durata-sotto-il-minimo", "durata-oltre-il-massimo"."""
    regola = regole.durata_del_tirocinio.in_force(comando.avvenuto_il)
    durata = regola.valore[comando.categoria]
    almeno = max(after_months(comando.dal, durata.minimo_mesi), comando.dal + timedelta(durata.minimo_giorni)) - ONE_DAY
    if comando.al < almeno:
        raise Rejected("durata-sotto-il-minimo", f"Deve durare almeno fino al {almeno:%d/%m/%Y} ({regola.fonte}).")
    entro_i_mesi(comando.dal, comando.al, durata.iniziale_mesi, regola.fonte)


def entro_i_mesi(dal: date, al: date, mesi: int, fonte: str) -> None:
    """Raises: Rejected "durata-oltre-il-massimo"."""
    ultimo = after_months(dal, mesi) - ONE_DAY
    if al > ultimo:
        raise Rejected("durata-oltre-il-massimo", f"Può durare al più fino al {ultimo:%d/%m/%Y} ({fonte}).")


def entro_la_quota(ospite: Aderente, oltre_a: str, periodo: tuple[date, date], giorno: date, regole: Regole) -> None:
    """Conta quelli che chi ospita ha già in uno stesso giorno del periodo; la percentuale si arrotonda per eccesso.
    Raises: Rejected "dipendenti-non-noti", "tirocini-oltre-la-quota"."""
    dipendenti, regola = ospite.dipendenti_al(giorno), regole.tirocini_ospitabili.in_force(giorno)
    if dipendenti is None:
        raise Rejected("dipendenti-non-noti", "Va prima registrato quanti dipendenti aveva, quel giorno, chi ospita.")
    oltre = -(-dipendenti * regola.valore.percento_oltre // 100)
    quota = next((tirocini for fino_a, tirocini in regola.valore.scaglioni if dipendenti <= fino_a), oltre)
    if most_at_once([(o.dal, o.al) for o in ospite.ospitati if o.tirocinio != oltre_a], *periodo) >= quota:
        raise Rejected("tirocini-oltre-la-quota", f"Insieme se ne ospitano al più {quota} ({regola.fonte}).")


def almeno_la_minima(comando: lavoro.TirocinioAttivato, aderente: Aderente, regole: Regole) -> None:
    """Vale la più bassa fra le minime dei casi che ricorrono. Raises: Rejected "indennita-sotto-il-minimo"."""
    regola = regole.indennita_minima.in_force(comando.avvenuto_il)
    ore = comando.giorni_settimanali * regole.ore_di_mezza_giornata.al(comando.avvenuto_il)
    ricorre: dict[Caso, bool] = {
        "ordinaria": True,
        "con_mensa": comando.mensa,
        "mezza_giornata": comando.ore_settimanali <= ore,
        "ente_pubblico": aderente.ente_pubblico,
    }
    minima = min(importo for caso, importo in regola.valore.items() if ricorre[caso])
    if comando.indennita_centesimi < minima:
        euro = f"{minima // 100},{minima % 100:02} €"
        raise Rejected("indennita-sotto-il-minimo", f"L'indennità minima è di {euro} al mese ({regola.fonte}).")
