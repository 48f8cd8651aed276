"""Playing the steps: each simulated day its commands are sent over HTTP, those that touch nothing in common at once."""

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from scenario.clock import SimulatedClock
from scenario.passo import Evento, Passo, catene

WIDTH = 6
TIMEOUT_S = 30
TRIES, PAUSE_S = 1200, 0.05
TROUBLE = (OSError, http.client.HTTPException)


@dataclass(frozen=True)
class Played:
    """A step and its answer. `body` is what was sent, with the ids of earlier events in place."""

    passo: Passo
    body: dict[str, Any]
    status: int
    answer: dict[str, Any]
    replayed: bool = False

    @property
    def accepted(self) -> bool:
        """Whether the service took the command, now or when it came first."""
        return self.status < 300

    @property
    def events(self) -> list[str]:
        """The ids of the events it led to."""
        return list(self.answer.get("eventi", ()))


@dataclass
class Performance:
    """All steps played so far, in the order of the plan, and what was not as expected."""

    played: dict[str, Played] = field(default_factory=dict)
    surprises: list[str] = field(default_factory=list)

    @property
    def accepted(self) -> list[Played]:
        """The commands accepted, each once: repeats are left out."""
        return [p for _, p in sorted(self.played.items()) if p.accepted and not p.passo.ripete]

    @property
    def events(self) -> list[str]:
        """The ids of all events that the accepted commands led to."""
        return [event for played in self.accepted for event in played.events]

    def note(self, played: Played) -> None:
        """Keeps the answer, and remarks on it where it is not the one expected."""
        self.played[played.passo.id] = played
        passo, code = played.passo, played.answer.get("code")
        if (played.status, code) != (passo.expects.status, passo.expects.codice):
            said = f"{played.status} {code or ''} {played.answer.get('detail', '')}".strip()
            self.surprises.append(f"{passo.id} {passo.giorno} {passo.path}: {said}, atteso {passo.expects}")
        elif passo.ripete and not self._as_before(played):
            self.surprises.append(f"{passo.id} {passo.path}: ripetuto, ha avuto un'altra risposta")

    def _as_before(self, played: Played) -> bool:
        return played.replayed and played.answer == self.played[played.passo.chiave].answer


class Player:
    """Sends steps. `services`: address by name; `tokens`: by user."""

    def __init__(self, services: Mapping[str, str], tokens: Mapping[str, str], clock: SimulatedClock) -> None:
        self._services = {name: urlsplit(url).netloc for name, url in services.items()}
        self._tokens, self._clock, self._own = tokens, clock, threading.local()
        self.performance = Performance()

    def play(
        self,
        passi: Iterable[Passo],
        advance: Callable[[Passo], object] = lambda _: None,
        morning: Callable[[date], object] = lambda _: None,
    ) -> Performance:
        """Plays the steps day by day; the next day begins when every answer of a day is there.

        advance: called after each step; morning: at the beginning of each day.
        """
        with ThreadPoolExecutor(WIDTH, thread_name_prefix="sportello") as desks:
            for day, steps in groupby(passi, key=lambda p: p.giorno):
                self._clock.move(day)
                morning(day)
                for _ in desks.map(lambda chain: self._play_chain(chain, advance), catene(list(steps))):
                    pass
        return self.performance

    def _play_chain(self, chain: list[Passo], advance: Callable[[Passo], object]) -> None:
        for passo in chain:
            self.performance.note(self._send(passo))
            advance(passo)

    def _send(self, passo: Passo) -> Played:
        """Sends until there is an answer and the news it waits for has come. The key makes a repeat harmless."""
        body = {name: self._resolved(value) for name, value in passo.body.items()}
        for attempt in range(TRIES):
            try:
                status, answer, replayed = self._post(passo, json.dumps(body).encode())
            except TROUBLE:
                self._own.__dict__.clear()
                if attempt == TRIES - 1:
                    raise
            else:
                again = status == 503 or answer.get("code") in passo.aspetta
                if not again or attempt == TRIES - 1:
                    return Played(passo, body, status, answer, replayed)
            time.sleep(PAUSE_S)
        raise AssertionError

    def _post(self, passo: Passo, body: bytes) -> tuple[int, dict[str, Any], bool]:
        headers = {"content-type": "application/json", "idempotency-key": passo.chiave}
        if passo.chi is not None:
            headers["authorization"] = f"Bearer {self._tokens[passo.chi]}"
        connection = self._connection(passo.servizio)
        connection.request("POST", f"/{passo.path}", body, headers)
        response = connection.getresponse()
        return response.status, _answer(passo, response), response.getheader("idempotency-replayed") is not None

    def _connection(self, service: str) -> http.client.HTTPConnection:
        """This thread's connection, kept open."""
        own = self._own.__dict__
        if service not in own:
            own[service] = http.client.HTTPConnection(self._services[service], timeout=TIMEOUT_S)
        found: http.client.HTTPConnection = own[service]
        return found

    def _resolved(self, value: Any) -> Any:
        """The value, or the id of the event it stands for."""
        return self.performance.played[value.passo].events[value.posto] if isinstance(value, Evento) else value


def _answer(passo: Passo, response: http.client.HTTPResponse) -> Any:
    """The JSON of an answer. Raises: ValueError that shows what came instead."""
    said = response.read()
    try:
        return json.loads(said)
    except ValueError as other:
        raise ValueError(f"{passo.servizio} {passo.path}: {response.status} {said[:200]!r}") from other
