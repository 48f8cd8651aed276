"""The home: one family at a time, and a guarantee never left hanging when it is freed."""

from datetime import date
from typing import Any

import pytest
from casa.adesione import Adesione
from casa.alloggio import Alloggio, Liberazione, alloggi
from casa.famiglia import Famiglia
from casa.garanzia import Garanzia
from contratti import casa
from contratti.rete import Event
from telaio.entity import Addressed, Rejected
from telaio.testing.given import given

GIORNO = date(2016, 3, 20)
FAMIGLIA = "7f3c2a10-5b6d-4e8f-9a01-23456789abcd"
AGENZIA = "1c3c2a10-5b6d-4e8f-9a01-23456789abcd"
DISPONIBILE = casa.AlloggioResoDisponibile(
    avvenuto_il=GIORNO, comune="017032", vani=3, canone_centesimi=45000, locatore="privato"
)
ASSEGNATO = casa.AlloggioAssegnato(avvenuto_il=GIORNO, famiglia=FAMIGLIA, titolo="nuova_locazione")
LIBERATO = casa.AlloggioLiberato(avvenuto_il=GIORNO)
RITIRATO = casa.AlloggioRitirato(avvenuto_il=GIORNO, motivo="venduto")
SVINCOLATA = casa.GaranziaSvincolata(avvenuto_il=GIORNO, motivo="alloggio_liberato")
IN_CARICO = Famiglia(id=FAMIGLIA, in_carico=1)
GARANZIA = Garanzia(
    id="g", famiglia=FAMIGLIA, alloggio="prova", massimale_centesimi=900, concessa_il=GIORNO, scade_il=GIORNO
)
occupied = given(alloggi, DISPONIBILE, ASSEGNATO)


def liberazione(**fields: Any) -> Liberazione:
    return Liberazione(avvenuto_il=GIORNO, **fields)


def after(*history: Event) -> Alloggio:
    state = alloggi.replay("a", history)
    alloggi.check(state)
    assert state is not None
    return state


def refused(*history: Event) -> str:
    with pytest.raises(Rejected) as refusal:
        alloggi.check(alloggi.replay("a", history))
    return refusal.value.code


# Availability


def test_a_home_becomes_available() -> None:
    given(alloggi).when("disponibilita", DISPONIBILE).then(DISPONIBILE)


def test_an_available_home_is_not_made_available_again() -> None:
    given(alloggi, DISPONIBILE).when("disponibilita", DISPONIBILE).rejected("alloggio-gia-disponibile")


def test_a_withdrawn_home_may_come_back() -> None:
    given(alloggi, DISPONIBILE, RITIRATO).when("disponibilita", DISPONIBILE).then(DISPONIBILE)


def test_an_agency_named_by_a_home_has_joined_the_fund() -> None:
    through = DISPONIBILE.model_copy(update={"tramite_agenzia": AGENZIA})
    offer = given(alloggi).when("disponibilita", through)
    offer.with_(Adesione(id=AGENZIA, tipo="agenzia_immobiliare", in_corso=1)).then(through)
    offer.with_(Adesione(id=AGENZIA, tipo="agenzia_immobiliare", in_corso=0)).rejected("agenzia-non-aderente")
    offer.with_(Adesione(id=AGENZIA, tipo="proprietario", in_corso=1)).rejected("agenzia-non-aderente")
    offer.rejected("agenzia-non-aderente")


def test_a_home_is_withdrawn_only_when_free() -> None:
    given(alloggi, DISPONIBILE).when("ritiro", RITIRATO).then(RITIRATO)
    given(alloggi, DISPONIBILE, ASSEGNATO, LIBERATO).when("ritiro", RITIRATO).then(RITIRATO)
    occupied.when("ritiro", RITIRATO).rejected("alloggio-ritirato-e-assegnato")
    given(alloggi, DISPONIBILE, RITIRATO).when("ritiro", RITIRATO).rejected("alloggio-non-disponibile")


# One family at a time


def test_a_home_goes_to_a_family_in_charge() -> None:
    free = given(alloggi, DISPONIBILE).when("assegnazione", ASSEGNATO)
    free.with_(IN_CARICO).then(ASSEGNATO)
    free.with_(Famiglia(id=FAMIGLIA, in_carico=0)).rejected("famiglia-non-in-carico")
    free.rejected("famiglia-non-trovato")


def test_one_family_at_a_time() -> None:
    occupied.with_(IN_CARICO).when("assegnazione", ASSEGNATO).rejected("alloggio-gia-assegnato")
    freed = given(alloggi, DISPONIBILE, ASSEGNATO, LIBERATO).with_(IN_CARICO)
    freed.when("assegnazione", ASSEGNATO).then(ASSEGNATO)


def test_a_withdrawn_home_is_not_assigned() -> None:
    withdrawn = given(alloggi, DISPONIBILE, RITIRATO).with_(IN_CARICO)
    withdrawn.when("assegnazione", ASSEGNATO).rejected("alloggio-ritirato-e-assegnato")


# Freed


def test_a_home_without_guarantee_is_freed() -> None:
    occupied.when("liberazione", liberazione()).then(LIBERATO)
    assert after(DISPONIBILE, ASSEGNATO, LIBERATO).famiglia is None


def test_a_free_home_is_not_freed() -> None:
    given(alloggi, DISPONIBILE).when("liberazione", liberazione()).rejected("alloggio-non-assegnato")


def test_a_home_is_not_freed_while_its_guarantee_is_active_without_saying_what_becomes_of_it() -> None:
    occupied.with_(GARANZIA).when("liberazione", liberazione()).rejected("garanzia-ancora-attiva")


def test_freeing_a_home_releases_its_guarantee_in_the_same_moment() -> None:
    freeing = occupied.with_(GARANZIA).when("liberazione", liberazione(garanzia_attiva="svincolo"))
    freeing.then(SVINCOLATA, LIBERATO)


def test_the_release_goes_to_the_guarantee_and_not_to_the_home() -> None:
    events = alloggi.commands["liberazione"].decide(
        after(DISPONIBILE, ASSEGNATO), liberazione(garanzia_attiva="svincolo"), GARANZIA
    )
    assert events == [Addressed("garanzia", "g", SVINCOLATA), LIBERATO]


def test_freeing_a_home_may_claim_before_releasing() -> None:
    claim = liberazione(
        garanzia_attiva="escussione_e_svincolo",
        importo_escusso_centesimi=700,
        motivo_escussione="danni_all_alloggio",
    )
    claimed = casa.GaranziaEscussa(avvenuto_il=GIORNO, importo_centesimi=700, motivo="danni_all_alloggio")
    occupied.with_(GARANZIA).when("liberazione", claim).then(claimed, SVINCOLATA, LIBERATO)


@pytest.mark.parametrize(
    "fields",
    [
        {"garanzia_attiva": "escussione_e_svincolo"},
        {"garanzia_attiva": "escussione_e_svincolo", "importo_escusso_centesimi": 1},
        {"garanzia_attiva": "escussione_e_svincolo", "motivo_escussione": "spese_legali"},
        {"garanzia_attiva": "svincolo", "importo_escusso_centesimi": 1},
        {"garanzia_attiva": "svincolo", "motivo_escussione": "spese_legali"},
        {"importo_escusso_centesimi": 1, "motivo_escussione": "spese_legali"},
    ],
)
def test_a_claim_on_freeing_has_amount_and_reason_and_nothing_else_does(fields: dict[str, Any]) -> None:
    occupied.with_(GARANZIA).when("liberazione", liberazione(**fields)).rejected("escussione-incompleta")


def test_there_is_nothing_to_release_without_an_active_guarantee() -> None:
    occupied.when("liberazione", liberazione(garanzia_attiva="svincolo")).rejected("garanzia-non-attiva")


# Corrections


def test_corrections_that_would_break_the_home_s_rules_are_refused() -> None:
    assert refused(DISPONIBILE, ASSEGNATO, ASSEGNATO) == "alloggio-gia-assegnato"
    assert refused(DISPONIBILE, LIBERATO) == "alloggio-non-assegnato"
    assert refused(DISPONIBILE, DISPONIBILE) == "alloggio-gia-disponibile"
    assert refused(DISPONIBILE, ASSEGNATO, RITIRATO) == "alloggio-ritirato-e-assegnato"
