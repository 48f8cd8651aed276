"""I testi di un rapporto: le bozze, e quelli approvati. Al diario vanno le sole impronte."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from telaio.database import Connection
from telaio.here import View

LUNGHEZZA = 6_000


@dataclass(frozen=True)
class Sezione:
    """Un testo che il rapporto chiede."""

    nome: str
    titolo: str
    aiuto: str


GRUPPI = {
    "in-breve": (
        Sezione("sintesi", "In breve", "Che cosa è successo nel periodo, in poche righe: chi legge comincia da qui"),
        Sezione("attivita", "Che cosa si è fatto", "Le attività principali, linea per linea"),
    ),
    "cambiamenti": (
        Sezione("risultati", "Che cosa è cambiato", "Per le famiglie, per i giovani, per i comuni; con gli indicatori"),
        Sezione("difficolta", "Che cosa è stato difficile", "E come lo si è affrontato, o lo si affronterà"),
    ),
    "rete-e-futuro": (
        Sezione("rete", "La rete", "Chi si è aggiunto, che cosa si fa insieme che prima si faceva da soli"),
        Sezione("prossimi_passi", "Che cosa viene adesso", "I passi del prossimo periodo"),
    ),
}
"""Le sezioni, a gruppi: ogni gruppo si salva da sé."""
SEZIONI = {s.nome: s for gruppo in GRUPPI.values() for s in gruppo}
OBBLIGATORIA = "sintesi"

_SCRIVI = """
insert into rapporto_testo (rapporto, sezione, impronta, testo) values ($1, $2, $3, $4)
on conflict (rapporto, sezione, impronta) do update set scritto = default
"""
_BOZZE = """
select distinct on (sezione) sezione, impronta, testo from rapporto_testo
where rapporto = $1 order by sezione, scritto desc
"""
_FERMI = """
select sezione, testo from rapporto_testo
join unnest($2::text[], $3::text[]) as v (sezione, impronta) using (sezione, impronta) where rapporto = $1
"""


def impronta(testo: str) -> str:
    """Ciò che di un testo va nel diario."""
    return hashlib.sha256(testo.encode()).hexdigest()


VUOTO = impronta("")


async def salva(connection: Connection, rapporto: str, testi: Mapping[str, str]) -> None:
    """Scrive le bozze di alcune sezioni, nella loro transazione."""
    for sezione, testo in testi.items():
        await connection.execute(_SCRIVI, rapporto, sezione, impronta(testo), testo)


async def bozze(connection: Connection, rapporto: str) -> dict[str, str]:
    """I testi scritti per ultimi, per sezione."""
    return {sezione: testo for sezione, _, testo in await connection.fetch(_BOZZE, rapporto)}


async def fermi(connection: Connection, rapporto: str, impronte: Mapping[str, str]) -> dict[str, str]:
    """I testi con quelle impronte, per sezione."""
    return dict(await connection.fetch(_FERMI, rapporto, list(impronte), list(impronte.values())))


@dataclass(frozen=True)
class Bozze(View):
    """Le impronte dei testi scritti per ultimi, per sezione."""

    impronte: Mapping[str, str]

    @classmethod
    async def load(cls, connection: Connection, id: str, state: Any, command: Any) -> Self:
        return cls({sezione: valore for sezione, valore, _ in await connection.fetch(_BOZZE, id)})
