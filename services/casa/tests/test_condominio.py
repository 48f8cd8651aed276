"""The social condominium: custode on trial, junior chosen and shadowed, junior alone."""

from datetime import date
from pathlib import Path

import pytest
from casa import regole
from casa.condominio import Condominio, condomini
from casa.regole import Regole
from contratti import casa
from contratti.rete import Event
from telaio.entity import Rejected
from telaio.testing.given import Case, given

REGOLE = Regole.load(Path(regole.__file__).with_name("regole.toml"))
GIORNO = date(2016, 3, 1)
PROVATO = date(2016, 9, 1)
AFFIANCATO = date(2017, 3, 1)
AVVIATO = casa.CondominioSocialeAvviato(avvenuto_il=GIORNO, comune="017039", alloggi=18)
INCARICATO = casa.CustodeSocialeIncaricato(avvenuto_il=GIORNO)
CONCLUSO = casa.CondominioSocialeConcluso(avvenuto_il=AFFIANCATO)


def scelto(giorno: date = PROVATO) -> casa.CustodeJuniorScelto:
    return casa.CustodeJuniorScelto(avvenuto_il=giorno)


def autonomo(giorno: date = AFFIANCATO) -> casa.CustodeJuniorResoAutonomo:
    return casa.CustodeJuniorResoAutonomo(avvenuto_il=giorno)


def cessato(giorno: date = AFFIANCATO) -> casa.CustodeSocialeCessato:
    return casa.CustodeSocialeCessato(avvenuto_il=giorno)


def attivita(giorno: date = GIORNO) -> casa.AttivitaCondominialeSvolta:
    return casa.AttivitaCondominialeSvolta(avvenuto_il=giorno, promossa_da="residenti", ambito="condiviso", presenze=14)


def condominio(*history: Event) -> Case:
    return given(condomini, AVVIATO, *history).with_(rules=REGOLE)


def after(*history: Event) -> Condominio:
    state = condomini.replay("c", [AVVIATO, *history])
    condomini.check(state)
    assert state is not None
    return state


def refused(*history: Event) -> str:
    with pytest.raises(Rejected) as refusal:
        condomini.check(condomini.replay("c", [AVVIATO, *history]))
    return refusal.value.code


def test_a_condominium_starts_once() -> None:
    given(condomini).when("avvio", AVVIATO).then(AVVIATO)
    condominio().when("avvio", AVVIATO).rejected("condominio-gia-avviato")
    condominio(CONCLUSO).when("avvio", AVVIATO).rejected("condominio-gia-avviato")


def test_one_custode_at_a_time() -> None:
    condominio().when("incarico-custode", INCARICATO).then(INCARICATO)
    condominio(INCARICATO).when("incarico-custode", INCARICATO).rejected("custode-gia-incaricato")


def test_the_junior_is_chosen_after_six_months_of_trial_and_not_a_day_before() -> None:
    condominio(INCARICATO).when("scelta-junior", scelto(PROVATO)).then(scelto(PROVATO))
    condominio(INCARICATO).when("scelta-junior", scelto(date(2016, 8, 31))).rejected("prova-non-conclusa")


def test_there_is_no_junior_without_a_custode() -> None:
    condominio().when("scelta-junior", scelto()).rejected("custode-non-incaricato")
    condominio(INCARICATO, cessato(GIORNO)).when("scelta-junior", scelto()).rejected("custode-non-incaricato")


def test_the_junior_is_alone_after_six_months_of_shadowing_and_not_a_day_before() -> None:
    shadowed = condominio(INCARICATO, scelto())
    shadowed.when("autonomia-junior", autonomo(AFFIANCATO)).then(autonomo(AFFIANCATO))
    shadowed.when("autonomia-junior", autonomo(date(2017, 2, 28))).rejected("affiancamento-non-concluso")


def test_only_a_chosen_junior_becomes_autonomous_and_once() -> None:
    condominio(INCARICATO).when("autonomia-junior", autonomo()).rejected("junior-non-scelto")
    condominio(INCARICATO, scelto(), autonomo()).when("autonomia-junior", autonomo()).rejected("junior-gia-autonomo")


def test_another_junior_may_be_chosen_while_shadowed_and_shadowing_starts_again() -> None:
    again = date(2016, 12, 1)
    condominio(INCARICATO, scelto()).when("scelta-junior", scelto(again)).then(scelto(again))
    second = condominio(INCARICATO, scelto(), scelto(again))
    second.when("autonomia-junior", autonomo(date(2017, 5, 31))).rejected("affiancamento-non-concluso")
    second.when("autonomia-junior", autonomo(date(2017, 6, 1))).then(autonomo(date(2017, 6, 1)))


def test_no_other_junior_is_chosen_once_the_junior_is_autonomous() -> None:
    done = condominio(INCARICATO, scelto(), autonomo())
    done.when("scelta-junior", scelto(date(2017, 4, 1))).rejected("junior-gia-autonomo")


def test_the_custode_leaves_when_the_junior_is_autonomous_and_not_while_shadowing() -> None:
    condominio(INCARICATO, scelto(), autonomo()).when("cessazione-custode", cessato()).then(cessato())
    condominio(INCARICATO, scelto()).when("cessazione-custode", cessato()).rejected("affiancamento-senza-custode")


def test_a_trial_may_fail_and_another_custode_starts_from_the_beginning() -> None:
    failed = cessato(date(2016, 5, 1))
    condominio(INCARICATO).when("cessazione-custode", failed).then(failed)
    second = casa.CustodeSocialeIncaricato(avvenuto_il=date(2016, 6, 1))
    path = condominio(INCARICATO, failed, second)
    path.when("scelta-junior", scelto(date(2016, 11, 30))).rejected("prova-non-conclusa")
    path.when("scelta-junior", scelto(date(2016, 12, 1))).then(scelto(date(2016, 12, 1)))


def test_who_is_not_in_charge_does_not_leave() -> None:
    condominio().when("cessazione-custode", cessato()).rejected("custode-non-incaricato")


def test_after_a_whole_path_a_new_custode_starts_another() -> None:
    later = casa.CustodeSocialeIncaricato(avvenuto_il=date(2018, 1, 1))
    state = after(INCARICATO, scelto(), autonomo(), cessato(), later)
    assert (state.custodi, state.junior_scelto_il, state.junior_autonomo_il) == (1, None, None)


def test_activities_are_counted() -> None:
    condominio().when("attivita", attivita()).then(attivita())
    assert after(attivita(), attivita()).attivita == 2


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("attivita", attivita()),
        ("incarico-custode", INCARICATO),
        ("cessazione-custode", cessato()),
        ("scelta-junior", scelto()),
        ("autonomia-junior", autonomo()),
        ("conclusione", CONCLUSO),
    ],
)
def test_nothing_happens_in_an_ended_condominium(name: str, command: Event) -> None:
    condominio(CONCLUSO).when(name, command).rejected("condominio-concluso")


def test_a_condominium_ends_at_any_point_of_its_path() -> None:
    condominio(INCARICATO, scelto()).when("conclusione", CONCLUSO).then(CONCLUSO)


def test_corrections_keep_the_path_whole() -> None:
    assert refused(INCARICATO, autonomo()) == "junior-non-scelto"
    assert refused(scelto()) == "affiancamento-senza-custode"
    assert refused(INCARICATO, INCARICATO) == "custode-gia-incaricato"
    assert refused(cessato()) == "custode-non-incaricato"


def test_the_trial_is_as_long_as_the_rule_said_when_it_began() -> None:
    shorter = Regole.model_validate(
        REGOLE.model_dump()
        | {
            "mesi_di_prova_del_custode": [
                {"valore": 6, "al": "2016-03-31", "fonte": "prova"},
                {"valore": 3, "dal": "2016-04-01", "fonte": "prova"},
            ]
        }
    )
    early = scelto(date(2016, 7, 1))
    condominio(INCARICATO).with_(rules=shorter).when("scelta-junior", early).rejected("prova-non-conclusa")
    april = casa.CustodeSocialeIncaricato(avvenuto_il=date(2016, 4, 1))
    condominio(april).with_(rules=shorter).when("scelta-junior", early).then(early)
