"""What the guides tell root to do, on a machine with systemd: a container, of which nothing is left.

Minutes: `GENERA_COLLAUDO=lungo`, with a Docker engine and the image of deploy/local/docker/systemd.Dockerfile.
"""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from stack import waiting

from .composing import engine, image, python_in
from .guides import BY_ROOT, blocks
from .workshop import Workshop

LONG = os.environ.get("GENERA_COLLAUDO") == "lungo"
IMAGE = "genera/systemd:locale"
# Of what a container may not do, systemd needs this much.
RIGHTS = ("--cap-add=SYS_ADMIN", "--security-opt=seccomp=unconfined", "--security-opt=apparmor=unconfined")
CGROUPS = ("--cgroupns=host", "--volume=/sys/fs/cgroup:/sys/fs/cgroup:rw")
# What must be true when a page has been followed.
READY = "set -a; . ./casa.env; until curl -fsS http://127.0.0.1:$GENERA_PORT/health/ready; do sleep 0.2; done\n"
STEADY = "test $(systemctl show --property=NRestarts --value genera@casa genera-relay@casa | tr -d '[:space:]') = 00"
AFTER = {
    "installare": f"{READY} systemctl start genera-salva@casa; test -s /var/lib/genera/casa/$(date +%u).zip",
    "configurare": f"{READY} sleep 8; {STEADY}",
    "aggiornare": f"{READY} systemctl is-active genera@casa",
    "andarsene": "systemctl list-units --all --no-legend 'genera*' | grep -w active && exit 1 || true",
}
pytestmark = [
    pytest.mark.skipif(not LONG, reason="minutes: GENERA_COLLAUDO=lungo"),
    pytest.mark.skipif(LONG and not engine(), reason="needs a Docker engine: none answers here"),
    pytest.mark.skipif(LONG and engine() and not image(IMAGE), reason=f"needs {IMAGE}: deploy/local/docker/build.sh"),
    pytest.mark.timeout(900),
]


class Machine:
    """A machine with systemd whose /opt/genera is the partner's folder."""

    def __init__(self, name: str) -> None:
        self._name = name

    def does(self, text: str) -> str:
        """What commands say, given to root in the partner's folder. Raises: AssertionError with their last words."""
        command = ["docker", "exec", "-w", "/opt/genera", self._name, "bash", "-eux", "-o", "pipefail", "-c", text]
        said = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=300
        )
        assert said.returncode == 0, said.stdout[-3000:]
        return said.stdout

    def answers(self, text: str) -> bool:
        """Whether a command goes well."""
        return (
            subprocess.run(
                ["docker", "exec", self._name, "sh", "-c", text], capture_output=True, check=False
            ).returncode
            == 0
        )


@contextmanager
def machine(folder: Path) -> Iterator[Machine]:
    """A machine that has started."""
    command = ["docker", "run", "--detach", "--rm", "--network=host", *RIGHTS, *CGROUPS, "--tmpfs=/run", "--tmpfs=/tmp"]
    made = subprocess.run(
        [*command, f"--volume={folder}:/opt/genera", IMAGE], capture_output=True, text=True, check=True
    ).stdout.strip()
    try:
        found = Machine(made)
        waiting.until(lambda: found.answers("systemctl is-system-running"), "systemd", within=60, every=0.5)
        yield found
    finally:
        subprocess.run(["docker", "rm", "--force", made], capture_output=True, check=False)


def test_what_the_guides_tell_root_to_do_works(
    received: Callable[[str, str], AbstractContextManager[Workshop]],
) -> None:
    with received("casa", python_in(IMAGE)) as workshop, machine(workshop.folder) as own:
        workshop.folder.chmod(0o755)
        settings = workshop.folder / "casa.env"
        settings.write_text(settings.read_text().replace(str(workshop.folder), "/opt/genera"))
        for page in BY_ROOT:
            own.does("".join(text for where, text in blocks(page) if where in ("prova", "root")))
            own.does(AFTER.get(page, "true"))
