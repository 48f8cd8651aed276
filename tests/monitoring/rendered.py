"""The committed configuration, made to fit a place: other addresses, and every duration shorter by one factor."""

import importlib.util
import json
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

DEPLOY = Path(__file__).parents[2] / "deploy"
SECONDS = {"s": 1, "m": 60, "h": 3600}
Targets = Mapping[str, list[dict[str, Any]]]
_DURATION = re.compile(r"(?<=for: )(\d+)([smh])\b|(?<=\[)(\d+)([smh])(?=\])")
_AGE = re.compile(r"\b(\d+) \* 60\b(?! \* 60)")
_PACE = re.compile(r"((?:group_wait|group_interval|scrape_interval|scrape_timeout|evaluation_interval): )(\d+)([smh])")


def program(path: str) -> Any:
    """One of deploy's small programs, as a module."""
    spec = importlib.util.spec_from_file_location(Path(path).stem, DEPLOY / path)
    assert spec
    assert spec.loader
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


sorveglianza = program("sorveglianza.py")


def rules() -> list[dict[str, Any]]:
    """All rules, recording and alerting, as the committed files say them."""
    files = sorted((DEPLOY / "prometheus" / "rules").glob("*.yml"))
    return [rule for file in files for group in yaml.safe_load(file.read_text())["groups"] for rule in group["rules"]]


def alerts() -> dict[str, dict[str, Any]]:
    """The alerting rules by name."""
    return {rule["alert"]: rule for rule in rules() if "alert" in rule}


def faster(text: str, factor: float) -> str:
    """Rules whose `for`, windows and ages (`N * 60`) are `factor` times shorter; nothing else changes."""

    def duration(found: re.Match[str]) -> str:
        number, unit = (found[1], found[2]) if found[1] else (found[3], found[4])
        return f"{round(int(number) * SECONDS[unit] / factor * 1000)}ms"

    return _AGE.sub(lambda found: f"{int(found[1]) * 60 / factor:g}", _DURATION.sub(duration, text))


def paced(text: str, factor: float) -> str:
    """The same for how often is scraped, evaluated and told, never under a second."""
    return _PACE.sub(lambda m: f"{m[1]}{max(round(int(m[2]) * SECONDS[m[3]] / factor * 1000), 1000)}ms", text)


def prometheus(directory: Path, targets: Targets, ports: tuple[int, int], factor: float) -> Path:
    """Writes Prometheus' configuration under `directory` and returns it. targets: what file_sd says, by the file that
    says it; ports: its own and Alertmanager's."""
    shutil.copytree(DEPLOY / "prometheus" / "rules", directory / "rules", dirs_exist_ok=True)
    for file in (directory / "rules").glob("*.yml"):
        file.write_text(faster(file.read_text(), factor))
    for name, found in targets.items():
        _written(directory / "targets" / name, json.dumps(found))
    text = paced((DEPLOY / "prometheus" / "prometheus.yml").read_text(), factor)
    for old, new in zip((9090, 9093), ports, strict=True):
        text = text.replace(f"localhost:{old}", f"127.0.0.1:{new}")
    return _written(directory / "prometheus.yml", text)


def alertmanager(directory: Path, district: Mapping[str, Any], recorder: str, factor: float) -> Path:
    """Writes Alertmanager's configuration and returns it: the real one, but every partner is told at `recorder`."""
    where = {ente: {"webhook": f"{recorder}/{ente}"} for ente in district["linee"].values()}
    watched = {
        "posta": {"server": "posta.invalid:587", "mittente": "prova@distretto.invalid"},
        "distretto": {"webhook": f"{recorder}/distretto"},
        "partner": where,
    }
    return _written(directory / "alertmanager.yml", paced(sorveglianza.routes(district, watched), factor))


def _written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path
