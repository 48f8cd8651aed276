"""Agencies and owners join the fund, leave it, come back."""

from datetime import date

import pytest
from casa.adesione import Adesione, adesioni
from contratti import casa
from telaio.entity import Rejected
from telaio.testing.given import given

GIORNO = date(2016, 3, 20)
SOTTOSCRITTA = casa.AdesioneAlFondoSottoscritta(avvenuto_il=GIORNO, tipo="proprietario", comune="017113")
CESSATA = casa.AdesioneAlFondoCessata(avvenuto_il=GIORNO)


def test_an_owner_joins_once() -> None:
    given(adesioni).when("sottoscrizione", SOTTOSCRITTA).then(SOTTOSCRITTA)
    given(adesioni, SOTTOSCRITTA).when("sottoscrizione", SOTTOSCRITTA).rejected("adesione-gia-sottoscritta")


def test_who_left_may_come_back() -> None:
    given(adesioni, SOTTOSCRITTA, CESSATA).when("sottoscrizione", SOTTOSCRITTA).then(SOTTOSCRITTA)


def test_only_who_has_joined_leaves() -> None:
    given(adesioni, SOTTOSCRITTA).when("cessazione", CESSATA).then(CESSATA)
    given(adesioni, SOTTOSCRITTA, CESSATA).when("cessazione", CESSATA).rejected("adesione-non-in-corso")
    given(adesioni).when("cessazione", CESSATA).rejected("non-trovato")


def test_annulling_a_cessation_before_a_return_is_refused() -> None:
    with pytest.raises(Rejected, match="adesione-gia-sottoscritta"):
        adesioni.check(adesioni.replay("a", [SOTTOSCRITTA, SOTTOSCRITTA]))


@pytest.mark.parametrize(
    ("tipo", "in_corso", "expected"),
    [("agenzia_immobiliare", 1, True), ("agenzia_immobiliare", 0, False), ("proprietario", 1, False)],
)
def test_a_membership_is_an_agency_s_while_it_lasts(tipo: str, in_corso: int, expected: bool) -> None:
    assert Adesione(tipo=tipo, in_corso=in_corso).di_agenzia is expected
