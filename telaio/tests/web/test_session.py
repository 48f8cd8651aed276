"""Sessions: how long they last, what the browser holds, and forms that nobody else may send."""

import asyncio
import json

import pytest
from telaio.testing.entering import enter
from telaio.web.cookies import session_cookie
from telaio.web.session import Sessions, forget_old

from .browser import FORM, NEW, Browser, hidden
from .conftest import Web, orto


@pytest.fixture
async def browser(web: Web) -> Browser:
    browser = Browser(web)
    await browser.enter()
    return browser


async def age(web: Web, **ago: str) -> None:
    """Makes all sessions older: `seen_at="31 minutes"`; what the process remembers is a moment old too."""
    for column, interval in ago.items():
        await web.runtime.pool.execute(f"update session set {column} = now() - interval '{interval}'")
    web.app.state.here.sessions._known.clear()


async def test_without_a_session_every_page_leads_to_the_login_and_back(web: Web) -> None:
    answer = await Browser(web).client.get("/sportello/orti?cerca=a")
    assert (answer.status_code, answer.headers["location"]) == (303, "/accesso?poi=/sportello/orti%3Fcerca%3Da")


async def test_a_script_of_an_open_page_is_told_and_not_led_away(web: Web) -> None:
    for mode in ("cors", "same-origin"):
        answer = await Browser(web).client.get("/", headers={"Sec-Fetch-Mode": mode})
        assert answer.status_code == 401


@pytest.mark.parametrize("value", ["", "x", "è", "a" * 9000, "genera\\303", "null"])
async def test_a_made_up_cookie_is_nobody(web: Web, value: str) -> None:
    name = session_cookie(web.runtime).name
    answer = await web.client.get("/", headers=[(b"Cookie", f"{name}={value}".encode()), (b"Accept", b"text/html")])
    assert (answer.status_code, answer.headers["location"]) == (303, "/accesso")


async def test_the_database_holds_nothing_one_could_enter_with(browser: Browser, web: Web) -> None:
    stored = str(await web.runtime.pool.fetch("select * from session"))
    assert browser.entered.value not in stored


async def test_a_session_ends_when_no_page_is_opened_for_half_an_hour(browser: Browser, web: Web) -> None:
    await age(web, seen_at="29 minutes")
    await browser.see("/")
    assert await web.runtime.pool.fetchval("select now() - seen_at < interval '1 minute' from session")
    await age(web, seen_at="31 minutes")
    assert (await browser.client.get("/")).status_code == 303


async def test_what_a_script_asks_does_not_keep_a_session_alive(browser: Browser, web: Web) -> None:
    await age(web, seen_at="29 minutes")
    assert (await browser.client.get("/", headers={"Sec-Fetch-Mode": "cors"})).status_code == 200
    assert await web.runtime.pool.fetchval("select now() - seen_at > interval '28 minutes' from session")


async def test_a_session_ends_twelve_hours_after_it_began_whatever_happens(browser: Browser, web: Web) -> None:
    await age(web, made_at="11 hours 59 minutes")
    await browser.see("/")
    await age(web, made_at="12 hours 1 minute")
    assert (await browser.client.get("/")).status_code == 303


async def test_pages_one_after_the_other_are_one_question_to_the_database_and_write_nothing(
    browser: Browser, web: Web
) -> None:
    await browser.see("/")
    row = "select ctid::text from session"
    before = await web.runtime.pool.fetchval(row)
    await age(web)
    await asyncio.gather(*[browser.see("/") for _ in range(5)])
    assert await web.runtime.pool.fetchval(row) == before
    await web.runtime.pool.execute("delete from session")
    assert (await browser.client.get("/")).status_code == 200  # known for three seconds
    await age(web)
    assert (await browser.client.get("/")).status_code == 303


async def test_old_sessions_are_deleted(browser: Browser, web: Web) -> None:
    await forget_old(web.runtime.pool)
    assert await web.count("session") == 1
    await age(web, made_at="25 hours")
    await forget_old(web.runtime.pool)
    assert await web.count("session") == 0


async def test_outside_development_the_cookie_is_bound_to_host_and_tls(web: Web) -> None:
    web.runtime.settings = web.runtime.settings.model_copy(update={"sviluppo": False})
    cookie = session_cookie(web.runtime)
    assert (cookie.name, cookie.secure) == ("__Host-genera_orti", True)


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
    assert (await browser.send("/uscita", form, **headers)).status_code == 403
    assert (await web.count("journal"), await web.count("session")) == (0, 1)


@pytest.mark.parametrize("token", [None, "", "x", "é", "\ud800"])
async def test_a_form_without_the_token_of_its_session_does_nothing(
    browser: Browser, web: Web, token: str | None
) -> None:
    form = {**hidden(await browser.see(NEW)), **FORM}
    form.pop("_modulo")
    if token is not None:
        form["_modulo"] = token.encode("utf-8", "surrogatepass").decode("latin-1")
    answer = await browser.send(NEW, form)
    assert answer.status_code == 403
    assert "Il modulo è di un altro accesso" in answer.text
    assert (await browser.send("/uscita", form)).status_code == 403
    assert (await web.count("journal"), await web.count("session")) == (0, 1)


async def test_the_token_of_somebody_else_s_forms_does_nothing(browser: Browser, web: Web) -> None:
    other = await enter(web.runtime, "bruno", ["operatore"])
    form = {**hidden(await browser.see(NEW)), **FORM, "_modulo": other.form_token}
    assert (await browser.send(NEW, form)).status_code == 403


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


async def test_who_may_not_is_told_so_on_a_page_with_the_way_out(web: Web) -> None:
    browser = Browser(web)
    await browser.enter(ruoli=("amministratore_tecnico",))
    answer = await browser.client.get("/")
    assert answer.status_code == 403
    assert answer.headers["content-type"].startswith("text/html")
    assert "con il ruolo di amministratore tecnico" in answer.text
    assert 'action="/uscita"' in answer.text


async def test_a_form_whose_hidden_fields_were_changed_is_400(browser: Browser, web: Web) -> None:
    ours = {"_modulo": browser.entered.form_token}
    for form in ({**FORM}, {**FORM, "_id": orto(1)}, {**FORM, "_id": "a b", "_chiave": "k"}):
        assert (await browser.send(NEW, {**form, **ours})).status_code == 400
    assert (await browser.send(NEW, {**FORM, **ours, "_id": "unica", "_chiave": "k"})).status_code == 404
    assert await web.count("journal") == 0


async def test_a_form_that_is_no_form_is_a_4xx(browser: Browser) -> None:
    same = {"Origin": "http://orti.test"}
    post = browser.client.post
    assert (await post(NEW, content=b"{}", headers={**same, "Content-Type": "application/json"})).status_code == 415
    large = {**same, "Content-Type": "application/x-www-form-urlencoded"}
    assert (await post(NEW, content=b"a=" + b"b" * 100_000, headers=large)).status_code == 413
    assert (await post(NEW, content=b"&".join([b"a=1"] * 600), headers=large)).status_code == 400
    assert (await post(NEW, content=b"\xff=%ed%a0%80&_id=%ff", headers=large)).status_code == 403
    ours = f"_modulo={browser.entered.form_token}&".encode()
    assert (await post(NEW, content=ours + b"\xff=%ed%a0%80&_id=%ff", headers=large)).status_code == 400


async def test_a_form_sent_after_the_session_ended_is_not_lost_and_not_executed(browser: Browser, web: Web) -> None:
    form = {**hidden(await browser.see(NEW)), **FORM}
    await age(web, seen_at="31 minutes")
    answer = await browser.send(NEW, form)
    assert answer.status_code == 401
    assert "ricaricare questa pagina" in answer.text
    assert await web.count("journal") == 0
    await again(browser, "anna")
    assert (await browser.send(NEW, form)).status_code == 303


async def test_the_form_of_who_was_there_before_is_not_sent_by_who_comes_after(browser: Browser, web: Web) -> None:
    form = {**hidden(await browser.see(NEW)), **FORM}
    await again(browser, "bruno")
    assert (await browser.send(NEW, form)).status_code == 403
    assert await web.count("session") == 1


async def again(browser: Browser, subject: str) -> None:
    """Somebody enters in the browser that still has the cookie of before."""
    sessions: Sessions = browser.web.app.state.here.sessions
    stored = await browser.web.runtime.pool.fetchval("select principal from session")
    who = {**json.loads(stored), "subject": subject}
    await browser.enter_again(sessions, who)


async def test_every_form_carries_the_token_wherever_it_is_written(browser: Browser, web: Web) -> None:
    id = await web.open_garden()
    for path in ("/", NEW, f"/sportello/orti/{id}", f"/sportello/orti/{id}/vendita"):
        page = await browser.see(path)
        assert page.count('method="post"') == page.count(f'name="_modulo" value="{browser.entered.form_token}"') > 0
