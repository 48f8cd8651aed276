"""The job placement: checked after one, three and six months, not before, and each time once."""

from datetime import date

import pytest
from contratti import lavoro
from contratti.rete import Event
from lavoro.aderente import Aderente
from lavoro.candidato import Candidato
from lavoro.inserimento import inserimenti
from telaio.entity import Rejected
from telaio.testing.given import given

GIORNO = date(2016, 8, 31)
ID = "7f3c2a10-5b6d-4e8f-9a01-23456789abcd"
AVVIATO = lavoro.InserimentoLavorativoAvviato(
    avvenuto_il=GIORNO, candidato=ID, aderente=ID, contratto="tempo_determinato"
)
ANNA, AZIENDA = Candidato(id=ID, in_carico=1), Aderente(id=ID, in_rete=1)


def verificato(a_mesi: int, giorno: date, ancora: bool = True) -> lavoro.InserimentoVerificato:
    return lavoro.InserimentoVerificato(avvenuto_il=giorno, a_mesi=a_mesi, ancora_occupato=ancora)


def cessato(giorno: date = date(2016, 12, 1)) -> lavoro.InserimentoCessato:
    return lavoro.InserimentoCessato(avvenuto_il=giorno, motivo="fine_del_contratto")


def refused(*history: Event) -> str:
    with pytest.raises(Rejected) as refusal:
        inserimenti.replay("i", history, checked=True)
    return refusal.value.code


def test_a_placement_is_of_somebody_in_charge_with_who_is_in_the_network() -> None:
    begun = given(inserimenti).when("avvio", AVVIATO)
    begun.with_(ANNA, AZIENDA).then(AVVIATO)
    begun.with_(ANNA.with_(in_carico=0), AZIENDA).rejected("candidato-non-in-carico")
    begun.with_(ANNA, AZIENDA.with_(in_rete=0)).rejected("aderente-non-in-rete")


def test_a_placement_begins_once() -> None:
    given(inserimenti, AVVIATO).with_(ANNA, AZIENDA).when("avvio", AVVIATO).rejected("inserimento-gia-avviato")


@pytest.mark.parametrize(("months", "from_"), [(1, date(2016, 9, 30)), (3, date(2016, 11, 30)), (6, date(2017, 2, 28))])
def test_a_check_is_not_made_before_its_time(months: int, from_: date) -> None:
    on_time, early = verificato(months, from_), verificato(months, from_.replace(day=from_.day - 1))
    given(inserimenti, AVVIATO).when("verifica", on_time).then(on_time)
    given(inserimenti, AVVIATO).when("verifica", early).rejected("verifica-prima-del-tempo")


@pytest.mark.parametrize("months", [2, 4, 5, 12])
def test_checks_are_made_after_one_three_and_six_months(months: int) -> None:
    given(inserimenti, AVVIATO).when("verifica", verificato(months, date(2018, 1, 1))).rejected("verifica-non-prevista")


def test_each_check_is_made_once_in_any_order() -> None:
    late = date(2017, 3, 1)
    one, six = verificato(1, late), verificato(6, late, ancora=False)
    given(inserimenti, AVVIATO, six).when("verifica", one).then(one)
    given(inserimenti, AVVIATO, six, one).when("verifica", six).rejected("verifica-gia-fatta")


def test_a_placement_ends_once_and_is_checked_afterwards_too() -> None:
    given(inserimenti, AVVIATO).when("cessazione", cessato()).then(cessato())
    given(inserimenti, AVVIATO, cessato()).when("cessazione", cessato()).rejected("inserimento-gia-cessato")
    later = verificato(6, date(2017, 3, 1), ancora=False)
    given(inserimenti, AVVIATO, cessato()).when("verifica", later).then(later)


def test_corrections_keep_checks_in_their_time() -> None:
    begun_later = AVVIATO.model_copy(update={"avvenuto_il": date(2016, 9, 15)})
    assert refused(begun_later, verificato(1, date(2016, 9, 30))) == "verifica-prima-del-tempo"
    assert refused(AVVIATO, *[verificato(1, date(2016, 9, 30))] * 2) == "verifica-gia-fatta"
    assert refused(AVVIATO, AVVIATO) == "inserimento-gia-avviato"
