"""Entering and leaving by OpenID Connect: every step is checked, and what the provider no longer says is over."""

import asyncio
import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey
from telaio.web import make_app
from telaio.web.cookies import session_cookie
from telaio.web.problems import Problem
from telaio.web.provider import Provider
from telaio.web.session import Session, Sessions

from ..conftest import Start
from .browser import NEW, Browser, hidden
from .conftest import APERTURA, Web, changes, client_of, orto
from .fornitore import CLIENTE, Fornitore, serving
from .orti import strand
from .test_access import claims, part

BACK = "http://orti.test/accesso/ritorno"


@pytest.fixture
def fornitore() -> Iterator[Fornitore]:
    with serving() as found:
        yield found


@pytest.fixture
async def web(start: Start, issuer: Any, fornitore: Fornitore) -> AsyncIterator[Web]:
    """The application as a client of the provider."""
    own = {"oidc": fornitore.url, "oidc_cliente": CLIENTE}
    runtime = await start(strand(), **changes(issuer), **own)
    app = make_app(runtime)
    async with client_of(runtime, app) as client:
        client.headers["Accept"] = "text/html"
        yield Web(runtime, issuer, client, app)


def query(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


async def sent_away(web: Web, path: str = "/") -> dict[str, str]:
    """Where a browser is sent from a page: what it carries to the provider."""
    asked = await web.client.get(f"/accesso?poi={path}")
    assert asked.status_code == 303, asked.text
    return query(asked.headers["location"])


async def enters(web: Web, fornitore: Fornitore, path: str = "/", **more: str) -> httpx2.Response:
    """Anna enters; returns the answer to what the provider sends back."""
    carried = await sent_away(web, path)
    fornitore.nonce = carried["nonce"]
    back = {"code": "c1", "state": carried["state"], **more}
    return await web.client.get("/accesso/ritorno", params=back)


async def age(web: Web, interval: str) -> None:
    """Time passes since the provider last confirmed the sessions."""
    await web.runtime.pool.execute(f"update session set checked_at = now() - interval '{interval}'")
    forget(web)


def forget(web: Web) -> None:
    web.app.state.here.sessions._known.clear()


async def test_who_enters_by_the_provider_comes_back_where_one_was_going(web: Web, fornitore: Fornitore) -> None:
    carried = await sent_away(web, "/sportello/orti")
    assert carried["redirect_uri"] == BACK
    assert (carried["response_type"], carried["client_id"], carried["scope"]) == ("code", CLIENTE, "openid profile")
    assert carried["code_challenge_method"] == "S256"
    answer = await enters(web, fornitore, "/sportello/orti")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sportello/orti")
    _, token = next(asked for asked in fornitore.asked if asked[0] == "/token")
    assert (token["grant_type"], token["code"], token["redirect_uri"]) == ("authorization_code", "c1", BACK)
    assert s256(token["code_verifier"]) == carried["code_challenge"]
    page = (await web.client.get("/sportello/orti")).text
    assert "Anna Bianchi" in page


def s256(verifier: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


async def test_the_cookie_is_a_new_random_value_that_scripts_cannot_read(web: Web, fornitore: Fornitore) -> None:
    seen = set()
    for _ in range(2):
        cookies = (await enters(web, fornitore)).headers.get_list("set-cookie")
        (ours,) = [c for c in cookies if c.startswith("genera_orti=")]
        assert "HttpOnly" in ours
        assert "SameSite=lax" in ours
        assert "Max-Age" not in ours
        seen.add(ours.partition(";")[0])
        assert any(c.startswith('genera_orti_accesso=""') for c in cookies)
    assert len(seen) == 2
    assert await web.count("session") == 1  # the one of before is over


@pytest.mark.parametrize("after", ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "/a\r\nX: y"])
async def test_the_login_leads_nowhere_else(web: Web, fornitore: Fornitore, after: str) -> None:
    carried = query((await web.client.get("/accesso", params={"poi": after})).headers["location"])
    fornitore.nonce = carried["nonce"]
    answer = await web.client.get("/accesso/ritorno", params={"code": "c", "state": carried["state"]})
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize("state", ["", "x", ".", "x.Lw==", "é.ü"])
async def test_an_answer_that_this_browser_did_not_ask_for_enters_nobody(
    web: Web, fornitore: Fornitore, state: str
) -> None:
    await sent_away(web)
    answer = await web.client.get("/accesso/ritorno", params={"code": "c1", "state": state})
    assert (answer.status_code, answer.headers["content-type"]) == (400, "text/html; charset=utf-8")
    assert "ricominciare" in answer.text
    assert fornitore.times("/token") == 0


async def test_the_answer_to_another_browser_enters_nobody(web: Web, fornitore: Fornitore) -> None:
    carried = await sent_away(web)
    web.client.cookies.clear()
    for _ in range(2):  # without any attempt of its own, then with one
        answer = await web.client.get("/accesso/ritorno", params={"code": "c1", "state": carried["state"]})
        assert answer.status_code == 400
        await sent_away(web)
    assert await web.count("session") == 0


async def test_two_pages_opened_at_once_both_arrive(web: Web, fornitore: Fornitore) -> None:
    first, second = await sent_away(web, "/sportello/orti"), await sent_away(web, "/")
    fornitore.nonce = first["nonce"]
    assert first["nonce"] == second["nonce"]
    for carried in (first, second):
        answer = await web.client.get("/accesso/ritorno", params={"code": "c", "state": carried["state"]})
        assert answer.status_code == 303
    assert await web.count("session") == 1


@pytest.mark.parametrize(
    ("error", "status"), [("access_denied", 403), ("login_required", 403), ("temporarily_unavailable", 503)]
)
async def test_what_the_provider_does_not_grant_is_told_on_a_page(
    web: Web, fornitore: Fornitore, error: str, status: int
) -> None:
    answer = await enters(web, fornitore, error=error)
    assert answer.status_code == status
    assert 'href="/accesso"' in answer.text
    assert fornitore.times("/token") == 0


async def test_an_answer_in_the_name_of_another_issuer_is_refused(web: Web, fornitore: Fornitore) -> None:
    assert (await enters(web, fornitore, iss="https://altro.example")).status_code == 400
    assert (await enters(web, fornitore, iss=fornitore.url)).status_code == 303


STRANGE = ["%ff%fe", "%00", "http://[", "a" * 20_000, "%F0%9F%8C%B1", "..%2f", "%0d%0aX-Y:%20z", "{{7*7}}", "<b>"]


@pytest.mark.parametrize("strange", STRANGE)
async def test_whatever_is_typed_in_these_addresses_is_no_mistake_of_ours(
    web: Web, fornitore: Fornitore, strange: str
) -> None:
    state = (await sent_away(web))["state"]
    for name in ("code", "state", "iss", "error"):
        sent = {"code": "c", "state": state} | {name: ""}
        rest = "&".join(f"{n}={v}" for n, v in sent.items() if v)
        answer = await web.client.get(f"/accesso/ritorno?{rest}&{name}={strange}")
        assert answer.status_code in (400, 403, 502), (name, answer.status_code)
        assert strange not in answer.text
    answer = await web.client.get(f"/accesso?poi={strange}", headers={"Cookie": f"genera_orti_accesso={strange[:500]}"})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{fornitore.url}/authorization?")


WRONG: dict[str, dict[str, Any]] = {
    "for another client": {"aud": "altro"},
    "for several, of another": {"aud": [CLIENTE, "altro"], "azp": "altro"},
    "of another issuer": {"iss": "https://altro.example"},
    "of another attempt": {"nonce": "altro"},
    "without a nonce": {"nonce": None},
    "expired": {"exp": 1000},
    "without expiry": {"exp": None},
    "without subject": {"sub": None},
    "roles not a list": {"ruoli": "operatore"},
}


@pytest.mark.parametrize("wrong", WRONG)
async def test_an_id_token_that_does_not_hold_enters_nobody(web: Web, fornitore: Fornitore, wrong: str) -> None:
    fornitore.claims = WRONG[wrong]
    fornitore.token = lambda form: (200, {"access_token": "a", "id_token": fornitore.id_token(**WRONG[wrong])})
    await refused(web, fornitore)


@pytest.mark.parametrize(
    "kind", ["unsigned", "stranger", "none at all", "not a token", "far too long", "no JSON", "400"]
)
async def test_an_answer_that_is_not_the_provider_s_word_enters_nobody(
    web: Web, fornitore: Fornitore, kind: str
) -> None:
    def answer(form: dict[str, str]) -> tuple[int, Any]:
        token = fornitore.id_token()
        body = token.split(".")[1]
        stranger = ECKey.generate_key("P-256", {"alg": "ES256", "kid": fornitore.key.kid or ""})
        found: dict[str, tuple[int, Any]] = {
            "unsigned": (200, {"access_token": "a", "id_token": f"{part({'alg': 'none'})}.{body}."}),
            "stranger": (200, {"access_token": "a", "id_token": fornitore.id_token(stranger)}),
            "none at all": (200, {"access_token": "a"}),
            "not a token": (200, {"access_token": "a", "id_token": "ciao"}),
            "far too long": (200, {"access_token": "a", "id_token": "a" * 9000}),
            "no JSON": (200, b"<html>"),
            "400": (400, {"error": "invalid_grant"}),
        }
        return found[kind]

    fornitore.token = answer
    await refused(web, fornitore)


async def refused(web: Web, fornitore: Fornitore) -> None:
    answer = await enters(web, fornitore)
    assert answer.status_code == 502
    assert "ricominciare" in answer.text
    assert await web.count("session") == 0
    assert (await web.client.get("/")).status_code == 303


async def test_while_the_provider_is_away_nobody_enters_and_who_is_inside_stays(web: Web, fornitore: Fornitore) -> None:
    fornitore.away = True
    answer = await web.client.get("/accesso")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "non risponde" in answer.text
    fornitore.away = False
    away_no_longer(web)
    await enters(web, fornitore)
    fornitore.away = True
    await age(web, "59 minutes")
    assert (await web.client.get("/")).status_code == 200
    await age(web, "61 minutes")
    assert (await web.client.get("/")).status_code == 503


def away_no_longer(web: Web) -> None:
    """Five seconds pass."""
    discovery = web.app.state.here.provider.discovery
    for kept in (discovery._document, discovery._keys):
        kept._tried = -3600.0


async def test_the_provider_is_asked_for_what_it_says_once(web: Web, fornitore: Fornitore) -> None:
    for _ in range(3):
        await enters(web, fornitore)
    assert (fornitore.times("/.well-known/openid-configuration"), fornitore.times("/jwks")) == (1, 1)


async def test_new_keys_are_fetched_when_a_token_names_one_but_not_again_and_again(
    web: Web, fornitore: Fornitore
) -> None:
    await enters(web, fornitore)
    fornitore.key = ECKey.generate_key("P-256", {"alg": "ES256"}, auto_kid=True)
    assert (await enters(web, fornitore)).status_code == 502
    assert fornitore.times("/jwks") == 1  # five seconds between two questions
    away_no_longer(web)
    assert (await enters(web, fornitore)).status_code == 303
    assert fornitore.times("/jwks") == 2


@pytest.mark.parametrize("wrong", [{"issuer": "https://altro.example"}, {"jwks_uri": None}, {"token_endpoint": 5}])
async def test_a_document_that_is_wrong_is_not_believed(web: Web, fornitore: Fornitore, wrong: Any) -> None:
    fornitore.document = wrong
    assert (await web.client.get("/accesso")).status_code == 503


async def test_outside_development_no_step_goes_over_plain_http(web: Web, fornitore: Fornitore) -> None:
    web.app.state.here.provider.discovery._insecure = False
    assert (await web.client.get("/accesso")).status_code == 503


async def test_a_role_taken_away_is_noticed_within_ten_minutes(web: Web, fornitore: Fornitore) -> None:
    await enters(web, fornitore)
    fornitore.claims = {"ruoli": []}
    assert (await web.client.get("/")).status_code == 200
    await age(web, "11 minutes")
    assert (await web.client.get("/")).status_code == 403
    assert [form["refresh_token"] for path, form in fornitore.asked[-1:] if path == "/token"] == ["r1"]
    fornitore.claims, fornitore.more = {}, {"refresh_token": "r2"}
    await age(web, "11 minutes")
    assert (await web.client.get("/")).status_code == 200
    await age(web, "11 minutes")
    assert (await web.client.get("/")).status_code == 200
    assert fornitore.asked[-1][1]["refresh_token"] == "r2"


REFUSALS: dict[str, Any] = {
    "refused": (400, {"error": "invalid_grant"}),
    "without id token": (200, {"access_token": "a"}),
}


@pytest.mark.parametrize("why", REFUSALS)
async def test_who_is_no_longer_known_to_the_provider_is_out(web: Web, fornitore: Fornitore, why: str) -> None:
    await enters(web, fornitore)
    fornitore.token = lambda form: REFUSALS[why]
    await age(web, "11 minutes")
    assert (await web.client.get("/")).status_code == 303
    assert await web.count("session") == 0


async def test_somebody_else_s_token_does_not_renew_a_session(web: Web, fornitore: Fornitore) -> None:
    await enters(web, fornitore)
    fornitore.claims = {"sub": "bruno"}
    await age(web, "11 minutes")
    assert (await web.client.get("/")).status_code == 303


async def test_of_many_requests_at_once_one_asks_the_provider(web: Web, fornitore: Fornitore) -> None:
    await enters(web, fornitore)
    before = fornitore.times("/token")
    await age(web, "11 minutes")
    answers = await asyncio.gather(*[web.client.get("/") for _ in range(8)])
    assert {a.status_code for a in answers} == {200}
    assert fornitore.times("/token") - before == 1


async def test_who_read_the_session_before_another_confirmed_it_does_not_spend_its_token_again(
    web: Web, fornitore: Fornitore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await enters(web, fornitore)
    before = fornitore.times("/token")
    await age(web, "11 minutes")
    both, one, confirmed = asyncio.Barrier(2), asyncio.Lock(), Sessions._confirmed

    async def in_turn(*arguments: Any) -> Session:
        await both.wait()
        async with one:
            return await confirmed(*arguments)

    monkeypatch.setattr(Sessions, "_confirmed", in_turn)
    answers = await asyncio.gather(web.client.get("/"), web.client.get("/"))
    assert {a.status_code for a in answers} == {200}
    assert fornitore.times("/token") - before == 1


async def test_without_a_refresh_token_one_enters_again_after_an_hour(web: Web, fornitore: Fornitore) -> None:
    fornitore.more = {}
    await enters(web, fornitore)
    await age(web, "59 minutes")
    assert (await web.client.get("/")).status_code == 200
    await age(web, "61 minutes")
    assert (await web.client.get("/")).status_code == 303


async def test_the_provider_s_tokens_are_not_legible_in_the_database(web: Web, fornitore: Fornitore) -> None:
    fornitore.more = {"refresh_token": "un-segreto-del-gestore"}
    await enters(web, fornitore)
    stored = str([dict(row) for row in await web.runtime.pool.fetch("select * from session")])
    assert "un-segreto-del-gestore" not in stored
    assert "eyJ" not in json.loads(await web.runtime.pool.fetchval("select principal from session")).values()
    assert fornitore.id_token().split(".")[1][:40] not in stored


async def test_who_leaves_is_out_here_and_is_led_out_there(web: Web, fornitore: Fornitore) -> None:
    await enters(web, fornitore)
    browser = Browser(web)
    form = hidden(await browser.see(NEW))
    answer = await browser.send("/uscita", form)
    assert answer.status_code == 200
    assert await web.count("session") == 0
    assert session_cookie(web.runtime).name not in web.client.cookies
    assert f'http-equiv="refresh" content="0; url={fornitore.url}/end_session?id_token_hint=' in answer.text
    assert "post_logout_redirect_uri=http%3A%2F%2Forti.test%2Fuscita" in answer.text
    assert (await web.client.get("/")).status_code == 303


async def test_a_provider_without_a_way_out_is_no_obstacle(web: Web, fornitore: Fornitore) -> None:
    fornitore.document = {"end_session_endpoint": None}
    await enters(web, fornitore)
    browser = Browser(web)
    answer = await browser.send("/uscita", hidden(await browser.see(NEW)))
    assert answer.status_code == 200
    assert "refresh" not in answer.text


async def test_leaving_twice_is_no_mistake(web: Web) -> None:
    assert (await Browser(web).send("/uscita", {})).status_code == 200


@pytest.mark.parametrize(
    ("methods", "sent"),
    [
        (None, {"basic": f"{CLIENTE}:s3greto"}),
        (["client_secret_post"], {"client_id": CLIENTE, "client_secret": "s3greto"}),
    ],
)
async def test_a_client_with_a_secret_says_it_as_the_provider_wants(
    web: Web, fornitore: Fornitore, methods: Any, sent: dict[str, str]
) -> None:
    settings = web.runtime.settings.model_copy(update={"oidc_segreto": "s3greto"})
    fornitore.document = {"token_endpoint_auth_methods_supported": methods}
    found = web.app.state.here
    web.app.state.here = type(found)(
        found.runtime, found.verifier, found.sessions, Provider(settings, found.provider.discovery)
    )
    assert (await enters(web, fornitore)).status_code == 303
    token = next(form for path, form in fornitore.asked if path == "/token")
    assert sent.items() <= token.items()


async def test_roles_are_found_where_the_provider_puts_them(web: Web, fornitore: Fornitore) -> None:
    settings = web.runtime.settings.model_copy(
        update={"claim_ruoli": "realm_access.roles", "claim_servizi": "https://genera.example/servizi"}
    )
    fornitore.claims = {
        "ruoli": None, "servizi": None, "realm_access": {"roles": ["coordinatore"]},
        "https://genera.example/servizi": ["*"],
    }  # fmt: skip
    found = web.app.state.here
    web.app.state.here = type(found)(
        found.runtime, found.verifier, found.sessions, Provider(settings, found.provider.discovery)
    )
    await enters(web, fornitore)
    stored = json.loads(await web.runtime.pool.fetchval("select principal from session"))
    assert (stored["roles"], stored["services"]) == (["coordinatore"], ["*"])


async def test_a_service_without_a_provider_says_so(start: Start, issuer: Any) -> None:
    runtime = await start(strand(), **changes(issuer))
    async with client_of(runtime) as client:
        answer = await client.get("/accesso", headers={"Accept": "text/html"})
    assert answer.status_code == 503
    assert "gestore delle identità" in answer.text


async def test_bearer_tokens_are_verified_with_the_keys_the_provider_publishes(
    start: Start, fornitore: Fornitore
) -> None:
    runtime = await start(strand(), chiavi_file=None, oidc=fornitore.url, emittente=fornitore.url)
    app = make_app(runtime)
    verifier = app.state.here.verifier

    def token(key: ECKey) -> str:
        return jwt.encode({"alg": "ES256", "kid": key.kid}, claims(iss=fornitore.url), key)

    fornitore.away = True
    with pytest.raises(Problem, match="503"):
        await verifier.verify(token(fornitore.key))
    fornitore.away = False
    for kept in (verifier._discovery._document, verifier._discovery._keys):
        kept._tried = -3600.0
    assert (await verifier.verify(token(fornitore.key))).subject == "anna"
    fornitore.away = True
    verifier._discovery._keys._fetched = -7200.0
    assert (await verifier.verify(token(fornitore.key))).subject == "anna"  # known keys go on working
    with pytest.raises(Problem, match="401"):
        await verifier.verify(token(ECKey.generate_key("P-256", {"alg": "ES256"}, auto_kid=True)))
    async with client_of(runtime, app) as client:
        sent = {"Authorization": f"Bearer {token(fornitore.key)}"}
        answer = await client.post(f"/orti/{orto(1)}/apertura", json=APERTURA, headers=sent)
    assert answer.status_code == 201
