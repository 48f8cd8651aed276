"""What `execute` promises, on a real PostgreSQL."""

import asyncio
from datetime import date

import pytest
from telaio.database import Unavailable
from telaio.entity import Rejected
from telaio.execute import Accepted, VersionMismatch
from telaio.idempotency import KeyReused
from telaio.journal import history, load
from telaio.testing.strand import mensole, vasi

from .conftest import Start, send, vaso


async def count(runtime, table: str) -> int:
    return await runtime.pool.fetchval(f"select count(*) from {table}")


async def marbles(runtime, id: str) -> int:
    async with runtime.pool.acquire() as connection:
        return (await load(connection, vasi, id)).state.biglie


async def shelf(runtime) -> int:
    async with runtime.pool.acquire() as connection:
        return (await load(connection, mensole, "unica")).state.biglie


async def test_an_accepted_command_is_in_journal_snapshot_and_outbox(start: Start) -> None:
    runtime = await start()
    accepted = await send(runtime, vasi, vaso(1), "apertura", etichetta="a", biglie=3)
    assert (accepted.version, len(accepted.events)) == (1, 1)
    assert [await count(runtime, t) for t in ("journal", "outbox")] == [1, 1]
    assert await marbles(runtime, vaso(1)) == 3
    assert await shelf(runtime) == 3


async def test_a_rejection_writes_nothing(start: Start) -> None:
    runtime = await start()
    await send(runtime, vasi, vaso(1), "apertura", etichetta="a", biglie=3)
    with pytest.raises(Rejected, match="biglie-insufficienti"):
        await send(runtime, vasi, vaso(1), "prelievo", biglie=4, call={"key": "k", "scope": "s"})
    assert [await count(runtime, t) for t in ("journal", "outbox", "idempotency")] == [1, 1, 0]
    assert await marbles(runtime, vaso(1)) == 3


async def test_of_eight_simultaneous_first_commands_one_is_accepted(start: Start) -> None:
    runtime = await start()
    firsts = [send(runtime, vasi, vaso(1), "apertura", etichetta="a", biglie=1) for _ in range(8)]
    outcomes = await asyncio.gather(*firsts, return_exceptions=True)
    assert sorted(getattr(o, "code", "accepted") for o in outcomes) == ["accepted"] + ["vaso-gia-aperto"] * 7


async def test_of_eight_that_claim_the_same_key_one_is_accepted(start: Start) -> None:
    runtime = await start()
    rivals = [send(runtime, vasi, vaso(n), "apertura", etichetta="unica", biglie=1) for n in range(8)]
    outcomes = await asyncio.gather(*rivals, return_exceptions=True)
    assert sorted(getattr(o, "code", "accepted") for o in outcomes) == ["accepted"] + ["etichetta-usata"] * 7
    assert await count(runtime, "journal") == 1


async def test_a_repeated_key_gets_the_same_answer_and_no_second_event(start: Start) -> None:
    runtime = await start()
    call = {"key": "k1", "scope": "/vasi", "digest": b"1"}
    first = await send(runtime, vasi, vaso(1), "apertura", etichetta="a", biglie=1, call=call)
    again = await send(runtime, vasi, vaso(1), "apertura", etichetta="a", biglie=1, call=call)
    assert (again.version, again.events, again.replayed) == (first.version, first.events, True)
    assert await count(runtime, "journal") == 1


async def test_simultaneous_repeats_of_a_key_write_once(start: Start) -> None:
    runtime = await start()
    call = {"key": "k1", "scope": "/vasi", "digest": b"1"}
    repeats = [send(runtime, vasi, vaso(1), "apertura", etichetta="a", biglie=1, call=call) for _ in range(8)]
    answers = await asyncio.gather(*repeats)
    assert len({tuple(a.events) for a in answers}) == 1
    assert await count(runtime, "journal") == 1


async def test_a_key_with_another_body_is_refused(start: Start) -> None:
    runtime = await start()
    call = {"key": "k1", "scope": "/vasi", "digest": b"1"}
    await send(runtime, vasi, vaso(1), "apertura", etichetta="a", biglie=1, call=call)
    with pytest.raises(KeyReused):
        await send(runtime, vasi, vaso(1), "apertura", etichetta="b", biglie=1, call={**call, "digest": b"2"})


async def test_a_key_of_another_author_is_another_key(start: Start) -> None:
    runtime = await start()
    await send(runtime, vasi, vaso(1), "apertura", etichetta="a", biglie=1, call={"key": "k", "scope": "s"})
    await runtime.pool.execute("update idempotency set author = 'bruno'")
    await send(runtime, vasi, vaso(1), "aggiunta", biglie=1, call={"key": "k", "scope": "s"})
    assert await marbles(runtime, vaso(1)) == 2


async def test_a_stale_version_is_refused(start: Start) -> None:
    runtime = await start()
    await send(runtime, vasi, vaso(1), "apertura", etichetta="a", biglie=1)
    await send(runtime, vasi, vaso(1), "aggiunta", biglie=1, call={"if_match": 1})
    with pytest.raises(VersionMismatch) as stale:
        await send(runtime, vasi, vaso(1), "aggiunta", biglie=1, call={"if_match": 1})
    assert stale.value.current == 2


async def test_events_of_two_entities_commit_together_or_not_at_all(start: Start) -> None:
    runtime = await start()
    await send(runtime, vasi, vaso(1), "apertura", etichetta="a", biglie=5)
    await send(runtime, vasi, vaso(2), "apertura", etichetta="b", biglie=1)
    await send(runtime, vasi, vaso(1), "travaso", verso=vaso(2), biglie=2)
    assert [await marbles(runtime, vaso(n)) for n in (1, 2)] == [3, 3]
    with pytest.raises(Rejected, match="biglie-insufficienti"):
        await send(runtime, vasi, vaso(1), "travaso", verso=vaso(2), biglie=4)
    assert [await marbles(runtime, vaso(n)) for n in (1, 2)] == [3, 3]


async def test_crossing_transfers_neither_deadlock_nor_lose_a_marble(start: Start) -> None:
    runtime = await start()
    for n in range(4):
        await send(runtime, vasi, vaso(n), "apertura", etichetta=str(n), biglie=100)
    moves = [send(runtime, vasi, vaso(i % 4), "travaso", verso=vaso((i + 1 + i // 4) % 4), biglie=1) for i in range(80)]
    await asyncio.gather(*[m for i, m in enumerate(moves) if i % 4 != (i + 1 + i // 4) % 4], return_exceptions=False)
    for i, m in enumerate(moves):
        if i % 4 == (i + 1 + i // 4) % 4:
            m.close()
    assert sum([await marbles(runtime, vaso(n)) for n in range(4)]) == 400
    assert await shelf(runtime) == 400


async def test_a_ledger_holds_under_concurrent_commands(start: Start) -> None:
    runtime = await start()
    opens = [send(runtime, vasi, vaso(n), "apertura", etichetta=str(n), biglie=1000) for n in range(8)]
    outcomes = await asyncio.gather(*opens, return_exceptions=True)
    assert sorted(getattr(o, "code", "accepted") for o in outcomes) == ["accepted"] * 5 + ["mensola-piena"] * 3
    assert await shelf(runtime) == 5000


async def test_a_correction_replaces_an_event_and_the_ledger_follows(start: Start) -> None:
    runtime = await start()
    await send(runtime, vasi, vaso(1), "apertura", etichetta="a", biglie=5)
    wrong = await send(runtime, vasi, vaso(1), "aggiunta", biglie=50)
    right = {"avvenuto_il": "2016-03-01", "biglie": 5}
    fix = {"rettifica": wrong.events[0], "motivo": "errore_di_digitazione", "data": right}
    await send(runtime, vasi, vaso(1), "rettifica", **fix)
    assert (await marbles(runtime, vaso(1)), await shelf(runtime)) == (10, 10)
    async with runtime.pool.acquire() as connection:
        assert [r.version for r in await history(connection, "vaso", vaso(1))] == [1, 2, 3]


async def test_an_annulled_event_counts_no_more(start: Start) -> None:
    runtime = await start()
    await send(runtime, vasi, vaso(1), "apertura", etichetta="a", biglie=5)
    wrong = await send(runtime, vasi, vaso(1), "aggiunta", biglie=50)
    await send(runtime, vasi, vaso(1), "rettifica", rettifica=wrong.events[0], motivo="fatto_non_avvenuto")
    assert (await marbles(runtime, vaso(1)), await shelf(runtime)) == (5, 5)


async def test_an_annulled_creation_frees_its_claims(start: Start) -> None:
    runtime = await start()
    wrong = await send(runtime, vasi, vaso(1), "apertura", etichetta="a", biglie=5)
    await send(runtime, vasi, vaso(1), "rettifica", rettifica=wrong.events[0], motivo="fatto_non_avvenuto")
    assert await shelf(runtime) == 0
    await send(runtime, vasi, vaso(2), "apertura", etichetta="a", biglie=5)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"data": {"avvenuto_il": "2016-03-01", "biglie": 1}}, "biglie-insufficienti"),
        ({"data": None}, "rettifica-incoerente"),
        ({"data": {"avvenuto_il": "2016-03-01", "biglie": -1}}, "rettifica-non-valida"),
        ({"data": {"avvenuto_il": "2999-03-01", "biglie": 5}}, "rettifica-non-valida"),
        ({"data": {"avvenuto_il": "2016-03-01", "biglie": 5, "altro": 1}}, "rettifica-non-valida"),
        ({"rettifica": vaso(9)}, "evento-non-trovato"),
    ],
)
async def test_a_correction_that_breaks_the_history_is_refused(start: Start, changes: dict, code: str) -> None:
    runtime = await start()
    first = await send(runtime, vasi, vaso(1), "apertura", etichetta="a", biglie=5)
    await send(runtime, vasi, vaso(1), "prelievo", biglie=4)
    if changes.get("data"):
        changes = {"data": {"etichetta": "a", **changes["data"]}}
    with pytest.raises(Rejected, match=code):
        await send(runtime, vasi, vaso(1), "rettifica", **{"rettifica": first.events[0], "motivo": "altro", **changes})
    assert await count(runtime, "journal") == 2


async def test_a_snapshot_of_an_older_fold_is_computed_again(start: Start) -> None:
    runtime = await start()
    await send(runtime, vasi, vaso(1), "apertura", etichetta="a", biglie=5)
    await runtime.pool.execute("""update snapshot set fold = 0, state = '{"etichetta":"?","biglie":0}'""")
    assert await marbles(runtime, vaso(1)) == 5
    async with runtime.pool.acquire() as connection:
        assert (await load(connection, vasi, vaso(1))).version == 1
    await send(runtime, vasi, vaso(2), "apertura", etichetta="b", biglie=1)
    assert await shelf(runtime) == 6


async def test_what_is_recorded_later_keeps_both_times(start: Start) -> None:
    runtime = await start(adesso="2016-05-01T10:00:00Z")
    await send(runtime, vasi, vaso(1), "apertura", etichetta="a", biglie=5)
    async with runtime.pool.acquire() as connection:
        (row,) = await history(connection, "vaso", vaso(1))
    assert (row.happened_on, row.recorded_at.date()) == (date(2016, 3, 1), date(2016, 5, 1))


async def test_a_correction_must_hold_at_every_step_of_the_history(start: Start) -> None:
    runtime = await start()
    await send(runtime, vasi, vaso(1), "apertura", etichetta="a", biglie=1)
    early = await send(runtime, vasi, vaso(1), "aggiunta", biglie=9)
    await send(runtime, vasi, vaso(1), "prelievo", biglie=8)
    await send(runtime, vasi, vaso(1), "aggiunta", biglie=9)
    with pytest.raises(Rejected, match="biglie-insufficienti"):
        await send(runtime, vasi, vaso(1), "rettifica", rettifica=early.events[0], motivo="fatto_non_avvenuto")


async def test_a_history_with_an_event_of_a_later_release_is_not_guessed_at(start: Start) -> None:
    runtime = await start()
    await send(runtime, vasi, vaso(1), "apertura", etichetta="a", biglie=5)
    await runtime.pool.execute("update journal set type = 'strand.DelFuturo'")
    await runtime.pool.execute("update snapshot set fold = 0 where kind = 'vaso'")
    with pytest.raises(Unavailable):
        await send(runtime, vasi, vaso(1), "aggiunta", biglie=1)
    assert await count(runtime, "journal") == 1


async def test_a_cut_connection_is_unavailable_and_the_next_one_works(start: Start) -> None:
    runtime = await start()
    await send(runtime, vasi, vaso(1), "apertura", etichetta="a", biglie=5)
    others = "pid <> pg_backend_pid() and datname = current_database()"
    async with runtime.pool.acquire(), runtime.pool.acquire() as other:
        await other.execute(f"select pg_terminate_backend(pid) from pg_stat_activity where {others}")
    outcomes = [await asyncio.gather(send(runtime, vasi, vaso(1), "aggiunta", biglie=1), return_exceptions=True)]
    outcomes += [await asyncio.gather(send(runtime, vasi, vaso(1), "aggiunta", biglie=1), return_exceptions=True)]
    assert all(isinstance(o, Accepted | Unavailable) for (o,) in outcomes)
    assert isinstance(outcomes[-1][0], Accepted)
