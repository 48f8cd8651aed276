"""A way to PostgreSQL that is held, cut or watched at a chosen statement: faults inside a transaction, from outside.

It understands as much of the protocol as it takes to know which statement a message runs.
"""

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from stack.ports import HOST

Moment = Literal["before", "after", "answered"]
PROTOCOL_3 = 3
READY = b"Z\x00\x00\x00\x05"
HELD_TOGETHER = b"PBDEC"  # parts of one request: they travel with what ends it


@dataclass(frozen=True)
class At:
    """A moment: `text` is searched (as a pattern) in each statement; `after` must have run in the same transaction;
    `when`: before the statement is passed on, just after, or once it is answered."""

    text: str
    when: Moment
    after: str = ""


@dataclass
class Rule:
    """What to do at a moment: at every n-th such, `times` times. `done` is set after the last."""

    at: At
    act: Callable[["Link"], Awaitable[object]]
    times: int = 1
    every: int = 1
    seen: int = 0
    hits: int = 0
    done: asyncio.Event = field(default_factory=asyncio.Event)

    def claims(self, link: "Link", sql: str, when: Moment) -> bool:
        """Whether to act now; counts."""
        if when != self.at.when or self.hits >= self.times or not re.search(self.at.text, sql):
            return False
        if self.at.after and not any(self.at.after in earlier for earlier in link.ran):
            return False
        self.seen += 1
        if self.seen % self.every:
            return False
        self.hits += 1
        return True


class Link:
    """One connection through the proxy."""

    def __init__(self, proxy: "Proxy", client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self._proxy, self._client, self._server = proxy, client, server
        self._statements: dict[bytes, str] = {}
        self._sql, self._running = "", ""
        self.ran: list[str] = []  # the statements since the last `begin`

    def cut(self) -> None:
        """Ends the connection for both. The server still reads what was passed on; the client gets no answer."""
        self._client.transport.abort()
        self._server.close()

    async def requests(self, reader: asyncio.StreamReader) -> None:
        """Passes requests on, each as a whole."""
        await self._greeting(reader)
        part = bytearray()
        while not self._server.is_closing():
            head = await reader.readexactly(5)
            body = await reader.readexactly(int.from_bytes(head[1:], "big") - 4)
            self._note(head[:1], body)
            part += head + body
            if head[:1] in HELD_TOGETHER:
                continue
            await self._pass_on(bytes(part), runs=head[:1] in b"QS")
            part.clear()

    async def _greeting(self, reader: asyncio.StreamReader) -> None:
        """The first messages have no type: a request for encryption (refused), then the start."""
        version = 0
        while version != PROTOCOL_3:
            head = await reader.readexactly(8)
            length, version = int.from_bytes(head[:4], "big"), int.from_bytes(head[4:6], "big")
            self._server.write(head + await reader.readexactly(length - 8))

    def _note(self, kind: bytes, body: bytes) -> None:
        """Remembers which statement is about to run."""
        if kind == b"Q":
            self._sql = body[:-1].decode(errors="replace")
        elif kind == b"P":
            name, sql, _ = body.split(b"\0", 2)
            self._statements[name] = sql.decode(errors="replace")
        elif kind == b"B":
            self._sql = self._statements.get(body.split(b"\0", 2)[1], "")

    async def _pass_on(self, request: bytes, *, runs: bool) -> None:
        sql, self._sql = (self._sql, "") if runs else ("", self._sql)
        if sql:
            self.ran = [] if sql.lstrip().startswith("begin") else self.ran
            await self._proxy.act(self, sql, "before")
        if self._server.is_closing():
            return
        self._running = sql or self._running
        self._server.write(request)
        await self._server.drain()
        if sql:
            self.ran.append(sql)
            await self._proxy.act(self, sql, "after")

    async def answers(self, reader: asyncio.StreamReader) -> None:
        """Passes answers back."""
        while chunk := await reader.read(65536):
            self._client.write(chunk)
            await self._client.drain()
            if self._running and chunk[-6:-1] == READY:
                sql, self._running = self._running, ""
                await self._proxy.act(self, sql, "answered")


class Proxy:
    """Listens on a port of its own and passes everything on to one server; `rules` say where it does not."""

    def __init__(self, dsn: str) -> None:
        self._dsn = urlsplit(dsn)
        self._server: asyncio.Server | None = None
        self._acting: set[asyncio.Task[None]] = set()
        self.rules: list[Rule] = []

    async def start(self) -> None:
        """Returns when it listens."""
        self._server = await asyncio.start_server(self._serve, HOST)

    async def stop(self) -> None:
        """Listens no more."""
        if self._server is not None:
            self._server.close()

    def dsn(self) -> str:
        """The server's connection string, through here."""
        assert self._server is not None
        port = self._server.sockets[0].getsockname()[1]
        user = self._dsn.netloc.rpartition("@")[0]
        return self._dsn._replace(netloc=f"{user}@{HOST}:{port}").geturl()

    @contextlib.contextmanager
    def rule(self, at: At, act: Callable[[Link], Awaitable[object]], times: int = 1, every: int = 1) -> Iterator[Rule]:
        """Obeys a rule meanwhile."""
        rule = Rule(at, act, times, every)
        self.rules.append(rule)
        try:
            yield rule
        finally:
            self.rules.remove(rule)

    async def act(self, link: Link, sql: str, moment: Moment) -> None:
        """Does what the rules say about this statement at this moment, to its end, also when the link breaks by it."""
        for rule in list(self.rules):
            if rule.claims(link, sql, moment):
                task = asyncio.create_task(self._obey(rule, link))
                self._acting.add(task)
                task.add_done_callback(self._acting.discard)
                await asyncio.shield(task)

    @staticmethod
    async def _obey(rule: Rule, link: Link) -> None:
        await rule.act(link)
        if rule.hits == rule.times:
            rule.done.set()

    async def _serve(self, from_client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        try:
            from_server, to_server = await asyncio.open_connection(HOST, self._dsn.port)
        except OSError:
            to_client.close()
            return
        link = Link(self, to_client, to_server)
        pumps = [asyncio.create_task(link.requests(from_client)), asyncio.create_task(link.answers(from_server))]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            to_server.close()
            to_client.close()


async def cut(link: Link) -> None:
    """A rule's act: the connection ends here."""
    link.cut()


def killing(kill: Callable[[], object]) -> Callable[[Link], Awaitable[object]]:
    """A rule's act: the process dies here; what it was about to say is not passed on."""

    async def act(link: Link) -> None:
        await asyncio.to_thread(kill)
        link.cut()

    return act


async def nothing(link: Link) -> None:
    """A rule's act: only count."""
