"""Help offered by a person or by an organisation, there until it has served."""

from datetime import date
from typing import Any

import pytest
from contratti import punti as contratto
from punti.aiuto import aiuti
from pydantic import ValidationError
from telaio.entity import Rejected
from telaio.testing.given import given

GIORNO = date(2016, 6, 1)


def offerto(**chi: Any) -> contratto.AiutoOfferto:
    return contratto.AiutoOfferto.model_validate({"avvenuto_il": GIORNO, "cosa": "spazi", **chi})


DA_ANNA = offerto(persona="p-anna01")
IMPIEGATO = contratto.AiutoImpiegato(avvenuto_il=GIORNO)


def test_help_comes_from_a_person_or_an_organisation() -> None:
    for chi in ({"persona": "p-anna01"}, {"ente": "parrocchia"}):
        given(aiuti).when("offerta", offerto(**chi)).then(offerto(**chi))


@pytest.mark.parametrize("chi", [{}, {"persona": "p-anna01", "ente": "parrocchia"}])
def test_help_comes_from_exactly_one(chi: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as error:
        offerto(**chi)
    (line,) = error.value.errors()
    assert line["loc"] == ("ente",)
    assert line["msg"].endswith("va indicata la persona che offre o l'ente che offre, non entrambi")


def test_a_mistyped_person_is_the_only_mistake_told() -> None:
    with pytest.raises(ValidationError) as error:
        offerto(persona="Anna")
    assert [line["loc"] for line in error.value.errors()] == [("persona",)]


def test_help_serves_once_and_may_be_offered_again() -> None:
    given(aiuti, DA_ANNA).when("impiego", IMPIEGATO).then(IMPIEGATO)
    given(aiuti, DA_ANNA, IMPIEGATO).when("impiego", IMPIEGATO).rejected("aiuto-gia-impiegato")
    given(aiuti, DA_ANNA).when("offerta", DA_ANNA).rejected("aiuto-gia-offerto")
    given(aiuti, DA_ANNA, IMPIEGATO).when("offerta", DA_ANNA).then(DA_ANNA)


def test_corrections_are_judged_alike() -> None:
    with pytest.raises(Rejected, match="aiuto-gia-impiegato"):
        aiuti.replay("a", [DA_ANNA, IMPIEGATO, IMPIEGATO], checked=True)
