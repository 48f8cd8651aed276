"""`python deploy/grafana/pannelli.py`: writes the dashboards as Grafana reads them, one JSON file each.

A panel is a line here: title, unit, queries with their legends. `tests/monitoring` asks a real Prometheus every query.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "dashboards"
SOURCE = {"type": "prometheus", "uid": "prometheus"}
ONE = 'service=~"$service"'
HTTP = f'genera_http_request_duration_seconds_count{{{ONE},route!~"/health/.*|/status"}}'
NAMED, SERVICE = "{{service}}", {"Servizio": "label_values(genera_build_info, service)"}
PER_ROW, WIDTH, HEIGHT = 3, 8, 7


@dataclass(frozen=True)
class Panel:
    """A graph, or with `kind` a stat or a table. queries: legend by expression; about: what it means, in Italian."""

    title: str
    queries: Mapping[str, str]
    unit: str = "short"
    kind: str = "timeseries"
    about: str = ""


BEATS = (
    Panel("Ultimo battito spedito", {"service:genera_heartbeat_sent_age_seconds:min": NAMED}, "s",
          about="Secondi dall'ultimo battito partito dal relay di ogni servizio: di regola meno di 60."),
    Panel("Ultimo battito sentito", {"service:genera_heartbeat_heard_age_seconds:min": NAMED}, "s",
          about="Secondi dall'ultimo battito arrivato al cruscotto: se cresce solo questo, il guasto è dopo il relay."),
    Panel("Allarmi sui battiti", {'ALERTS{alertname=~"Battito.*"} or vector(0)': "{{alertname}} {{service}}"}),
)  # fmt: skip

OVERVIEW = (
    Panel("Servizi in piedi", {'min by (service) (up{job="servizi"})': NAMED}, kind="stat"),
    Panel("Database in piedi", {"service:genera_database_up:min": NAMED}, kind="stat"),
    Panel("Kafka risponde", {"service:genera_kafka_up:min": NAMED}, kind="stat"),
    Panel("Richieste al secondo", {"service:genera_http_requests:rate5m": NAMED}, "reqps"),
    Panel("Errori al secondo", {"service:genera_http_errors:rate5m": NAMED},
          "reqps"),
    Panel("Una risposta su venti supera", {"service:genera_http_request_duration_seconds:p95_10m": NAMED}, "s"),
    Panel("Da spedire, da quanto", {"service:genera_relay_lag_seconds:max": NAMED}, "s"),
    Panel("Da leggere, da quanto", {"service:genera_consumer_lag_seconds:max": NAMED}, "s"),
    Panel("In quarantena", {"sum by (service) (service:genera_quarantine_records:max) or max by (service) (up) * 0":
          NAMED}),
    Panel("Che cosa gira", {"genera_build_info": "{{service}} {{partner}} {{version}}"}, kind="table"),
    Panel("Allarmi accesi", {'ALERTS{alertstate="firing"} or vector(0)': "{{alertname}} {{service}} → {{owner}}"},
          kind="table"),
    Panel("Migrazioni da applicare", {"max by (service) (genera_migrations_pending)": NAMED}, kind="stat"),
    Panel("Spazio libero sui dischi", {
        "min by (instance, mountpoint) (node_filesystem_avail_bytes / node_filesystem_size_bytes)":
        "{{instance}} {{mountpoint}}"}, "percentunit"),
)  # fmt: skip

ONE_SERVICE = (
    Panel("Richieste al secondo per pagina", {f"sum by (route) (rate({HTTP}[5m]))": "{{route}}"}, "reqps"),
    Panel("Risposte per esito", {f"sum by (status) (rate({HTTP}[5m]))": "{{status}}"}, "reqps"),
    Panel("Durata delle risposte", {
        f"histogram_quantile({q}, sum by (le) (rate(genera_http_request_duration_seconds_bucket{{{ONE}}}[5m])))": name
        for q, name in (("0.5", "metà"), ("0.95", "95 su 100"), ("0.99", "99 su 100"))}, "s"),
    Panel("Eventi nel diario", {f"max(genera_journal_events{{{ONE}}})": "eventi"}),
    Panel("Da spedire", {f"max(genera_relay_lag_events{{{ONE}}})": "eventi"}),
    Panel("Letti, per esito", {f"sum by (result) (rate(genera_consumer_events_total{{{ONE}}}[5m]))": "{{result}}"},
          "eps"),
    Panel("In quarantena, perché", {f"genera_quarantine_records{{{ONE}}} or genera_forked_subjects{{{ONE}}}":
          "{{reason}}"}),
    Panel("Parti che cadono", {f"sum by (part) (increase(genera_part_failures_total{{{ONE}}}[15m])) or vector(0)":
          "{{part}}"}),
    Panel("Memoria del processo", {f"process_resident_memory_bytes{{{ONE}}}": "{{instance}}"}, "bytes"),
    Panel("Processore", {f"rate(process_cpu_seconds_total{{{ONE}}}[5m])": "{{instance}}"}, "percentunit"),
)  # fmt: skip

PIPELINE = (
    Panel("1 · Diario: eventi accettati", {"max by (service) (genera_journal_events)": NAMED}),
    Panel("2 · Relay: da spedire", {"max by (service) (genera_relay_lag_events)": NAMED}),
    Panel("2 · Relay: da quanto", {"service:genera_relay_lag_seconds:max": NAMED}, "s"),
    Panel("2 · Relay: chi ha la guida", {"service:genera_relay_leading:max": NAMED}, kind="stat"),
    Panel("3 · Kafka: confermati al secondo", {"sum by (service) (rate(genera_relay_shipped_events_total[5m]))":
          NAMED}, "eps"),
    Panel("3 · Kafka: durata di una spedizione", {
        "histogram_quantile(0.95, sum by (service, le) (rate(genera_relay_batch_duration_seconds_bucket[5m])))":
        NAMED}, "s", about="Dal primo record di una pagina all'ultima conferma, 95 su 100."),
    Panel("4 · Lettore: record da leggere", {"service:genera_consumer_lag_events:sum": NAMED}),
    Panel("4 · Lettore: da quanto", {"service:genera_consumer_lag_seconds:max": NAMED}, "s"),
    Panel("4 · Lettore: partizioni ferme", {"max by (service) (genera_consumer_stopped_partitions)": NAMED}),
    Panel("5 · Proiezione: applicati al secondo", {
        'sum by (service) (rate(genera_consumer_events_total{result="applied"}[5m]))': NAMED}, "eps"),
    Panel("5 · Proiezione: durata di un lotto", {
        "histogram_quantile(0.95, sum by (service, le) (rate(genera_consumer_batch_duration_seconds_bucket[5m])))":
        NAMED}, "s"),
    Panel("5 · Proiezione: record per lotto", {
        "sum by (service) (rate(genera_consumer_batch_events_sum[5m])) / "
        "sum by (service) (rate(genera_consumer_batch_events_count[5m]))": NAMED}),
    Panel("6 · Pagine del cruscotto", {'service:genera_http_request_duration_seconds:p95_10m{service="cruscotto"}':
          "95 su 100"}, "s"),
)  # fmt: skip

DASHBOARDS: dict[str, tuple[str, Sequence[Panel], Mapping[str, str]]] = {
    "panoramica": ("Panoramica: tutti i servizi", OVERVIEW, {}),
    "servizio": ("Un servizio", ONE_SERVICE, SERVICE),
    "percorso": ("Il percorso: dal diario alle pagine", PIPELINE, {}),
    "battiti": ("Battiti", BEATS, {}),
}


def dashboard(name: str) -> dict[str, Any]:
    """The dashboard as Grafana's JSON; its uid is what alerts link to."""
    title, panels, variables = DASHBOARDS[name]
    return {
        "uid": f"genera-{name}",
        "title": title,
        "tags": ["genera"],
        "timezone": "Europe/Rome",
        "schemaVersion": 38,
        "editable": False,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": [_variable(label, query) for label, query in variables.items()]},
        "panels": [_panel(number, panel) for number, panel in enumerate(panels)],
    }


def _variable(label: str, query: str) -> dict[str, Any]:
    known = {"name": "service", "label": label, "type": "query", "datasource": SOURCE, "definition": query}
    return known | {"query": {"query": query, "refId": "A"}, "refresh": 2, "sort": 1, "multi": False}


def _panel(number: int, panel: Panel) -> dict[str, Any]:
    row, column = divmod(number, PER_ROW)
    return {
        "id": number + 1,
        "type": panel.kind,
        "title": panel.title,
        "description": panel.about,
        "datasource": SOURCE,
        "gridPos": {"x": column * WIDTH, "y": row * HEIGHT, "w": WIDTH, "h": HEIGHT},
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "options": {},
        "targets": list(_targets(panel)),
    }


def _targets(panel: Panel) -> Iterator[dict[str, Any]]:
    for number, (query, legend) in enumerate(panel.queries.items()):
        shown = {"format": "table", "instant": True} if panel.kind == "table" else {}
        yield {"refId": chr(65 + number), "datasource": SOURCE, "expr": query, "legendFormat": legend, **shown}


def written(name: str) -> str:
    """The text of the dashboard's file."""
    return json.dumps(dashboard(name), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for each in DASHBOARDS:
        (FOLDER / f"{each}.json").write_text(written(each), encoding="utf-8")
