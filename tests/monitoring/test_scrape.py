"""A real Prometheus reads a running casa and cruscotto: every query has an answer, and no label says too much."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer
from stack import waiting
from stack.broker import Broker
from stack.databases import Databases

from . import rendered
from .network import Network

pytestmark = pytest.mark.needs_prometheus
FACTOR = 15.0
LABELS = {
    "service", "partner", "instance", "job", "exported_service", "exported_partner", "version", "part", "topic",
    "partition", "reason", "result", "stage", "method", "route", "status", "le",
}  # fmt: skip
LAST = (
    "genera_quarantine_records",
    "service:genera_heartbeat_heard_age_seconds:min",
    "service:genera_http_request_duration_seconds:p95_10m > 0",
    "genera_consumer_batch_events_sum > 0",
)
PERSONAL = re.compile(r"p-[a-z0-9]{6,}|[0-9a-f]{8}-[0-9a-f]{4}-")
SELECTOR = re.compile(r"\b(?:up|(?:service:|network:)?(?:genera|alertmanager|process|node)_[a-z0-9_:]+)(?:\{[^}]*\})?")


@pytest.fixture(scope="module")
def network(stack_files: Path, broker: Broker, databases: Databases) -> Iterator[Network]:
    found = Network(
        stack_files / f"sorveglianza-{uuid4().hex[:8]}", broker, {"*": databases.server}, ("casa", "cruscotto")
    )
    try:
        found.start("http://127.0.0.1:9", FACTOR)
        found.something_happens()
        _poison(broker)
        found.ask("cruscotto", "/")
        waiting.until(lambda: _settled(found), "a scrape of everything", within=30, every=0.5)
        yield found
    finally:
        found.stop()


def _poison(broker: Broker) -> None:
    """One record that nobody can read, so that the quarantine has something to tell."""

    async def send() -> None:
        async with AIOKafkaProducer(bootstrap_servers=broker.address) as producer:
            await producer.send_and_wait("casa.eventi", b"non e' un evento", b"famiglia/x", partition=0)

    waiting.run(send())


def _settled(network: Network) -> bool:
    """Keeps something going on, as rates need; true when the slowest of all series is there."""
    network.something_happens()
    network.ask("cruscotto", "/")
    return all(network.prometheus.series(query) for query in LAST)


def panels() -> list[tuple[str, str]]:
    """Dashboard and query of every panel, the variable chosen."""
    files = sorted((rendered.DEPLOY / "grafana" / "dashboards").glob("*.json"))
    found = [(f.stem, target["expr"]) for f in files for panel in json.loads(f.read_text())["panels"]
             for target in panel["targets"]]  # fmt: skip
    return [(name, query.replace("$service", "casa|cruscotto")) for name, query in found]


def without_answer(network: Network, queries: list[str]) -> list[str]:
    """The queries that no series answers, tried for a little while: rates need two scrapes."""
    until = time.monotonic() + 15
    while (silent := [q for q in queries if not network.prometheus.series(q)]) and time.monotonic() < until:
        time.sleep(1)
        network.something_happens()
        network.ask("cruscotto", "/")
    return silent


def test_every_query_of_every_panel_returns_series(network: Network) -> None:
    assert len(panels()) > 35
    assert without_answer(network, [rendered.faster(query, FACTOR) for _, query in panels()]) == []


def test_every_recording_rule_returns_series(network: Network) -> None:
    recorded = [rule for rule in rendered.rules() if "record" in rule]
    assert without_answer(network, [rendered.faster(rule["expr"], FACTOR) for rule in recorded]) == []
    assert without_answer(network, [rule["record"] for rule in recorded]) == []


def test_everything_that_an_alert_looks_at_is_there(network: Network) -> None:
    looked_at = {found for alert in rendered.alerts().values() for found in SELECTOR.findall(alert["expr"])}
    assert len(looked_at) > 20
    assert without_answer(network, sorted(looked_at)) == []


def test_a_name_that_no_service_tells_would_be_noticed(network: Network) -> None:
    wrong = SELECTOR.findall('max by (service) (genera_relay_lag_minutes{stage="sent"}) > 5')
    assert [q for q in wrong if not network.prometheus.series(q)] == ['genera_relay_lag_minutes{stage="sent"}']


def test_every_rule_is_evaluated_without_error(network: Network) -> None:
    groups = network.prometheus.ask("rules")["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    assert len(rules) == len(rendered.rules())
    assert [(rule["name"], rule.get("lastError")) for rule in rules if rule["health"] != "ok"] == []


def test_no_label_says_who_or_which_and_none_grows_with_use(network: Network) -> None:
    _used(network)
    time.sleep(3)
    before = _series(network)
    assert len(before) > 100
    assert PERSONAL.search(json.dumps({"route": f"/famiglie/{uuid4()}"}))
    for one in before:
        assert set(one) - {"__name__"} <= LABELS, one
        assert not PERSONAL.search(json.dumps(one)), one
    for _ in range(20):
        _used(network)
    time.sleep(3)
    assert [one for one in _series(network) if one not in before] == []


def _used(network: Network) -> None:
    """Addresses never asked for before, of things that are there and that are not; then time for a scrape."""
    network.something_happens()
    for service, path in (("cruscotto", "/indicatori"), ("casa", "/famiglie"), ("casa", "/mai-vista")):
        network.ask(service, f"{path}/{uuid4()}")
    time.sleep(0.1)


def test_a_relay_in_a_process_of_its_own_tells_of_itself(network: Network) -> None:
    relay = network.relay()
    try:
        relay.start()
        told = relay.told()
    finally:
        relay.kill()
    assert 'genera_build_info{partner="consorzio-tenda",service="casa"' in told
    assert "genera_relay_leading 0.0" in told  # the one in casa's own process leads
    assert "genera_database_up 1.0" in told


def _series(network: Network) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = network.prometheus.ask("series", **{"match[]": '{__name__=~"genera_.*"}'})
    return found
