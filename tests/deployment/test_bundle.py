"""Casa's bundle, unpacked in an empty directory as the guide says, installs, joins a running network and publishes; in
the long form those of all services."""

import os
import subprocess
import tarfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from bundle.assemble import SERVICES, archive
from stack import waiting
from stack.tokens import UTENTI

from .desk import FAMILY, HOME, MEETING, Desk
from .unpacked import this_python, unpack
from .workshop import Workshop

CHECKOUT = Path(__file__).parents[2]
LONG = os.environ.get("GENERA_COLLAUDO") == "lungo"


def _alone(workshop: Workshop, name: str) -> None:
    """Nothing of the checkout is found, and all that a setting may turn on is there."""
    tracing = "opentelemetry.exporter.otlp.proto.http.trace_exporter"
    code = f"import {name}, telaio, contratti, {tracing}, sys; print({name}.__file__, telaio.__file__, sys.path)"
    command = [str(workshop.python), "-c", code]
    said = subprocess.run(command, cwd=workshop.folder, env={}, capture_output=True, text=True, check=True).stdout
    assert str(workshop.folder) in said
    assert str(CHECKOUT) not in said


def test_it_finds_nothing_of_the_checkout(workshop: Workshop) -> None:
    _alone(workshop, "casa")


def test_a_family_entered_at_casa_is_seen_on_the_dashboard(workshop: Workshop, tell: Callable[[str], None]) -> None:
    tell(f"casa by its guide: installed and tried in {workshop.took:.0f} s, then healthy in {workshop.healthy:.1f} s")
    desk = Desk(workshop.service.url, workshop.issuer.token("anna.bianchi"))
    seen = Desk(workshop.board.url, workshop.issuer.token("giulia.rossi"))
    desk.enter("famiglie/presa-in-carico", FAMILY)
    desk.enter("alloggi/disponibilita", HOME)
    waiting.until(lambda: seen.heard("casa") == 2 and seen.figure("CA04") == 1, "seen on the dashboard", within=30)


@pytest.mark.skipif(not LONG, reason="minutes: GENERA_COLLAUDO=lungo")
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", [name for name in SERVICES if name != "casa"])
def test_every_other_bundle_installs_by_the_same_guide(
    opened: Callable[[str], AbstractContextManager[Workshop]], name: str, tell: Callable[[str], None]
) -> None:
    with opened(name) as workshop:
        tell(f"{name} by the guide: installed and tried in {workshop.took:.0f} s, healthy in {workshop.healthy:.1f} s")
        _alone(workshop, name)
        seen = Desk(workshop.board.url, workshop.issuer.token("giulia.rossi"))
        if name == "cruscotto":
            assert seen.figure("CA04") == 0
            return
        operator = next(user for user in UTENTI if user.servizi == (name,))
        desk = Desk(workshop.service.url, workshop.issuer.token(operator))
        desk.enter("incontri-di-rete/registrazione", MEETING)
        waiting.until(lambda: seen.heard(name) == 1, "seen on the dashboard", within=30)


def test_it_holds_all_that_the_readme_promises(bundled: Callable[[str, str], Path]) -> None:
    with tarfile.open(bundled("casa", this_python())) as tar:
        names = {name.partition("/")[2] for name in tar.getnames()}
    assert {"LEGGIMI.md", "LICENSE", "SHA256SUMS", "requirements.txt", ".dockerignore", "docker/Dockerfile"} <= names
    assert {"compose/partner.yml", "compose/.env.example", "compose/prepara.sh", "guide/installare.md"} <= names
    assert "systemd/genera@.service" in names
    assert not [name for name in names if name.endswith((".pyc", ".git")) or "riservato" in name]


def test_the_same_content_makes_the_same_archive(bundled: Callable[[str, str], Path], tmp_path: Path) -> None:
    made = bundled("casa", this_python())
    again = archive(unpack(made, tmp_path / "di-nuovo"))
    assert again.read_bytes() == made.read_bytes()
