"""The pages of the development identity provider: plain HTML, no script, no password."""

import html
from collections.abc import Mapping

from stack.tokens import UTENTI

ASKED = (
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
)
"""What a service may ask for; it comes back with the choice of the user."""

PAGE = """<!doctype html>
<html lang="it"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
 body {{ font: 1.1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 2rem auto; padding: 0 1rem }}
 button {{ font: inherit; width: 100%; text-align: left; padding: .8rem 1rem; margin: .3rem 0; cursor: pointer }}
 small {{ display: block }}
</style></head>
<body><main>
<h1>{title}</h1>
{body}
</main></body></html>
"""
USER = '<button name="utente" value="{id}">{name} <small>{work}</small></button>'


def sign_in_page(asked: Mapping[str, str]) -> str:
    """Return the page whose buttons say who to be."""
    fields = (
        f'<input type="hidden" name="{name}" value="{html.escape(asked[name])}">' for name in ASKED if name in asked
    )
    users = (USER.format(id=u.id, name=html.escape(u.nome), work=html.escape(u.mestiere)) for u in UTENTI)
    words = "Ambiente di sviluppo: le persone sono inventate e non serve una password. Scegli con chi entrare."
    form = "\n".join(['<form method="post" action="/authorize">', *fields, *users, "</form>"])
    return PAGE.format(title="Accesso di prova", body=f"<p>{words}</p>\n{form}")


def left_page() -> str:
    """Return the page of who has left and has nowhere to go back to."""
    return PAGE.format(title="Uscita", body="<p>L'accesso di prova è chiuso.</p>")
