"""Knowledge offered and asked for: each once, and the same person may do both."""

from datetime import date

from contratti import punti as contratto
from contratti.rete import Event
from punti.sapere import saperi
from telaio.testing.given import given

GIORNO = date(2016, 6, 1)
OFFERTO = contratto.SapereOfferto(avvenuto_il=GIORNO, persona="p-anna01", sapere="cucito")
RICHIESTO = contratto.SapereRichiesto(avvenuto_il=GIORNO, persona="p-anna01", sapere="cucito")


def claimed(event: Event) -> set[str]:
    return set(saperi.keys(saperi.replay("s", [event])))


def test_a_case_is_one_offer_or_one_request() -> None:
    given(saperi).when("offerta", OFFERTO).then(OFFERTO)
    given(saperi).when("richiesta", RICHIESTO).then(RICHIESTO)
    given(saperi, OFFERTO).when("offerta", OFFERTO).rejected("sapere-gia-registrato")
    given(saperi, OFFERTO).when("richiesta", RICHIESTO).rejected("sapere-gia-registrato")


def test_a_person_offers_a_skill_once_and_asks_for_it_once_and_may_do_both() -> None:
    assert claimed(OFFERTO) == {"sapere-gia-offerto:p-anna01:cucito"}
    assert claimed(RICHIESTO) == {"sapere-gia-richiesto:p-anna01:cucito"}


def test_another_skill_that_has_no_code_may_be_offered_and_asked_for_again() -> None:
    assert not claimed(OFFERTO.model_copy(update={"sapere": "altro"}))
    assert not claimed(RICHIESTO.model_copy(update={"sapere": "altro"}))
