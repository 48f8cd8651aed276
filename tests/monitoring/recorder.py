"""Who was told of what: a webhook receiver that writes down what Alertmanager sends to each of them."""

import json
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from stack.ports import HOST, free_ports


@dataclass(frozen=True)
class Notice:
    """One alert in one message. `receiver`: the path of the address it was sent to; `status`: firing or resolved."""

    at: float
    receiver: str
    alert: str
    owner: str
    service: str
    status: str
    annotations: dict[str, str]


class Recorder:
    """Listens on a free port until closed. `notices`: everything heard so far, oldest first."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []
        (port,) = free_ports(1)
        self.url = f"http://{HOST}:{port}"
        self._server = ThreadingHTTPServer((HOST, port), _handler(self.notices))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Hears nothing more."""
        self._server.shutdown()
        self._server.server_close()


def _handler(notices: list[Notice]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            notices.extend(_notice(self.path.strip("/"), alert) for alert in body["alerts"])
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler


def _notice(receiver: str, alert: dict[str, Any]) -> Notice:
    labels = alert["labels"]
    return Notice(
        time.monotonic(),
        receiver,
        labels["alertname"],
        labels["owner"],
        labels.get("service", ""),
        alert["status"],
        alert["annotations"],
    )
