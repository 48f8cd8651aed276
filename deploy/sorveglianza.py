"""`python deploy/sorveglianza.py [distretto.toml [sorveglianza.toml]]`: whom Prometheus reads, whom Alertmanager tells.

Written from the district's data, so that a partner who comes or goes is a line of them. Needs Python alone.
"""

import json
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DISTRICT = HERE.parent / "telaio" / "telaio" / "district.toml"
WATCHED = HERE / "prometheus" / "targets"
TARGETS, MACHINES = WATCHED / "servizi.json", WATCHED / "macchine" / "dischi.json"
ROUTES = HERE / "alertmanager" / "alertmanager.yml"
Data = Mapping[str, Any]

# An alert that may be a mere consequence says of what (`effetto_di`); it is silent while that one fires.
SILENCED = (
    ("KafkaAssente", "kafka", ()),
    ("ServizioAssente", "servizio", ("service", "partner")),
    ("DatabaseAssente", "database", ("service", "partner")),
    ("RelaySenzaGuida", "relay", ("service", "partner")),
)
HEAD = """\
# Scritto da deploy/sorveglianza.py con i dati del distretto: si cambiano quelli, non questo file.
# Un guasto di un partner avvisa lui e nessun altro; ciò che è di tutti, o di chi non ha recapito, va al distretto.
global:
  smtp_smarthost: {server}
  smtp_from: {mittente}
route:
  receiver: distretto
  group_by: [service]
  group_wait: 30s
  group_interval: 5m
  repeat_interval: 12h
"""


def targets(district: Data, watched: Data) -> list[dict[str, Any]]:
    """What file_sd reads: for each service its addresses, its name and its partner."""
    partner = {**district["linee"], "cruscotto": watched["distretto"]["partner"]}
    return [
        {"targets": addresses, "labels": {"service": service, "partner": partner[service]}}
        for service, addresses in watched["servizi"].items()
    ]


def machines(watched: Data) -> list[dict[str, Any]]:
    """The same for whose disks are watched: a machine has a partner, and no service."""
    return [{"targets": own, "labels": {"partner": partner}} for partner, own in watched.get("macchine", {}).items()]


def routes(district: Data, watched: Data) -> str:
    """Alertmanager's configuration: a receiver for each partner that runs a service and has an address."""
    known = watched.get("partner", {})
    partners = {ente: known[ente] for ente in sorted(set(district["linee"].values())) if ente in known}
    return "".join(
        [
            HEAD.format(**watched["posta"]),
            "  routes:\n" if partners else "",
            *(f'    - matchers: [owner="{ente}"]\n      receiver: {ente}\n' for ente in partners),
            "inhibit_rules:\n",
            *(line for rule in SILENCED for line in _inhibition(*rule)),
            "receivers:\n",
            *_receiver("distretto", watched["distretto"]),
            *(line for ente, where in partners.items() for line in _receiver(ente, where)),
        ]
    )


def _inhibition(source: str, effect: str, same: tuple[str, ...]) -> Iterator[str]:
    yield f'  - source_matchers: [alertname="{source}"]\n'
    yield f'    target_matchers: [effetto_di=~".*{effect}.*"]\n'
    if same:
        yield f"    equal: [{', '.join(same)}]\n"


def _receiver(name: str, where: Data) -> Iterator[str]:
    """send_resolved: who was woken is told that it is over."""
    yield f"  - name: {name}\n"
    if "email" in where:
        yield f"    email_configs: [{{to: {where['email']}, send_resolved: true}}]\n"
    if "webhook" in where:
        yield f'    webhook_configs: [{{url: "{where["webhook"]}", send_resolved: true}}]\n'


def main(words: list[str]) -> None:
    """Writes both files."""
    district, watched = (
        tomllib.loads(Path(words[at] if len(words) > at else given).read_text(encoding="utf-8"))
        for at, given in enumerate((DISTRICT, HERE / "sorveglianza.toml"))
    )
    MACHINES.parent.mkdir(parents=True, exist_ok=True)
    for file, found in ((TARGETS, targets(district, watched)), (MACHINES, machines(watched))):
        file.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    ROUTES.write_text(routes(district, watched), encoding="utf-8")
    print("scritti", *(file.relative_to(HERE) for file in (TARGETS, MACHINES, ROUTES)))


if __name__ == "__main__":
    main(sys.argv[1:])
