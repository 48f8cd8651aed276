"""The offer: of who is in the network, open until it is closed, never beyond its places."""

from datetime import date

import pytest
from contratti import lavoro
from lavoro.aderente import Aderente
from lavoro.offerta import Offerta, aperta, con_posti, offerte
from telaio.entity import Rejected
from telaio.testing.given import given

GIORNO = date(2016, 3, 20)
AZIENDA = "7f3c2a10-5b6d-4e8f-9a01-23456789abcd"
PUBBLICATA = lavoro.OffertaPubblicata(
    avvenuto_il=GIORNO, aderente=AZIENDA, tipo="tirocinio", competenze=("cucina",), posti=2, comune="017113"
)
CHIUSA = lavoro.OffertaChiusa(avvenuto_il=GIORNO, motivo="ritirata")
IN_RETE = Aderente(id=AZIENDA, in_rete=1)


def offerta(**fields: object) -> Offerta:
    known = {"aderente": AZIENDA, "tipo": "lavoro", "posti": 2, "comune": "017113", "pubblicata_il": GIORNO}
    return Offerta.model_validate(known | fields)


def test_an_offer_is_of_who_is_in_the_network() -> None:
    offer = given(offerte).when("pubblicazione", PUBBLICATA)
    offer.with_(IN_RETE).then(PUBBLICATA)
    offer.with_(Aderente(id=AZIENDA)).rejected("aderente-non-in-rete")
    offer.rejected("aderente-non-trovato")


def test_an_offer_is_published_once_and_not_opened_again() -> None:
    given(offerte, PUBBLICATA).with_(IN_RETE).when("pubblicazione", PUBBLICATA).rejected("offerta-gia-pubblicata")
    closed = given(offerte, PUBBLICATA, CHIUSA).with_(IN_RETE)
    closed.when("pubblicazione", PUBBLICATA).rejected("offerta-gia-pubblicata")


def test_an_offer_is_closed_once() -> None:
    given(offerte, PUBBLICATA).when("chiusura", CHIUSA).then(CHIUSA)
    given(offerte, PUBBLICATA, CHIUSA).when("chiusura", CHIUSA).rejected("offerta-gia-chiusa")


def test_an_offer_closed_later_was_open_on_that_day() -> None:
    aperta(offerta(), GIORNO)
    aperta(offerta(chiusa_il=GIORNO), GIORNO)
    with pytest.raises(Rejected, match="offerta-chiusa"):
        aperta(offerta(chiusa_il=date(2016, 3, 19)), GIORNO)


def test_the_last_place_is_there_and_then_no_more() -> None:
    con_posti(offerta(occupati=1))
    with pytest.raises(Rejected, match="posti-esauriti"):
        con_posti(offerta(occupati=2))


def test_an_offer_is_never_beyond_its_places_not_even_corrected() -> None:
    offerte.check(offerta(occupati=2))
    with pytest.raises(Rejected, match="posti-esauriti"):
        offerte.check(offerta(posti=1, occupati=2))
