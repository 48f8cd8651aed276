"""Docker's tools where they are: what needs them is skipped aloud, saying what is missing."""

import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

DEPLOY = Path(__file__).parents[2] / "deploy"
COMPOSE = DEPLOY / "compose"
PLACES = {
    "partner": ("partner.yml",),
    "partner e variante": ("partner.yml", "partner.override.example.yml"),
    "distretto": ("partner.yml", "distretto.yml"),
}


@cache
def compose() -> tuple[str, ...]:
    """The command of Docker Compose, empty where there is none. Compose 1 (Debian 12's docker-compose) is none: it does
    not know today's files."""
    own = (("docker", "compose"), ("docker-compose",))
    return next((one for one in own if shutil.which(one[0]) and _works(*one, "version") and not _is_first(*one)), ())


@cache
def engine() -> bool:
    """Whether a Docker engine answers."""
    return bool(shutil.which("docker")) and _works("docker", "version", "--format", "{{.Server.Version}}")


def image(name: str) -> bool:
    """Whether an image is here."""
    return _works("docker", "image", "inspect", name)


def python_in(name: str) -> str:
    """The version of Python that an image has, as bundles name it."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    command = ["docker", "run", "--rm", "--entrypoint", "python3", name, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def read(name: str) -> dict:
    """A compose file, with its anchors followed."""
    found: dict = yaml.safe_load((COMPOSE / name).read_text())
    return found


def prepared(folder: Path, settings: Mapping[str, str]) -> None:
    """Writes `.env` and what prepara.sh would have made."""
    (folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
    secrets = folder / "riservato/segreti"
    secrets.mkdir(parents=True, exist_ok=True)


def _is_first(*command: str) -> bool:
    said = subprocess.run([*command, "version", "--short"], capture_output=True, text=True, check=False, timeout=20)
    return said.stdout.startswith("1.")


def _works(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, check=False, timeout=20).returncode == 0
