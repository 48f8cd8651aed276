"""The candidate: one open case a person, skills as they are now, no ending while an internship runs."""

from datetime import date

import pytest
from contratti import lavoro
from contratti.rete import Event
from lavoro.candidato import Candidato, candidati
from lavoro.tirocinio import Tirocinio
from telaio.entity import Rejected
from telaio.testing.given import given

GIORNO = date(2016, 3, 20)
PRESO = lavoro.CandidatoPresoInCarico(
    avvenuto_il=GIORNO,
    persona="p-anna01",
    comune="017113",
    competenze=("cucina",),
    disponibilita=("mattina", "pomeriggio"),
)
CONCLUSO = lavoro.PresaInCaricoConclusa(avvenuto_il=GIORNO, esito="occupazione")


def after(*history: Event) -> Candidato:
    state = candidati.replay("c", history, checked=True)
    assert state is not None
    return state


def test_a_candidate_is_taken_in_charge_once_and_may_come_back() -> None:
    given(candidati).when("presa-in-carico", PRESO).then(PRESO)
    given(candidati, PRESO).when("presa-in-carico", PRESO).rejected("candidato-gia-in-carico")
    given(candidati, PRESO, CONCLUSO).when("presa-in-carico", PRESO).then(PRESO)


def test_a_person_has_one_open_case() -> None:
    assert set(candidati.keys(after(PRESO))) == {"persona-gia-candidata:p-anna01"}
    assert not candidati.keys(after(PRESO, CONCLUSO))


def test_only_who_is_in_charge_concludes_or_learns() -> None:
    learned = lavoro.CompetenzeAggiornate(avvenuto_il=GIORNO, competenze=("cucina", "patente_auto"))
    given(candidati, PRESO).when("conclusione", CONCLUSO).then(CONCLUSO)
    given(candidati, PRESO, CONCLUSO).when("conclusione", CONCLUSO).rejected("candidato-non-in-carico")
    given(candidati, PRESO).when("aggiornamento-competenze", learned).then(learned)
    given(candidati, PRESO, CONCLUSO).when("aggiornamento-competenze", learned).rejected("candidato-non-in-carico")


def test_skills_are_those_of_now_and_availability_too_where_it_is_told() -> None:
    learned = lavoro.CompetenzeAggiornate(avvenuto_il=GIORNO, competenze=("patente_auto",))
    assert after(PRESO, learned).competenze == ("patente_auto",)
    assert after(PRESO, learned).disponibilita == ("mattina", "pomeriggio")
    nights = learned.model_copy(update={"disponibilita": ("notte",)})
    assert after(PRESO, nights).disponibilita == ("notte",)


def test_nobody_concludes_while_an_internship_runs() -> None:
    def tirocinio(finito_il: date | None) -> Tirocinio:
        known = {"candidato": "c", "aderente": "a", "categoria": "ordinario", "dal": "2016-04-01", "al": "2016-09-30"}
        money = {"ore_settimanali": 30, "indennita_centesimi": 0, "tutor_aziendale": "p-aaaaaa"}
        return Tirocinio.model_validate({"id": "t", "finito_il": finito_il} | known | money)

    running, ended = tirocinio(None), tirocinio(GIORNO)
    busy = candidati.follow("tirocinio", after(PRESO, CONCLUSO), None, running)
    with pytest.raises(Rejected, match="tirocinio-in-corso"):
        candidati.check(busy)
    candidati.check(candidati.follow("tirocinio", after(PRESO), None, running))
    candidati.check(candidati.follow("tirocinio", busy, running, ended))


def test_annulling_a_conclusion_before_a_return_is_refused() -> None:
    with pytest.raises(Rejected, match="candidato-gia-in-carico"):
        after(PRESO, PRESO)
