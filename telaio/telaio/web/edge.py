"""The outermost layer: correlation id, security headers, metrics, a log line, and an answer to the unforeseen."""

import logging
from time import perf_counter

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from telaio import tracing
from telaio.web import incoming, metrics
from telaio.web.answers import answer
from telaio.web.problems import as_problem, internal

log = logging.getLogger("telaio.web")

CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",  # what ECharts needs to place its tooltips; a <style> stays forbidden
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # not no-referrer: browsers would then send "Origin: null" with our own forms
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}


class Edge:
    """Wraps the application. Nothing a request can do leaves here as an exception."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        await _Exchange(self._app, scope, receive, send).run()


class _Exchange:
    """One request and its answer."""

    def __init__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        self._app, self._scope, self._receive, self._send = app, scope, receive, send
        self._request = Request(scope, receive)
        self._status = 0
        self._correlation = incoming.correlation(self._request.headers)
        scope.setdefault("state", {})["correlation"] = self._correlation

    async def run(self) -> None:
        started = perf_counter()
        with tracing.request(self._scope["method"], incoming.traceparent(self._request.headers)) as span:
            try:
                await self._app(self._scope, self._receive, self._sending)
            except ClientDisconnect:
                self._status = self._status or 499
            except Exception as error:  # noqa: BLE001  one of the two edges of the system: see design/house.md
                await self._failed(error)
            finally:
                tracing.finished(span, self._route, self._status)
                self._finished(perf_counter() - started)

    @property
    def _route(self) -> str | None:
        """The template of the route that was found."""
        return getattr(self._scope.get("route"), "path", None)

    async def _sending(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Correlation-Id"] = self._correlation
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)

    async def _failed(self, error: Exception) -> None:
        problem = as_problem(error)
        if problem is None:
            log.error("unforeseen error", exc_info=error, extra={"correlation": self._correlation})
            problem = internal()
        elif problem.status >= 500:
            log.warning("unavailable", extra={"correlation": self._correlation, "cause": type(error).__name__})
        if self._status == 0:
            await answer(self._request, problem)(self._scope, self._receive, self._sending)

    def _finished(self, seconds: float) -> None:
        method, template = self._scope["method"], self._route
        metrics.observe(method, template, self._status, seconds)
        extra = {"method": method, "route": template, "status": self._status, "seconds": round(seconds, 4)}
        log.info("request", extra={**extra, "correlation": self._correlation})
