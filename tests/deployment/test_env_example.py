"""`.env.example` is written from the settings, and completed as it says it starts a service."""

import re
from pathlib import Path

import pytest
from bundle import env_example
from telaio.settings import Settings, SettingsError

DONE = {
    "GENERA_DATABASE": "postgresql://casa@localhost/casa",
    "GENERA_KAFKA": "localhost:9093",
    "GENERA_PARTNER": "consorzio-tenda",
    "GENERA_EMITTENTE": "https://identita.invalid",
    "GENERA_OIDC": "https://identita.invalid",
}


def test_the_committed_example_is_up_to_date() -> None:
    assert env_example.FILE.read_text() == env_example.text(), "make deploy-files"


def test_every_setting_of_a_partner_is_there_once() -> None:
    named = re.findall(r"^#GENERA_(\w+)=", env_example.text(), re.MULTILINE)
    assert sorted(named) == sorted(n.upper() for n in set(Settings.model_fields) - env_example.SET_BY_THE_FILES)


def test_the_required_ones_alone_are_enough() -> None:
    found = Settings.from_environment(DONE)
    for line in env_example.text().splitlines():
        name, _, value = line.removeprefix("#").partition("=")
        if line.startswith("#GENERA_") and name not in DONE and value:
            assert Settings.from_environment(DONE | {name: value}) == found, line


def test_without_one_of_them_the_service_does_not_start() -> None:
    for name in DONE:
        with pytest.raises(SettingsError):
            Settings.from_environment({k: v for k, v in DONE.items() if k != name})


def test_the_example_holds_no_password(tmp_path: Path) -> None:
    assert not re.search(r"(PASSWORD|SEGRETO|DATABASE)=\S", env_example.text())
