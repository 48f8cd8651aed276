"""The guides: every command on their pages is run, in a partner's empty folder, against a service that runs there.

What needs Docker is run by test_containers; what needs root and systemd only on a machine one may spoil, said by
GENERA_MACCHINA_DI_PROVA=1.
"""

import os
import re
import subprocess
from pathlib import Path

import pytest

from .guides import FOLDER, PAGES, blocks, script
from .workshop import Workshop

# In the order in which a partner comes to need them: the service stays up meanwhile.
FOLLOWED = ("configurare", "sorvegliare", "salvare", "aggiornare", "guasti", "andarsene")
SPOILABLE = os.environ.get("GENERA_MACCHINA_DI_PROVA") == "1" and Path("/run/systemd/system").exists()
SAID = {"configurare": "si può scrivere sui nostri topic", "sorvegliare": "genera_build_info", "guasti": "0 in attesa"}


@pytest.mark.parametrize("page", FOLLOWED)
def test_the_commands_of_a_page_work(workshop: Workshop, page: str) -> None:
    workshop.casa.start()
    assert SAID.get(page, "") in workshop.follow(page)


def test_every_page_is_followed_or_has_no_command_of_this_kind() -> None:
    followed = {"installare", *FOLLOWED}
    assert [page for page in PAGES if script(page, "prova") and page not in followed] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_block_is_marked_and_is_shell(page: str) -> None:
    for _, text in blocks(page):
        subprocess.run(["bash", "-n", "-c", text], check=True)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.skipif(not SPOILABLE, reason="commands for root: only on a machine to spoil (GENERA_MACCHINA_DI_PROVA=1)")
def test_the_commands_for_root_work(workshop: Workshop, page: str) -> None:
    subprocess.run(["bash", "-eux", "-c", script(page, "root")], cwd=workshop.folder, check=True)


def test_every_link_leads_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([\w./-]+)\)", (FOLDER / f"{page}.md").read_text()):
            assert (FOLDER / target).exists(), f"{page}: {target}"


def test_a_command_that_fails_is_noticed(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(workshop.follow.__globals__, "script", lambda page, where: "true\nfalse\ntrue\n")
    with pytest.raises(AssertionError):
        workshop.follow("configurare")
