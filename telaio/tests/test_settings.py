"""Settings, clock, rules and district: what is wrong is told at once, all of it."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from contratti.rete import CodiceComune
from pydantic import BaseModel
from telaio.clock import Clock
from telaio.district import District
from telaio.rules import Dated, Rules, RuleUndefined
from telaio.settings import Settings, SettingsError

GOOD = {
    "GENERA_DATABASE": "postgresql://x/y",
    "GENERA_KAFKA": "127.0.0.1:9092",
    "GENERA_PARTNER": "consorzio-tenda",
    "GENERA_CHIAVI_FILE": "/dev/null",
    "GENERA_EMITTENTE": "chi",
}


def test_good_settings_are_read_and_others_variables_ignored() -> None:
    assert Settings.from_environment(GOOD | {"PATH": "/bin"}).partner == "consorzio-tenda"


def test_every_unknown_missing_or_wrong_setting_is_told_at_once() -> None:
    wrong = {k: v for k, v in GOOD.items() if k != "GENERA_EMITTENTE"}
    with pytest.raises(SettingsError) as told:
        Settings.from_environment(wrong | {"GENERA_PORTA": "1", "GENERA_PORT": "99999", "GENERA_KAFKA": " "})
    said = str(told.value)
    assert all(
        name in said for name in ("GENERA_EMITTENTE: manca", "GENERA_PORTA: non esiste", "GENERA_PORT", "GENERA_KAFKA")
    )


def test_a_secret_may_be_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "dsn"
    secret.write_text("postgresql://segreto\n")
    given = {k: v for k, v in GOOD.items() if k != "GENERA_DATABASE"} | {"GENERA_DATABASE_FILE": str(secret)}
    assert Settings.from_environment(given).database == "postgresql://segreto"


@pytest.mark.parametrize(
    ("setting", "value"), [("GENERA_ADESSO", "2016-02-01T00:00:00Z"), ("GENERA_OIDC", "http://127.0.0.1:9000")]
)
def test_what_is_for_development_is_refused_elsewhere(setting: str, value: str) -> None:
    with pytest.raises(SettingsError, match="GENERA_SVILUPPO"):
        Settings.from_environment(GOOD | {setting: value})
    Settings.from_environment(GOOD | {setting: value, "GENERA_SVILUPPO": "1"})


LOGIN = {"GENERA_OIDC": "https://identita.example", "GENERA_OIDC_CLIENTE": "casa"}


def test_entering_by_the_pages_needs_the_address_where_the_provider_leads_back() -> None:
    with pytest.raises(SettingsError, match="GENERA_INDIRIZZO"):
        Settings.from_environment(GOOD | LOGIN)
    Settings.from_environment(GOOD | LOGIN | {"GENERA_INDIRIZZO": "https://casa.example"})


def test_the_keys_come_from_a_file_or_from_the_provider() -> None:
    without = {k: v for k, v in GOOD.items() if k != "GENERA_CHIAVI_FILE"}
    with pytest.raises(SettingsError, match="GENERA_CHIAVI_FILE"):
        Settings.from_environment(without)
    Settings.from_environment(without | {"GENERA_OIDC": "https://identita.example"})


def test_a_client_s_secret_may_be_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "segreto"
    secret.write_text("s3greto\n")
    given = GOOD | LOGIN | {"GENERA_INDIRIZZO": "https://casa.example", "GENERA_OIDC_SEGRETO_FILE": str(secret)}
    assert Settings.from_environment(given).oidc_segreto == "s3greto"


def test_today_is_the_civil_date_in_rome() -> None:
    assert Clock("2016-02-01T22:59:00Z").today() == date(2016, 2, 1)
    assert Clock("2016-02-01T23:00:00Z").today() == date(2016, 2, 2)
    assert Clock("2016-07-01T22:00:00Z").today() == date(2016, 7, 2)


def test_the_simulated_clock_follows_its_file(tmp_path: Path) -> None:
    file = tmp_path / "adesso"
    file.write_text("2016-02-01T10:00:00+01:00")
    clock = Clock(f"@{file}")
    assert clock.now() == datetime(2016, 2, 1, 9, tzinfo=UTC)
    file.write_text("2017-02-01T10:00:00Z")
    assert clock.today() == date(2017, 2, 1)


def test_an_instant_without_its_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Clock("2016-02-01T10:00:00")


class Regole(Rules):
    leva: Dated[int]


def test_a_case_is_judged_by_the_rule_of_its_day(tmp_path: Path) -> None:
    file = tmp_path / "regole.toml"
    file.write_text(
        "leva = [{valore = 2, al = 2017-12-31, fonte = 'x'},"
        " {valore = 3, dal = 2018-01-01, al = 2018-12-31, fonte = 'y'}]"
    )
    leva = Regole.load(file).leva
    assert [leva.al(date(2017, 12, 31)), leva.al(date(2018, 1, 1))] == [2, 3]
    with pytest.raises(RuleUndefined):
        leva.al(date(2019, 1, 1))


def test_a_district_replaces_a_rule_whole(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "a.toml", tmp_path / "b.toml"
    ours.write_text('leva = [{valore = 2, fonte = "x"}]')
    theirs.write_text('leva = [{valore = 9, fonte = "z"}]')
    assert Regole.load(ours, theirs).leva.al(date(2016, 1, 1)) == 9


def test_a_comune_of_another_district_is_found_wherever_it_is_named() -> None:
    class Modello(BaseModel):
        comune: CodiceComune | None
        comuni: tuple[CodiceComune, ...] = ()

    found = District.load(None).strangers(Modello(comune="999999", comuni=("017113", "000000")))
    assert list(found) == [(("comune",), "999999"), (("comuni", 1), "000000")]
