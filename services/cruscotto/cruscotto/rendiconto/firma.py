"""Ciò che un rapporto fissa, in eventi, e l'impronta di tutto ciò che dice. Pura."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from contratti.cruscotto import CifreFissate, RettificheElencate, VersioniFissate
from contratti.rete import Event

from cruscotto.rendiconto.fotografia import Fotografia

SCHEDE_PER_EVENTO = 1_000
"""Un evento non supera i 128 KiB: duemila schede con il nome più lungo non vi starebbero."""
RETTIFICHE_PER_EVENTO = 300
FISSATI = (VersioniFissate, CifreFissate, RettificheElencate)
T = TypeVar("T")


def fissati(foto: Fotografia, oggi: date) -> Iterator[Event]:
    """Gli eventi che fissano la fotografia."""
    for fonte, versioni in foto.versioni.items():
        for blocco in _a_blocchi(versioni, SCHEDE_PER_EVENTO):
            yield VersioniFissate(avvenuto_il=oggi, fonte=fonte, versioni=tuple(blocco))
    for ente, cifre in foto.parti.items():
        yield CifreFissate(
            avvenuto_il=oggi, ente=ente, denominazione=foto.nomi[ente], impronta_del_registro=foto.registro, cifre=cifre
        )
    for rettifiche in _a_blocchi(foto.rettifiche, RETTIFICHE_PER_EVENTO):
        yield RettificheElencate(avvenuto_il=oggi, rettifiche=tuple(rettifiche))


def _a_blocchi(cose: Sequence[T], quante: int) -> Iterator[Sequence[T]]:
    for inizio in range(0, len(cose), quante):
        yield cose[inizio : inizio + quante]


def impronta_di(aperto: Mapping[str, Any], testi: Mapping[str, str], fissati: Sequence[Mapping[str, Any]]) -> str:
    """L'impronta: di periodo ed enti, dei testi, e dei dati degli eventi che fissano il resto, in ordine. Cambia se
    cambia una sola cosa; non dipende da chi la calcola, né da quando."""
    intero = {"aperto": aperto, "testi": testi, "fissati": fissati}
    scritto = json.dumps(intero, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(scritto.encode()).hexdigest()


def dati(evento: Event) -> dict[str, Any]:
    """I dati dell'evento come stanno nel diario."""
    return {"tipo": evento.type_name, **evento.model_dump(mode="json")}
