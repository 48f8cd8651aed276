"""What a browser does with the pages, without one."""

import re
from html import unescape
from typing import Any

import httpx2
from telaio.testing.entering import enter
from telaio.web.access import Principal
from telaio.web.provider import Identity
from telaio.web.session import Sessions

from .conftest import OPERATORE, Web

FORM = {
    "avvenuto_il": "20/02/2016",
    "comune": "017113",
    "ortolani": "p-aaaaaa\r\np-bbbbbb\r\n",
    "posti": "12",
    "canone_centesimi": "1.045,50",
    "irriguo": "si",
    "terreno": "ente_pubblico",
    "bisogni": ["abitare", "relazioni"],
    "gestore": "",
    "prima_semina_il": "",
    "note_di_cantiere": "",
}
NEW = "/sportello/orti/nuova/apertura"


class Browser:
    """What a browser does: keeps the cookie, says where a form comes from, asks for HTML."""

    def __init__(self, web: Web) -> None:
        self.web, self.client = web, web.client
        self.client.headers["Accept"] = "text/html"

    async def enter(self, **who: Any) -> None:
        """Signs in as the operator, or somebody with other `ruoli` and `servizi`."""
        roles, services = who.get("ruoli", OPERATORE.ruoli), who.get("servizi", OPERATORE.servizi)
        self.entered = await enter(self.web.runtime, who.get("subject", OPERATORE.id), roles, services)
        self.client.cookies.clear()
        self.client.cookies.set(self.entered.name, self.entered.value)

    async def enter_again(self, sessions: Sessions, who: dict[str, Any]) -> None:
        """Signs in where somebody was signed in before."""
        principal = Principal(**{**who, "roles": frozenset(who["roles"]), "services": frozenset(who["services"])})
        value = await sessions.begin(Identity(principal, {}), self.entered.value)
        self.client.cookies.set(self.entered.name, value)

    async def see(self, path: str) -> str:
        answer = await self.client.get(path)
        assert answer.status_code == 200, (answer.status_code, answer.text[:500])
        return unescape(answer.text)

    async def send(self, path: str, form: dict[str, Any], **headers: str) -> httpx2.Response:
        """Sends a form as the page it is on would."""
        sent = headers or {"Origin": "http://orti.test", "Sec-Fetch-Site": "same-origin"}
        return await self.client.post(path, data=form, headers=sent)

    async def fill(self, path: str, form: dict[str, Any]) -> httpx2.Response:
        """Opens the form, then sends it with its hidden fields."""
        return await self.send(path, {**hidden(await self.see(path)), **form})


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


def errors(page: str) -> dict[str, str]:
    """The summary's links, by field."""
    return dict(re.findall(r'<li><a href="#c-([^"]+)">([^<]*)</a></li>', unescape(page)))
