"""What an internship must be to be activated, extended and paid: the rules of the day, both sides of each bound."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from contratti import lavoro
from contratti.lavoro import Categoria
from contratti.rete import Event
from lavoro import regole
from lavoro.aderente import Aderente, Ospitato
from lavoro.attivazione import tirocini
from lavoro.candidato import Candidato
from lavoro.regole import Regole
from pydantic import ValidationError
from telaio.entity import Rejected
from telaio.testing.given import ID, Case, given

REGOLE = Regole.load(Path(regole.__file__).with_name("regole.toml"))
ANNA_ID, AZIENDA_ID = "7f3c2a10-5b6d-4e8f-9a01-23456789abcd", "1c3c2a10-5b6d-4e8f-9a01-23456789abcd"
PRIMA, POI = date(2018, 5, 31), date(2018, 6, 1)
DAL = date(2016, 4, 1)
GIORNO = timedelta(days=1)
ANNA = Candidato(id=ANNA_ID, in_carico=1)


def azienda(dipendenti: int | None = 12, **fields: Any) -> Aderente:
    staff = [{"avvenuto_il": "2016-01-01", "dipendenti": dipendenti}] if dipendenti is not None else []
    return Aderente.model_validate({"id": AZIENDA_ID, "in_rete": 1, "organico": staff} | fields)


def ospitato(number: int, dal: str = "2016-01-01", al: str = "2016-12-31") -> Ospitato:
    return Ospitato.model_validate({"tirocinio": f"t{number}", "dal": dal, "al": al})


def attivato(giorno: date = DAL, **fields: Any) -> lavoro.TirocinioAttivato:
    """Six months from the day on, full time, with the allowance of June 2018."""
    known = {"avvenuto_il": giorno, "candidato": ANNA_ID, "aderente": AZIENDA_ID, "dal": giorno}
    known |= {"al": months_later(giorno, 6) - GIORNO, "ore_settimanali": 30, "indennita_centesimi": 50000}
    return lavoro.TirocinioAttivato.model_validate(known | {"tutor_aziendale": "p-tutor1"} | fields)


def months_later(day: date, months: int) -> date:
    """For first days of a month only, so that it needs no calendar of its own."""
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, day.day if day.day <= 28 else 28)


def attivazione(command: lavoro.TirocinioAttivato, host: Aderente | None = None, candidate: Candidato = ANNA) -> Case:
    return given(tirocini).with_(candidate, host or azienda(), rules=REGOLE).when("attivazione", command)


def detail(case: Case) -> str:
    with pytest.raises(Rejected) as refusal:
        case.outcome()
    return refusal.value.detail


# Who and where


def test_an_internship_is_of_somebody_in_charge_with_who_is_in_the_network() -> None:
    attivazione(attivato()).then(attivato())
    attivazione(attivato(), candidate=ANNA.with_(in_carico=0)).rejected("candidato-non-in-carico")
    attivazione(attivato(), azienda(in_rete=0)).rejected("aderente-non-in-rete")
    attivazione(attivato(), azienda(in_rete=0, cessata_il=DAL)).then(attivato())


def test_an_internship_is_activated_once() -> None:
    again = given(tirocini, attivato()).with_(ANNA, azienda(), rules=REGOLE)
    again.when("attivazione", attivato()).rejected("tirocinio-gia-attivato")
    with pytest.raises(Rejected, match="tirocinio-gia-attivato"):
        tirocini.replay("t", [attivato(), attivato()], checked=True)


# Allowance


@pytest.mark.parametrize(
    ("day", "least", "fields"),
    [
        (PRIMA, 40000, {}),
        (PRIMA, 30000, {"mensa": True}),
        (PRIMA, 30000, {"ore_settimanali": 20}),
        (PRIMA, 40000, {"ore_settimanali": 21}),
        (POI, 50000, {}),
        (POI, 40000, {"mensa": True}),
        (POI, 35000, {"ore_settimanali": 20}),
        (POI, 50000, {"ore_settimanali": 21}),
        (POI, 35000, {"ore_settimanali": 24, "giorni_settimanali": 6}),
        (POI, 50000, {"ore_settimanali": 16, "giorni_settimanali": 2}),
        (POI, 35000, {"ore_settimanali": 20, "mensa": True}),
    ],
)
def test_the_least_allowance_is_that_of_the_day_and_of_the_case(day: date, least: int, fields: dict[str, Any]) -> None:
    enough = attivato(day, indennita_centesimi=least, **fields)
    attivazione(enough).then(enough)
    attivazione(attivato(day, indennita_centesimi=least - 1, **fields)).rejected("indennita-sotto-il-minimo")


@pytest.mark.parametrize("day", [PRIMA, POI])
def test_a_public_body_pays_at_least_300(day: date) -> None:
    enough, public = attivato(day, indennita_centesimi=30000), azienda(ente_pubblico=True)
    attivazione(enough, public).then(enough)
    attivazione(attivato(day, indennita_centesimi=29999), public).rejected("indennita-sotto-il-minimo")
    attivazione(enough).rejected("indennita-sotto-il-minimo")


def test_a_refusal_says_the_amount_and_its_source() -> None:
    said = detail(attivazione(attivato(POI, indennita_centesimi=1)))
    assert said == (
        "L'indennità minima è di 500,00 € al mese (DGR Lombardia 7763 del 17-01-2018, da fonti secondarie)."
    )
    assert "X/825/2013" in detail(attivazione(attivato(PRIMA, indennita_centesimi=1)))


# Length


@pytest.mark.parametrize(
    ("category", "first_possible_end"),
    [
        ("ordinario", date(2018, 7, 31)),
        ("alta_qualifica", date(2018, 7, 31)),
        ("altro", date(2018, 7, 31)),
        ("stagionale", date(2018, 6, 30)),
        ("studente_estivo", date(2018, 6, 14)),
        ("svantaggio", date(2018, 6, 1)),
        ("disabilita", date(2018, 6, 1)),
    ],
)
def test_the_shortest_internship_by_category(category: Categoria, first_possible_end: date) -> None:
    shortest = attivato(POI, categoria=category, al=first_possible_end)
    attivazione(shortest).then(shortest)
    shorter = attivato(POI, categoria=category, al=first_possible_end - GIORNO)
    no_minimum = category in ("svantaggio", "disabilita")
    attivazione(shorter).rejected("fine-prima-dell-inizio" if no_minimum else "durata-sotto-il-minimo")


@pytest.mark.parametrize(
    ("category", "months"),
    [
        ("ordinario", 6),
        ("altro", 6),
        ("stagionale", 6),
        ("studente_estivo", 6),
        ("alta_qualifica", 12),
        ("svantaggio", 12),
        ("disabilita", 24),
    ],
)
@pytest.mark.parametrize("day", [DAL, POI])
def test_the_longest_internship_by_category(category: Categoria, months: int, day: date) -> None:
    longest = attivato(day, categoria=category, al=months_later(day, months) - GIORNO)
    attivazione(longest).then(longest)
    longer = attivato(day, categoria=category, al=months_later(day, months))
    attivazione(longer).rejected("durata-oltre-il-massimo")


def test_a_refusal_for_length_says_until_when_and_that_it_is_configuration_where_it_is() -> None:
    said = detail(attivazione(attivato(POI, al="2018-12-01")))
    assert said.startswith("Può durare al più fino al 30/11/2018 (DGR Lombardia 7763")
    said = detail(attivazione(attivato(DAL, al="2016-04-30")))
    assert said.startswith("Deve durare almeno fino al 31/05/2016 (configurazione d'esempio")


# Host quota


@pytest.mark.parametrize(
    ("staff", "quota"), [(0, 1), (5, 1), (6, 2), (20, 2), (21, 3), (30, 3), (31, 4), (100, 10), (101, 11)]
)
def test_a_host_has_as_many_interns_as_its_staff_allows(staff: int, quota: int) -> None:
    below = [ospitato(n) for n in range(quota - 1)]
    attivazione(attivato(), azienda(staff, ospitati=below)).then(attivato())
    full = azienda(staff, ospitati=[*below, ospitato(quota)])
    attivazione(attivato(), full).rejected("tirocini-oltre-la-quota")


def test_a_host_whose_staff_on_that_day_nobody_told_hosts_nobody() -> None:
    attivazione(attivato(), azienda(None)).rejected("dipendenti-non-noti")
    attivazione(attivato(date(2015, 12, 1)), azienda(12)).rejected("dipendenti-non-noti")


def test_the_quota_is_by_the_staff_of_the_day() -> None:
    grown = azienda(5, ospitati=[ospitato(1, "2016-01-01", "2017-12-31")])
    grown = grown.with_(
        organico=(*grown.organico, lavoro.DipendentiAggiornati(avvenuto_il=date(2017, 1, 1), dipendenti=6))
    )
    attivazione(attivato(date(2016, 12, 1)), grown).rejected("tirocini-oltre-la-quota")
    attivazione(attivato(date(2017, 1, 1)), grown).then(attivato(date(2017, 1, 1)))


@pytest.mark.parametrize(
    ("others", "room"),
    [
        ([("2016-01-01", "2016-03-31")], True),
        ([("2016-01-01", "2016-04-01")], False),
        ([("2016-10-01", "2016-12-31")], True),
        ([("2016-09-30", "2016-12-31")], False),
        ([("2017-01-01", "2017-12-31")], True),
    ],
)
def test_only_interns_who_are_there_at_the_same_time_count(others: list[tuple[str, str]], room: bool) -> None:
    small = azienda(3, ospitati=[ospitato(n, *period) for n, period in enumerate(others)])
    case = attivazione(attivato(DAL), small)
    case.then(attivato(DAL)) if room else case.rejected("tirocini-oltre-la-quota")


# Extension


def prorogato(al: date, giorno: date = date(2016, 9, 1)) -> lavoro.TirocinioProrogato:
    return lavoro.TirocinioProrogato(avvenuto_il=giorno, al=al)


def proroga(command: lavoro.TirocinioProrogato, *history: Event, host: Aderente | None = None, **fields: Any) -> Case:
    case = given(tirocini, attivato(**fields), *history)
    own = Ospitato(tirocinio=ID, dal=DAL, al=date(2016, 9, 30))
    return case.with_(host or azienda(3, ospitati=[own]), rules=REGOLE).when("proroga", command)


@pytest.mark.parametrize(
    ("category", "last"),
    [("ordinario", date(2017, 3, 31)), ("svantaggio", date(2017, 3, 31)), ("disabilita", date(2018, 3, 31))],
)
def test_an_internship_is_extended_up_to_its_longest_all_extensions_included(category: Categoria, last: date) -> None:
    proroga(prorogato(last), categoria=category).then(prorogato(last))
    proroga(prorogato(last + GIORNO), categoria=category).rejected("durata-oltre-il-massimo")
    twice = proroga(prorogato(last + GIORNO), prorogato(date(2017, 1, 31)), categoria=category)
    twice.rejected("durata-oltre-il-massimo")


def test_an_internship_is_extended_before_it_ends_and_to_a_later_day() -> None:
    more = date(2016, 12, 31)
    proroga(prorogato(more, date(2016, 9, 30))).then(prorogato(more, date(2016, 9, 30)))
    proroga(prorogato(more, date(2016, 10, 1))).rejected("proroga-fuori-tempo")
    proroga(prorogato(date(2016, 9, 30))).rejected("proroga-fuori-tempo")


def test_an_ended_internship_is_not_extended() -> None:
    ended = lavoro.TirocinioInterrotto(avvenuto_il=date(2016, 6, 1), motivo="rinuncia")
    proroga(prorogato(date(2016, 12, 31)), ended).rejected("tirocinio-finito")


def test_an_extension_wants_room_at_the_host_beside_others_and_not_beside_itself() -> None:
    own = Ospitato(tirocinio=ID, dal=DAL, al=date(2016, 9, 30))
    after_it = ospitato(1, "2016-10-01", "2016-12-31")
    full = azienda(3, ospitati=[own, after_it])
    proroga(prorogato(date(2016, 12, 31)), host=full).rejected("tirocini-oltre-la-quota")
    proroga(prorogato(date(2016, 12, 31)), host=azienda(6, ospitati=[own, after_it])).then(
        prorogato(date(2016, 12, 31))
    )


# Attendance


def frequenza(percentuale: int, mese: str = "2016-04", **fields: Any) -> lavoro.FrequenzaRegistrata:
    known = {"avvenuto_il": "2016-05-05", "mese": mese, "percentuale": percentuale}
    return lavoro.FrequenzaRegistrata.model_validate(known | fields)


@pytest.mark.parametrize(("attendance", "due"), [(100, 50000), (80, 50000), (79, 39500), (50, 25000), (1, 500), (0, 0)])
def test_the_allowance_is_due_in_full_from_80_percent_and_in_proportion_below(attendance: int, due: int) -> None:
    case = given(tirocini, attivato()).with_(rules=REGOLE).when("frequenza", frequenza(attendance))
    case.then(frequenza(attendance, indennita_dovuta_centesimi=due))


def test_a_share_is_rounded_to_the_nearest_cent() -> None:
    odd = given(tirocini, attivato(indennita_centesimi=50001)).with_(rules=REGOLE)
    odd.when("frequenza", frequenza(50)).then(frequenza(50, indennita_dovuta_centesimi=25001))
    odd.when("frequenza", frequenza(33)).then(frequenza(33, indennita_dovuta_centesimi=16500))


def test_what_is_due_may_be_told_otherwise() -> None:
    told = frequenza(50, indennita_dovuta_centesimi=40000)
    given(tirocini, attivato()).with_(rules=REGOLE).when("frequenza", told).then(told)


def test_attendance_of_a_month_that_has_not_begun_is_not_told() -> None:
    running = given(tirocini, attivato()).with_(rules=REGOLE)
    this_month = frequenza(100, "2016-05", indennita_dovuta_centesimi=50000)
    running.when("frequenza", frequenza(100, "2016-05")).then(this_month)
    running.when("frequenza", frequenza(100, "2016-06")).rejected("mese-nel-futuro")


def test_attendance_is_told_after_the_end_too_of_a_month_that_was_there_and_once() -> None:
    ended = lavoro.TirocinioInterrotto(avvenuto_il=date(2016, 5, 1), motivo="salute")
    case = given(tirocini, attivato(), ended).with_(rules=REGOLE)
    case.when("frequenza", frequenza(90)).then(frequenza(90, indennita_dovuta_centesimi=50000))
    case.when("frequenza", frequenza(90, "2016-03")).rejected("mese-fuori-dal-tirocinio")
    again = given(tirocini, attivato(), frequenza(90)).with_(rules=REGOLE)
    again.when("frequenza", frequenza(80)).rejected("mese-gia-registrato")


# The rules themselves


def test_before_the_rules_begin_an_internship_waits_for_them() -> None:
    later = [{"valore": {"scaglioni": [], "percento_oltre": 100}, "dal": "2016-04-02", "fonte": "prova"}]
    undefined = Regole.model_validate(REGOLE.model_dump() | {"tirocini_ospitabili": later})
    case = given(tirocini).with_(ANNA, azienda(), rules=undefined)
    case.when("attivazione", attivato()).rejected("regola-non-definita")
    case.when("attivazione", attivato(date(2016, 5, 1))).then(attivato(date(2016, 5, 1)))


@pytest.mark.parametrize("name", ["durata_del_tirocinio", "indennita_minima"])
def test_a_district_s_own_rule_names_every_case(name: str) -> None:
    shipped = REGOLE.model_dump()
    one, *others = shipped[name]
    fewer = dict(list(one["valore"].items())[1:])
    with pytest.raises(ValidationError):
        Regole.model_validate(shipped | {name: [one | {"valore": fewer}, *others]})


def test_every_day_of_the_project_has_every_rule() -> None:
    for name in Regole.model_fields:
        for day in (date(2016, 2, 1), PRIMA, POI, date(2026, 1, 1)):
            assert getattr(REGOLE, name).in_force(day).fonte
