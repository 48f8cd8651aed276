"""Who joins the network: its staff on any day, the internships it hosts, whether it was in on that day."""

from datetime import date

import pytest
from contratti import lavoro
from contratti.rete import Event
from lavoro.aderente import Aderente, Ospitato, aderenti, in_rete
from lavoro.tirocinio import Tirocinio
from telaio.entity import Rejected
from telaio.testing.given import given

GIORNO = date(2016, 3, 20)


def sottoscritta(dipendenti: int | None = 12, giorno: date = GIORNO) -> lavoro.AdesioneAllaReteSottoscritta:
    return lavoro.AdesioneAllaReteSottoscritta(
        avvenuto_il=giorno, tipo="azienda", comune="017113", ateco="25.62", dipendenti=dipendenti
    )


def dipendenti(quanti: int, giorno: date) -> lavoro.DipendentiAggiornati:
    return lavoro.DipendentiAggiornati(avvenuto_il=giorno, dipendenti=quanti)


def cessata(giorno: date = GIORNO) -> lavoro.AdesioneAllaReteCessata:
    return lavoro.AdesioneAllaReteCessata(avvenuto_il=giorno)


def after(*history: Event) -> Aderente:
    state = aderenti.replay("a", history, checked=True)
    assert state is not None
    return state


def test_one_joins_once_leaves_and_may_come_back() -> None:
    given(aderenti).when("sottoscrizione", sottoscritta()).then(sottoscritta())
    given(aderenti, sottoscritta()).when("sottoscrizione", sottoscritta()).rejected("adesione-gia-sottoscritta")
    given(aderenti, sottoscritta(), cessata()).when("sottoscrizione", sottoscritta()).then(sottoscritta())


def test_only_who_has_joined_leaves() -> None:
    given(aderenti, sottoscritta()).when("cessazione", cessata()).then(cessata())
    given(aderenti, sottoscritta(), cessata()).when("cessazione", cessata()).rejected("adesione-non-in-corso")


def test_staff_is_that_of_the_day_whatever_the_order_in_which_it_was_told() -> None:
    later, before = date(2017, 1, 1), date(2016, 2, 1)
    state = after(sottoscritta(12), dipendenti(25, later), dipendenti(4, before), dipendenti(26, later))
    assert [state.dipendenti_al(d) for d in (date(2016, 1, 31), before, GIORNO, date(2016, 12, 31), later)] == [
        None, 4, 12, 12, 26,
    ]  # fmt: skip


def test_staff_that_nobody_told_is_not_known() -> None:
    assert after(sottoscritta(None)).dipendenti_al(GIORNO) is None
    assert after(sottoscritta(0)).dipendenti_al(GIORNO) == 0


def test_staff_changes_while_in_the_network_and_is_kept_by_who_comes_back() -> None:
    changed = dipendenti(3, GIORNO)
    given(aderenti, sottoscritta()).when("aggiornamento-dipendenti", changed).then(changed)
    assert after(sottoscritta(12), cessata(), sottoscritta(None)).dipendenti_al(GIORNO) == 12


@pytest.mark.parametrize(
    ("history", "day", "inside"),
    [
        ([sottoscritta()], GIORNO, True),
        ([sottoscritta(), cessata(date(2016, 5, 1))], date(2016, 5, 1), True),
        ([sottoscritta(), cessata(date(2016, 5, 1))], date(2016, 5, 2), False),
        ([sottoscritta(), cessata(date(2016, 5, 1)), sottoscritta()], date(2016, 5, 2), True),
    ],
)
def test_who_left_later_was_still_in_the_network_on_that_day(history: list[Event], day: date, inside: bool) -> None:
    if inside:
        in_rete(after(*history), day)
    else:
        with pytest.raises(Rejected, match="aderente-non-in-rete"):
            in_rete(after(*history), day)


def test_a_host_follows_its_internships() -> None:
    def tirocinio(al: date, **fields: object) -> Tirocinio:
        known = {"candidato": "c", "aderente": "a", "categoria": "ordinario", "dal": "2016-04-01", "al": al}
        money = {"ore_settimanali": 30, "indennita_centesimi": 0, "tutor_aziendale": "p-aaaaaa"}
        return Tirocinio.model_validate({"id": "t"} | known | money | fields)

    first = tirocinio(date(2016, 9, 30))
    ended = tirocinio(date(2016, 9, 30), stato="interrotto", finito_il="2016-06-15")
    host = aderenti.follow("tirocinio", after(sottoscritta()), None, first)
    assert host.ospitati == (Ospitato(tirocinio="t", dal=date(2016, 4, 1), al=date(2016, 9, 30)),)
    host = aderenti.follow("tirocinio", host, first, ended)
    assert host.ospitati == (Ospitato(tirocinio="t", dal=date(2016, 4, 1), al=date(2016, 6, 15)),)
    assert aderenti.follow("tirocinio", host, ended, None).ospitati == ()
