"""Which broker and which PostgreSQL are used, and that a given one is used but never mistreated."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from stack import broker as brokers
from stack import docker, given, jars
from stack import postgres as postgreses
from stack.broker import Broker
from stack.databases import Databases
from stack.embedded import Tansu
from stack.postgres import Postgres

ELSEWHERE = "127.0.0.1:9"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An environment without settings, where nothing is remembered of the machine."""
    for name in ("GENERA_KAFKA", "GENERA_POSTGRES", "GENERA_BROKER", "TEST_BACKEND"):
        monkeypatch.delenv(name, raising=False)
    _forget()
    yield
    _forget()


def _forget() -> None:
    jars.available.cache_clear()
    jars.ready.cache_clear()


@pytest.fixture
def _no_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


def test_a_given_address_comes_before_everything(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GENERA_KAFKA", ELSEWHERE)
    monkeypatch.setenv("GENERA_BROKER", "embedded")
    assert brokers.chosen() == "given"
    assert brokers.broker(tmp_path).address == ELSEWHERE


def test_the_embedded_broker_can_be_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GENERA_BROKER", "embedded")
    assert isinstance(brokers.broker(tmp_path), Tansu)


@pytest.mark.usefixtures("_no_java")
def test_without_java_the_embedded_broker_is_used_and_its_limits_are_known(tmp_path: Path) -> None:
    assert brokers.chosen() == "embedded"
    assert not brokers.broker(tmp_path).features.idempotent


@pytest.mark.usefixtures("_no_java")
def test_whoever_insists_on_apache_kafka_is_told_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GENERA_BROKER", "apache")
    with pytest.raises(RuntimeError, match="JDK >= 17"):
        brokers.broker(tmp_path)


def test_a_private_broker_is_never_the_given_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GENERA_KAFKA", ELSEWHERE)
    monkeypatch.setenv("GENERA_BROKER", "embedded")
    assert brokers.private(tmp_path).address != ELSEWHERE


def test_the_choice_is_printed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GENERA_BROKER", "embedded")
    brokers.broker(tmp_path)
    assert "Tansu" in capsys.readouterr().err


def test_a_given_broker_is_waited_for_and_survives_stop_but_refuses_to_be_mistreated(broker: Broker) -> None:
    borrowed = given.GivenBroker(broker.address)
    borrowed.start()
    borrowed.stop()
    for mistreat in (borrowed.kill, borrowed.pause, borrowed.wipe, borrowed.restart):
        with pytest.raises(given.NotOurs):
            mistreat()
    given.GivenBroker(broker.address).start()


def test_a_given_postgres_serves_databases_like_our_own(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GENERA_POSTGRES", postgres.dsn())
    borrowed = postgreses.postgres(tmp_path)
    borrowed.start()
    made = Databases(borrowed).fresh()
    assert postgreses.answers(made)
    Databases(borrowed).drop(made)
    assert not postgreses.answers(made)


def test_a_container_gets_its_server_properties_as_the_image_wants_them() -> None:
    variables = docker.environment("localhost:29092", {"log.retention.ms": "-1"})
    assert variables["KAFKA_ADVERTISED_LISTENERS"] == "PLAINTEXT://localhost:29092"
    assert variables["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"
    assert variables["KAFKA_LOG_RETENTION_MS"] == "-1"
    assert variables["CLUSTER_ID"]
