"""Casa's bundle, unpacked in an empty directory, installs, migrates, joins a running network and publishes."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from stack import waiting
from stack.broker import Broker
from stack.databases import Databases
from stack.services import ServiceProcess, ServiceSpec
from stack.tokens import ISSUER, Issuer

from .desk import FAMILY, HOME, Desk
from .unpacked import Unpacked, install, this_python, unpack

CHECKOUT = Path(__file__).parents[2]
CASA, CRUSCOTTO = ServiceSpec("casa", "consorzio-tenda"), ServiceSpec("cruscotto", "ambito")


def _settings(broker: Broker, dsn: str, issuer: Issuer) -> dict[str, str]:
    return {
        "GENERA_DATABASE": dsn,
        "GENERA_KAFKA": broker.address,
        "GENERA_CHIAVI_FILE": str(issuer.keys_file),
        "GENERA_EMITTENTE": ISSUER,
        **({} if broker.features.idempotent else {"GENERA_IDEMPOTENTE": "0"}),
    }


def test_the_bundle_installs_joins_the_network_and_publishes(
    bundled: Callable[[str, str], Path],
    own_broker: Callable[..., Broker],
    databases: Databases,
    tmp_path: Path,
    tell: Callable[[str], None],
) -> None:
    archive, broker, issuer = bundled("casa", this_python()), own_broker(), Issuer(_made(tmp_path / "chiavi"))
    board = ServiceProcess(tmp_path / "cruscotto", CRUSCOTTO, _settings(broker, databases.fresh(), issuer))
    board.run("topics")
    board.start()
    begun = time.monotonic()
    python = install(unpack(archive, _made(tmp_path / "vuota")))
    installed = time.monotonic() - begun
    assert str(CHECKOUT) not in _where(python, tmp_path)
    casa = Unpacked(tmp_path / "casa", CASA, _settings(broker, databases.fresh(), issuer), python)
    try:
        casa.start()
        healthy = time.monotonic() - begun
        desk, seen = Desk(casa.url, issuer.token("anna.bianchi")), Desk(board.url, issuer.token("giulia.rossi"))
        desk.enter("famiglie/presa-in-carico", FAMILY)
        desk.enter("alloggi/disponibilita", HOME)
        waiting.until(lambda: seen.heard("casa") == 2 and seen.figure("CA04") == 1, "seen on the dashboard", within=30)
        casa.run("backup", str(tmp_path / "salvataggio.zip"))
    finally:
        casa.stop()
        board.stop()
    tell(f"casa from its bundle: installed in {installed:.0f} s, healthy after {healthy:.0f} s, on {broker.kind}")


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _where(python: Path, tmp_path: Path) -> str:
    """Where the installed service finds what it imports."""
    command = [
        str(python),
        "-c",
        "import casa, telaio, contratti, sys; print(casa.__file__, telaio.__file__, sys.path)",
    ]
    return subprocess.run(command, cwd=tmp_path, env={}, capture_output=True, text=True, check=True).stdout
