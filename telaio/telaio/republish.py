"""Republishing: pointers are put back into the outbox; readers drop what they already have."""

from datetime import date

from telaio.database import Pool, transaction


async def republish(
    pool: Pool, *, entity: tuple[str, str] | None = None, since: date | None = None, until: date | None = None
) -> int:
    """Marks the whole journal, one entity or a period (by recorded date) to be shipped again; returns how many.

    All pointers appear at once and carry the number of this republication, so that a relay at work neither deletes
    one it has not shipped since nor ships the later half of an entity first.
    """
    kind, id = entity or (None, None)
    async with transaction(pool) as connection:
        done = await connection.execute(
            "insert into outbox (seq, round) select seq, this.round"
            " from journal, (select nextval('republication')::int as round) as this"
            " where ($1::text is null or (kind, entity) = ($1, $2))"
            " and ($3::date is null or recorded_at >= $3) and ($4::date is null or recorded_at < $4::date + 1)"
            " on conflict (seq) do update set round = excluded.round",
            *(kind, id, since, until),
        )
    return int(done.rpartition(" ")[2])
