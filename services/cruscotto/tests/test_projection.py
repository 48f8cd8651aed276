"""What the projection makes of casa's events, on a real PostgreSQL."""

import io
import json
from datetime import date

import pytest
from contratti import casa
from contratti.rete import EventoRettificato
from cruscotto.proiezione.rebuild import Bar
from telaio.consumer.record import Received, receive
from telaio.testing.wire import Raw

from .conftest import Cruscotto, event_id, on_the_wire

GIORNO = date(2016, 3, 20)
F1 = "famiglia/00000000-0000-4000-8000-000000000001"
F2 = "famiglia/00000000-0000-4000-8000-000000000002"
IN_CARICO = casa.FamigliaPresaInCarico(avvenuto_il=GIORNO, comune="017113", componenti=("p-abc123",), minori=0)


def rilevata(importo: int) -> casa.MorositaRilevata:
    return casa.MorositaRilevata(avvenuto_il=GIORNO, importo_centesimi=importo, mensilita=1)


def sanata(importo: int) -> casa.MorositaSanata:
    return casa.MorositaSanata(avvenuto_il=GIORNO, importo_centesimi=importo)


def concessa(famiglia: str) -> casa.GaranziaConcessa:
    alloggio = "00000000-0000-4000-8000-0000000000aa"
    return casa.GaranziaConcessa(
        avvenuto_il=GIORNO, famiglia=famiglia.partition("/")[2], alloggio=alloggio, massimale_centesimi=1000, mesi=12
    )


async def test_arrears_add_up_over_batches_and_leave_with_the_family(cruscotto: Cruscotto) -> None:
    conclusa = casa.PresaInCaricoConclusa(avvenuto_il=GIORNO, esito="casa_mantenuta")
    story = on_the_wire(F1, [IN_CARICO, rilevata(500), rilevata(300), sanata(200), conclusa])
    await cruscotto.feed(story[:2], story[2:4])
    assert await cruscotto.measure("morosita") == 600
    await cruscotto.feed(story[4:])
    assert await cruscotto.measure("morosita") == 0


async def test_a_repeated_batch_changes_nothing(cruscotto: Cruscotto) -> None:
    story = on_the_wire(F1, [IN_CARICO, rilevata(500)])
    await cruscotto.feed(story)
    before = await cruscotto.rows()
    await cruscotto.feed(story, story[1:])
    assert await cruscotto.rows() == before


async def test_a_correction_replaces_what_its_event_contributed(cruscotto: Cruscotto) -> None:
    right = rilevata(50).model_dump(mode="json")
    fix = EventoRettificato(avvenuto_il=GIORNO, rettifica=event_id(F1, 2), motivo="errore_di_digitazione", data=right)
    story = on_the_wire(F1, [IN_CARICO, rilevata(5000), fix, sanata(20)])
    await cruscotto.feed(story[:2])
    assert await cruscotto.measure("morosita") == 5000
    await cruscotto.feed(story[2:])
    assert await cruscotto.measure("morosita") == 30


async def test_an_annulled_event_contributes_nothing(cruscotto: Cruscotto) -> None:
    fix = EventoRettificato(avvenuto_il=GIORNO, rettifica=event_id(F1, 2), motivo="fatto_non_avvenuto")
    await cruscotto.feed(on_the_wire(F1, [IN_CARICO, rilevata(5000), fix]))
    assert await cruscotto.measure("morosita") == 0


async def test_a_correction_in_the_batch_of_its_event_counts_once(cruscotto: Cruscotto, make) -> None:
    right = rilevata(50).model_dump(mode="json")
    fix = EventoRettificato(avvenuto_il=GIORNO, rettifica=event_id(F1, 2), motivo="altro", data=right)
    story = on_the_wire(F1, [IN_CARICO, rilevata(5000), fix, rilevata(7)])
    await cruscotto.feed(story)
    other = await make()
    await other.feed(*[[one] for one in story])
    assert await cruscotto.rows() == await other.rows()
    assert await cruscotto.measure("morosita") == 57


async def test_sums_that_come_to_nothing_leave_no_row(cruscotto: Cruscotto) -> None:
    await cruscotto.feed(on_the_wire(F1, [IN_CARICO, rilevata(500)]))
    await cruscotto.feed(on_the_wire(F1, [sanata(500)], start=3))
    assert [r for r in (await cruscotto.rows())["quota"] if r[0] == "morosita"] == []


async def test_the_fund_position_is_the_sum_of_its_movements(cruscotto: Cruscotto) -> None:
    versata = casa.DotazioneVersata(avvenuto_il=GIORNO, importo_centesimi=9000, da="fondazione")
    escussa = casa.GaranziaEscussa(avvenuto_il=GIORNO, importo_centesimi=400, motivo="canoni_non_pagati")
    recupero = casa.RecuperoIncassato(avvenuto_il=GIORNO, importo_centesimi=100)
    svincolo = casa.GaranziaSvincolata(avvenuto_il=GIORNO, motivo="scadenza")
    await cruscotto.feed(on_the_wire("fondo/garanzia", [versata]))
    await cruscotto.feed(on_the_wire("garanzia/1", [concessa(F1), escussa, recupero]))
    names = ("fondo_versato", "fondo_impegnato", "fondo_escusso", "fondo_recuperato")
    assert [await cruscotto.measure(n) for n in names] == [9000, 600, 400, 100]
    await cruscotto.feed(on_the_wire("garanzia/1", [svincolo], start=4))
    assert await cruscotto.measure("fondo_impegnato") == 0


async def test_an_unknown_type_is_kept_as_a_fact(cruscotto: Cruscotto) -> None:
    class DelFuturo(casa.SfrattoIntimato):
        pass

    DelFuturo.type_name = "casa.DelFuturo"
    story = on_the_wire(F1, [IN_CARICO, DelFuturo(avvenuto_il=GIORNO), rilevata(10)])
    await cruscotto.feed(story)
    facts = (await cruscotto.rows())["fact"]
    assert [row[4] for row in sorted(facts, key=lambda r: r[2])][1] == "casa.DelFuturo"
    assert await cruscotto.measure("morosita") == 10


def said_again(record: Received, *more: str) -> Received:
    """The record with more fields after its own, as a partner's own producer may write them."""
    value = b", ".join([(record.value or b"")[:-1], *(field.encode() for field in more)]) + b"}"
    return receive([Raw(record.topic, record.partition, record.offset, record.key, value)])[0]


async def test_a_fact_is_what_the_reader_read_also_where_a_record_says_a_field_twice(cruscotto: Cruscotto) -> None:
    (first,) = on_the_wire("famiglia/prima", [IN_CARICO])
    twice = said_again(first, f'"entityversion": 1, "data": {IN_CARICO.model_dump_json()}', '"rete": {"a": [1.50]}')
    assert twice.reason is None
    await cruscotto.feed([twice])
    ((source, subject, version, id, kind, schema, day, _, data),) = (await cruscotto.rows())["fact"]
    said = twice.envelope
    assert said is not None
    assert (source, subject, version, str(id)) == (said.source, said.subject, said.entityversion, said.id)
    assert (kind, schema, day, json.loads(data)) == (said.type, said.schema_version, GIORNO, said.data)


@pytest.mark.parametrize("version", ['"2"', "2.0", "true", "0", "null"])
def test_a_version_that_is_no_positive_integer_is_refused(version: str) -> None:
    (first,) = on_the_wire("famiglia/prima", [IN_CARICO])
    assert said_again(first, f'"entityversion": {version}').reason == "busta-non-valida"


def test_the_bar_of_a_rebuild_tells_how_far_how_fast_and_how_long() -> None:
    clock, out = iter([0.0, 0.0, 10.0, 20.0]), io.StringIO()
    bar = Bar(out, lambda: next(clock))
    for done in (0, 5_000, 12_000):
        bar(done, 10_000)
    empty, half, full = (line.rstrip() for line in out.getvalue().split("\r")[1:])
    assert empty.endswith("0/10.000 · 0 eventi/s · mancano ?")
    assert half == f"[{'#' * 20}{' ' * 20}] 5.000/10.000 · 500 eventi/s · mancano 10 s"
    assert full == f"[{'#' * 40}] 10.000/10.000 · 500 eventi/s · mancano 0 s"
