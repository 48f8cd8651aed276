"""Every form of every template that is sent by POST carries the token of its session."""

import re
from pathlib import Path

import pytest
from telaio.web.templates import POST_FORM, environment

ROOT = Path(__file__).parents[2]
FOLDERS = [ROOT / "telaio/telaio/web/templates", *ROOT.glob("services/*/*/templates")]
TEMPLATES = sorted(p for folder in FOLDERS for p in folder.rglob("*.html"))
FORM = re.compile(r"<form\b", re.IGNORECASE)
ASKS = re.compile(r"<form\b[^>]*\bmethod=[\"']?get\b|<form\b[^>]*\brole=[\"']?search\b", re.IGNORECASE)


def test_a_form_in_any_template_either_asks_or_carries_the_token() -> None:
    texts = {p: p.read_text(encoding="utf-8") for p in TEMPLATES}
    assert len(texts) > 10
    wrong = {p.name: n for p, t in texts.items() if (n := len(FORM.findall(t)) - len(forms(t)))}
    assert wrong == {}, "a form without method, or a tag the template layer cannot read"
    assert sum(len(POST_FORM.findall(t)) for t in texts.values()) >= 3


def forms(text: str) -> list[str]:
    return [*POST_FORM.findall(text), *ASKS.findall(text)]


@pytest.mark.parametrize(
    "tag",
    [
        '<form method="post">',
        '<form class="a" action="/x"\n  method="POST" novalidate>',
        "<form method=post>",
        "<FORM METHOD='Post'>",
        '<form method="post" action="{{ indirizzo }}">',
    ],
)
def test_however_it_is_written(tag: str) -> None:
    found = environment().from_string(tag).render(indirizzo="/x")
    assert found.count('<input type="hidden" name="_modulo" value="">') == 1


def test_a_form_that_asks_carries_none() -> None:
    assert "_modulo" not in environment().from_string('<form method="get" action="/post">').render()
