"""Every page and route of the five services, tried by everybody: as the table says, and never a 500."""

import base64
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import httpx2
import pytest
from stack.databases import Databases
from stack.tokens import ISSUER, Issuer, User
from telaio.migrate import migrate, migrations
from telaio.runtime import Runtime
from telaio.settings import Settings
from telaio.testing.entering import enter
from telaio.web.access import PUBLIC, ROLES, WHO_MAY
from telaio.web.cookies import session_cookie
from telaio.web.login import LOGIN
from telaio.web.routing import API, PAGE

from .porte import SERVICES, Porta, application, declaration, porte

SITE = "http://prova.test"
FOREIGN = "di un altro servizio"
HTML, PROBLEM = "text/html", "application/problem+json"


@dataclass
class Casa:
    """One service, and who stands before its doors."""

    name: str
    runtime: Runtime
    client: httpx2.AsyncClient
    doors: Sequence[Porta]
    issuer: Issuer

    def token(self, role: str) -> str:
        roles, services = ((role,), (self.name,)) if role != FOREIGN else (ROLES, ("altrove",))
        return self.issuer.token(User("p.rossi", "P. Rossi", role, tuple(roles), services, "ambito"))

    async def cookie(self, role: str) -> dict[str, str]:
        roles, services = ([role], [self.name]) if role != FOREIGN else (list(ROLES), ["altrove"])
        return (await enter(self.runtime, "p.rossi", roles, services)).cookie

    async def knock(self, door: Porta, **headers: str) -> httpx2.Response:
        sent = {"Origin": SITE, "Accept": HTML if door.door == PAGE else "application/json", **headers}
        return await self.client.request(door.method, door.tried, headers=sent)

    def behind(self, door: str) -> Iterator[Porta]:
        return (d for d in self.doors if d.door == door)


@pytest.fixture(scope="module", params=SERVICES)
async def casa(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Casa]:
    """A service on an empty database."""
    name, dsn = request.param, databases.fresh()
    service = declaration(name)
    await migrate(dsn, migrations(name, service.migrations))
    issuer = Issuer(Path(tmp_path_factory.mktemp(name)))
    settings = {
        "database": dsn, "kafka": "127.0.0.1:1", "partner": "ambito", "chiavi_file": issuer.keys_file,
        "emittente": ISSUER, "sviluppo": True, "adesso": "2016-12-15T10:00:00+01:00",
    }  # fmt: skip
    runtime = await Runtime.start(service, Settings.model_validate(settings))
    if service.prepare:
        await service.prepare(runtime)
    runtime.leaving.set()  # answers that would last end at once
    app = application(runtime)
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url=SITE) as client:
        yield Casa(name, runtime, client, porte(app, name), issuer)
    await runtime.stop()
    databases.drop(dsn)


def refused_in_italian(answer: httpx2.Response, door: Porta, status: int) -> None:
    """The status, and words for who reads: a page for browsers, a problem for programs."""
    assert answer.status_code == status, (door, answer.status_code, answer.text[:300])
    kind = HTML if door.door == PAGE else PROBLEM
    assert answer.headers["content-type"].startswith(kind), door
    assert ("non permette" if status == 403 else "access") in answer.text, door


def let_in(answer: httpx2.Response, door: Porta) -> None:
    """Whatever comes after the door: an empty request may be wrong, and is never our own mistake."""
    assert answer.status_code not in (401, 403), (door, answer.text[:300])
    assert answer.status_code < 500, (door, answer.text[:300])


async def test_who_has_not_signed_in_is_sent_to_sign_in_and_programs_are_told(casa: Casa) -> None:
    for door in casa.behind(PAGE):
        answer = await casa.knock(door)
        if door.method == "GET":
            assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, LOGIN), door
        else:
            refused_in_italian(answer, door, 401)
    for door in casa.behind(API):
        answer = await casa.knock(door)
        refused_in_italian(answer, door, 401)
        assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.timeout(600)
@pytest.mark.parametrize("role", [*ROLES, "sconosciuto", FOREIGN])
async def test_everybody_may_what_the_table_says_and_nothing_else(casa: Casa, role: str) -> None:
    cookie, bearer = await casa.cookie(role), {"Authorization": f"Bearer {casa.token(role)}"}
    for door in (*casa.behind(PAGE), *casa.behind(API)):
        answer = await casa.knock(door, **(cookie if door.door == PAGE else bearer))
        if role in WHO_MAY[door.action]:
            let_in(answer, door)
        else:
            refused_in_italian(answer, door, 403)


async def test_what_is_public_asks_nobody(casa: Casa) -> None:
    doors = [d for d in casa.behind(PUBLIC) if not d.path.startswith(LOGIN) and d.method == "GET"]
    assert len(doors) >= 5
    for door in doors:
        assert door.action == PUBLIC
        assert (await casa.knock(door)).status_code not in (303, 401, 403), door
        let_in(await casa.knock(door), door)


async def test_a_session_opens_no_api_and_a_token_no_page(casa: Casa) -> None:
    cookie, bearer = await casa.cookie("coordinatore"), {"Authorization": f"Bearer {casa.token('coordinatore')}"}
    for door in casa.behind(API):
        refused_in_italian(await casa.knock(door, **cookie), door, 401)
    for door in casa.behind(PAGE):
        assert (await casa.knock(door, **bearer)).status_code in (303, 401), door


def part(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def forged(casa: Casa) -> dict[str, str]:
    """Tokens that open nothing, by what is wrong with them."""
    who, good = "giulia.rossi", casa.issuer.token("giulia.rossi")
    head, body, signature = good.split(".")
    return {
        "expired": casa.issuer.expired_token(who),
        "for another system": casa.issuer.wrong_audience_token(who),
        "signed by a stranger": casa.issuer.foreign_token(who),
        "unsigned": f"{part({'alg': 'none'})}.{body}.",
        "unsigned, with a signature": f"{part({'alg': 'none'})}.{body}.{signature}",
        "changed": f"{head}.{part({'sub': 'x', 'ruoli': ['coordinatore']})}.{signature}",
        "of another issuer": casa.issuer.token(who, iss="altro"),
        "far too long": "a" * 20_000,
        "not a token": "ciao",
    }


async def test_a_bad_token_opens_no_route_and_is_answered_in_italian(casa: Casa) -> None:
    for wrong, token in forged(casa).items():
        for door in casa.behind(API):
            answer = await casa.knock(door, Authorization=f"Bearer {token}")
            refused_in_italian(answer, replace(door, path=f"{door.path} {wrong}"), 401)
            assert answer.json()["code"] in ("token-non-valido", "token-scaduto"), wrong


async def test_a_made_up_cookie_opens_no_page(casa: Casa) -> None:
    name = session_cookie(casa.runtime).name
    for value in ("x", casa.token("coordinatore"), "a" * 20_000):
        for door in casa.behind(PAGE):
            assert (await casa.knock(door, Cookie=f"{name}={value}")).status_code in (303, 401), door
