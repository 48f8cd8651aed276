"""Entering, leaving, and forms that nobody else may send."""

import pytest

from ..conftest import settings
from .browser import FORM, NEW, Browser, hidden
from .conftest import Web, changes, orto


@pytest.fixture
async def browser(web: Web) -> Browser:
    browser = Browser(web)
    await browser.enter()
    return browser


async def test_without_a_token_every_page_leads_to_the_login_and_back(web: Web) -> None:
    browser = Browser(web)
    answer = await browser.client.get("/sportello/orti?cerca=a")
    assert (answer.status_code, answer.headers["location"]) == (303, "/accesso?poi=/sportello/orti%3Fcerca%3Da")
    page = await browser.see(answer.headers["location"])
    assert hidden(page)["poi"] == "/sportello/orti?cerca=a"
    entered = await browser.send("/accesso", {"token": web.token(), "poi": "/sportello/orti?cerca=a"})
    assert entered.headers["location"] == "/sportello/orti?cerca=a"
    assert (await browser.client.post("/uscita", headers={"Origin": "http://orti.test"})).status_code == 303
    assert (await browser.client.get("/")).status_code == 303


@pytest.mark.parametrize("after", ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "/a\r\nX: y"])
async def test_the_login_leads_nowhere_else(web: Web, after: str) -> None:
    entered = await Browser(web).send("/accesso", {"token": web.token(), "poi": after})
    assert entered.headers["location"] == "/"


async def test_a_bad_token_does_not_enter(web: Web) -> None:
    browser = Browser(web)
    for token in ("", "ciao", web.issuer.foreign_token("anna.bianchi"), web.issuer.expired_token("anna.bianchi")):
        answer = await browser.send("/accesso", {"token": token})
        assert answer.status_code == 422
        assert "<title>Errore:" in answer.text
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://orti.test"},
        {"Sec-Fetch-Site": "same-site"},
        {"Referer": "http://orti.test/"},
    ],
)
async def test_a_form_of_another_site_does_nothing(browser: Browser, web: Web, headers: dict[str, str]) -> None:
    form = {**hidden(await browser.see(NEW)), **FORM}
    assert (await browser.send(NEW, form, **headers)).status_code == 403
    assert (await browser.send("/accesso", {"token": web.token()}, **headers)).status_code == 403
    assert (await browser.send("/uscita", {}, **headers)).status_code == 403
    assert await web.count("journal") == 0


async def test_only_the_development_identity_server_may_send_a_token_from_elsewhere(web: Web) -> None:
    identity = "http://127.0.0.1:9000"
    own = settings(database="postgresql://", identita=identity, **changes(web.issuer))
    web.runtime.settings = own
    browser = Browser(web)
    answer = await browser.send(
        "/accesso", {"token": web.token()}, **{"Origin": identity, "Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 303
    for origin in ("http://127.0.0.1:9001", "https://127.0.0.1:9000", "http://127.0.0.1:9000.evil.example"):
        assert (await browser.send("/accesso", {"token": web.token()}, **{"Origin": origin})).status_code == 403
    assert (await browser.send(NEW, FORM, **{"Origin": identity})).status_code == 403
    browser.client.cookies.clear()
    assert f"{identity}/accedi?ritorno=http%3A%2F%2Forti.test%2Faccesso" in await browser.see("/accesso")


async def test_who_may_only_read_sees_no_buttons_and_no_forms(web: Web) -> None:
    id = await web.open_garden()
    browser = Browser(web)
    await browser.enter(ruoli=("coordinatore",))
    page = await browser.see(f"/sportello/orti/{id}")
    assert "vendita" not in page.lower().replace("venduto", "")
    assert "rettifica?evento" not in page
    assert NEW not in await browser.see("/")
    assert (await browser.client.get(NEW)).status_code == 403
    assert (await browser.send(NEW, {**FORM, "_id": orto(5), "_chiave": "k"})).status_code == 403
    assert await web.count("journal") == 1


async def test_a_form_whose_hidden_fields_were_changed_is_400(browser: Browser, web: Web) -> None:
    for form in ({**FORM}, {**FORM, "_id": orto(1)}, {**FORM, "_id": "a b", "_chiave": "k"}):
        assert (await browser.send(NEW, form)).status_code == 400
    assert (await browser.send(NEW, {**FORM, "_id": "unica", "_chiave": "k"})).status_code == 404
    assert await web.count("journal") == 0


async def test_a_form_that_is_no_form_is_a_4xx(browser: Browser) -> None:
    same = {"Origin": "http://orti.test"}
    post = browser.client.post
    assert (await post(NEW, content=b"{}", headers={**same, "Content-Type": "application/json"})).status_code == 415
    large = {**same, "Content-Type": "application/x-www-form-urlencoded"}
    assert (await post(NEW, content=b"a=" + b"b" * 100_000, headers=large)).status_code == 413
    assert (await post(NEW, content=b"&".join([b"a=1"] * 600), headers=large)).status_code == 400
    assert (await post(NEW, content=b"\xff=%ed%a0%80&_id=%ff", headers=large)).status_code == 400


async def test_a_form_sent_after_the_session_ended_is_not_lost_and_not_executed(browser: Browser, web: Web) -> None:
    form = {**hidden(await browser.see(NEW)), **FORM}
    browser.client.cookies.clear()
    answer = await browser.send(NEW, form)
    assert answer.status_code == 401
    assert "ricaricare questa pagina" in answer.text
    assert await web.count("journal") == 0
    await browser.enter()
    assert (await browser.send(NEW, form)).status_code == 303
