"""The rules are valid, every alert is tested and says what to do, and its owner alone is told."""

import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from casa.service import servizio as casa
from cruscotto.service import servizio as cruscotto
from telaio.cli import COMMON, CONSUMING, QUARANTINE
from telaio.settings import Settings

from . import rendered
from .rendered import DEPLOY, alerts, sorveglianza
from .servers import PROGRAMS

PROMETHEUS, RUNBOOKS = DEPLOY / "prometheus", DEPLOY / "runbooks"
DISTRICT = tomllib.loads(sorveglianza.DISTRICT.read_text())
WATCHED = tomllib.loads((DEPLOY / "sorveglianza.toml").read_text())
needs_prometheus = pytest.mark.needs_prometheus


def run(program: str, *words: str | Path) -> str:
    done = subprocess.run([PROGRAMS[program] or program, *map(str, words)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def lacking(name: str, alert: dict[str, Any], runbooks: Path = RUNBOOKS) -> list[str]:
    """What an alert fails to say, or says of a page that is not there."""
    said = alert.get("annotations", {}) | alert.get("labels", {})
    missing = [key for key in ("summary", "description", "severity", "owner", "runbook_url", "dashboard")
               if not said.get(key)]  # fmt: skip
    if said.get("severity") not in ("critical", "warning"):
        missing.append("a severity that is known")
    if (
        said.get("runbook_url") != f"{{{{ $externalLabels.manuale }}}}/{name}.md"
        or not (runbooks / f"{name}.md").exists()
    ):
        missing.append("a runbook that exists")
    uid = re.search(r"/d/genera-([a-z]+)", said.get("dashboard", ""))
    if not uid or not (DEPLOY / "grafana" / "dashboards" / f"{uid[1]}.json").exists():
        missing.append("a dashboard that exists")
    return missing


@pytest.mark.parametrize("name", alerts())
def test_every_alert_says_what_it_is_whose_it_is_and_where_to_read_on(name: str) -> None:
    assert lacking(name, alerts()[name]) == []


def test_an_alert_without_a_runbook_or_an_owner_is_noticed(tmp_path: Path) -> None:
    alert = alerts()["RelayFermo"]
    assert lacking("RelayFermo", alert, tmp_path) == ["a runbook that exists"]
    bare = {**alert, "labels": {"severity": "info"}, "annotations": {"summary": "s"}}
    assert set(lacking("RelayFermo", bare)) > {"owner", "description", "a severity that is known"}


def test_every_runbook_belongs_to_an_alert_and_has_the_four_parts() -> None:
    pages = {page.stem: page.read_text() for page in RUNBOOKS.glob("*.md") if page.stem != "README"}
    assert set(pages) == set(alerts())
    for name, text in pages.items():
        assert text.startswith(f"# {name}\n"), name
        parts = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert parts == ["Che cosa significa", "Che effetto ha", "Come si capisce", "Che cosa fare"], name


def unknown(text: str) -> list[str]:
    """What a page tells to type, to set, to look at or to read that is not there."""
    words = {
        "casa": {**COMMON, **CONSUMING, **casa.commands},
        "cruscotto": {**COMMON, **CONSUMING, **cruscotto.commands},
    }
    typed = re.findall(r"python -m (casa|cruscotto) (\w+)", text)
    named = re.findall(r"GENERA_([A-Z_]+)`?=?", text)
    pages = re.findall(r"\]\((\w+\.md)\)", text)
    return [
        *(f"{service} {word}" for service, word in typed if word not in words[service]),
        *(f"quarantine {word}" for word in re.findall(r"quarantine ([a-z]+)", text) if word not in QUARANTINE),
        *(name for name in named if name.lower() not in Settings.model_fields),
        *(page for page in pages if not (RUNBOOKS / page).exists()),
    ]


@pytest.mark.parametrize("page", sorted(RUNBOOKS.glob("*.md")), ids=lambda page: page.stem)
def test_what_a_runbook_tells_to_do_can_be_done(page: Path) -> None:
    assert unknown(page.read_text()) == []


def test_a_command_a_setting_or_a_page_that_is_not_there_would_be_noticed() -> None:
    said = "`python -m casa ripara`, `GENERA_RELE=0`, [altro](Altro.md), `python -m casa quarantine togli 7`"
    assert unknown(said) == ["casa ripara", "quarantine togli", "RELE", "Altro.md"]


@needs_prometheus
def test_rules_and_configurations_are_valid(tmp_path: Path) -> None:
    assert "SUCCESS" in run("promtool", "check", "config", PROMETHEUS / "prometheus.yml")
    run("amtool", "check-config", DEPLOY / "alertmanager" / "alertmanager.yml")
    targets = {"servizi.json": sorveglianza.targets(DISTRICT, WATCHED), "macchine/dischi.json": []}
    quick = rendered.prometheus(tmp_path, targets, (1, 2), 12)
    run("promtool", "check", "config", quick)


@needs_prometheus
def test_every_alert_fires_when_it_should_and_not_an_evaluation_before() -> None:
    assert "SUCCESS" in run("promtool", "test", "rules", *PROMETHEUS.glob("prove/*.yml"))


@needs_prometheus
@pytest.mark.parametrize("name", alerts())
def test_an_alert_that_waits_a_little_less_makes_its_own_test_fail(name: str, tmp_path: Path) -> None:
    """The canary of each promtool test: with another `for` it would fire a moment before."""
    wait = alerts()[name]["for"]
    text = (PROMETHEUS / "rules" / "allarmi.yml").read_text()
    head, _, tail = text.partition(f"- alert: {name}\n")
    (tmp_path / "allarmi.yml").write_text(head + f"- alert: {name}\n" + tail.replace(f"for: {wait}", "for: 30s", 1))
    (tmp_path / "registrazioni.yml").write_text((PROMETHEUS / "rules" / "registrazioni.yml").read_text())
    cases = yaml.safe_load((PROMETHEUS / "prove" / "allarmi.yml").read_text())
    cases["rule_files"] = ["registrazioni.yml", "allarmi.yml"]
    cases["tests"] = [case for case in cases["tests"] if case["name"] == name]
    (tmp_path / "prova.yml").write_text(json.dumps(cases))
    done = subprocess.run([PROGRAMS["promtool"] or "", "test", "rules", str(tmp_path / "prova.yml")],
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert cases["tests"]
    assert f'got: {{alertname="{name}"' in done.stdout + done.stderr


def test_targets_and_routes_are_what_the_district_says() -> None:
    assert json.loads(sorveglianza.TARGETS.read_text()) == sorveglianza.targets(DISTRICT, WATCHED)
    assert json.loads(sorveglianza.MACHINES.read_text()) == sorveglianza.machines(WATCHED)
    assert sorveglianza.ROUTES.read_text() == sorveglianza.routes(DISTRICT, WATCHED)


@needs_prometheus
@pytest.mark.parametrize("owner", [*DISTRICT["linee"].values(), "distretto", "ambito", "chi-non-ha-recapito"])
def test_a_partner_is_told_of_its_own_alerts_and_the_district_of_the_rest(owner: str) -> None:
    words = ("config", "routes", "test", f"--config.file={sorveglianza.ROUTES}", f"owner={owner}")
    assert run("amtool", *words).strip() == (owner if owner in DISTRICT["linee"].values() else "distretto")


def test_a_partner_that_comes_has_a_route_and_an_address_of_its_own() -> None:
    district = {"linee": {**DISTRICT["linee"], "anziani": "cooperativa-nuova"}}
    watched = {**WATCHED, "partner": {**WATCHED["partner"], "cooperativa-nuova": {"email": "x@nuova.invalid"}}}
    found = yaml.safe_load(sorveglianza.routes(district, watched))
    assert {"matchers": ['owner="cooperativa-nuova"'], "receiver": "cooperativa-nuova"} in found["route"]["routes"]
    assert "x@nuova.invalid" in str(found["receivers"])


def test_an_alert_is_silenced_only_by_what_may_be_its_cause() -> None:
    effects = {name: alert["labels"].get("effetto_di", "").split() for name, alert in alerts().items()}
    assert {e for found in effects.values() for e in found} == {effect for _, effect, _ in sorveglianza.SILENCED}
    for source, effect, _ in sorveglianza.SILENCED:
        assert effect not in effects[source]


def test_the_dashboards_are_what_their_file_of_panels_says() -> None:
    panels = rendered.program("grafana/pannelli.py")
    there = {file.stem: file.read_text() for file in (DEPLOY / "grafana" / "dashboards").glob("*.json")}
    assert there == {name: panels.written(name) for name in panels.DASHBOARDS}


def test_no_address_of_a_real_place_is_in_what_is_committed() -> None:
    for file in (p for place in ("prometheus", "alertmanager", "grafana") for p in (DEPLOY / place).rglob("*.*")):
        for host in re.findall(r"https?://([\w.-]+)|@([\w-]+\.[\w.-]+)", file.read_text()):
            assert re.search(r"\.invalid$|^localhost|^$", "".join(host)), f"{file.name}: {host}"
