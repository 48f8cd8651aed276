"""Ciò che un rapporto approvato dice: dal solo diario, e dai testi che il diario nomina. Non cambia più."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from contratti.cruscotto import (
    CifraFissata,
    CifreFissate,
    RapportoApprovato,
    RettificaSuccessiva,
    RettificheElencate,
    VersioniFissate,
)
from contratti.rete import Event, leggi
from telaio.database import Connection
from telaio.journal import load

from cruscotto.cifre.valuta import NON_CALCOLABILE
from cruscotto.domande.istantanea import Versione
from cruscotto.rendiconto import testi
from cruscotto.rendiconto.firma import FISSATI, impronta_di
from cruscotto.rendiconto.rapporto import Rapporto, chi_e, rapporti
from cruscotto.rendiconto.testi import SEZIONI, Sezione

_DIARIO = """
select type, schema_version, data, author from public.journal
where kind = 'rapporto' and entity = $1 and ($2 or type <> 'cruscotto.VersioniFissate') order by version
"""


@dataclass(frozen=True)
class Parte:
    """Le cifre di tutta la rete, o di un ente; `nome`: di chi sono, per esteso; `assente`: come si dice di una che
    non c'è."""

    ente: str | None
    nome: str
    cifre: tuple[CifraFissata, ...]
    assente: str = NON_CALCOLABILE


@dataclass(frozen=True)
class Contenuto:
    """Un rapporto approvato. `da`: chi lo ha approvato; `registro`: l'impronta di quello che ne calcolò le cifre, se fu
    fissata."""

    id: str
    rapporto: Rapporto
    da: str
    parti: Sequence[Parte]
    testi: Sequence[tuple[Sezione, str]]
    rettifiche: Sequence[RettificaSuccessiva]
    registro: str | None = None

    @property
    def numero(self) -> int:
        assert self.rapporto.numero is not None
        return self.rapporto.numero

    @property
    def approvato_il(self) -> date:
        assert self.rapporto.approvato_il is not None
        return self.rapporto.approvato_il

    def parte(self, ente: str | None) -> Parte | None:
        """Le cifre di un ente; None: non ha una parte sua."""
        return next((p for p in self.parti if p.ente == ente), None)


async def leggi_contenuto(connection: Connection, id: str) -> Contenuto | None:
    """Il rapporto approvato; None se non c'è o è una bozza."""
    trovato = await load(connection, rapporti, id)
    rapporto = trovato.state if trovato else None
    if not isinstance(rapporto, Rapporto) or rapporto.numero is None:
        return None
    righe = await connection.fetch(_DIARIO, id, False)
    eventi = list(_eventi(righe))
    scritti = await testi.fermi(connection, id, rapporto.narrativa)
    return Contenuto(
        id=id,
        rapporto=rapporto,
        da=next(r["author"] for r in righe if r["type"] == RapportoApprovato.type_name),
        parti=[Parte(e.ente, e.denominazione, e.cifre) for e in eventi if isinstance(e, CifreFissate)],
        testi=[(sezione, scritti[nome]) for nome, sezione in SEZIONI.items() if nome in scritti],
        rettifiche=[r for e in eventi if isinstance(e, RettificheElencate) for r in e.rettifiche],
        registro=next(e.impronta_del_registro for e in eventi if isinstance(e, CifreFissate)),
    )


async def versioni(connection: Connection, id: str) -> list[Versione]:
    """Di ogni scheda, l'ultima versione letta dal rapporto."""
    return [
        (e.fonte, v.soggetto, v.versione)
        for e in _eventi(await connection.fetch(_DIARIO, id, True))
        if isinstance(e, VersioniFissate)
        for v in e.versioni
    ]


async def intatto(connection: Connection, contenuto: Contenuto) -> bool:
    """Se diario e testi dicono ancora ciò che fu approvato, parola per parola."""
    righe = await connection.fetch(_DIARIO, contenuto.id, True)
    tipi = {tipo.type_name for tipo in FISSATI}
    fermi = [{"tipo": r["type"], **json.loads(r["data"])} for r in righe if r["type"] in tipi]
    r = contenuto.rapporto
    trovata = impronta_di(chi_e(r, contenuto.numero, contenuto.approvato_il), r.narrativa, fermi)
    return trovata == r.impronta and _testi_giusti(contenuto.testi, r.narrativa)


def _testi_giusti(scritti: Sequence[tuple[Sezione, str]], impronte: Mapping[str, str]) -> bool:
    return {s.nome: testi.impronta(testo) for s, testo in scritti} == dict(impronte)


def _eventi(righe: Sequence[Any]) -> Iterator[Event]:
    return (leggi(r["type"], r["schema_version"], json.loads(r["data"])) for r in righe)
