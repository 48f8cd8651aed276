"""A real Chromium on real services: casa and the cruscotto as processes, on a broker and databases of their own.

Chromium is the system's (`make system`); where it is missing these tests are skipped aloud.
"""

import asyncio
import json
import urllib.request
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from playwright.async_api import Browser, BrowserContext, Page, Request, async_playwright
from stack import waiting
from stack.broker import Broker
from stack.databases import Databases
from stack.entering import enter
from stack.services import IdentityProcess, ServiceProcess, ServiceSpec
from stack.tokens import ISSUER, Issuer

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
)  # fmt: skip
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
SHOTS = Path(__file__).parents[1] / "artefatti"
WIDTHS = {"schermo": (1280, 900), "telefono": (390, 844)}
RUN_AXE = AXE.read_text() + "; axe.run(document, {resultTypes: ['violations'], elementRef: false})"
ON_CSP = "addEventListener('securitypolicyviolation', e => (window.__csp ??= []).push(e.violatedDirective))"
ON_FOCUS = "window.__visti = new Set(); addEventListener('focusin', e => window.__visti.add(e.target))"
REACHABLE = """[...document.querySelectorAll('a[href], button, select, input, textarea, summary, [tabindex="0"]')]
  .filter(e => e.tabIndex >= 0 && e.checkVisibility() && e.getClientRects().length)"""
DRAWN = "[...document.querySelectorAll('.disegno')].every(d => !d.checkVisibility() || d.querySelector('svg'))"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skips what needs Chromium where there is none."""
    here = Path(__file__).parent
    for item in items:
        if not CHROMIUM.exists() and here in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=f"needs {CHROMIUM} (make system)"))


@dataclass
class Servizi:
    """The services under test, and the people who use them."""

    issuer: Issuer
    processes: dict[str, ServiceProcess] = field(default_factory=dict)
    databases: dict[str, str] = field(default_factory=dict)

    def url(self, name: str) -> str:
        return self.processes[name].url

    def ultime_parole(self) -> str:
        """The end of every log, for a test that failed."""
        return "\n".join(p.log.read_text(errors="replace")[-1500:] for p in self.processes.values())

    def comanda(self, percorso: str, corpo: Mapping[str, Any], user: str = "anna.bianchi") -> None:
        """A command to casa, as an operator's program gives it."""
        headers = {"Authorization": f"Bearer {self.issuer.token(user)}", "Content-Type": "application/json"}
        request = urllib.request.Request(self.url("casa") + percorso, json.dumps(corpo).encode(), headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            assert answer.status in (200, 201)


T = TypeVar("T")
Avvia = Callable[..., Servizi]
Prepare = Callable[[str], Coroutine[Any, Any, None]]


@pytest.fixture(scope="module")
def avvia(stack_files: Path, databases: Databases) -> Iterator[Avvia]:
    """Starts services: `avvia("casa", "cruscotto", broker=…)`; without a broker they run degraded.

    prepare: what is done to a new database first, an async function of its address; settings: added to every service's.
    """
    started: list[tuple[ServiceProcess, str]] = []
    files = stack_files / f"browser-{uuid4().hex[:8]}"
    identity, one_at_a_time = IdentityProcess(files / "identita"), Lock()
    partner = {"casa": "consorzio-tenda", "punti": "ama-brescia", "cruscotto": "ambito"}

    def start(*names: str, broker: Broker | None = None, prepare: Prepare | None = None, **more: str) -> Servizi:
        with one_at_a_time:
            identity.start()
        found = Servizi(Issuer(identity.files))
        for name in names:
            dsn = databases.fresh()
            settings = {"GENERA_DATABASE": dsn, "GENERA_OIDC": identity.url, "GENERA_OIDC_CLIENTE": name}
            settings |= _of_all(found.issuer, broker) | more
            process = ServiceProcess(files / f"{name}-{uuid4().hex[:6]}", ServiceSpec(name, partner[name]), settings)
            found.processes[name], found.databases[name] = process, dsn
            started.append((process, dsn))
            if broker and name == names[0]:
                process.run("topics")

        def begin(name: str) -> None:
            if prepare:
                waiting.run(prepare(found.databases[name]))
            found.processes[name].start()

        together(begin, names)
        return found

    yield start
    together(lambda one: one[0].stop(), started)
    identity.stop()
    for _, dsn in started:
        databases.drop(dsn)


def _of_all(issuer: Issuer, broker: Broker | None) -> dict[str, str]:
    """The settings that are the same for every service."""
    return {
        "GENERA_KAFKA": broker.address if broker else "127.0.0.1:1",
        "GENERA_CHIAVI_FILE": str(issuer.keys_file),
        "GENERA_EMITTENTE": ISSUER,
        "GENERA_SVILUPPO": "1",
        "GENERA_IDEMPOTENTE": "1" if broker is None or broker.features.idempotent else "0",
    }


def together(work: Callable[[T], object], on: Iterable[T]) -> None:
    """Does the work on all of them at once: starting and stopping is mostly waiting. Raises: what the work raises."""
    with ThreadPoolExecutor() as threads:
        list(threads.map(work, on))


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """One Chromium for the session, with a profile of its own that ends with it."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield browser
        await browser.close()


@dataclass
class Visita:
    """A page in a window of its own, and what it asked of whom."""

    page: Page
    base: str
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    async def apri(self, path: str) -> None:
        await self.page.goto(self.base + path)

    async def segui(self, selector: str) -> None:
        """Clicks what leads to another page, and waits for it."""
        async with self.page.expect_navigation():
            await self.page.click(selector)

    async def testo(self, selector: str) -> str:
        return (await self.page.locator(selector).inner_text()).strip()

    async def foto(self, name: str) -> None:
        """A picture of the whole page, for people to look at."""
        SHOTS.mkdir(exist_ok=True)
        await self.page.screenshot(path=SHOTS / f"{name}.png", full_page=True)

    async def disegnata(self) -> None:
        """Returns once every chart in sight is drawn."""
        await self.page.wait_for_function(DRAWN)

    async def non_raggiunti(self) -> list[str]:
        """What the Tab key does not reach, pressed from where the page begins."""
        for _ in range(await self.page.evaluate(f"{REACHABLE}.length") + 5):
            await self.page.keyboard.press("Tab")
        missed: list[str] = await self.page.evaluate(
            f"{REACHABLE}.filter(e => !window.__visti.has(e)).map(e => e.outerHTML.slice(0, 200))"
        )
        return missed

    def fuori(self) -> list[str]:
        """What the page asked of other hosts."""
        return [u for u in self.asked if urlsplit(u).netloc not in (urlsplit(self.base).netloc, "")]

    async def axe(self) -> list[str]:
        """What axe finds wrong, one line each."""
        found = await self.page.evaluate(RUN_AXE)
        return [f"{v['id']}: {n['target']} {n['failureSummary']}" for v in found["violations"] for n in v["nodes"]]

    async def sborda(self) -> int:
        """By how many pixels the page is wider than its window."""
        found: int = await self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        return max(found, 0)

    async def csp(self) -> list[str]:
        """What the page's own policy refused."""
        refused: list[str] = await self.page.evaluate("window.__csp ?? []")
        return refused + [line for line in self.said if "Content Security Policy" in line]


Apri = Callable[..., Any]


@pytest.fixture
def finestra(chromium: Browser) -> Apri:
    """Opens a window: `async with finestra(url, "anna.bianchi", width="telefono") as visita`, signed in as that demo
    user, or as nobody (None); options go to Playwright."""

    @asynccontextmanager
    async def window(base: str, user: str | None, *, width: str = "schermo", **options: Any) -> AsyncIterator[Visita]:
        wide, high = WIDTHS[width]
        context = await chromium.new_context(viewport={"width": wide, "height": high}, locale="it-IT", **options)
        try:
            yield await _visita(context, base, user)
        finally:
            await context.close()

    return window


@cache
def cookies_of(base: str, user: str) -> list[Any]:
    """What the service gives to who signs in: by the real way, which one test walks in Chromium too. Windows of the
    same person share it, as they do in a browser."""
    return [{"name": c.name, "value": c.value, "url": base, "sameSite": "Lax"} for c in enter(base, user).jar]


async def _visita(context: BrowserContext, base: str, user: str | None) -> Visita:
    if user:
        await context.add_cookies(await asyncio.to_thread(cookies_of, base, user))
    await context.add_init_script(f"{ON_CSP}; {ON_FOCUS}")
    visita = Visita(await context.new_page(), base)

    def asked(request: Request) -> None:
        visita.asked.append(request.url)

    visita.page.on("request", asked)
    visita.page.on("console", lambda message: visita.said.append(f"{message.type}: {message.text}"))
    visita.page.on("pageerror", lambda error: visita.said.append(f"error: {error}"))
    return visita
