"""The guides: every command on their pages is run, in a partner's empty folder, against a service that runs there.

What needs Docker is run by test_containers; what needs root and systemd, by test_root on a machine of its own.
"""

import re
import subprocess

import pytest

from .guides import BY_ROOT, FOLDER, PAGES, blocks, script
from .workshop import Workshop

# In the order in which a partner comes to need them: the service stays up meanwhile.
FOLLOWED = ("configurare", "sorvegliare", "salvare", "aggiornare", "guasti", "andarsene")
SAID = {"configurare": "si può scrivere sui nostri topic", "sorvegliare": "genera_build_info", "guasti": "0 in attesa"}


@pytest.mark.parametrize("page", FOLLOWED)
def test_the_commands_of_a_page_work(workshop: Workshop, page: str) -> None:
    workshop.service.start()
    assert SAID.get(page, "") in workshop.follow(page)


def test_every_page_is_followed_or_has_no_command_of_this_kind() -> None:
    followed = {"installare", *FOLLOWED}
    assert [page for page in PAGES if script(page, "prova") and page not in followed] == []


def test_every_page_for_root_is_followed_by_root() -> None:
    assert {page for page in PAGES if script(page, "root")} == set(BY_ROOT)


@pytest.mark.parametrize("page", PAGES)
def test_every_block_is_marked_and_is_shell(page: str) -> None:
    for _, text in blocks(page):
        subprocess.run(["bash", "-n", "-c", text], check=True)


def test_every_link_leads_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([\w./-]+)\)", (FOLDER / f"{page}.md").read_text()):
            assert (FOLDER / target).exists(), f"{page}: {target}"


def test_a_command_that_fails_is_noticed(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(workshop.follow.__globals__, "script", lambda page, where: "true\nfalse\ntrue\n")
    with pytest.raises(AssertionError):
        workshop.follow("configurare")
