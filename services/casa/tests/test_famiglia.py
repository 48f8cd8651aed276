"""The family: taken in charge once, its people in one open family, arrears and evictions that add up."""

from datetime import date

import pytest
from casa.famiglia import Famiglia, famiglie
from casa.garanzia import Garanzia
from contratti import casa
from contratti.rete import Event
from telaio.entity import Rejected
from telaio.testing.given import given

GIORNO = date(2016, 3, 20)
PRESA = casa.FamigliaPresaInCarico(
    avvenuto_il=GIORNO, comune="017113", componenti=("p-aaaaaa", "p-bbbbbb"), minori=1, bisogni=("abitare",)
)
CONCLUSA = casa.PresaInCaricoConclusa(avvenuto_il=GIORNO, esito="autonomia_abitativa")
NUCLEO = casa.NucleoAggiornato(avvenuto_il=GIORNO, componenti=("p-aaaaaa",), minori=0, motivo="uscita")
INTIMATO = casa.SfrattoIntimato(avvenuto_il=GIORNO)
PREVENUTO = casa.SfrattoPrevenuto(avvenuto_il=GIORNO, come="piano_di_rientro")
ESEGUITO = casa.SfrattoEseguito(avvenuto_il=GIORNO)


def rilevata(cents: int) -> casa.MorositaRilevata:
    return casa.MorositaRilevata(avvenuto_il=GIORNO, importo_centesimi=cents, mensilita=2)


def sanata(cents: int) -> casa.MorositaSanata:
    return casa.MorositaSanata(avvenuto_il=GIORNO, importo_centesimi=cents)


def piano(cents: int, prima_rata_il: date = GIORNO) -> casa.PianoDiRientroConcordato:
    return casa.PianoDiRientroConcordato(
        avvenuto_il=GIORNO, importo_centesimi=cents, rate=6, prima_rata_il=prima_rata_il
    )


def after(*history: Event) -> Famiglia:
    """The family after this history, which breaks no rule."""
    state = famiglie.replay("f", history)
    famiglie.check(state)
    assert state is not None
    return state


def refused(*history: Event) -> str:
    """The code with which a corrected history is refused."""
    with pytest.raises(Rejected) as refusal:
        famiglie.check(famiglie.replay("f", history))
    return refusal.value.code


# Taken in charge


def test_a_family_is_taken_in_charge() -> None:
    given(famiglie).when("presa-in-carico", PRESA).then(PRESA)


def test_a_family_in_charge_is_not_taken_in_charge_again() -> None:
    given(famiglie, PRESA).when("presa-in-carico", PRESA).rejected("famiglia-gia-in-carico")


def test_a_family_that_returns_reopens_the_same_case() -> None:
    given(famiglie, PRESA, CONCLUSA).when("presa-in-carico", PRESA).then(PRESA)
    back = after(PRESA, CONCLUSA, PRESA.model_copy(update={"comune": "017032", "avvenuto_il": date(2017, 1, 9)}))
    assert (back.in_carico, back.comune, back.in_carico_dal_il) == (1, "017032", date(2017, 1, 9))


def test_debts_and_a_pending_eviction_stay_with_a_family_that_returns() -> None:
    back = after(PRESA, rilevata(1000), INTIMATO, CONCLUSA, PRESA)
    assert (back.morosita_centesimi, back.sfratto) == (1000, 1)


def test_a_person_is_held_by_an_open_family_only() -> None:
    assert set(famiglie.keys(after(PRESA))) == {"persona-gia-in-famiglia:p-aaaaaa", "persona-gia-in-famiglia:p-bbbbbb"}
    assert not famiglie.keys(after(PRESA, CONCLUSA))


def test_who_leaves_the_household_may_join_another_family() -> None:
    assert set(famiglie.keys(after(PRESA, NUCLEO))) == {"persona-gia-in-famiglia:p-aaaaaa"}


def test_the_household_is_updated() -> None:
    given(famiglie, PRESA).when("aggiornamento-nucleo", NUCLEO).then(NUCLEO)
    assert after(PRESA, NUCLEO).minori == 0


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("aggiornamento-nucleo", NUCLEO),
        ("rilievo-morosita", rilevata(1)),
        ("piano-di-rientro", piano(1)),
        ("morosita-sanata", sanata(1)),
        ("sfratto-intimato", INTIMATO),
        ("sfratto-prevenuto", PREVENUTO),
        ("sfratto-eseguito", ESEGUITO),
        ("conclusione", CONCLUSA),
    ],
)
def test_nothing_is_recorded_for_a_family_that_is_no_longer_in_charge(name: str, command: Event) -> None:
    past = given(famiglie, PRESA, rilevata(1), INTIMATO, CONCLUSA)
    past.when(name, command).rejected("famiglia-non-in-carico")
    given(famiglie).when(name, command).rejected("non-trovato")


# Arrears


def test_arrears_add_up_and_are_paid_down() -> None:
    state = after(PRESA, rilevata(1000), rilevata(500), sanata(700))
    assert (state.morosita_centesimi, state.mensilita) == (800, 4)


def test_arrears_are_paid_to_the_last_cent_and_not_beyond() -> None:
    owing = given(famiglie, PRESA, rilevata(1000), sanata(400))
    owing.when("morosita-sanata", sanata(600)).then(sanata(600))
    owing.when("morosita-sanata", sanata(601)).rejected("morosita-sotto-zero")


def test_a_plan_ends_with_the_arrears() -> None:
    open_plan = after(PRESA, rilevata(1000), piano(1000), sanata(400))
    assert (open_plan.piano_centesimi, open_plan.piano_rate, open_plan.prima_rata_il) == (1000, 6, GIORNO)
    closed = after(PRESA, rilevata(1000), piano(1000), sanata(1000))
    assert (closed.piano_centesimi, closed.mensilita, closed.prima_rata_il) == (None, 0, None)


def test_a_plan_does_not_exceed_the_arrears() -> None:
    owing = given(famiglie, PRESA, rilevata(1000))
    owing.when("piano-di-rientro", piano(1000)).then(piano(1000))
    owing.when("piano-di-rientro", piano(1001)).rejected("piano-oltre-la-morosita")


def test_the_first_instalment_is_not_before_the_agreement() -> None:
    owing = given(famiglie, PRESA, rilevata(1000))
    owing.when("piano-di-rientro", piano(1000, GIORNO)).then(piano(1000, GIORNO))
    owing.when("piano-di-rientro", piano(1000, date(2016, 3, 19))).rejected("prima-rata-prima-dell-accordo")


def test_a_correction_does_not_bring_the_arrears_below_zero() -> None:
    assert after(PRESA, rilevata(600), sanata(600)).morosita_centesimi == 0
    assert refused(PRESA, rilevata(599), sanata(600)) == "morosita-sotto-zero"
    assert refused(PRESA, sanata(600)) == "morosita-sotto-zero"


# Evictions


@pytest.mark.parametrize(("name", "end"), [("sfratto-prevenuto", PREVENUTO), ("sfratto-eseguito", ESEGUITO)])
def test_an_eviction_ends_only_after_it_was_notified(name: str, end: Event) -> None:
    given(famiglie, PRESA, INTIMATO).when(name, end).then(end)
    given(famiglie, PRESA).when(name, end).rejected("sfratto-non-intimato")
    given(famiglie, PRESA, INTIMATO, PREVENUTO).when(name, end).rejected("sfratto-non-intimato")


@pytest.mark.parametrize("end", [PREVENUTO, ESEGUITO])
def test_an_eviction_that_has_ended_is_no_longer_under_way(end: Event) -> None:
    assert after(PRESA, INTIMATO).sfratto_intimato_il == GIORNO
    ended = after(PRESA, INTIMATO, end)
    assert (ended.sfratto, ended.sfratto_intimato_il) == (0, None)


def test_one_eviction_at_a_time() -> None:
    given(famiglie, PRESA).when("sfratto-intimato", INTIMATO).then(INTIMATO)
    given(famiglie, PRESA, INTIMATO).when("sfratto-intimato", INTIMATO).rejected("sfratto-gia-intimato")
    given(famiglie, PRESA, INTIMATO, PREVENUTO).when("sfratto-intimato", INTIMATO).then(INTIMATO)


def test_annulling_the_notice_of_a_prevented_eviction_is_refused() -> None:
    assert refused(PRESA, PREVENUTO) == "sfratto-non-intimato"
    assert refused(PRESA, INTIMATO, INTIMATO) == "sfratto-gia-intimato"


# Conclusion


def garanzia() -> Garanzia:
    return Garanzia(id="g", famiglia="prova", alloggio="a", massimale_centesimi=1, concessa_il=GIORNO, scade_il=GIORNO)


def test_a_family_concludes_without_an_active_guarantee() -> None:
    given(famiglie, PRESA).when("conclusione", CONCLUSA).then(CONCLUSA)


def test_a_family_does_not_conclude_with_an_active_guarantee() -> None:
    given(famiglie, PRESA).with_(garanzia()).when("conclusione", CONCLUSA).rejected("garanzia-ancora-attiva")


def test_annulling_a_conclusion_before_a_return_is_refused() -> None:
    assert refused(PRESA, PRESA) == "famiglia-gia-in-carico"
    assert refused(PRESA, CONCLUSA, CONCLUSA) == "famiglia-non-in-carico"
