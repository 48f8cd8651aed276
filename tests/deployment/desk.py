"""Casa's desk and the dashboard's, over HTTP: a command is entered at one, and seen at the other."""

import json
import urllib.request
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

FAMILY = {"avvenuto_il": "2026-02-02", "comune": "017113", "componenti": ["p-aaaaaa"], "minori": 0}
HOME = {"avvenuto_il": "2026-02-02", "comune": "017113", "vani": 3, "canone_centesimi": 40_000, "locatore": "privato"}
MEETING = {"avvenuto_il": "2026-02-02", "presenti": ["ente_locale", "cittadini"]}


@dataclass(frozen=True)
class Desk:
    """A service's address and who asks."""

    url: str
    token: str

    def enter(self, path: str, body: dict[str, Any]) -> None:
        """Sends a command to a new entity. Raises: urllib.error.HTTPError when it is refused."""
        kind, _, command = path.partition("/")
        self._asked(f"/{kind}/{uuid4()}/{command}", json.dumps(body).encode())

    def figure(self, code: str) -> Any:
        """The value of an indicator now."""
        found = self._asked("/api/v1/indicatori")["indicatori"]
        return next(one["valore"] for one in found if one["codice"] == code)

    def heard(self, service: str) -> int:
        """How many events of a service the dashboard has."""
        sources = self._asked("/api/v1/freschezza")["fonti"]
        return sum(one["eventi"] for one in sources if one["servizio"] == service)

    def status(self) -> dict[str, Any]:
        """What the service says of itself."""
        found: dict[str, Any] = self._asked("/status")
        return found

    def _asked(self, path: str, body: bytes | None = None) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": str(uuid4())}
        headers |= {"Content-Type": "application/json"} if body else {}
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(urllib.request.Request(self.url + path, body, headers), timeout=20) as answer:
            return json.load(answer)
