"""Strands of different partners as running services on one bus; of the fifth the network knows nothing but the name."""

import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from scenario.clock import SimulatedClock
from stack.entering import enter
from stack.fixtures import OBTAINED_ON
from stack.local import LocalStack
from stack.services import ServiceProcess, ServiceSpec
from stack.tokens import Issuer, User

FIFTH = Path(__file__).parents[1] / "conformance" / "quinta"
DISTRICT = Path(__file__).parents[2] / "telaio" / "telaio" / "district.toml"
PARTNERS = {
    "casa": "consorzio-tenda",
    "punti": "ama-brescia",
    "lavoro": "cooperativa-la-sorgente",
    "mensa": "parrocchia-santa-maria-assunta",
}
NODES = {service: f"{service}/{ente}" for service, ente in PARTNERS.items()}
COMUNE = "punti/comune-montichiari"
READERS = {"casa": "anna.bianchi", "punti": "chiara.fontana", "lavoro": "marta.villa"}
START = date(2016, 3, 21)
Answer = dict[str, Any]


class Refused(Exception):
    """A problem document."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.code = code


@dataclass
class Desk:
    """One service as its operator uses it."""

    service: ServiceProcess
    token: str

    def send(self, path: str, **body: Any) -> Answer:
        """Gives a command. Raises: Refused."""
        return self._call(path, body)

    def get(self, path: str) -> Answer:
        return self._call(path)

    def page(self, path: str) -> str:
        """The text of a page."""
        return enter(self.service.url, READERS[self.service.name]).page(path)

    def queue(self, name: str) -> dict[str, Answer]:
        """The rows of a queue, by invio."""
        return {row["id"]: row for row in self.get(f"/liste/{name}")["righe"]}

    def state(self, queue: str, id: str) -> str:
        """The state of an invio as a queue tells it; empty while it is not there."""
        return str(self.queue(queue).get(id, {}).get("stato", ""))

    def _call(self, path: str, body: Answer | None = None) -> Answer:
        data = json.dumps(body).encode() if body is not None else None
        headers = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
        request = urllib.request.Request(self.service.url + path, data, headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return json.loads(answer.read())  # type: ignore[no-any-return]
        except urllib.error.HTTPError as error:
            raise Refused(error.code, json.loads(error.read())["code"]) from error


@dataclass
class Network:
    """The running strands, and the day it is for all of them."""

    desks: dict[str, Desk]
    clock: SimulatedClock
    today: date = START
    asked: dict[str, str] = field(default_factory=dict)

    def move(self, day: date) -> None:
        self.today = day
        self.clock.move(day)

    def ask(self, sender: str, a: str | None, prestazione: str, **more: Any) -> str:
        """Sends somebody, and returns the invio's id."""
        id, who = str(uuid4()), {"persona": "p-aaaaaa", "comune": "017113", "prestazione": prestazione, "a": a}
        self.desks[sender].send(f"/invii/{id}/richiesta", avvenuto_il=self.today.isoformat(), **who, **more)
        return id

    def act(self, service: str, side: str, id: str, command: str, **body: Any) -> Answer:
        """Gives one of the commands of a half: `invii` or `invii-ricevuti`."""
        return self.desks[service].send(f"/{side}/{id}/{command}", avvenuto_il=self.today.isoformat(), **body)

    def sent(self, service: str, id: str) -> Answer:
        """The sender's half."""
        state: Answer = self.desks[service].get(f"/invii/{id}")["stato"]
        return state


def until(condition: Callable[[], Any], what: str, within: float = 15) -> Any:
    """What the condition came to. Raises: AssertionError."""
    end = time.monotonic() + within
    while not (found := condition()):
        assert time.monotonic() < end, f"not within {within:g} s: {what}"
        time.sleep(0.005)
    return found


@pytest.fixture(scope="package")
def network(stack_files: Path, pytestconfig: pytest.Config) -> Iterator[Network]:
    """The strands, started."""
    files = stack_files / "invii"
    clock = SimulatedClock(files / "adesso")
    clock.move(START)
    district = files / "distretto.toml"
    text = DISTRICT.read_text(encoding="utf-8").replace("[linee]", f'[linee]\nmensa = "{PARTNERS["mensa"]}"')
    district.write_text(text, encoding="utf-8")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(FIFTH), os.environ.get("PYTHONPATH"))))
    specs = [ServiceSpec(name, ente) for name, ente in PARTNERS.items()]
    settings = {"GENERA_ADESSO": clock.setting, "GENERA_DISTRETTO_FILE": str(district)}
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(str(FIFTH))
        stack = LocalStack(files, specs, settings)
    try:
        stack.start(lambda line: None)
        for server in (stack.broker, stack.postgres):
            pytestconfig.stash[OBTAINED_ON][server.kind] = server.kind
        issuer = Issuer(stack.identity.files)
        operators = {n: User(f"op.{n}", n, "operatore", ("operatore",), (n,), e) for n, e in PARTNERS.items()}
        desks = {n: Desk(stack.services[n], issuer.token(operators[n])) for n in PARTNERS}
        yield Network(desks, clock)
    finally:
        stack.stop()
