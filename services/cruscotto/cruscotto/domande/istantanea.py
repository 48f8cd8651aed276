"""Le cifre com'erano: i fatti ritagliati, ripiegati in tabelle temporanee che chi legge trova al posto di quelle vere.

Vale per ogni domanda sul passato o su una parte: che cosa si sapeva a un istante, fin dove aveva letto un rapporto, che
cosa hanno registrato alcune fonti, com'era un giorno dentro un mese. Nulla si conferma: alla fine è come non esserci.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime

from telaio.columns import columns, unpacked
from telaio.database import Connection, Pool, open_pool, transaction

from cruscotto.proiezione import generation, riepilogo
from cruscotto.proiezione.ripiego import ripiega

Versione = tuple[str, str, int]
"""Fonte, soggetto, versione."""

_BEGIN = "begin isolation level repeatable read; select set_config('search_path', name, true) from served"
_VERSIONI = 'create temp table taglio_versioni (source text collate "C", subject text collate "C", version int)'
_PER_VERSIONE = "create index on taglio_versioni (source, subject); analyze taglio_versioni"
_COPIA = "create temp table {0} (like {1}.{0} including all);"
_FATTI = """
create temp view fact as select f.* from {0}.fact f where {1};
create temp table toccato (source text collate "C", subject text collate "C", primary key (source, subject))
"""
_SENTITE = "insert into freshness select source, count(*), max(recorded_at) from fact group by source"
_TUTTI = "insert into toccato select source, subject from {0}.folded f where {1}"
_TOCCATI = """
insert into toccato select distinct source, subject from {0}.fact f
where {1} and (not {2} or happened_on > $1 or ($1 < date 'infinity' and type = 'rete.EventoRettificato'))
"""
_QUANTI = "select 2 * (select count(*) from toccato) > (select count(*) from {0}.folded f where {1})"
_COM_E = """
insert into folded select f.* from {0}.folded f left join toccato t using (source, subject)
where t.source is null and {1};
insert into quota select f.* from {0}.quota f where {1}
"""
_STORIE = """
select source, subject, id::text, type, schema_version, data, {1} as tenuto
from {0}.fact f join toccato using (source, subject) order by source, subject, version
"""


@dataclass(frozen=True)
class Taglio:
    """Che cosa conta; None: tutto. `versioni`: di ogni soggetto l'ultima, e nessun altro soggetto; `fonti`: solo
    queste; `al`: ciò che è avvenuto fino a quel giorno, come poi corretto."""

    registrato_entro: datetime | None = None
    versioni: Sequence[Versione] | None = None
    fonti: frozenset[str] | None = None
    al: date | None = None

    @property
    def della_fonte(self) -> str:
        """La condizione su una riga `f` che ha una fonte."""
        return "true" if self.fonti is None else f"f.source = any(array[{_testi(self.fonti)}]::text[])"

    @property
    def del_fatto(self) -> str:
        """La condizione su un fatto `f`: se c'era già."""
        parti = [self.della_fonte]
        if self.registrato_entro is not None:
            parti.append(f"f.recorded_at <= timestamptz '{self.registrato_entro.isoformat()}'")
        if self.versioni is not None:
            parti.append(
                "exists (select from taglio_versioni v"
                " where (v.source, v.subject) = (f.source, f.subject) and f.version <= v.version)"
            )
        return f"({' and '.join(parti)})"


def _testi(valori: frozenset[str]) -> str:
    """Letterali di SQL: una vista non ha parametri."""
    return ", ".join("'" + v.replace("'", "''") + "'" for v in sorted(valori))


@asynccontextmanager
async def istantanea(pool: Pool, taglio: Taglio) -> AsyncIterator[Connection]:
    """Una transazione in cui ogni lettura vede i fatti ritagliati della generazione servita."""
    async with transaction(pool, _BEGIN, end="rollback") as connection:
        await ritaglia(connection, taglio)
        yield connection


@asynccontextmanager
async def ferma(dsn: str) -> AsyncIterator[Connection]:
    """Una transazione per cui il tempo è fermo: per quanto duri e quanto vi si legga, i lotti vanno avanti, una
    generazione può prendere il posto di un'altra, e ciò che vede resta la generazione servita e il diario di quando è
    cominciata. Ha una connessione sua: chi ne tiene già una del pool non aspetta che se ne liberi un'altra."""
    async with await open_pool(dsn, size=1) as pool, transaction(pool, _BEGIN, end="rollback") as connection:
        yield connection


async def ritaglia(connection: Connection, taglio: Taglio) -> None:
    """Mette nelle tabelle temporanee ciò che il taglio lascia; le toglie solo la fine della transazione, annullata.

    pg_temp viene prima del search_path: da qui in poi chi dice `quota` dice la sua copia.
    """
    dove = generation.safe(str(await connection.fetchval("select current_schema()")))
    await _versioni(connection, taglio)
    copie = [t for t in (*generation.KEPT, *generation.DERIVED) if t != "fact"]
    await connection.execute("".join(_COPIA.format(t, dove) for t in copie))
    await connection.execute(_FATTI.format(dove, taglio.del_fatto))
    await connection.execute(_SENTITE)
    await _folded(connection, taglio, dove)
    await connection.execute("delete from quota where value = 0; analyze folded; analyze quota")
    await riepilogo.ricostruisci(connection)


async def _versioni(connection: Connection, taglio: Taglio) -> None:
    if taglio.versioni is None:
        return
    await connection.execute(_VERSIONI)
    await connection.execute(
        f"insert into taglio_versioni select * from {unpacked('source text, subject text, version int')}",  # noqa: S608
        columns(*([v[i] for v in taglio.versioni] for i in range(3))),
    )
    await connection.execute(_PER_VERSIONE)


async def _folded(connection: Connection, taglio: Taglio, dove: str) -> None:
    """Riempie `folded` e `quota`: ciò che il taglio non tocca com'è, il resto ripiegato; se tocca quasi tutto, da
    capo."""
    fonti, fatto = taglio.della_fonte, taglio.del_fatto
    await connection.execute(_TOCCATI.format(dove, fonti, fatto), taglio.al or date.max)
    da_capo = bool(await connection.fetchval(_QUANTI.format(dove, fonti)))
    if da_capo:
        await connection.execute("truncate toccato; " + _TUTTI.format(dove, fonti))
    else:
        await connection.execute(_COM_E.format(dove, fonti))
    await connection.execute("analyze toccato")
    await ripiega(connection, _STORIE.format(dove, fatto), taglio.al or date.max, da_capo=da_capo)
