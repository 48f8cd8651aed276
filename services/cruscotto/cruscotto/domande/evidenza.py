"""Gli eventi che stanno dietro a una cifra: i fatti dei tipi da cui nasce, ciascuno con la sua rettifica."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from telaio.clock import ROME
from telaio.database import Connection

from cruscotto.cifre.indicatori import Indicatore
from cruscotto.domande import cursore as cursore_di
from cruscotto.domande.filtro import Filtro
from cruscotto.domande.storie import Rettifica, Storia, dove

PASSI, PASSO = 20, 4
"""Cercando un comune: quanti passi, di quante pagine di fatti. Una pagina può finire prima, e il cursore riprende."""
CURSORE = re.compile(r"(\d{4}-\d\d-\d\d):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
Punto = tuple[date, UUID]
INIZIO: Punto = (date.max, UUID(int=2**128 - 1))

# Un tipo alla volta, ciascuno dal suo indice: leggere una pagina costa una pagina, comunque cresca il resto.
_FATTI = """
select f.* from unnest($1::text[]) as t (nome) cross join lateral (
  select source, subject, version, id, type, happened_on, recorded_at from fact
  where fact.type = t.nome and happened_on between $2 and $3 and (happened_on, id) < ($4, $5)
  order by happened_on desc, id desc limit $6
) f order by happened_on desc, id desc limit $6
"""


@dataclass(frozen=True)
class Prova:
    """Un evento dietro a una cifra. `soggetto` è l'entità, per pseudonimo; `comuni`, di regola uno, nessuno se non
    è rilevato."""

    id: str
    tipo: str
    fonte: str
    soggetto: str
    versione: int
    avvenuto_il: date
    registrato_alle: datetime
    comuni: tuple[str, ...]
    rettifica: Rettifica | None

    @property
    def ritardo(self) -> int:
        """Quanti giorni dopo è stato registrato."""
        return (self.registrato_alle.astimezone(ROME).date() - self.avvenuto_il).days


@dataclass(frozen=True)
class Pagina:
    """Le prove dalla più recente, e il cursore di quelle dopo; None alla fine."""

    prove: Sequence[Prova]
    successivo: str | None


async def pagina(
    connection: Connection, indicatore: Indicatore, filtro: Filtro, cursore: str | None, limite: int
) -> Pagina:
    """Una pagina di prove. Raises: Problem 400 per un cursore che non è stato dato qui."""
    punto = _decodificato(cursore)
    passo = (limite + 1) * (1 if filtro.comune is None else PASSO)
    prove: list[Prova] = []
    for _ in range(PASSI):
        fatti = await connection.fetch(
            _FATTI, indicatore.eventi, filtro.dal or date.min, filtro.ultimo_giorno, *punto, passo
        )
        trovate = await _prove(connection, fatti, indicatore.segue)
        prove += [p for p in trovate if filtro.comune is None or filtro.comune in p.comuni]
        if len(prove) > limite:
            return Pagina(prove[:limite], _codificato(prove[limite - 1]))
        if len(fatti) < passo:
            return Pagina(prove, None)
        punto = trovate[-1].avvenuto_il, UUID(trovate[-1].id)
    return Pagina(prove, _codificato(trovate[-1]))


async def _prove(connection: Connection, fatti: Sequence[Any], segue: str) -> list[Prova]:
    quando = [((f["source"], f["subject"]), f["happened_on"]) for f in fatti]
    trovate = await dove(connection, quando, segue)
    return [_prova(f, *trovate[q]) for f, q in zip(fatti, quando, strict=True)]


def _prova(fatto: Any, storia: Storia, comuni: tuple[str, ...]) -> Prova:
    id = str(fatto["id"])
    return Prova(
        id=id,
        tipo=fatto["type"],
        fonte=fatto["source"],
        soggetto=fatto["subject"],
        versione=fatto["version"],
        avvenuto_il=fatto["happened_on"],
        registrato_alle=fatto["recorded_at"],
        comuni=comuni,
        rettifica=storia.rettifiche.get(id),
    )


def _codificato(prova: Prova) -> str:
    return cursore_di.scritto(f"{prova.avvenuto_il}:{prova.id}")


def _decodificato(cursore: str | None) -> Punto:
    trovato = cursore_di.letto(cursore, CURSORE)
    try:
        return (date.fromisoformat(trovato[1]), UUID(trovato[2])) if trovato else INIZIO
    except ValueError as nessun_giorno:
        raise cursore_di.non_valido() from nessun_giorno
