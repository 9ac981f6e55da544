"""A transaction that writes: tried again where that can help, and finished in a time that somebody can wait for."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable

import neo4j
from neo4j.exceptions import DriverError, Neo4jError

from negograph.database.driver import open_session
from negograph.database.in_time import in_time

RETRY_SECONDS = 30.0
"""How long a server may be away in the middle of the work."""

_COMMIT_SECONDS = 20.0
"""How long a database may take at least to say that it committed; it may take twice as long as the writing, too."""

_FIRST_PAUSE_SECONDS = 1.0


def write(driver: neo4j.Driver, database: str, work: Callable[[neo4j.Transaction], None], left_alone: threading.Event) -> None:
    """Do some work in a transaction and commit it; all of it again while the driver says that can help.

    Raises:
        NoAnswer: if the database does not say in time that it committed.
        DriverError, Neo4jError: if it fails.
    """
    end, pause = time.monotonic() + RETRY_SECONDS, _FIRST_PAUSE_SECONDS
    while True:
        try:
            with open_session(driver.session(database=database)) as session:
                return _write_once(session, work, left_alone)
        except (DriverError, Neo4jError) as error:
            if not error.is_retryable() or time.monotonic() + pause > end:
                raise
        time.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311 - so that two that met do not meet again
        pause *= 2


def _write_once(session: neo4j.Session, work: Callable[[neo4j.Transaction], None], left_alone: threading.Event) -> None:
    began = time.monotonic()
    transaction = session.begin_transaction()
    work(transaction)
    in_time(transaction.commit, max(_COMMIT_SECONDS, 2 * (time.monotonic() - began)), left_alone)
