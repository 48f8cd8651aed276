"""Images built, district and partner brought up on one machine, a command entered at casa seen on the cruscotto.

Minutes: `GENERA_COLLAUDO=lungo`, with a Docker engine and Compose. Images that cannot be pulled are made by
deploy/local/docker/build.sh; they are used when they are there.
"""

import json
import os
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from stack import waiting
from stack.ports import free_ports
from stack.tokens import ISSUER, Issuer

from .composing import compose, engine, image, python_in, read
from .desk import FAMILY, HOME, Desk
from .guides import script
from .unpacked import unpack

LONG = os.environ.get("GENERA_COLLAUDO") == "lungo"
BROKER = "kafka.distretto.prova"
IMAGES = {"BASE": "genera/python"} | {
    f"{name.upper()}_IMMAGINE": f"genera/{name}" for name in ("postgres", "kafka", "prometheus", "alertmanager")
}
GRAFANA = read("distretto.yml")["services"]["grafana"]["image"].partition(":-")[2].rstrip("}")
WATCH = "services:\n  servizio: {secrets: [chiavi]}\nsecrets:\n  chiavi: {file: ./riservato/segreti/chiavi.json}\n"
SHIM = 'docker() {{ if [ "$1" = compose ]; then shift; command {} "$@"; else command docker "$@"; fi; }}'
pytestmark = [
    pytest.mark.skipif(not LONG, reason="minutes: GENERA_COLLAUDO=lungo"),
    pytest.mark.skipif(LONG and not engine(), reason="needs a Docker engine: none answers here"),
    pytest.mark.skipif(
        LONG and not compose(), reason="needs Docker Compose 2: neither `docker compose` nor docker-compose"
    ),
    pytest.mark.timeout(1800),
]


class Place:
    """An unpacked bundle's compose folder."""

    def __init__(self, folder: Path, service: str, files: str, **settings: str) -> None:
        self.folder, (pages, measures) = folder / "compose", free_ports(2)
        self.url = f"http://127.0.0.1:{pages}"
        common = {"SERVIZIO": service, "VERSIONE": "0.1.0", "COMPOSE_FILE": files, **_local_images(), **settings}
        common |= {"ASCOLTO": f"127.0.0.1:{pages}", "ASCOLTO_MISURE": f"127.0.0.1:{measures}"}
        common |= {"GENERA_KAFKA": f"{BROKER}:9093", "GENERA_EMITTENTE": ISSUER}
        common |= {"GENERA_CHIAVI_FILE": "/run/secrets/chiavi"}
        (self.folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in common.items()))
        self.run("sh", "prepara.sh")

    def run(self, *command: str) -> str:
        """What a command says, run here. Raises: AssertionError with its last words when it fails."""
        legacy = {} if _buildx() else {"DOCKER_BUILDKIT": "0"}
        said = subprocess.run(
            command, cwd=self.folder, env={**os.environ, **legacy}, capture_output=True, text=True, check=False
        )
        assert said.returncode == 0, f"{command}: {said.stdout[-1500:]}{said.stderr[-1500:]}"
        return said.stdout

    def compose(self, *words: str) -> str:
        """What a word of Compose says."""
        return self.run(*compose(), *words)

    def follow(self, page: str, where: str) -> str:
        """What a page's commands print here. `docker compose` is the Compose that there is."""
        shim = SHIM.format(" ".join(compose()))
        return self.run("bash", "-eux", "-o", "pipefail", "-c", f"{shim}\n{script(page, where)}")

    def secret(self, name: str, content: str) -> None:
        """Puts what is handed over where the guide says."""
        file = self.folder / "riservato/segreti" / name
        file.write_text(content)
        file.chmod(0o644)

    def read(self, name: str) -> str:
        """A file that the scripts have made."""
        return (self.folder / "riservato" / name).read_text()

    @contextmanager
    def brought_down(self) -> Iterator[None]:
        """At the end nothing of it is left, volumes included."""
        try:
            yield
        finally:
            self.compose("--profile", "*", "down", "--volumes", "--remove-orphans", "--timeout", "20")


def test_a_command_entered_at_casa_is_seen_on_the_cruscotto_across_containers(
    bundled: Callable[[str, str], Path], tmp_path: Path, tell: Callable[[str], None]
) -> None:
    python, issuer, begun = _python_of_the_base(), Issuer(_made(tmp_path / "chiavi")), time.monotonic()
    district = Place(
        unpack(bundled("cruscotto", python), tmp_path / "distretto"), "cruscotto",
        "partner.yml:distretto.yml:chiavi.yml", KAFKA_NOME=BROKER, GENERA_PARTNER="ambito",
        **_listening("KAFKA", "PROMETHEUS", "ALLARMI", "GRAFANA"),
    )  # fmt: skip
    (district.folder / "chiavi.yml").write_text(WATCH)
    casa = Place(
        unpack(bundled("casa", python), tmp_path / "casa"), "casa",
        "partner.yml:partner.override.example.yml", GENERA_PARTNER="consorzio-tenda",
    )  # fmt: skip
    for place in (district, casa):
        place.secret("chiavi.json", issuer.keys_file.read_text())
    with district.brought_down(), casa.brought_down():
        district.follow("distretto", "docker-distretto")
        casa.secret("kafka_password", district.read("utenti/casa"))
        casa.secret("kafka_ca.pem", district.read("segreti/kafka_ca.pem"))
        casa.follow("installare", "docker")
        waiting.until(
            lambda: _on_the_broker(casa) and _on_the_broker(district), "both on the broker", within=300, every=1
        )
        up = time.monotonic()
        desk, seen = Desk(casa.url, issuer.token("anna.bianchi")), Desk(district.url, issuer.token("giulia.rossi"))
        desk.enter("famiglie/presa-in-carico", FAMILY)
        desk.enter("alloggi/disponibilita", HOME)
        waiting.until(lambda: seen.heard("casa") == 2 and seen.figure("CA04") == 1, "seen", within=60)
        shown = time.monotonic()
        for page in ("configurare", "sorvegliare", "salvare", "aggiornare", "guasti"):
            casa.follow(page, "docker")
        casa.compose("--profile", "relay", "stop", "servizio", "relay")
        assert casa.compose(
            "--profile", "relay", "ps", "-a", "servizio", "relay", "--format", "{{.ExitCode}}"
        ).split() == ["0", "0"]
        casa.compose("start", "servizio")
        casa.follow("andarsene", "docker")
        tell(_watched(district))
    tell(f"containers: built and up in {up - begun:.0f} s, a command seen in {shown - up:.1f} s")


def _listening(*names: str) -> dict[str, str]:
    """Settings by which parts are reached at ports that are free here."""
    return {f"ASCOLTO_{name}": f"127.0.0.1:{port}" for name, port in zip(names, free_ports(len(names)), strict=True)}


def _watched(district: Place) -> str:
    """Prometheus reads the service and itself and has found Alertmanager, with the bundle's own files; returns what was
    tried. Grafana is left out where there is no image of it."""
    parts = ["prometheus", "alertmanager", *(["grafana"] if _done("pull", "--quiet", GRAFANA) else [])]
    reads = [{"targets": ["servizio:9100"], "labels": {"service": "cruscotto", "partner": "ambito"}}]
    (district.folder.parent / "prometheus/targets/servizi.json").write_text(json.dumps(reads))
    (district.folder.parent / "prometheus/targets/macchine/dischi.json").write_text("[]")
    district.compose("up", "-d", "--wait", *parts)
    prometheus = "http://" + district.compose("port", "prometheus", "9090").strip()
    up = f"{prometheus}/api/v1/query?query=sum(up)==3"
    waiting.until(lambda: _asked(up)["result"], "everything read", within=60, every=1)
    assert len(_asked(f"{prometheus}/api/v1/alertmanagers")["activeAlertmanagers"]) == 1
    rules = [rule for group in _asked(f"{prometheus}/api/v1/rules")["groups"] for rule in group["rules"]]
    assert len(rules) > 20
    assert {rule["health"] for rule in rules} <= {"ok", "unknown"}
    return f"containers: watched by {', '.join(parts)}" + ("" if "grafana" in parts else f"; {GRAFANA} cannot be had")


def _asked(url: str) -> Any:
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=10) as answer:
        return json.load(answer)["data"]


def _on_the_broker(place: Place) -> bool:
    try:
        return bool(Desk(place.url, "").status()["parti"]["relay"]["kafka"])
    except (OSError, KeyError):
        return False


def _local_images() -> dict[str, str]:
    """Images made here, instead of those that a machine without a registry cannot pull."""
    return {name: f"{one}:locale" for name, one in IMAGES.items() if image(f"{one}:locale")}


def _python_of_the_base() -> str:
    return python_in(_local_images().get("BASE", "python:3.13-slim-trixie"))


def _buildx() -> bool:
    return _done("buildx", "version")


def _done(*words: str) -> bool:
    return subprocess.run(["docker", *words], capture_output=True, check=False).returncode == 0


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
