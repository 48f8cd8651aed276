"""The folder of a bundle, laid out as deploy/ is, so that the same files work in both; and the archive of it."""

import gzip
import hashlib
import shutil
import tarfile
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from string import Template

from packaging.requirements import Requirement
from telaio.district import District

from bundle import env_example, wheels
from bundle.locked import needed

ROOT = Path(__file__).parents[3]
DEPLOY, GUIDES = ROOT / "deploy", ROOT / "docs" / "guide"
SERVICES = ("casa", "lavoro", "giovani", "punti", "cruscotto")
PYTHONS = ("3.11", "3.12", "3.13")
PARTNER = ("docker", "compose/partner.yml", "compose/partner.override.example.yml", "compose/prepara.sh",
           "systemd")  # fmt: skip
DISTRICT = ("compose/distretto.yml", "compose/prepara-distretto.sh", "compose/kafka", "prometheus", "alertmanager",
            "grafana/provisioning", "grafana/dashboards", "runbooks", "kubernetes/strimzi.yaml")  # fmt: skip
EPOCH = 1_700_000_000
"""When the archive's files were changed, as far as it tells: the same content makes the same archive."""


def assemble(service: str, dist: Path, pythons: Iterable[str] = PYTHONS) -> Path:
    """Makes the bundle's folder below `dist` and returns it; what was there of the same version is replaced."""
    project = ROOT / "services" / service
    version = tomllib.loads((project / "pyproject.toml").read_text())["project"]["version"]
    folder = dist / f"{service}-{version}"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "wheels").mkdir(parents=True)
    _requirements(folder, [ROOT / "schemas", ROOT / "telaio", project], list(pythons))
    for name in PARTNER + (DISTRICT if service == "cruscotto" else ()):
        _copy(DEPLOY / name, folder / name)
    _kubernetes(service, version, folder)
    (folder / "docker/dockerignore").rename(folder / ".dockerignore")
    _copy(GUIDES, folder / "guide")
    shutil.copy(ROOT / "LICENSE", folder)
    (folder / "compose/.env.example").write_text(env_example.text(service, version), encoding="utf-8")
    (folder / "LEGGIMI.md").write_text(_readme(service, version, pythons), encoding="utf-8")
    _checksums(folder)
    return folder


def archive(folder: Path) -> Path:
    """Packs the folder beside itself, reproducibly, and returns the archive."""
    target = folder.with_name(folder.name + ".tar.gz")
    with (
        target.open("wb") as raw,
        gzip.GzipFile("", "wb", 6, raw, EPOCH) as zipped,
        tarfile.open(mode="w", fileobj=zipped) as tar,
    ):
        for path in sorted(folder.rglob("*")):
            tar.add(path, str(path.relative_to(folder.parent)), recursive=False, filter=_plain)
    return target


def _requirements(folder: Path, own: Sequence[Path], pythons: list[str]) -> None:
    """Ours, what they need, and what tracing needs: a partner turns it on by a setting, and has no registry at hand."""
    projects = [tomllib.loads((p / "pyproject.toml").read_text())["project"] for p in own]
    wanted = [project["name"] for project in projects]
    optional = (named for project in projects for named in project.get("optional-dependencies", {}).get("tracce", []))
    packages = needed((ROOT / "requirements.lock").read_text(), [*wanted, *(Requirement(one).name for one in optional)])
    lines = wheels.build(own, folder / "wheels")
    wheels.fetch(packages, pythons, folder / "wheels")
    (folder / "requirements.txt").write_text("\n".join([*lines, *(p.line() for p in packages)]) + "\n")


def _kubernetes(service: str, version: str, folder: Path) -> None:
    """The manifest with the service's names in place."""
    template = Template((DEPLOY / "kubernetes/servizio.yaml").read_text(encoding="utf-8"))
    partner = District.load(None).linee.get(service, "ambito")
    (folder / "kubernetes").mkdir(exist_ok=True)
    text = template.substitute(SERVIZIO=service, VERSIONE=version, PARTNER=partner)
    (folder / f"kubernetes/{service}.yaml").write_text(text, encoding="utf-8")


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Owned by nobody in particular."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mtime = EPOCH
    return member


def _checksums(folder: Path) -> None:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    lines = [f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(folder)}" for p in files]
    (folder / "SHA256SUMS").write_text("\n".join(lines) + "\n")


def _readme(service: str, version: str, pythons: Iterable[str]) -> str:
    return f"""# {service} {version}

Il servizio {service} di #genera_azioni, con tutto ciò che gli serve: non chiede nulla alla rete per installarsi.
Funziona con Python {", ".join(pythons)} su Linux, oppure in container. Cominciare da `guide/installare.md`.

Per controllare che il pacchetto sia intero: `sha256sum --quiet -c SHA256SUMS`
"""
