"""The driver: how it is made for each database alike, and how it and its sessions are closed."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator

import neo4j
from neo4j.auth_management import AuthManager

from negograph.database.in_time import NoAnswer

ANSWER_SECONDS = 15.0
"""How long a database may take to answer at all."""

RETRY_SECONDS = 30.0
"""How long a server may be away in the middle of the work."""

logging.getLogger("neo4j").addHandler(logging.NullHandler())  # what the driver would say on its own, our messages say


def make_driver(
    uri: str,
    auth: AuthManager | neo4j.Auth,
    retry_seconds: float,
    resolver: Callable[[neo4j.Address], list[neo4j.Address]] = lambda address: [address],
) -> neo4j.Driver:
    """A driver, which connects when it is used; a query that reads is tried again for `retry_seconds`."""
    from negograph.version import __version__

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
