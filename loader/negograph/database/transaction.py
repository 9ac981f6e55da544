"""A transaction that writes: tried again where that can help, and finished in a time that somebody can wait for."""

from __future__ import annotations

import contextlib
import queue
import random
import threading
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import neo4j
from neo4j.exceptions import DriverError, Neo4jError

_COMMIT_SECONDS = 20.0
"""How long a database may take at least to say that it committed; it may take twice as long as the writing, too."""

_FIRST_PAUSE_SECONDS = 1.0

LOOK_SECONDS = 0.1
"""After how long it is looked again whether something is there, or gone."""

T = TypeVar("T")


class Unanswered(Exception):
    """A database was asked something, and says nothing; `done` is what was done before."""

    def __init__(self, done: object = None) -> None:
        super().__init__("the database does not answer")
        self.done = done


@contextlib.contextmanager
def open_session(session: neo4j.Session) -> Iterator[neo4j.Session]:
    """A session, closed at the end, but not where somebody interrupts, or the database does not answer.

    An interrupt may come in the middle of a message. Then the database waits for the rest of it, and closing, which waits
    for the database, would never end; when the driver closes, the connection is cut, and the database rolls back.
    """
    try:
        yield session
    except Unanswered:
        raise
    except Exception:
        session.close()
        raise
    session.close()


@contextlib.contextmanager
def open_driver(driver: neo4j.Driver, left_alone: threading.Event) -> Iterator[neo4j.Driver]:
    """A driver, closed at the end, unless a thread was left alone with one of its connections: two must not use one."""
    try:
        yield driver
    finally:
        if not left_alone.is_set():
            driver.close()


def write(
    driver: neo4j.Driver,
    database: str,
    work: Callable[[neo4j.Transaction], T],
    retry_seconds: float,
    left_alone: threading.Event,
) -> T:
    """What some work in a transaction gives, which is then committed; all of it again while the driver says that can help.

    Raises:
        Unanswered: if the database does not say in time that it committed.
        DriverError, Neo4jError: if it fails.
    """
    end, pause = time.monotonic() + retry_seconds, _FIRST_PAUSE_SECONDS
    while True:
        try:
            with open_session(driver.session(database=database)) as session:
                return _write_once(session, work, left_alone)
        except (DriverError, Neo4jError) as error:
            if not error.is_retryable() or time.monotonic() + pause > end:
                raise
        time.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311 - so that two that met do not meet again
        pause *= 2


def _write_once(session: neo4j.Session, work: Callable[[neo4j.Transaction], T], left_alone: threading.Event) -> T:
    began = time.monotonic()
    transaction = session.begin_transaction()
    done = work(transaction)
    try:
        in_time(transaction.commit, max(_COMMIT_SECONDS, 2 * (time.monotonic() - began)), left_alone)
    except Unanswered:
        raise Unanswered(done) from None
    return done


def in_time(work: Callable[[], T], seconds: float, left_alone: threading.Event) -> T:
    """What some work gives, in a thread that is `left_alone` after so many seconds.

    Raises:
        Unanswered: if it takes longer.
    """

    def puts(put: Callable[[T], None]) -> None:
        put(work())

    return put_in_time(puts, seconds, left_alone, lambda: None)


def put_in_time(
    work: Callable[[Callable[[T], None]], None], seconds: float, left_alone: threading.Event, look: Callable[[], None]
) -> T:
    """What some work puts before it ends, in a thread that is `left_alone` after so many seconds, or where `look` raises.

    Raises:
        Unanswered: if it takes longer.
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
    raise Unanswered
