"""No function body of six lines or more stands in two services."""

import subprocess
from pathlib import Path

from .repetition import LINES, twins

ROOT = Path(__file__).parents[2]
BODY = "def {name}(x):\n    '''{name}'''\n" + "".join(f"    a{n} = x + {n}\n" for n in range(LINES))


def test_what_two_services_need_stands_in_the_chassis() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "services/*.py"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    ours = [f for f in listed.stdout.split() if "/tests/" not in f]
    assert len(ours) > 40
    assert twins({f: (ROOT / f).read_text(encoding="utf-8") for f in ours}) == []


def test_a_canary_of_the_same_body_in_two_services_is_seen() -> None:
    same = {"services/casa/casa/a.py": BODY.format(name="una"), "services/punti/punti/b.py": BODY.format(name="altra")}
    (found,) = twins(same)
    assert found.places == ("services/casa/casa/a.py:una", "services/punti/punti/b.py:altra")


def test_in_one_service_or_shorter_it_may_stand_twice() -> None:
    body = BODY.format(name="una")
    assert twins({"services/casa/casa/a.py": body, "services/casa/casa/b.py": body}) == []
    shorter = body.replace("    a0 = x + 0\n", "")
    assert twins({"services/casa/casa/a.py": shorter, "services/punti/punti/b.py": shorter}) == []
