"""Waiting for something to become true, from synchronous code, whether or not an event loop is running."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


class NotReady(Exception):
    """What was waited for did not come; the message says what, and for how long."""


def until(condition: Callable[[], bool], what: str, *, within: float, every: float = 0.05) -> None:
    """Return when `condition()` is true. Raises: NotReady after `within` seconds."""
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            raise NotReady(f"{what}: not within {within:g} s")
        time.sleep(every)


def run(work: Coroutine[Any, Any, T]) -> T:
    """Return the result of a coroutine run on a loop of its own thread: callable also where a loop is running."""
    with ThreadPoolExecutor(1, thread_name_prefix="stack") as thread:
        return thread.submit(asyncio.run, work).result()
