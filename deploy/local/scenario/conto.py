"""Il calcolo indipendente: le cifre di tutte le linee dai soli comandi accolti. Non conosce né eventi né servizi.

I servizi sommano evento per evento; qui si interroga l'intera storia, in SQL (`conti/`, un file per linea).
"""

import json
import sqlite3
from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date
from importlib.resources import files
from typing import Any, NamedTuple
from uuid import uuid5

from scenario.attese import mediane
from scenario.invii.sportelli import SUCCESSORI
from scenario.play import Played


class Cifra(NamedTuple):
    """Che cosa dice una cifra: indicatore, fine del mese, comune («» per il distretto), chiave (un tipo, una voce)."""

    codice: str
    al: date
    comune: str = ""
    chiave: str = ""


CONTI = ("storia", "casa", "punti", "lavoro", "giovani", "invii", "rete")
"""I file di `conti/`, nell'ordine in cui ciascuno può usare le viste dei precedenti."""

Cifre = dict[Cifra, int]
"""Le cifre diverse da zero."""

Fatto = tuple[str, str, str, str, dict[str, Any]]
"""La linea, l'id dell'evento, il comando («garanzie/escussione»), l'entità, i dati."""


def conta(accolti: Iterable[Played], dal: date, al: date) -> Cifre:
    """Le cifre alla fine di ogni mese, dai comandi accolti nell'ordine in cui lo sono stati."""
    libro = sqlite3.connect(":memory:")
    libro.executescript(
        "create table fatto (ordine integer primary key, linea text, evento text, nome text, id text, dati text);"
        "create table rettifica (ordine integer primary key, evento text, dati text); create table mese (fine text)"
    )
    libro.executemany("insert into mese values (?)", [(fine.isoformat(),) for fine in fini_dei_mesi(dal, al)])
    for ordine, (linea, evento, nome, id, dati) in enumerate(_fatti(accolti)):
        if nome.endswith("/rettifica"):
            giusti = None if dati["data"] is None else json.dumps(dati["data"])
            libro.execute("insert into rettifica values (?, ?, ?)", (ordine, dati["rettifica"], giusti))
        else:
            libro.execute(
                "insert into fatto values (?, ?, ?, ?, ?, ?)", (ordine, linea, evento, nome, id, json.dumps(dati))
            )
    for nome in CONTI:
        libro.executescript(files(__package__).joinpath("conti", f"{nome}.sql").read_text(encoding="utf-8"))
    libro.executemany("insert into cifra values (?, ?, '', '', ?)", mediane(libro, fini_dei_mesi(dal, al)))
    righe = libro.execute("select codice, fine, comune, chiave, valore from cifra where valore <> 0")
    return {
        Cifra(codice, date.fromisoformat(fine), comune, chiave): valore
        for codice, fine, comune, chiave, valore in righe
    }


def fini_dei_mesi(dal: date, al: date) -> list[date]:
    """L'ultimo giorno di ogni mese, da quello di `dal` a quello di `al`."""
    mesi = range(dal.year * 12 + dal.month - 1, al.year * 12 + al.month)
    return [date(m // 12, m % 12 + 1, monthrange(m // 12, m % 12 + 1)[1]) for m in mesi]


def _fatti(accolti: Iterable[Played]) -> Iterator[Fatto]:
    """Un comando è un fatto; la liberazione di un alloggio può anche escutere e svincolare la sua garanzia, chi offre a
    un altro ciò che aveva chiesto lo chiede di nuovo, e chi apre una scheda da un invio comincia a lavorarci."""
    garanzia_di: dict[str, str] = {}
    chiesto: dict[str, dict[str, Any]] = {}
    for giocato in accolti:
        passo, dati, eventi = giocato.passo, giocato.body, giocato.events
        if passo.nome == "garanzie/concessione":
            garanzia_di[dati["alloggio"]] = passo.entita
        elif passo.nome == "invii/richiesta":
            chiesto[passo.entita] = dati
        elif passo.nome == "invii/reindirizzamento":
            nuovo = str(uuid5(SUCCESSORI, passo.entita))
            chiesto[nuovo] = chiesto[passo.entita] | dati | {"segue": passo.entita}
            yield passo.servizio, eventi[0], "invii/richiesta", nuovo, chiesto[nuovo]
        elif dati.get("garanzia_attiva") and len(eventi) > 1:
            yield from _chiusura(garanzia_di[passo.entita], dati, eventi[:-1])
        yield passo.servizio, eventi[0 if "invio" in dati else -1], passo.nome, passo.entita, dati


def _chiusura(garanzia: str, dati: dict[str, Any], eventi: list[str]) -> Iterator[Fatto]:
    giorno = {"avvenuto_il": dati["avvenuto_il"]}
    if dati["garanzia_attiva"] == "escussione_e_svincolo":
        importo = {"importo_centesimi": dati["importo_escusso_centesimi"], "motivo": dati["motivo_escussione"]}
        yield "casa", eventi[0], "garanzie/escussione", garanzia, giorno | importo
    yield "casa", eventi[-1], "garanzie/svincolo", garanzia, giorno | {"motivo": "alloggio_liberato"}
