"""Le quote da cui dipende il posto di quelle di un lotto, come sono adesso: entità intere, e i loro luoghi."""

from collections.abc import Collection, Iterable, Sequence

from telaio.database import Connection

from cruscotto.apporti.luoghi import CHI_REGISTRA, LUOGO, Riga
from cruscotto.cifre.indicatori import Registro
from cruscotto.proiezione.collocazione import Collocazione, rimandi

PER_ENTITA = Collocazione(Registro.carica().misure)

# Senza la fonte: di una quota che è di chi ha registrato, la chiave è il suo ente.
COLONNE = f"""
measure, comune, month, case key when '{CHI_REGISTRA}' then split_part(source, '/', 3) else key end, sum(value)::bigint
"""
RAGGRUPPATE = "group by measure, comune, month, 4"
_DELLE_ENTITA = f"""
select {COLONNE} from quota where measure = any($1::text[]) and key = any($2::text[]) {RAGGRUPPATE}
"""  # noqa: S608
_IN_SERIE = """
select q.measure, q.comune, q.month, q.key, q.value from unnest($1::text[]) as m (measure)
cross join unnest($2::text[]) as e (chi)
cross join lateral (
  select measure, comune, month, key, sum(value)::bigint as value from quota
  where quota.measure = m.measure and key > e.chi || '|' and key < e.chi || '}' group by measure, comune, month, key
) q
"""
_PRESSO = f"""
select {COLONNE} from quota where comune like '%/%' and comune = any($1::text[]) {RAGGRUPPATE}
"""  # noqa: S608


async def coinvolte(connection: Connection, lotto: Sequence[Riga]) -> list[Riga]:
    """Le quote di ogni entità che il lotto tocca, e di quelle che stanno presso una scheda di cui dice il luogo; ogni
    riga una volta, quelle semplici del lotto per quanto vi aggiunge."""
    spostate, presso = await _presso(connection, {r.chiave for r in lotto if r.misura == LUOGO})
    semplici = [r for r in lotto if PER_ENTITA.semplice(r.misura) and r.comune not in spostate]
    righe = semplici + [r for r in presso if PER_ENTITA.semplice(r.misura)]
    righe += await _entita(connection, [*lotto, *presso])
    # Anche i luoghi che il lotto ha tolto: servono a sapere dove si stava prima.
    return righe + await luoghi(connection, [*righe, *lotto])


async def _presso(connection: Connection, schede: set[str]) -> tuple[set[str], list[Riga]]:
    """Le schede, con quelle il cui luogo dipende da loro, e le quote che vi stanno."""
    tutte, nuove, trovate = set(schede), schede, []
    while nuove:
        righe = await _righe(connection, _PRESSO, nuove)
        trovate += [r for r in righe if r.misura != LUOGO]
        nuove = {r.chiave for r in righe if r.misura == LUOGO} - tutte
        tutte |= nuove
    return tutte, trovate


async def _entita(connection: Connection, toccate: Iterable[Riga]) -> list[Riga]:
    """Le quote delle entità toccate, intere. Qualcuna in più non cambia niente: resta al suo posto."""
    pari: set[str] = set()
    serie: set[str] = set()
    chiavi, chi = {CHI_REGISTRA}, set()
    for riga in toccate:
        suo, in_serie, di_chi = PER_ENTITA.insieme(riga.misura, riga.chiave)
        pari |= suo
        serie |= in_serie
        chiavi |= {riga.chiave} if suo else set()
        chi |= {di_chi} if in_serie else set()
    trovate = await _righe(connection, _DELLE_ENTITA, pari, chiavi) if pari else []
    return trovate + (await _righe(connection, _IN_SERIE, serie, chi) if serie else [])


async def luoghi(connection: Connection, righe: Collection[Riga]) -> list[Riga]:
    """Le quote che dicono il luogo delle schede a cui le righe rimandano, e di quelle a cui queste rimandano."""
    trovate: list[Riga] = []
    cercate, nuove = set(), rimandi(righe)
    while nuove:
        altre = await _righe(connection, _DELLE_ENTITA, {LUOGO}, nuove)
        trovate += altre
        cercate |= nuove
        nuove = rimandi(altre) - cercate
    return trovate


async def _righe(connection: Connection, query: str, *insiemi: Collection[str]) -> list[Riga]:
    return [Riga(*riga) for riga in await connection.fetch(query, *map(sorted, insiemi))]
