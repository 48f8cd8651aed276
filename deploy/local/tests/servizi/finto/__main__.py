"""A service that does nothing but obey the conventions of the stack: `migrate`, `topics`, `api`."""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = json.dumps({k: v for k, v in os.environ.items() if k.startswith("GENERA_")}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)


if sys.argv[1] == "migrate" and "rotto" in os.environ.get("GENERA_PARTNER", ""):
    sys.exit("migrazione impossibile")
if sys.argv[1] == "api":
    HTTPServer((os.environ["GENERA_HOST"], int(os.environ["GENERA_PORT"])), Handler).serve_forever()
