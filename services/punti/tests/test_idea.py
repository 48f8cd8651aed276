"""Citizens' ideas: presented, financed, realised; or rejected with a reason."""

from datetime import date

import pytest
from contratti import punti as contratto
from contratti.rete import Event
from punti.idea import Idea, idee
from telaio.entity import Rejected
from telaio.testing.given import given

GIORNO, POI, FINE = date(2016, 6, 1), date(2016, 7, 1), date(2016, 9, 1)
PRESENTATA = contratto.IdeaPresentata(avvenuto_il=GIORNO, comune="017113", proponente="cittadino")


def finanziata(cents: int = 50000, giorno: date = POI) -> contratto.IdeaFinanziata:
    return contratto.IdeaFinanziata(avvenuto_il=giorno, importo_centesimi=cents)


def realizzata(giorno: date = FINE) -> contratto.IdeaRealizzata:
    return contratto.IdeaRealizzata(avvenuto_il=giorno)


def respinta(giorno: date = POI) -> contratto.IdeaRespinta:
    return contratto.IdeaRespinta(avvenuto_il=giorno, motivo="fondi_esauriti")


def after(*history: Event) -> Idea:
    state = idee.replay("i", [PRESENTATA, *history], checked=True)
    assert state is not None
    return state


def refused(*history: Event) -> str:
    with pytest.raises(Rejected) as refusal:
        idee.replay("i", [PRESENTATA, *history], checked=True)
    return refusal.value.code


def test_an_idea_is_presented_once() -> None:
    given(idee).when("presentazione", PRESENTATA).then(PRESENTATA)
    given(idee, PRESENTATA).when("presentazione", PRESENTATA).rejected("idea-gia-presentata")


def test_money_may_come_in_several_times_also_once_the_idea_is_realised() -> None:
    given(idee, PRESENTATA).when("finanziamento", finanziata()).then(finanziata())
    given(idee, PRESENTATA, finanziata()).when("finanziamento", finanziata(1)).then(finanziata(1))
    balance = finanziata(2, date(2016, 12, 1))
    given(idee, PRESENTATA, finanziata(), realizzata()).when("finanziamento", balance).then(balance)
    assert after(finanziata(50000), finanziata(1), realizzata(), balance).finanziato_centesimi == 50003


def test_an_idea_is_realised_once_it_has_money() -> None:
    given(idee, PRESENTATA).when("realizzazione", realizzata()).rejected("idea-non-finanziata")
    given(idee, PRESENTATA, finanziata()).when("realizzazione", realizzata()).then(realizzata())


def test_an_idea_that_got_money_is_not_rejected_and_a_rejected_one_gets_none() -> None:
    given(idee, PRESENTATA).when("respinta", respinta()).then(respinta())
    given(idee, PRESENTATA, finanziata()).when("respinta", respinta()).rejected("idea-respinta-e-finanziata")
    given(idee, PRESENTATA, respinta()).when("finanziamento", finanziata()).rejected("idea-respinta-e-finanziata")


def test_an_idea_ends_once() -> None:
    done = given(idee, PRESENTATA, finanziata(), realizzata())
    done.when("realizzazione", realizzata()).rejected("idea-gia-conclusa")
    done.when("respinta", respinta()).rejected("idea-gia-conclusa")
    given(idee, PRESENTATA, respinta()).when("respinta", respinta()).rejected("idea-gia-conclusa")


def test_the_days_follow_the_same_order() -> None:
    early = date(2016, 5, 31)
    given(idee, PRESENTATA).when("finanziamento", finanziata(giorno=early)).rejected("idea-fuori-ordine")
    given(idee, PRESENTATA).when("respinta", respinta(early)).rejected("idea-fuori-ordine")
    given(idee, PRESENTATA, finanziata()).when("realizzazione", realizzata(GIORNO)).rejected("idea-fuori-ordine")
    given(idee, PRESENTATA, finanziata()).when("realizzazione", realizzata(POI)).then(realizzata(POI))


def test_corrections_are_judged_alike() -> None:
    assert refused(realizzata()) == "idea-non-finanziata"
    assert refused(finanziata(), respinta(FINE)) == "idea-respinta-e-finanziata"
    assert refused(finanziata(giorno=FINE), realizzata(POI)) == "idea-fuori-ordine"
