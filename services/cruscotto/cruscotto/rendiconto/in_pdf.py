"""Il rapporto in PDF: etichettato, in italiano, leggibile da chi non vede (PDF/UA-1). Senza rete."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from contratti.cruscotto import CifraFissata, RettificaSuccessiva
from telaio.web import formats

from cruscotto.cifre.valuta import NON_CALCOLABILE
from cruscotto.rendiconto.cifre import periodo_scritto
from cruscotto.rendiconto.contenuto import Contenuto, Parte
from cruscotto.rendiconto.fogli import numero
from cruscotto.scrittura import LINEE
from cruscotto.scrittura import numero as in_parole

MODELLO = Path(__file__).with_name("rapporto.typ")
COLONNE = ("Codice", "Indicatore", "Valore", "Obiettivo", "Avanzamento")
RETTIFICHE = ("Rapporti", "Evento", "Che cosa", "Avvenuto il", "Scheda")
ELENCATE = 200
"""Quante rettifiche stanno nel documento: tutte sono nei fogli di calcolo."""
SENZA = "—"


def in_pdf(contenuto: Contenuto, parte: Parte) -> bytes:
    """Il documento. Ciò che dice gli arriva come dati: nessun testo vi è letto come istruzione."""
    import typst  # noqa: PLC0415 - pesa, e serve due volte l'anno

    scritto: bytes = typst.compile(
        MODELLO,
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"dati": json.dumps(dati(contenuto, parte))},
        pdf_standards=["ua-1"],
        timestamp=datetime.combine(contenuto.approvato_il, time(12), UTC),
    )
    return scritto


def dati(contenuto: Contenuto, parte: Parte) -> dict[str, Any]:
    """Ciò che il modello mostra, già scritto."""
    r = contenuto.rapporto
    return {
        "titolo": f"Rapporto n. {contenuto.numero}",
        "di": parte.nome,
        "consolidato": parte.ente is None,
        "periodo": periodo_scritto(r.dal, r.al),
        "approvato_il": formats.day(contenuto.approvato_il),
        "approvato_da": contenuto.da,
        "giorno": [contenuto.approvato_il.year, contenuto.approvato_il.month, contenuto.approvato_il.day],
        "impronta": r.impronta,
        "schede": formats.number(r.schede),
        "diffuso": parte.assente != NON_CALCOLABILE,
        "testi": [[sezione.titolo, testo] for sezione, testo in contenuto.testi],
        "colonne": COLONNE,
        "linee": [[nome, list(_righe(parte, linea))] for linea, nome in LINEE.items() if _ha(parte, linea)],
        "rettifiche": {"colonne": RETTIFICHE, "righe": [_rettifica(r) for r in contenuto.rettifiche[:ELENCATE]]},
        "taciute": max(len(contenuto.rettifiche) - ELENCATE, 0),
        "definizioni": [[c.codice, c.definizione] for c in parte.cifre],
    }


def _rettifica(r: RettificaSuccessiva) -> list[str]:
    genere, _, id = r.soggetto.partition("/")
    return [
        ", ".join(f"n. {n}" for n in r.rapporti),
        formats.title_of(r.tipo),
        "corretto o annullato" if r.corregge else "registrato in ritardo",
        formats.day(r.avvenuto_il),
        f"{formats.words(genere)} {formats.short(id)}",
    ]


def _ha(parte: Parte, linea: str) -> bool:
    return any(c.linea == linea for c in parte.cifre)


def _righe(parte: Parte, linea: str) -> Iterator[list[str]]:
    for c in parte.cifre:
        if c.linea == linea:
            yield [
                c.codice,
                c.titolo,
                _valore(c, parte.assente),
                _con_unita(c.obiettivo, c.unita),
                _con_unita(c.avanzamento, "%"),
            ]
            yield from (["", f"a parte: {p.titolo}", _con_unita(p.valore, p.unita), "", ""] for p in c.a_parte)


def _valore(c: CifraFissata, assente: str) -> str:
    """Il valore; di un rapporto, anche quanti su quanti."""
    scritto = _con_unita(c.valore, c.unita) if c.valore is not None else assente
    if c.unita != "%" or c.denominatore is None or c.valore is None:
        return scritto
    return f"{scritto} ({in_parole(numero(c.numeratore))} su {in_parole(numero(c.denominatore))})"


def _con_unita(valore: str | None, unita: str) -> str:
    return SENZA if valore is None else in_parole(numero(valore), unita)
