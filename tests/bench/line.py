"""One HTTP/1.1 connection that is kept, as light as can be: who asks shares the machine with who is measured."""

import asyncio
import json
from typing import Any, Self
from urllib.parse import urlsplit


class Line:
    """A connection to a service, with the token of who asks; one request at a time."""

    def __init__(self, url: str, token: str) -> None:
        self._at = urlsplit(url)
        self._head = f"Host: {self._at.netloc}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection(self._at.hostname, self._at.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()

    async def get(self, path: str) -> Any:
        """What the service answers. Raises: RuntimeError where it is not a success."""
        return await self._ask("GET", path, b"")

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        """As `get`, for a command."""
        return await self._ask("POST", path, json.dumps(body).encode())

    async def _ask(self, method: str, path: str, body: bytes) -> Any:
        head = f"{method} {path} HTTP/1.1\r\n{self._head}Content-Length: {len(body)}\r\n\r\n"
        self._writer.write(head.encode() + body)
        said = (await self._reader.readuntil(b"\r\n\r\n")).decode().lower()
        answer = await self._reader.readexactly(int(said.partition("content-length: ")[2].partition("\r\n")[0]))
        if not said.startswith("http/1.1 2"):
            raise RuntimeError(f"{method} {path}: {said.partition(chr(13))[0]}")
        return json.loads(answer)
