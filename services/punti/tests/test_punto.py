"""The Punto di Comunità: open or closed, its hours, what happens there, its way to autonomy."""

from datetime import date
from typing import Any

import pytest
from contratti import punti as contratto
from contratti.rete import Event, leggi
from punti.punto import Punto, aperto, punti
from pydantic import ValidationError
from telaio.entity import Rejected
from telaio.testing.given import Case, given

GIORNO = date(2016, 5, 10)
DOPO = date(2016, 9, 1)
CHIUSURA = date(2017, 6, 30)
LUOGO = {
    "denominazione": "Punto di Comunità di Visano", "comune": "017203", "indirizzo": "Piazza Castello 12",
    "contatti": [{"tipo": "telefono", "valore": "030 0000000"}], "gestore": "consorzio-tenda",
    "facilitatore": "p-facilita",
}  # fmt: skip
APERTO = contratto.PuntoDiComunitaAperto.model_validate({"avvenuto_il": GIORNO, **LUOGO})
CHIUSO = contratto.PuntoChiuso(avvenuto_il=CHIUSURA)
SPECIALIZZATO = contratto.PuntoSpecializzato(avvenuto_il=GIORNO, specializzazione="lavoro")
MARTEDI = {"giorno": "martedi", "dalle": "09:00", "alle": "12:00"}


def orari(*aperture: dict[str, str], giorno: date = GIORNO) -> contratto.OrariAggiornati:
    return contratto.OrariAggiornati.model_validate({"avvenuto_il": giorno, "orari": aperture or [MARTEDI]})


def attivita(giorno: date = GIORNO, **fields: Any) -> contratto.AttivitaSvolta:
    known = {"promossa_da": "cittadini", "presenze": 14, "prime_presenze": 3}
    return contratto.AttivitaSvolta.model_validate({"avvenuto_il": giorno, **known, **fields})


def fase(nome: str, giorno: date = DOPO, motivo: str | None = None) -> contratto.FaseDiAutonomiaRaggiunta:
    return contratto.FaseDiAutonomiaRaggiunta.model_validate({"avvenuto_il": giorno, "fase": nome, "motivo": motivo})


def facilitatore(persona: str, giorno: date = DOPO) -> contratto.FacilitatoreDelPuntoCambiato:
    return contratto.FacilitatoreDelPuntoCambiato(avvenuto_il=giorno, facilitatore=persona)


def punto(*history: Event) -> Case:
    return given(punti, APERTO, *history)


def after(*history: Event) -> Punto:
    state = punti.replay("p", [APERTO, *history], checked=True)
    assert state is not None
    return state


def refused(*history: Event) -> str:
    with pytest.raises(Rejected) as refusal:
        punti.replay("p", [APERTO, *history], checked=True)
    return refusal.value.code


def invalid(model: type[Event], **fields: Any) -> str:
    """The one thing wrong, where it is; that a list has too few good items only follows from it."""
    with pytest.raises(ValidationError) as error:
        model.model_validate({"avvenuto_il": GIORNO, **fields})
    (line,) = [line for line in error.value.errors() if line["type"] != "too_short"]
    return f"{'.'.join(map(str, line['loc']))}: {line['msg'].removeprefix('Value error, ')}"


def test_a_place_opens_once_and_may_open_again_after_it_closed() -> None:
    given(punti).when("apertura", APERTO).then(APERTO)
    punto().when("apertura", APERTO).rejected("punto-gia-aperto")
    again = APERTO.model_copy(update={"avvenuto_il": date(2018, 1, 1), "indirizzo": "Via Roma 1"})
    punto(CHIUSO).when("apertura", again).then(again)
    assert after(CHIUSO, again).indirizzo == "Via Roma 1"
    assert after(CHIUSO, again, attivita(date(2018, 2, 1))).aperto == 1


def test_only_an_open_place_closes() -> None:
    punto().when("chiusura", CHIUSO).then(CHIUSO)
    punto(CHIUSO).when("chiusura", CHIUSO).rejected("punto-non-aperto")


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("specializzazione", SPECIALIZZATO),
        ("facilitatore", facilitatore("p-nuovo01")),
        ("orari", orari()),
        ("attivita", attivita()),
        ("fase", fase("autonomia")),
    ],
)
def test_what_happened_up_to_the_day_of_closing_may_be_told_later_and_nothing_after(name: str, event: Event) -> None:
    last_day = event.model_copy(update={"avvenuto_il": CHIUSURA})
    punto(CHIUSO).when(name, last_day).then(last_day)
    day_after = event.model_copy(update={"avvenuto_il": date(2017, 7, 1)})
    punto(CHIUSO).when(name, day_after).rejected("punto-chiuso")


def test_a_place_is_open_for_others_up_to_the_day_it_closes() -> None:
    aperto(after(), date(2030, 1, 1))
    aperto(after(CHIUSO), CHIUSURA)
    with pytest.raises(Rejected, match="punto-chiuso"):
        aperto(after(CHIUSO), date(2017, 7, 1))


def test_a_place_has_each_speciality_once() -> None:
    punto().when("specializzazione", SPECIALIZZATO).then(SPECIALIZZATO)
    punto(SPECIALIZZATO).when("specializzazione", SPECIALIZZATO).rejected("punto-gia-specializzato")
    other = SPECIALIZZATO.model_copy(update={"specializzazione": "altro"})
    assert after(SPECIALIZZATO, other).specializzazioni == ("lavoro", "altro")


def test_the_facilitator_and_the_hours_are_those_of_the_latest_day_however_late_they_are_told() -> None:
    assert after(facilitatore("p-nuovo01")).facilitatore == "p-nuovo01"
    assert after(facilitatore("p-nuovo01", DOPO), facilitatore("p-fraidue", GIORNO)).facilitatore == "p-nuovo01"
    summer = orari({"giorno": "sabato", "dalle": "08:00", "alle": "10:00"}, giorno=DOPO)
    assert after(summer, orari(giorno=GIORNO)).orari == summer.orari
    assert after(orari(), summer).orari == summer.orari


def test_hours_of_a_day_may_touch_and_not_overlap() -> None:
    noon = {"giorno": "martedi", "dalle": "12:00", "alle": "13:00"}
    assert len(orari(noon, MARTEDI).orari) == 2
    early = {"giorno": "martedi", "dalle": "11:59", "alle": "13:00"}
    said = "orari: due orari dello stesso giorno si sovrappongono"
    assert invalid(contratto.OrariAggiornati, orari=[early, MARTEDI]) == said
    assert len(orari(early | {"giorno": "mercoledi"}, MARTEDI).orari) == 2
    some_day = MARTEDI | {"giorno": "altro"}
    assert len(orari(some_day, some_day).orari) == 2


def test_a_place_closes_in_the_day_after_it_opens() -> None:
    said = "orari.0.alle: deve essere dopo l'ora di apertura"
    assert invalid(contratto.OrariAggiornati, orari=[MARTEDI | {"alle": "09:00"}]) == said
    assert orari(MARTEDI | {"alle": "09:01"}).orari[0].alle == "09:01"


@pytest.mark.parametrize("hour", ["24:00", "9:00", "09:60", "09.00"])
def test_an_hour_is_one_of_the_day(hour: str) -> None:
    assert invalid(contratto.OrariAggiornati, orari=[MARTEDI | {"alle": hour}]).startswith("orari.0.alle: ")


def test_a_day_that_a_reader_does_not_know_is_read_as_another_day() -> None:
    told = {"avvenuto_il": GIORNO, "orari": [MARTEDI, MARTEDI | {"giorno": "festivi"}]}
    read = leggi("punti.OrariAggiornati", 1, told)
    assert isinstance(read, contratto.OrariAggiornati)
    assert [o.giorno for o in read.orari] == ["martedi", "altro"]


def test_first_timers_are_among_those_present() -> None:
    assert attivita(presenze=3, prime_presenze=3).prime_presenze == 3
    said = "prime_presenze: non possono essere più delle presenze"
    assert invalid(contratto.AttivitaSvolta, promossa_da="insieme", presenze=3, prime_presenze=4) == said


def test_the_last_week_of_activities_is_kept_and_the_rest_is_history() -> None:
    week_before = attivita(date(2016, 9, 1))
    last, same_week = attivita(date(2016, 9, 8)), attivita(date(2016, 9, 2))
    assert [a.svolta_il.day for a in after(week_before, last, same_week).attivita] == [8, 2]
    punto(last).when("attivita", week_before).then(week_before)


@pytest.mark.parametrize(
    ("kind", "value", "valid"),
    [
        ("telefono", "+39 030 0000000", True),
        ("telefono", "chiamare", False),
        ("telefono", "030 0000000 la sera", False),
        ("email", "punto@esempio.it", True),
        ("email", "punto.esempio.it", False),
        ("sito", "https://esempio.it/punto", True),
        ("sito", "javascript:alert", False),
        ("altro", "bacheca", True),
    ],
)
def test_a_contact_has_the_form_of_its_kind(kind: str, value: str, valid: bool) -> None:
    place = {**LUOGO, "contatti": [{"tipo": kind, "valore": value}]}
    if valid:
        assert contratto.PuntoDiComunitaAperto.model_validate({"avvenuto_il": GIORNO, **place})
    else:
        assert invalid(contratto.PuntoDiComunitaAperto, **place).startswith("contatti.0.valore: deve essere un")


def test_phases_go_forward_also_by_two() -> None:
    punto().when("fase", fase("cogestione")).then(fase("cogestione"))
    punto().when("fase", fase("autonomia")).then(fase("autonomia"))
    punto(fase("cogestione")).when("fase", fase("autonomia")).then(fase("autonomia"))
    assert after(fase("cogestione"), fase("autonomia")).fase == "autonomia"


def test_phases_go_back_only_with_a_reason() -> None:
    back, why = fase("cogestione", CHIUSURA), fase("cogestione", CHIUSURA, "meno_volontari")
    punto(fase("autonomia")).when("fase", back).rejected("ritorno-senza-motivo")
    punto(fase("autonomia")).when("fase", why).then(why)
    assert after(fase("autonomia"), why).fase == "cogestione"


def test_a_phase_already_reached_is_not_reached_again() -> None:
    punto().when("fase", fase("avvio")).rejected("fase-gia-raggiunta")
    punto(fase("cogestione")).when("fase", fase("cogestione", CHIUSURA, "altro")).rejected("fase-gia-raggiunta")


def test_there_are_three_phases() -> None:
    punto().when("fase", fase("altro")).rejected("fase-non-prevista")


def test_a_phase_told_late_takes_its_place_among_the_others() -> None:
    autonomous, between = fase("autonomia", CHIUSURA), fase("cogestione", DOPO)
    punto(autonomous).when("fase", between).then(between)
    assert after(autonomous, between).fase == "autonomia"


def test_corrections_keep_phases_and_closing_in_order() -> None:
    assert refused(fase("autonomia", DOPO), fase("cogestione", CHIUSURA)) == "ritorno-senza-motivo"
    assert refused(CHIUSO, attivita(date(2017, 7, 1))) == "punto-chiuso"
    assert refused(SPECIALIZZATO, SPECIALIZZATO) == "punto-gia-specializzato"
