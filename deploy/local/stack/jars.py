"""Apache Kafka's jars: resolved by coordinates with Maven, once, into the cache."""

import contextlib
import functools
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from stack import places

POM = places.KAFKA_FILES / "pom.xml"
JAVA_NEEDED = 17


def version() -> str:
    """Return the version of Apache Kafka named by the pom."""
    found = re.search(r"<kafka\.version>([^<]+)<", POM.read_text())
    assert found is not None
    return found[1]


def home() -> Path:
    """Return the cache directory of exactly this pom (it need not exist)."""
    return places.cache() / f"kafka-{version()}-{hashlib.sha256(POM.read_bytes()).hexdigest()[:8]}"


@functools.cache
def available() -> bool:
    """Return whether Apache Kafka can run here: a JDK recent enough, and its jars or a Maven to get them."""
    return _java_version() >= JAVA_NEEDED and ((home() / "jars").is_dir() or shutil.which("mvn") is not None)


@functools.cache
def ready() -> bool:
    """Return whether the jars are in the cache, after getting them if possible; says aloud why not.

    Raises: RuntimeError when they cannot be had and `GENERA_BROKER=apache` insists.
    """
    if available() and ((home() / "jars").is_dir() or _get()):
        return True
    if places.setting("GENERA_BROKER") == "apache":
        raise RuntimeError(f"GENERA_BROKER=apache needs a JDK >= {JAVA_NEEDED}, and Maven to fetch the jars once")
    return False


def classpath() -> str:
    """Return the class path of the server, in a stable order (a class archive remembers it)."""
    return ":".join(str(jar) for jar in sorted((home() / "jars").glob("*.jar")))


def _java_version() -> int:
    java = shutil.which("java")
    if java is None:
        return 0
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', said)
    return int(found[1]) if found else 0


def _get() -> bool:
    print(f"· Apache Kafka {version()}: jar da Maven (solo la prima volta)", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(dir=places.made(home())) as directory:
        target = Path(directory) / "jars"
        command = ["mvn", "-q", "-B", "-f", str(POM), "dependency:copy-dependencies", "-DincludeScope=runtime"]
        done = subprocess.run([*command, f"-DoutputDirectory={target}"], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            print(f"  Maven non riesce: {_reason(done.stdout)}", file=sys.stderr)
            return False
        with contextlib.suppress(OSError):  # another process was faster
            target.rename(home() / "jars")
    return True


def _reason(output: str) -> str:
    errors = [line for line in output.splitlines() if line.startswith("[ERROR]")]
    return errors[0].removeprefix("[ERROR] ")[:300] if errors else "no reason given"
