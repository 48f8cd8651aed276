"""The commands on the pages of docs/guide, by where they are run."""

import re
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "docs" / "guide"
PAGES = sorted(page.stem for page in FOLDER.glob("*.md"))
BY_ROOT = ("installare", "configurare", "sorvegliare", "aggiornare", "andarsene")
"""The pages with something for root, in the order in which a partner comes to need them."""
WHERE = {"prova", "docker", "docker-distretto", "root"}
_BLOCK = re.compile(r"^```(?P<kind>\S*) ?(?P<where>\S*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: str) -> list[tuple[str, str]]:
    """Where each block of a page is run, and its commands, in order. Raises: ValueError for a block without a mark."""
    found = []
    for block in _BLOCK.finditer((FOLDER / f"{page}.md").read_text()):
        if block["kind"] != "sh" or block["where"] not in WHERE:
            raise ValueError(f"{page}: ```{block['kind']} {block['where']}")
        found.append((block["where"], block["text"]))
    return found


def script(page: str, where: str) -> str:
    """A page's commands for one place, as one script that stops at the first that fails; empty where there are none."""
    return "".join(text for found, text in blocks(page) if found == where)
