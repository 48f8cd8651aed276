"""What a strand may say in one line: how a state begins, what is true of none, when a command does not fit."""

from datetime import date

import pytest
from contratti.rete import Event
from telaio.district import District
from telaio.entity import Entity, Events, Rejected, State
from telaio.here import Here
from telaio.service import Service
from telaio.testing.given import given
from telaio.web.links import Link, naming

GIORNO = date(2016, 3, 1)


class LumeAcceso(Event):
    """Un lume acceso."""

    olio: int


class OlioBruciato(Event):
    """Un po' d'olio se n'è andato."""

    olio: int


class LumeEsposto(Event):
    """Il lume sta al vento."""


class LumeRiparato(Event):
    """Il lume non è più al vento."""


class Lume(State):
    olio: int
    al_vento: int = 0


lumi = Entity("lume", Lume, "lumi", "Lume", pages={"ricambi": "Stoppini adatti"})
lumi.begin(LumeAcceso, lambda lume, e: Lume(olio=e.olio))
lumi.after(OlioBruciato, lambda lume, e: lume.with_(olio=lume.olio - e.olio))
lumi.after(LumeEsposto, lambda lume, e: lume.with_(al_vento=lume.al_vento + 1))
lumi.after(LumeRiparato, lambda lume, e: lume.with_(al_vento=lume.al_vento - 1))
al_vento = lumi.switch(
    "al_vento", on_twice=("gia-al-vento", "Il lume è già al vento."), off_twice=("al-riparo", "Il lume è al riparo.")
)
lumi.never("olio-sotto-zero", "Non c'è tanto olio.", lambda lume: lume.olio < 0)
lumi.records("accensione", LumeAcceso, once=("lume-gia-acceso", "Il lume è già acceso."))
lumi.records("consumo", OlioBruciato, lumi.refusal("lume-spento", "Il lume è spento.", lambda lume: not lume.olio))


@lumi.command("scorta", once=("lume-gia-acceso", "Il lume è già acceso."))
def fa_scorta(lume: Lume | None, comando: LumeAcceso, qui: Here) -> Events:
    """Accende il lume con l'olio di tutti i comuni."""
    return [comando.model_copy(update={"olio": comando.olio * len(qui.district.comuni)})]


def acceso(olio: int) -> LumeAcceso:
    return LumeAcceso(avvenuto_il=GIORNO, olio=olio)


def bruciato(olio: int) -> OlioBruciato:
    return OlioBruciato(avvenuto_il=GIORNO, olio=olio)


def test_what_begins_once_is_refused_the_second_time() -> None:
    given(lumi).when("accensione", acceso(3)).then(acceso(3))
    given(lumi, acceso(3)).when("accensione", acceso(3)).rejected("lume-gia-acceso")
    given(lumi, acceso(3)).when("scorta", acceso(3)).rejected("lume-gia-acceso")
    assert lumi.commands["accensione"].creates


def test_what_begins_once_does_so_in_a_corrected_history_too() -> None:
    assert lumi.replay("l", [acceso(3), bruciato(1)], checked=True) is not None
    with pytest.raises(Rejected, match="lume-gia-acceso"):
        lumi.replay("l", [acceso(3), acceso(3)], checked=True)


def test_a_command_that_does_not_fit_the_state_is_refused() -> None:
    given(lumi, acceso(3)).when("consumo", bruciato(3)).then(bruciato(3))
    given(lumi, acceso(3), bruciato(3)).when("consumo", bruciato(1)).rejected("lume-spento")


def test_a_switch_gives_the_check_that_it_is_on() -> None:
    al_vento(Lume(olio=1, al_vento=1))
    with pytest.raises(Rejected, match="al-riparo"):
        al_vento(Lume(olio=1))


def test_what_is_never_true_is_refused_in_a_corrected_history_too() -> None:
    given(lumi, acceso(3)).when("consumo", bruciato(4)).rejected("olio-sotto-zero")
    with pytest.raises(Rejected, match="olio-sotto-zero"):
        lumi.replay("l", [acceso(3), bruciato(4)], checked=True)


def test_a_decision_knows_the_district_it_is_taken_in() -> None:
    here = Here(("prova/ente",), district=District(comuni={"017113": "Montichiari", "017032": "Calcinato"}))
    given(lumi).seeing(here=here).when("scorta", acceso(3)).then(acceso(6))


def test_a_case_leads_to_the_service_s_own_pages_about_it() -> None:
    links = naming(Service("prova", "Prova", [lumi]), lumi, "l1")
    assert links == [Link("/sportello/lumi/l1/ricambi", "Stoppini adatti")]
