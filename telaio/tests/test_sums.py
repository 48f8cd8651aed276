"""Ledgers that are not the only one of their kind: each sums the entities that name it, whatever happens to these."""

import asyncio
from datetime import date
from typing import Any

import pytest
from contratti.rete import Event
from telaio.entity import Entity, Rejected, State
from telaio.journal import load_many
from telaio.runtime import Runtime
from telaio.service import Service
from telaio.state import counting
from telaio.testing.given import given

from .conftest import GIORNO, Start, send, vaso


class ScaffaleMontato(Event):
    """Uno scaffale nuovo."""

    posti: int


class LibroRiposto(Event):
    """Un libro ha preso posto in uno scaffale."""

    scaffale: str


class LibroPrestato(Event):
    """Il libro ha lasciato il suo posto."""


class Scaffale(State):
    posti: int
    libri: int = 0


class Libro(State):
    scaffale: str
    presente: int = 1


for _event in (ScaffaleMontato, LibroRiposto, LibroPrestato):
    Event.registro[_event.type_name, _event.schema_version] = _event

scaffali = Entity("scaffale", Scaffale, "scaffali", "Scaffale")
libri = Entity("libro", Libro, "libri", "Libro")


@scaffali.begins
def montato(scaffale: Scaffale | None, evento: ScaffaleMontato) -> Scaffale:
    return Scaffale(posti=evento.posti)


@libri.begins
def riposto(libro: Libro | None, evento: LibroRiposto) -> Libro:
    return Libro(scaffale=evento.scaffale)


libri.after(LibroPrestato, lambda libro, evento: libro.with_(presente=0))


presenti = scaffali.sums(libri, by="scaffale")(counting("libri", lambda libro: libro.presente))


@scaffali.invariant
def entro_i_posti(scaffale: Scaffale) -> None:
    if scaffale.libri > scaffale.posti:
        raise Rejected("scaffale-pieno", "Lo scaffale è pieno.")


scaffali.records("montaggio", ScaffaleMontato, creates=True)
libri.records("riposto", LibroRiposto, creates=True)
libri.records("prestito", LibroPrestato)

A, B = vaso(101), vaso(102)


def library(**changes: Any) -> Service:
    return Service("prova", "Prova", [scaffali, libri], **changes)


@pytest.fixture
async def runtime(start: Start) -> Runtime:
    """Two shelves: A with three places, B with one."""
    runtime = await start(library())
    await send(runtime, scaffali, A, "montaggio", posti=3)
    await send(runtime, scaffali, B, "montaggio", posti=1)
    return runtime


async def put(runtime: Runtime, number: int, scaffale: str = A) -> str:
    """The first event of a book put on a shelf."""
    return (await send(runtime, libri, vaso(number), "riposto", scaffale=scaffale)).events[0]


async def books(runtime: Runtime) -> list[int]:
    """How many books A and B have, as stored."""
    async with runtime.pool.acquire() as connection:
        keys = [(scaffali.kind, id) for id in (A, B)]
        found: Any = await load_many(connection, runtime.service.by_kind, keys)
    return [found[key].state.libri for key in keys]


async def test_each_sums_those_that_name_it(runtime: Runtime) -> None:
    for number, shelf in enumerate((A, B, A)):
        await put(runtime, number, shelf)
    assert await books(runtime) == [2, 1]
    await send(runtime, libri, vaso(0), "prestito")
    assert await books(runtime) == [1, 1]


async def test_of_twelve_at_once_for_three_places_three_are_accepted(runtime: Runtime) -> None:
    outcomes = await asyncio.gather(*[put(runtime, n) for n in range(12)], return_exceptions=True)
    refused = [o.code for o in outcomes if isinstance(o, Rejected)]
    assert refused == ["scaffale-pieno"] * 9
    assert await books(runtime) == [3, 0]


async def test_a_correction_moves_it_from_one_to_the_other_where_there_is_room(runtime: Runtime) -> None:
    moved, left = await put(runtime, 0), await put(runtime, 1)
    right = {"avvenuto_il": GIORNO.isoformat(), "scaffale": B}
    await send(runtime, libri, vaso(0), "rettifica", rettifica=moved, motivo="altro", data=right)
    assert await books(runtime) == [1, 1]
    with pytest.raises(Rejected, match="scaffale-pieno"):
        await send(runtime, libri, vaso(1), "rettifica", rettifica=left, motivo="altro", data=right)
    await send(runtime, libri, vaso(1), "rettifica", rettifica=left, motivo="altro")
    assert await books(runtime) == [0, 1]


async def test_a_correction_of_the_ledger_itself_keeps_what_it_sums(runtime: Runtime) -> None:
    mounted = (await send(runtime, scaffali, vaso(103), "montaggio", posti=2)).events[0]
    for number in range(2):
        await put(runtime, number, vaso(103))
    fewer = {"avvenuto_il": GIORNO.isoformat(), "posti": 1}
    with pytest.raises(Rejected, match="scaffale-pieno"):
        await send(runtime, scaffali, vaso(103), "rettifica", rettifica=mounted, motivo="altro", data=fewer)
    more = fewer | {"posti": 3}
    await send(runtime, scaffali, vaso(103), "rettifica", rettifica=mounted, motivo="altro", data=more)
    await put(runtime, 2, vaso(103))
    with pytest.raises(Rejected, match="scaffale-pieno"):
        await put(runtime, 3, vaso(103))


async def test_an_older_fold_is_computed_again_from_those_that_name_it(runtime: Runtime) -> None:
    for number, shelf in enumerate((A, B, A)):
        await put(runtime, number, shelf)
    await runtime.pool.execute("update snapshot set fold = 0, state = '{\"posti\": 99}' where kind = 'scaffale'")
    assert await books(runtime) == [2, 1]


async def test_what_names_none_that_exists_is_summed_by_nobody(runtime: Runtime) -> None:
    await put(runtime, 0, vaso(404))
    await send(runtime, libri, vaso(0), "prestito")
    assert await books(runtime) == [0, 0]


def test_a_case_with_its_ledger_is_judged_by_it() -> None:
    book = LibroRiposto(avvenuto_il=date(2016, 3, 1), scaffale="s")
    given(libri).with_(Scaffale(id="s", posti=1)).when("riposto", book).then(book)
    given(libri).with_(Scaffale(id="s", posti=1, libri=1)).when("riposto", book).rejected("scaffale-pieno")


@pytest.mark.parametrize(("singleton", "by"), [(None, None), ("unico", "scaffale"), (None, "stanza")])
def test_a_singleton_sums_all_and_any_other_those_that_name_it(singleton: str | None, by: str | None) -> None:
    ledger = Entity("altro", Scaffale, "altri", "Altro", singleton=singleton)
    with pytest.raises(TypeError, match="a singleton sums all of a kind"):
        ledger.sums(libri, by=by)(presenti)
