"""HTTP rate, errors and duration. Labels are bounded: the route's template, never the address asked for."""

from prometheus_client import Histogram

DURATION = Histogram(
    "genera_http_request_duration_seconds",
    "Time from the first byte of a request to the end of its answer.",
    ["method", "route", "status"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
UNKNOWN = "sconosciuta"


def observe(method: str, route: str | None, status: int, seconds: float) -> None:
    """Counts one request."""
    DURATION.labels(method if method in METHODS else "OTHER", route or UNKNOWN, str(status)).observe(seconds)
