"""Chi sbaglia nella linea giovani: comandi che una regola deve rifiutare, ciascuna con il suo codice.

Ogni funzione dice quale passo ha scritto, None se in scena non c'era nulla di adatto.
"""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from scenario.copione import COORDINATRICE, Storia
from scenario.giovani.scena import Evento, Facilitatore, Laboratorio, Proposta, Scena
from scenario.linea import a_turno, una
from scenario.passo import Passo, rifiutato

Sbaglio = Callable[[Scena, Random], Passo | None]
ISCRIZIONE = {"fascia_eta": "14-17", "consenso_espresso_da": "un_genitore"}


def sbagli(scena: Scena) -> Storia:
    """Uno sbaglio ogni due settimane circa, di un genere dopo l'altro."""
    return a_turno(scena, "giovani/sbagli", SBAGLI, 25, (6, 16))


def _su_facilitatore(
    comando: str, codice: str, campi: Callable[[Scena, Facilitatore], dict[str, Any]], incaricato: bool = True
) -> Sbaglio:
    def sbaglia(scena: Scena, caso: Random) -> Passo | None:
        f = una(scena.facilitatori, lambda f: f.incaricato is incaricato, caso)
        return scena.rifiuta(f"facilitatori/{f.id}/{comando}", campi(scena, f), codice) if f else None

    return sbaglia


def _su_laboratorio(
    comando: str,
    codice: str,
    campi: Callable[[Scena, Laboratorio], dict[str, Any]],
    adatto: Callable[[Laboratorio], object],
) -> Sbaglio:
    def sbaglia(scena: Scena, caso: Random) -> Passo | None:
        lab = una(scena.laboratori, lambda lab: lab.concluso_il != scena.oggi and adatto(lab), caso)
        return scena.rifiuta(f"laboratori/{lab.id}/{comando}", campi(scena, lab), codice) if lab else None

    return sbaglia


def _su_proposta(
    comando: str, codice: str, campi: Callable[[Scena, Proposta], dict[str, Any]], adatta: Callable[[Proposta], object]
) -> Sbaglio:
    def sbaglia(scena: Scena, caso: Random) -> Passo | None:
        p = una(scena.proposte, adatta, caso)
        return scena.rifiuta(f"proposte/{p.id}/{comando}", campi(scena, p), codice) if p else None

    return sbaglia


def _su_evento(
    comando: str, codice: str, campi: Callable[[Scena, Evento], dict[str, Any]], a_che_punto: str
) -> Sbaglio:
    def sbaglia(scena: Scena, caso: Random) -> Passo | None:
        e = una(scena.eventi, lambda e: e.a_che_punto == a_che_punto, caso)
        return scena.rifiuta(f"eventi-territoriali/{e.id}/{comando}", campi(scena, e), codice) if e else None

    return sbaglia


def _prima_dell_incarico(scena: Scena, caso: Random) -> Passo | None:
    primo = next((f for f in reversed(scena.facilitatori)), None)
    if primo is None:
        return None
    prima = next(p for p in scena.passi if p.path == f"facilitatori/{primo.id}/incarico").il - timedelta(2)
    campi = incontro(5, 1) | {"avvenuto_il": prima.isoformat()}
    return scena.rifiuta(f"facilitatori/{primo.id}/coinvolgimento", campi, "coinvolgimento-fuori-incarico")


def _chiave_di_un_altro(scena: Scena, caso: Random) -> Passo | None:
    """Una chiave già usata, per una richiesta diversa."""
    prima = scena.ultimo("facilitatori/coinvolgimento")
    if prima is None:
        return None
    body = {**prima.body, "giovani": prima.body["giovani"] + 1}
    return scena.ripeti(prima, body=body, expects=rifiutato("chiave-riusata"))


def _chi_non_puo(scena: Scena, caso: Random) -> Passo | None:
    """La coordinatrice legge e non registra."""
    lab = una(scena.laboratori, lambda lab: lab.aperto, caso)
    return scena.rifiuta(f"laboratori/{lab.id}/conclusione", {}, "non-permesso", chi=COORDINATRICE) if lab else None


def _tutor(scena: Scena, caso: Random) -> Passo | None:
    """Troppi posti per un tutor, quando la regola c'è già."""
    id, fine = scena.mai_visto(), scena.oggi + timedelta(60)
    campi = {"ente": "comune-visano", "ambito": "cultura", "comune": "017203", "posti": 13, "finalita": ["competenze"]}
    campi |= {"dal": scena.oggi.isoformat(), "al": fine.isoformat(), "competenze": ["digitale"], "rischio": "basso"}
    if scena.segue(Proposta(id, "", 13, scena.oggi, fine, "basso", 1), 13):
        codice, campi["al"] = "fine-prima-dell-inizio", (scena.oggi - timedelta(1)).isoformat()
    else:
        codice = "tutor-insufficienti"
    return scena.rifiuta(f"proposte/{id}/pubblicazione", campi | {"tutor": 1}, codice)


def incontro(giovani: int, nuovi: int) -> dict[str, Any]:
    """I campi di un incontro in piazza."""
    return {"comune": "017113", "luogo": "piazza", "giovani": giovani, "nuovi": nuovi}


def _uno_nuovo(scena: Scena, _: object) -> dict[str, Any]:
    return {"persona": scena.persona(scena.mai_visto())}


def _il_primo(_: Scena, lab: Laboratorio) -> dict[str, Any]:
    return {"persona": next(iter(lab.iscritti))}


def _assegnato(scena: Scena, p: Proposta) -> dict[str, Any]:
    return {"persona": p.percorsi[0].persona, "istituto": "scuola-superiore-montichiari", "ore_previste": 40}


def _ieri(scena: Scena, e: Evento) -> dict[str, Any]:
    prima = (scena.oggi - timedelta(1)).isoformat()
    return {"comune": e.comune, "titolo": "Festa dei giovani", "previsto_il": prima}


SBAGLI: tuple[Sbaglio, ...] = (
    _su_facilitatore("incarico", "facilitatore-gia-incaricato", lambda _, f: {"comuni": f.comuni}),
    _su_facilitatore("coinvolgimento", "nuovi-oltre-i-giovani", lambda *_: incontro(4, 6)),
    _prima_dell_incarico,
    _chiave_di_un_altro,
    _su_laboratorio(
        "iscrizione", "persona-gia-iscritta", lambda s, lab: ISCRIZIONE | _il_primo(s, lab),
        lambda lab: lab.aperto and lab.iscritti,
    ),
    _su_laboratorio(
        "iscrizione", "consenso-mancante",
        lambda s, lab: ISCRIZIONE | _uno_nuovo(s, lab) | {"consenso_espresso_da": "persona_maggiorenne"},
        lambda lab: lab.aperto and len(lab.iscritti) < lab.posti,
    ),
    _su_laboratorio("ritiro", "persona-non-iscritta", _uno_nuovo, lambda lab: lab.aperto),
    _chi_non_puo,
    _su_laboratorio(
        "presenze", "presenza-senza-iscrizione",
        lambda s, lab: {"incontro": 90, "persone": [s.persona(s.mai_visto())]}, lambda lab: lab.aperto,
    ),
    _su_proposta("assegnazione", "studente-gia-assegnato", _assegnato,
                 lambda p: p.percorsi and not p.percorsi[0].concluso and len(p.percorsi) < min(p.posti, 5)),
    _su_laboratorio("avvio", "laboratorio-gia-avviato", lambda *_: {"posti": 30}, lambda lab: lab.aperto),
    _su_laboratorio(
        "iscrizione", "laboratorio-concluso", lambda s, lab: ISCRIZIONE | _uno_nuovo(s, lab),
        lambda lab: lab.concluso_il and len(lab.iscritti) < lab.posti,
    ),
    _tutor,
    _su_proposta("conclusione-percorso", "studente-non-assegnato",
                 lambda s, p: _uno_nuovo(s, p) | {"ore_svolte": 40}, lambda p: p.percorsi),
    _su_evento("programma", "previsto-nel-passato", _ieri, "programmato"),
    _su_evento("annullamento", "evento-svolto-e-annullato", lambda *_: {"motivo": "maltempo"}, "svolto"),
    _su_laboratorio(
        "iscrizione", "consenso-non-proprio",
        lambda s, lab: ISCRIZIONE | _uno_nuovo(s, lab) | {"fascia_eta": "18-29"},
        lambda lab: lab.aperto and len(lab.iscritti) < lab.posti,
    ),
    _su_laboratorio(
        "presenze", "incontro-gia-registrato",
        lambda s, lab: {"incontro": lab.incontri, "persone": [next(iter(lab.iscritti))]},
        lambda lab: lab.aperto and lab.incontri and lab.iscritti,
    ),
    _su_proposta("conclusione-percorso", "percorso-gia-concluso",
                 lambda _, p: {"persona": p.percorsi[0].persona, "ore_svolte": 60},
                 lambda p: p.percorsi and p.percorsi[0].concluso),
    _su_proposta("ritiro", "proposta-gia-ritirata", lambda *_: {}, lambda p: p.ritirata),
    _su_evento("annullamento", "evento-gia-annullato", lambda *_: {"motivo": "maltempo"}, "annullato"),
    _su_laboratorio("conclusione", "laboratorio-gia-concluso", lambda *_: {}, lambda lab: lab.concluso_il),
    _su_facilitatore("cessazione", "facilitatore-non-incaricato", lambda *_: {}, incaricato=False),
    _su_laboratorio("coprogettazione", "laboratorio-gia-coprogettato",
                    lambda _, lab: {"ambito": "sociale", "comune": lab.comune, "con": ["ente"]},
                    lambda lab: lab.aperto),
)  # fmt: skip
