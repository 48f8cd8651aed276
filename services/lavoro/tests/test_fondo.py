"""The Fondo Esperienze: what it promised and what it paid is never more than it was given."""

from datetime import date
from typing import Any

import pytest
from contratti import lavoro
from contratti.rete import Event
from lavoro.fondo import Esperienza, Fondo, esperienze, fondi
from lavoro.inserimento import Inserimento
from lavoro.tirocinio import Tirocinio
from telaio.entity import Rejected
from telaio.testing.given import Case, given

GIORNO = date(2016, 3, 20)
STAGE, POSTO = "7f3c2a10-5b6d-4e8f-9a01-23456789abcd", "1c3c2a10-5b6d-4e8f-9a01-23456789abcd"
STORNATO = lavoro.ImpegnoStornato(avvenuto_il=GIORNO)


def tirocinio(**fields: Any) -> Tirocinio:
    known = {"candidato": "c", "aderente": "a", "categoria": "ordinario", "dal": "2016-04-01", "al": "2016-09-30"}
    money = {"ore_settimanali": 30, "indennita_centesimi": 0, "tutor_aziendale": "p-aaaaaa"}
    return Tirocinio.model_validate({"id": STAGE} | known | money | fields)


def inserimento(**fields: Any) -> Inserimento:
    known = {"id": POSTO, "candidato": "c", "aderente": "a", "contratto": "altro", "avviato_il": "2016-02-01"}
    return Inserimento.model_validate(known | fields)


def finanziata(cents: int = 900, **fields: Any) -> lavoro.EsperienzaFinanziata:
    what = fields or {"tirocinio": STAGE}
    return lavoro.EsperienzaFinanziata.model_validate({"avvenuto_il": GIORNO, "importo_centesimi": cents} | what)


def liquidata(cents: int) -> lavoro.SpesaLiquidata:
    return lavoro.SpesaLiquidata(avvenuto_il=GIORNO, importo_centesimi=cents)


def finanziamento(command: lavoro.EsperienzaFinanziata, *others: Any) -> Case:
    cases = others or (tirocinio(), inserimento(), Fondo(versato_centesimi=1000))
    return given(esperienze).with_(*cases).when("finanziamento", command)


def impegno(*history: Event) -> Case:
    """A commitment of 900 in a fund that has as much."""
    state = after(*history)
    paid, due = state.pagato_centesimi, state.residuo_centesimi
    fund = Fondo(versato_centesimi=900, speso_centesimi=paid, impegni_centesimi=due)
    return given(esperienze, finanziata(), *history).with_(fund)


def after(*history: Event) -> Esperienza:
    state = esperienze.replay("e", [finanziata(), *history], checked=True)
    assert state is not None
    return state


# Financing


def test_an_internship_or_a_placement_is_financed() -> None:
    finanziamento(finanziata()).then(finanziata())
    finanziamento(finanziata(inserimento=POSTO)).then(finanziata(inserimento=POSTO))


def test_one_of_the_two_is_named_and_not_both() -> None:
    both = lavoro.EsperienzaFinanziata(avvenuto_il=GIORNO, tirocinio=STAGE, inserimento=POSTO, importo_centesimi=1)
    neither = lavoro.EsperienzaFinanziata(avvenuto_il=GIORNO, importo_centesimi=1)
    finanziamento(both).rejected("esperienza-da-indicare")
    finanziamento(neither, Fondo(versato_centesimi=1)).rejected("esperienza-da-indicare")


def test_what_does_not_exist_is_not_financed() -> None:
    fund = Fondo(versato_centesimi=1000)
    finanziamento(finanziata(), fund).rejected("esperienza-non-trovata")
    finanziamento(finanziata(inserimento=POSTO), fund).rejected("esperienza-non-trovata")


@pytest.mark.parametrize(("day", "possible"), [(date(2016, 3, 20), True), (date(2016, 3, 19), False)])
def test_what_had_ended_by_that_day_is_not_financed(day: date, possible: bool) -> None:
    fund = Fondo(versato_centesimi=1000)
    ended = finanziamento(finanziata(), tirocinio(finito_il=day, stato="interrotto"), fund)
    left = finanziamento(finanziata(inserimento=POSTO), inserimento(cessato_il=day), fund)
    for case in (ended, left):
        assert case.command is not None
        case.then(case.command) if possible else case.rejected("esperienza-finita")  # type: ignore[arg-type]


def test_the_fund_promises_up_to_what_it_has_and_not_beyond() -> None:
    exact = Fondo(versato_centesimi=1000, speso_centesimi=60, impegni_centesimi=40)
    finanziamento(finanziata(900), tirocinio(), exact).then(finanziata(900))
    finanziamento(finanziata(901), tirocinio(), exact).rejected("fondo-incapiente")
    finanziamento(finanziata(1), tirocinio(), Fondo()).rejected("fondo-incapiente")


def test_one_open_commitment_for_an_internship_at_a_time() -> None:
    assert set(esperienze.keys(after())) == {f"esperienza-gia-finanziata:{STAGE}"}
    assert set(esperienze.keys(after(liquidata(899)))) == {f"esperienza-gia-finanziata:{STAGE}"}
    assert not esperienze.keys(after(liquidata(900)))
    assert not esperienze.keys(after(STORNATO))


def test_a_commitment_is_made_once() -> None:
    again = given(esperienze, finanziata()).with_(tirocinio(), Fondo(versato_centesimi=9000))
    again.when("finanziamento", finanziata()).rejected("finanziamento-gia-registrato")


# Paying and freeing


def test_payments_reach_the_commitment_and_not_beyond() -> None:
    impegno(liquidata(300)).when("liquidazione", liquidata(600)).then(liquidata(600))
    impegno(liquidata(300)).when("liquidazione", liquidata(601)).rejected("liquidazione-oltre-l-impegno")
    impegno(liquidata(900)).when("liquidazione", liquidata(1)).rejected("impegno-chiuso")


def test_a_reversal_frees_what_was_not_paid_and_ends_the_commitment() -> None:
    impegno(liquidata(300)).when("storno", STORNATO).then(STORNATO)
    assert after(liquidata(300), STORNATO).residuo_centesimi == 0
    impegno(STORNATO).when("liquidazione", liquidata(1)).rejected("impegno-chiuso")
    impegno(STORNATO).when("storno", STORNATO).rejected("impegno-chiuso")
    impegno(liquidata(900)).when("storno", STORNATO).rejected("impegno-chiuso")


# The ledger


def test_the_ledger_follows_each_step() -> None:
    paid_in = lavoro.DotazioneVersata(avvenuto_il=GIORNO, importo_centesimi=1000, da="fondazione")
    given(fondi).when("versamento", paid_in).then(paid_in)
    fund, before = fondi.replay("f", [paid_in]), None
    seen = []
    for history in ([], [liquidata(300)], [liquidata(300), STORNATO]):
        state = after(*history)
        fund, before = fondi.follow("esperienza", fund, before, state), state
        seen.append((fund.versato_centesimi, fund.speso_centesimi, fund.impegni_centesimi))
    assert seen == [(1000, 0, 900), (1000, 300, 600), (1000, 300, 0)]


def test_a_ledger_that_promises_and_spends_more_than_it_has_is_refused() -> None:
    fondi.check(Fondo(versato_centesimi=1000, speso_centesimi=400, impegni_centesimi=600))
    with pytest.raises(Rejected, match="fondo-incapiente"):
        fondi.check(Fondo(versato_centesimi=1000, speso_centesimi=400, impegni_centesimi=601))
    with pytest.raises(Rejected, match="fondo-incapiente"):
        fondi.check(Fondo(versato_centesimi=999, speso_centesimi=400, impegni_centesimi=600))


def test_corrections_keep_payments_within_the_commitment() -> None:
    with pytest.raises(Rejected, match="liquidazione-oltre-l-impegno"):
        esperienze.replay("e", [finanziata(299), liquidata(300)], checked=True)
    with pytest.raises(Rejected, match="finanziamento-gia-registrato"):
        esperienze.replay("e", [finanziata(), finanziata()], checked=True)
