"""Work that a database may never finish, in a thread that is left alone after some time."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable
from typing import TypeVar

LOOK_SECONDS = 0.1
"""After how long it is looked again whether something is there, or gone."""

T = TypeVar("T")


class NoAnswer(Exception):
    """A database was asked something, and says nothing."""

    def __init__(self) -> None:
        super().__init__("the database does not answer")


def in_time(work: Callable[[], T], seconds: float, left_alone: threading.Event) -> T:
    """What some work gives, in a thread that is `left_alone` after so many seconds.

    Raises:
        NoAnswer: if it takes longer.
    """

    def puts(put: Callable[[T], None]) -> None:
        put(work())

    return put_in_time(puts, seconds, left_alone, lambda: None)


def put_in_time(
    work: Callable[[Callable[[T], None]], None], seconds: float, left_alone: threading.Event, look: Callable[[], None]
) -> T:
    """What some work puts before it ends, in a thread that is `left_alone` after so many seconds, or where `look` raises.

    Raises:
        NoAnswer: if it takes longer.
    """
    outcomes: queue.SimpleQueue[tuple[T | None, Exception | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            work(lambda done: outcomes.put((done, None)))
        except Exception as error:
            outcomes.put((None, error))

    threading.Thread(target=run, daemon=True).start()
    try:
        done, error = _first(outcomes, time.monotonic() + seconds, look)
    except BaseException:
        left_alone.set()
        raise
    if error is not None:
        raise error
    return done  # type: ignore[return-value]


def _first(outcomes: queue.SimpleQueue[T], until: float, look: Callable[[], None]) -> T:
    """The first outcome; `look` is called now and then while there is none."""
    while (left := until - time.monotonic()) > 0:
        with contextlib.suppress(queue.Empty):
            return outcomes.get(timeout=min(left, LOOK_SECONDS))
        look()
    raise NoAnswer
