"""The guarantee: granted within the rules of its day, claimed within its ceiling, recovered within what was claimed."""

from datetime import date
from pathlib import Path

import pytest
from casa import regole
from casa.alloggio import Alloggio
from casa.famiglia import Famiglia
from casa.fondo import Fondo
from casa.garanzia import Garanzia, garanzie
from casa.regole import Regole
from contratti import casa
from contratti.rete import Event
from telaio.entity import Rejected
from telaio.testing.given import Case, given

GIORNO = date(2016, 3, 20)
FAMIGLIA = "7f3c2a10-5b6d-4e8f-9a01-23456789abcd"
ALLOGGIO = "2b3c2a10-5b6d-4e8f-9a01-23456789abcd"
REGOLE = Regole.model_validate(
    {
        "leva_del_fondo": [{"valore": 2, "fonte": "prova"}],
        "massimale_massimo_centesimi": [
            {"valore": 1000, "al": "2016-12-31", "fonte": "prova"},
            {"valore": 500, "dal": "2017-01-01", "fonte": "prova"},
        ],
        "mesi_massimi_di_garanzia": [{"valore": 12, "fonte": "prova"}],
        "mesi_di_prova_del_custode": [{"valore": 6, "fonte": "prova"}],
        "mesi_di_affiancamento_del_junior": [{"valore": 6, "fonte": "prova"}],
    }
)
IN_CARICO = Famiglia(id=FAMIGLIA, in_carico=1)
ASSEGNATO = Alloggio(id=ALLOGGIO, disponibile=1, assegnato=1, famiglia=FAMIGLIA)
RICCO = Fondo(versato_centesimi=1000)
SVINCOLATA = casa.GaranziaSvincolata(avvenuto_il=GIORNO, motivo="scadenza")


def concessa(cents: int = 900, mesi: int = 12, giorno: date = GIORNO) -> casa.GaranziaConcessa:
    return casa.GaranziaConcessa(
        avvenuto_il=giorno, famiglia=FAMIGLIA, alloggio=ALLOGGIO, massimale_centesimi=cents, mesi=mesi
    )


def escussa(cents: int) -> casa.GaranziaEscussa:
    return casa.GaranziaEscussa(avvenuto_il=GIORNO, importo_centesimi=cents, motivo="canoni_non_pagati")


def recupero(cents: int) -> casa.RecuperoIncassato:
    return casa.RecuperoIncassato(avvenuto_il=GIORNO, importo_centesimi=cents)


def concessione(
    command: casa.GaranziaConcessa,
    famiglia: Famiglia = IN_CARICO,
    alloggio: Alloggio = ASSEGNATO,
    fondo: Fondo = RICCO,
) -> Case:
    return given(garanzie).with_(famiglia, alloggio, fondo, rules=REGOLE).when("concessione", command)


def claimable(*history: Event) -> Case:
    """A guarantee of 900 in a fund that has more than enough."""
    committed = garanzie.replay("prova", [concessa(), *history])
    assert committed is not None
    return given(garanzie, concessa(), *history).with_(
        Fondo(
            versato_centesimi=10_000,
            escusso_centesimi=committed.escusso_centesimi,
            recuperato_centesimi=committed.recuperato_centesimi,
            impegni_centesimi=committed.residuo_centesimi,
        )
    )


def after(*history: Event) -> Garanzia:
    state = garanzie.replay("g", history)
    garanzie.check(state)
    assert state is not None
    return state


def refused(*history: Event) -> str:
    with pytest.raises(Rejected) as refusal:
        garanzie.check(garanzie.replay("g", history))
    return refusal.value.code


# Granting


def test_a_guarantee_is_granted_to_a_family_in_charge_for_its_home() -> None:
    concessione(concessa()).then(concessa())


def test_a_guarantee_is_granted_once() -> None:
    again = given(garanzie, concessa()).with_(IN_CARICO, ASSEGNATO, RICCO, rules=REGOLE)
    again.when("concessione", concessa()).rejected("garanzia-gia-concessa")
    released = given(garanzie, concessa(), SVINCOLATA).with_(IN_CARICO, ASSEGNATO, RICCO, rules=REGOLE)
    released.when("concessione", concessa()).rejected("garanzia-gia-concessa")


def test_the_family_must_be_in_charge() -> None:
    concessione(concessa(), famiglia=Famiglia(id=FAMIGLIA, in_carico=0)).rejected("famiglia-non-in-carico")


@pytest.mark.parametrize("famiglia", [None, "9a3c2a10-5b6d-4e8f-9a01-23456789abcd"])
def test_the_home_must_be_assigned_to_that_family(famiglia: str | None) -> None:
    other = ASSEGNATO.with_(famiglia=famiglia)
    concessione(concessa(), alloggio=other).rejected("alloggio-non-assegnato-alla-famiglia")


def test_the_ceiling_is_within_the_rule_of_the_day() -> None:
    concessione(concessa(1000)).then(concessa(1000))
    concessione(concessa(1001)).rejected("massimale-oltre-il-limite")
    later = date(2017, 1, 1)
    concessione(concessa(500, giorno=later)).then(concessa(500, giorno=later))
    concessione(concessa(501, giorno=later)).rejected("massimale-oltre-il-limite")
    last_day = date(2016, 12, 31)
    concessione(concessa(1000, giorno=last_day)).then(concessa(1000, giorno=last_day))


def test_the_length_is_within_the_rule() -> None:
    concessione(concessa(mesi=12)).then(concessa(mesi=12))
    concessione(concessa(mesi=13)).rejected("durata-oltre-il-limite")


def test_commitments_stay_within_balance_times_leverage() -> None:
    concessione(concessa(1000), fondo=Fondo(versato_centesimi=500)).then(concessa(1000))
    concessione(concessa(1000), fondo=Fondo(versato_centesimi=499)).rejected("fondo-incapiente")
    busy = Fondo(versato_centesimi=1000, escusso_centesimi=100, recuperato_centesimi=50, impegni_centesimi=1000)
    concessione(concessa(900), fondo=busy).then(concessa(900))
    concessione(concessa(901), fondo=busy).rejected("fondo-incapiente")


def test_an_empty_fund_guarantees_nothing() -> None:
    concessione(concessa(1), fondo=Fondo()).rejected("fondo-incapiente")


def test_before_the_rules_begin_a_guarantee_waits_for_them() -> None:
    undefined = REGOLE.model_validate(
        REGOLE.model_dump() | {"leva_del_fondo": [{"valore": 2, "dal": "2016-03-21", "fonte": "prova"}]}
    )
    concessione(concessa()).with_(IN_CARICO, ASSEGNATO, RICCO, rules=undefined).rejected("regola-non-definita")


# One active guarantee a family and a home


def test_an_active_guarantee_holds_its_family_and_its_home() -> None:
    held = {f"famiglia-gia-garantita:{FAMIGLIA}", f"alloggio-gia-garantito:{ALLOGGIO}"}
    assert set(garanzie.keys(after(concessa()))) == held
    assert not garanzie.keys(after(concessa(), SVINCOLATA))


# Claims, recoveries, release


def test_claims_reach_the_residual_ceiling_and_not_beyond() -> None:
    claimable(escussa(300)).when("escussione", escussa(600)).then(escussa(600))
    claimable(escussa(300)).when("escussione", escussa(601)).rejected("escussione-oltre-il-massimale")


def test_a_claim_reaches_the_balance_of_the_fund_and_not_beyond() -> None:
    poor = given(garanzie, concessa()).with_(Fondo(versato_centesimi=500, impegni_centesimi=900))
    poor.when("escussione", escussa(500)).then(escussa(500))
    poor.when("escussione", escussa(501)).rejected("fondo-incapiente")


def test_a_released_guarantee_is_not_claimed() -> None:
    claimable(SVINCOLATA).when("escussione", escussa(1)).rejected("garanzia-non-attiva")


def test_a_guarantee_past_its_term_is_claimed_until_it_is_released() -> None:
    late = casa.GaranziaEscussa(avvenuto_il=date(2018, 1, 1), importo_centesimi=1, motivo="spese_legali")
    claimable().when("escussione", late).then(late)


def test_recoveries_reach_what_was_claimed_and_not_beyond() -> None:
    claimable(escussa(300), recupero(100)).when("recupero", recupero(200)).then(recupero(200))
    claimable(escussa(300), recupero(100)).when("recupero", recupero(201)).rejected("recupero-oltre-l-escusso")
    claimable().when("recupero", recupero(1)).rejected("recupero-oltre-l-escusso")


def test_a_recovery_does_not_restore_the_ceiling() -> None:
    assert after(concessa(900), escussa(300), recupero(300)).residuo_centesimi == 600
    claimable(escussa(900), recupero(900)).when("escussione", escussa(1)).rejected("escussione-oltre-il-massimale")


def test_money_comes_back_also_after_the_release() -> None:
    claimable(escussa(300), SVINCOLATA).when("recupero", recupero(300)).then(recupero(300))


def test_a_guarantee_is_released_once() -> None:
    claimable().when("svincolo", SVINCOLATA).then(SVINCOLATA)
    claimable(SVINCOLATA).when("svincolo", SVINCOLATA).rejected("garanzia-non-attiva")
    assert after(concessa(), SVINCOLATA).residuo_centesimi == 0


def test_corrections_keep_claims_and_recoveries_within_their_bounds() -> None:
    assert refused(concessa(299), escussa(300)) == "escussione-oltre-il-massimale"
    assert refused(concessa(), recupero(100)) == "recupero-oltre-l-escusso"
    assert refused(concessa(), escussa(99), recupero(100)) == "recupero-oltre-l-escusso"
    assert after(concessa(), escussa(100), recupero(100)).recuperato_centesimi == 100


# Terms


def test_a_guarantee_ends_after_its_months() -> None:
    assert after(concessa(mesi=12)).scade_il == date(2017, 3, 20)


def test_the_rules_shipped_have_a_source_and_say_what_is_to_be_confirmed() -> None:
    shipped = Regole.load(Path(regole.__file__).with_name("regole.toml"))
    for name in Regole.model_fields:
        for validity in getattr(shipped, name).root:
            assert validity.fonte
            assert validity.da_verificare == ("configurazione d'esempio" in validity.fonte)
    assert shipped.mesi_di_prova_del_custode.al(GIORNO) == 6
    assert shipped.mesi_di_affiancamento_del_junior.al(GIORNO) == 6
