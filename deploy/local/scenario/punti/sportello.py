"""Chi sbaglia in un Punto: comandi che una regola deve rifiutare, ciascuna con il suo codice.

Ogni funzione dice quale passo ha scritto, None se in scena non c'era nulla di adatto.
"""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from scenario.copione import COORDINATRICE, Storia
from scenario.linea import a_turno, una
from scenario.passo import Passo
from scenario.punti.scena import Ascolto, Gruppo, Punto, Scena, Voce

Sbaglio = Callable[[Scena, Random], Passo | None]


def sbagli(scena: Scena) -> Storia:
    """Uno sbaglio ogni due settimane circa, di un genere dopo l'altro."""
    return a_turno(scena, "punti/sbagli", SBAGLI, 35, (7, 17))


def _su_punto(comando: str, codice: str, campi: dict[str, Any], adatto: Callable[[Punto], object]) -> Sbaglio:
    def sbaglia(scena: Scena, caso: Random) -> Passo | None:
        p = una(scena.punti, adatto, caso)
        return scena.rifiuta(f"punti/{p.id}/{comando}", campi, codice) if p else None

    return sbaglia


def _su_ascolto(
    comando: str, codice: str, campi: Callable[[Scena, Ascolto], dict[str, Any]], adatto: Callable[[Ascolto], object]
) -> Sbaglio:
    def sbaglia(scena: Scena, caso: Random) -> Passo | None:
        a = una(scena.ascolti, adatto, caso)
        return scena.rifiuta(f"ascolti/{a.id}/{comando}", campi(scena, a), codice) if a else None

    return sbaglia


def _su_gruppo(
    comando: str, codice: str, campi: Callable[[Gruppo], dict[str, Any]], adatto: Callable[[Gruppo], object]
) -> Sbaglio:
    def sbaglia(scena: Scena, caso: Random) -> Passo | None:
        g = una(scena.gruppi, adatto, caso)
        return scena.rifiuta(f"gruppi/{g.id}/{comando}", campi(g), codice) if g else None

    return sbaglia


def _su_voce(voci: Callable[[Scena], list[Voce]], a_che_punto: str, path: str, codice: str, **campi: Any) -> Sbaglio:
    def sbaglia(scena: Scena, caso: Random) -> Passo | None:
        v = una(voci(scena), lambda v: v.a_che_punto == a_che_punto, caso)
        return scena.rifiuta(path.format(v.id), campi, codice) if v else None

    return sbaglia


def _gia_aperto(scena: Scena, caso: Random) -> Passo | None:
    p = scena.un_punto(caso)
    prima = p and scena.ultimo("punti/apertura", p.id)
    campi = {**prima.body, "avvenuto_il": scena.oggi.isoformat()} if prima else {}
    return scena.rifiuta(prima.path, campi, "punto-gia-aperto") if prima else None


def _altrove(scena: Scena, caso: Random) -> Passo | None:
    """Una richiesta raccolta in un Punto che non c'è."""
    campi = {"punto": scena.mai_visto(), "comune": scena.distretto.uno(caso), "bisogni": ["relazioni"]}
    id = scena.id(f"ascolto/altrove/{scena.oggi}")
    return scena.rifiuta(f"ascolti/{id}/richiesta", campi, "punto-non-trovato")


def _sapere_di_nuovo(scena: Scena, caso: Random) -> Passo | None:
    come = caso.choice(("offerta", "richiesta"))
    prima, codice = scena.ultimo(f"saperi/{come}"), {"offerta": "offerto", "richiesta": "richiesto"}[come]
    if prima is None:
        return None
    campi = {"persona": prima.body["persona"], "sapere": prima.body["sapere"]}
    return scena.rifiuta(f"saperi/{scena.mai_visto()}/{come}", campi, f"sapere-gia-{codice}", con=[prima.entita])


def _scambio_di_nuovo(scena: Scena, caso: Random) -> Passo | None:
    prima = scena.ultimo("scambi/registrazione")
    return scena.rifiuta(prima.path, {**prima.body}, "scambio-gia-registrato") if prima else None


def _scambio_impari(scena: Scena, caso: Random) -> Passo | None:
    """Qualcuno ha ricevuto più di quanto è stato dato."""
    if len(scena.in_scambio) < 2:
        return None
    chi_da, chi_riceve = scena.in_scambio[:2]
    parti = [{"persona": chi_da, "dato_minuti": 60, "ricevuto_minuti": 0}]
    parti += [{"persona": chi_riceve, "dato_minuti": 0, "ricevuto_minuti": 90}]
    return scena.rifiuta(f"scambi/{scena.mai_visto()}/registrazione", {"partecipanti": parti}, "dati-non-validi")


def _chi_non_puo(scena: Scena, caso: Random) -> Passo | None:
    """La coordinatrice legge e non registra."""
    p = scena.un_punto(caso)
    return scena.rifiuta(f"punti/{p.id}/chiusura", {}, "non-permesso", chi=COORDINATRICE) if p else None


def _di_un_altra_linea(scena: Scena, caso: Random) -> Passo | None:
    """Chi lavora in un'altra linea, qui non registra."""
    p = scena.un_punto(caso)
    return scena.rifiuta(f"punti/{p.id}/chiusura", {}, "non-permesso", chi="anna.bianchi") if p else None


def _prima(scena: Scena, a: Ascolto) -> dict[str, Any]:
    ieri = (a.raccolta_il - timedelta(1)).isoformat()
    return {"avvenuto_il": ieri, "persona": a.persona, "benessere": 40, "fiducia": 5, "conoscenze": 2}


NUOVI_DI_TROPPO = {"promossa_da": "insieme", "presenze": 8, "prime_presenze": 9}

SBAGLI: tuple[Sbaglio, ...] = (
    _gia_aperto,
    _su_punto("fase", "fase-gia-raggiunta", {"fase": "avvio"}, lambda p: p.aperto and p.fase == "avvio"),
    _su_ascolto("conclusione", "ascolto-gia-concluso", lambda *_: {"esito": "rinuncia"}, lambda a: a.concluso),
    _scambio_impari,
    _su_punto("attivita", "dati-non-validi", NUOVI_DI_TROPPO, lambda p: p.aperto),
    _su_gruppo(
        "incontro", "gruppo-con-se-stesso", lambda g: {"presenze": 5, "con_gruppi": [g.id]}, lambda g: not g.sciolto
    ),
    _chi_non_puo,
    _sapere_di_nuovo,
    _su_voce(lambda s: s.idee, "presentata", "idee/{}/realizzazione", "idea-non-finanziata"),
    _su_punto("fase", "ritorno-senza-motivo", {"fase": "avvio"}, lambda p: p.aperto and p.fase != "avvio"),
    _su_ascolto("star-bene", "prima-della-richiesta", _prima, lambda a: a.persona),
    _su_voce(lambda s: s.aiuti, "impiegato", "aiuti/{}/impiego", "aiuto-gia-impiegato"),
    _altrove,
    _su_gruppo("scioglimento", "gruppo-gia-sciolto", lambda _: {}, lambda g: g.sciolto),
    _su_punto("specializzazione", "punto-gia-specializzato", {"specializzazione": "lavoro"}, lambda p: p.specializzato),
    _scambio_di_nuovo,
    _su_voce(lambda s: s.idee, "finanziata", "idee/{}/respinta", "idea-respinta-e-finanziata", motivo="fondi_esauriti"),
    _di_un_altra_linea,
    _su_punto("fase", "fase-non-prevista", {"fase": "altro"}, lambda p: p.aperto),
    _su_gruppo(
        "nascita",
        "gruppo-gia-nato",
        lambda g: {"punto": g.punto.id, "tema": "saperi"},
        lambda g: g.punto.aperto and not g.sciolto,
    ),
    _su_voce(lambda s: s.idee, "realizzata", "idee/{}/realizzazione", "idea-gia-conclusa"),
)
