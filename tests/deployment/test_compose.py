"""The compose files: what they promise is read from them; where Docker Compose is, it checks them."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from .composing import COMPOSE, DEPLOY, PLACES, compose, prepared, read

SETTINGS = {"SERVIZIO": "casa", "VERSIONE": "0.1.0", "KAFKA_NOME": "kafka.prova.invalid"}
ALL = [(name, *one) for name in ("partner.yml", "distretto.yml") for one in read(name)["services"].items()]
OWN = [one for one in ALL if "image" in one[2]]
IDS = [f"{place}:{name}" for place, name, _ in OWN]


def _refused(folder: Path, files: tuple[str, ...]) -> str:
    """What Compose has against the files; empty when it takes them. Its wrapper from PyPI says 0 to everything, so a
    refusal is an answer without a document."""
    if not compose():
        pytest.skip("needs Docker Compose 2 (docker compose, or docker-compose)")
    command = [*compose(), *(part for name in files for part in ("-f", name)), "config"]
    said = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)
    return "" if said.returncode == 0 and said.stdout.startswith("name:") else said.stderr


@pytest.mark.parametrize("files", PLACES.values(), ids=PLACES)
def test_compose_accepts_the_files(tmp_path: Path, files: tuple[str, ...]) -> None:
    shutil.copytree(COMPOSE, tmp_path, dirs_exist_ok=True)
    prepared(tmp_path, SETTINGS)
    assert _refused(tmp_path, files) == ""


def test_a_word_that_compose_does_not_know_is_refused(tmp_path: Path) -> None:
    """The canary of the test above."""
    shutil.copytree(COMPOSE, tmp_path, dirs_exist_ok=True)
    prepared(tmp_path, SETTINGS)
    file = tmp_path / "partner.yml"
    file.write_text(file.read_text().replace("read_only: true", "solo_lettura: true"))
    assert "solo_lettura" in _refused(tmp_path, ("partner.yml",))


@pytest.mark.parametrize("missing", ["SERVIZIO", "VERSIONE"])
def test_without_a_setting_it_needs_it_does_not_start(tmp_path: Path, missing: str) -> None:
    shutil.copytree(COMPOSE, tmp_path, dirs_exist_ok=True)
    prepared(tmp_path, {k: v for k, v in SETTINGS.items() if k != missing})
    assert f"indicare {missing}" in _refused(tmp_path, ("partner.yml",))


@pytest.mark.parametrize(("place", "name", "service"), OWN, ids=IDS)
def test_every_image_has_a_version_or_is_ours(place: str, name: str, service: dict) -> None:
    assert re.fullmatch(r"\$\{\w+:-[\w/.-]+:v?\d[\w.]*\}|genera/\$\{SERVIZIO\}:\$\{VERSIONE.*\}", service["image"])


@pytest.mark.parametrize(("place", "name", "service"), OWN, ids=IDS)
def test_nobody_gains_rights_and_the_root_is_read_only(place: str, name: str, service: dict) -> None:
    assert service["security_opt"] == ["no-new-privileges:true"]
    # Kafka's image writes its settings beside its program.
    assert service.get("read_only") or "KAFKA_IMMAGINE" in service["image"]


@pytest.mark.parametrize(("place", "name", "service"), OWN, ids=IDS)
def test_what_stays_up_has_a_healthcheck_and_what_ends_has_none(place: str, name: str, service: dict) -> None:
    stays = service["restart"] == "unless-stopped"
    by_image = "genera/" in service["image"]
    assert stays == (
        (by_image or "test" in service.get("healthcheck", {})) and "disable" not in service.get("healthcheck", {})
    )


def test_no_file_holds_a_password_or_is_open_to_all_but_the_broker() -> None:
    for place, name, service in ALL:
        environment = service.get("environment", {})
        secret = [n for n in environment if "PASSWORD" in n.upper() and not n.upper().endswith("FILE")]
        assert secret == [], (place, name)
        assert all(":-127.0.0.1:" in port for port in service.get("ports", []) if name != "kafka")


def test_no_two_parts_listen_at_the_same_port() -> None:
    """On one machine, with the settings as they come: the service's, the broker's and the monitoring's."""
    found = [port for _, _, service in ALL for port in service.get("ports", [])]
    taken = [re.search(r":(\d+)\}:\d+$", port) for port in found]
    assert all(taken)
    assert len({one[1] for one in taken if one}) == len(found)


def test_every_secret_is_made_by_a_script_or_handed_over() -> None:
    made = (COMPOSE / "prepara.sh").read_text() + (COMPOSE / "prepara-distretto.sh").read_text()
    for name in ("partner.yml", "distretto.yml"):
        for secret in read(name)["secrets"].values():
            assert Path(secret["file"]).name in made


def test_the_broker_lets_in_by_name_and_only_jobs_in_its_own_container_without() -> None:
    kafka = read("distretto.yml")["services"]["kafka"]
    listeners = dict(one.split("://") for one in kafka["environment"]["KAFKA_LISTENERS"].split(","))
    protocols = dict(one.split(":") for one in kafka["environment"]["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].split(","))
    for name, address in listeners.items():
        assert protocols[name] == "SASL_SSL" or address.startswith("127.0.0.1:")
    assert [port.rpartition(":")[2] for port in kafka["ports"]] == [listeners["PARTNER"].rpartition(":")[2]]


def test_the_image_runs_as_nobody_and_fetches_nothing() -> None:
    text = (DEPLOY / "docker/Dockerfile").read_text()
    last = text.rpartition("FROM")[2]
    assert re.search(r"^USER \d+", last, re.MULTILINE)
    assert "HEALTHCHECK" in last
    assert "STOPSIGNAL SIGTERM" in last
    assert "--no-index" in text
    assert "--require-hashes" in text
    assert not re.search(r"https?://(?!127\.0\.0\.1)", text)
