"""The match: proposed with its reasons, decided by both sides, a place only where both accept."""

from datetime import date
from pathlib import Path

import pytest
from contratti import lavoro
from contratti.rete import Event
from lavoro import regole
from lavoro.abbinamento import Abbinamento, Proposta, abbinamenti
from lavoro.candidato import Candidato
from lavoro.offerta import Offerta, offerte
from lavoro.regole import Regole
from telaio.district import District
from telaio.entity import Rejected
from telaio.here import Here
from telaio.testing.given import Case, given

GIORNO = date(2016, 3, 20)
CANDIDATO, OFFERTA = "7f3c2a10-5b6d-4e8f-9a01-23456789abcd", "1c3c2a10-5b6d-4e8f-9a01-23456789abcd"
REGOLE = Regole.load(Path(regole.__file__).with_name("regole.toml"))
QUI = Here(("lavoro/ente",), district=District.load(None))
ANNA = Candidato(
    id=CANDIDATO,
    persona="p-anna01",
    comune="017113",
    competenze=("cucina",),
    disponibilita=("mattina",),
    in_carico=1,
)
CUOCA = Offerta(
    id=OFFERTA,
    aderente="a",
    tipo="tirocinio",
    competenze=("cucina", "patente_auto"),
    posti=2,
    comune="017113",
    orario=("mattina",),
    pubblicata_il=GIORNO,
)
RAGIONI = ("parte_delle_competenze", "stesso_comune", "orario_compatibile")
PROPOSTO = lavoro.AbbinamentoProposto(
    avvenuto_il=GIORNO, candidato=CANDIDATO, offerta=OFFERTA, punteggio=70, ragioni=RAGIONI
)
PROPOSTA = Proposta(avvenuto_il=GIORNO, candidato=CANDIDATO, offerta=OFFERTA)


def accettato(da: str) -> lavoro.AbbinamentoAccettato:
    return lavoro.AbbinamentoAccettato.model_validate({"avvenuto_il": GIORNO, "da": da})


def rifiutato(da: str = "candidato") -> lavoro.AbbinamentoRifiutato:
    return lavoro.AbbinamentoRifiutato.model_validate({"avvenuto_il": GIORNO, "da": da, "motivo": "distanza"})


def proposta(candidato: Candidato = ANNA, offerta: Offerta = CUOCA) -> Case:
    case = given(abbinamenti).with_(candidato, offerta, rules=REGOLE).seeing(here=QUI)
    return case.when("proposta", PROPOSTA)


def deciding(*history: Event, candidato: Candidato = ANNA, offerta: Offerta = CUOCA) -> Case:
    return given(abbinamenti, PROPOSTO, *history).with_(candidato, offerta)


def after(*history: Event) -> Abbinamento:
    state = abbinamenti.replay("a", [PROPOSTO, *history], checked=True)
    assert state is not None
    return state


# Proposing


def test_a_proposal_says_how_fit_it_is_and_why() -> None:
    proposta().then(PROPOSTO)


def test_who_proposes_types_neither_score_nor_reasons() -> None:
    assert set(abbinamenti.commands["proposta"].model.model_fields) == {"avvenuto_il", "candidato", "offerta"}


def test_a_proposal_is_for_somebody_in_charge() -> None:
    proposta(candidato=ANNA.with_(in_carico=0)).rejected("candidato-non-in-carico")


def test_a_proposal_is_for_an_open_offer() -> None:
    proposta(offerta=CUOCA.with_(chiusa_il=date(2016, 3, 19))).rejected("offerta-chiusa")
    proposta(offerta=CUOCA.with_(chiusa_il=GIORNO)).then(PROPOSTO)


def test_a_proposal_is_for_an_offer_with_places() -> None:
    proposta(offerta=CUOCA.with_(occupati=1)).then(PROPOSTO)
    proposta(offerta=CUOCA.with_(occupati=2)).rejected("posti-esauriti")


def test_a_proposal_is_made_once() -> None:
    again = given(abbinamenti, PROPOSTO).with_(ANNA, CUOCA, rules=REGOLE).seeing(here=QUI)
    again.when("proposta", PROPOSTA).rejected("abbinamento-gia-registrato")


def test_a_candidate_is_proposed_again_for_the_same_offer_only_after_a_refusal() -> None:
    held = {f"abbinamento-gia-proposto:{CANDIDATO}:{OFFERTA}"}
    assert set(abbinamenti.keys(after())) == held
    assert set(abbinamenti.keys(after(accettato("candidato"), accettato("aderente")))) == held
    assert not abbinamenti.keys(after(rifiutato()))


# Deciding


def test_each_side_accepts_once() -> None:
    deciding().when("accettazione", accettato("candidato")).then(accettato("candidato"))
    deciding(accettato("candidato")).when("accettazione", accettato("aderente")).then(accettato("aderente"))
    again = deciding(accettato("candidato")).when("accettazione", accettato("candidato"))
    again.rejected("abbinamento-gia-accettato")


def test_what_was_refused_is_not_accepted_and_not_refused_again() -> None:
    deciding(rifiutato()).when("accettazione", accettato("aderente")).rejected("abbinamento-rifiutato")
    deciding(rifiutato()).when("rifiuto", rifiutato("aderente")).rejected("abbinamento-rifiutato")


def test_acceptance_wants_candidate_in_charge_and_offer_open() -> None:
    gone = deciding(candidato=ANNA.with_(in_carico=0))
    gone.when("accettazione", accettato("candidato")).rejected("candidato-non-in-carico")
    closed = deciding(offerta=CUOCA.with_(chiusa_il=date(2016, 3, 19)))
    closed.when("accettazione", accettato("candidato")).rejected("offerta-chiusa")


def test_the_second_acceptance_wants_a_free_place_and_the_first_does_not() -> None:
    full = CUOCA.with_(occupati=2)
    deciding(offerta=full).when("accettazione", accettato("candidato")).then(accettato("candidato"))
    last = deciding(accettato("candidato"), offerta=full).when("accettazione", accettato("aderente"))
    last.rejected("posti-esauriti")


def test_who_accepted_may_think_better_of_it() -> None:
    both = (accettato("candidato"), accettato("aderente"))
    deciding(*both, offerta=CUOCA.with_(occupati=1)).when("rifiuto", rifiutato("aderente")).then(rifiutato("aderente"))


# Places


@pytest.mark.parametrize(
    ("history", "places"),
    [
        ([], 0),
        ([accettato("candidato")], 0),
        ([accettato("aderente")], 0),
        ([accettato("candidato"), accettato("altro")], 0),
        ([accettato("candidato"), accettato("aderente")], 1),
        ([accettato("aderente"), accettato("candidato")], 1),
        ([accettato("candidato"), accettato("aderente"), rifiutato()], 0),
    ],
)
def test_a_place_is_taken_where_both_accept_and_free_again_where_one_refuses(history: list[Event], places: int) -> None:
    assert offerte.follow("abbinamento", CUOCA, None, after(*history)).occupati == places
    assert offerte.follow("abbinamento", CUOCA.with_(occupati=places), after(*history), None).occupati == 0


def test_a_corrected_history_in_which_one_side_accepts_twice_is_refused() -> None:
    with pytest.raises(Rejected, match="abbinamento-gia-accettato"):
        after(accettato("candidato"), accettato("candidato"))
