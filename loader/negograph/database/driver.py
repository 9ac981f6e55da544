"""The driver: how it is made for each database alike, how long it is waited for, and how it and its sessions are closed."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from typing import TypeVar

import neo4j
from neo4j.auth_management import AuthManager

from negograph.version import __version__

ANSWER_SECONDS = 15.0
"""How long a database may take to answer at all."""

RETRY_SECONDS = 30.0
"""How long a server may be away in the middle of the work."""

LOOK_SECONDS = 0.1
"""After how long it is looked again whether something is there, or gone."""

T = TypeVar("T")

logging.getLogger("neo4j").addHandler(logging.NullHandler())  # what the driver would say on its own, our messages say


class NoAnswer(Exception):
    """A database was asked something, and says nothing."""


def make_driver(
    uri: str,
    auth: AuthManager | neo4j.Auth,
    retry_seconds: float,
    resolver: Callable[[neo4j.Address], list[neo4j.Address]] = lambda address: [address],
) -> neo4j.Driver:
    """A driver, which connects when it is used; a query that reads is tried again for `retry_seconds`."""
    return neo4j.GraphDatabase.driver(
        uri,
        auth=auth,
        resolver=resolver,
        user_agent=f"negograph/{__version__}",
        connection_timeout=ANSWER_SECONDS,
        connection_acquisition_timeout=ANSWER_SECONDS,
        max_transaction_retry_time=retry_seconds,
        notifications_min_severity=neo4j.NotificationMinimumSeverity.OFF,
    )


@contextlib.contextmanager
def open_driver(driver: neo4j.Driver, left_alone: threading.Event) -> Iterator[neo4j.Driver]:
    """A driver, closed at the end, unless a thread was left alone with one of its connections: two must not use one."""
    try:
        yield driver
    finally:
        if not left_alone.is_set():
            driver.close()


@contextlib.contextmanager
def open_session(session: neo4j.Session) -> Iterator[neo4j.Session]:
    """A session, closed at the end, but not where somebody interrupts, or the database does not answer.

    An interrupt may come in the middle of a message. Then the database waits for the rest of it, and closing, which waits
    for the database, would never end; when the driver closes, the connection is cut, and the database rolls back.
    """
    try:
        yield session
    except NoAnswer:
        raise
    except Exception:
        session.close()
        raise
    session.close()


def in_time(work: Callable[[], T], seconds: float, left_alone: threading.Event, look: Callable[[], None] = lambda: None) -> T:
    """What some work gives, in a thread that is `left_alone` after so many seconds, or where `look` raises.

    Raises:
        NoAnswer: if it takes longer.
    """
    outcome, until = in_thread(work), time.monotonic() + seconds
    try:
        while not outcome.done():
            if (left := until - time.monotonic()) <= 0:
                raise NoAnswer
            if not wait([outcome], timeout=min(left, LOOK_SECONDS)).done:
                look()
    except BaseException:
        left_alone.set()
        raise
    return outcome.result()


def in_thread(work: Callable[[], T]) -> Future[T]:
    """What some work gives, or fails with, once it has ended in a thread that nobody has to wait for."""
    outcome: Future[T] = Future()

    def run() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:
            outcome.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return outcome
