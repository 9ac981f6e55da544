"""What a database is to negograph, and its drivers and sessions: opened, used in time, and closed."""

import contextlib
import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

import neo4j
from neo4j.api import BookmarkManager
from neo4j.auth_management import AuthManager

from negograph.database.results import Result
from negograph.version import __version__


@dataclass(frozen=True)
class Question:
    """A query of a user: how many seconds it may take, and a mark by which it is found in the database while it runs."""

    cypher: str
    parameters: Mapping[str, Any]
    seconds: float
    mark: str = field(default_factory=lambda: secrets.token_hex(8))


Read: TypeAlias = Callable[[str, Mapping[str, Any]], Sequence[Sequence[Any]]]
"""Runs a statement with its parameters, and gives the rows of the answer."""

Take: TypeAlias = Callable[[neo4j.Result], Result]
"""Takes the rows of an answer, as many as are wanted."""


@dataclass(frozen=True)
class Database:
    """A database that negograph is connected to.

    Args:
        place: what messages call it.
        name: its name among the databases of a server.
        writer: the driver of a user that may write.
        reader: the driver of a user that only reads, if the database has such a user, else the same.
        open_reader: makes another such driver, for one thread alone.
        free_readers: such drivers that were made, and that no thread uses at present.
        left_alone: set where a thread was left with a connection of `writer` or `reader`: nobody closes them then.
        check: looks whether a question is understood and only reads. It is not run.
            Raises a StoreError if not.
        answer: runs a question so that it can do nothing but read. Raises a StoreError if it does more, and NoAnswer if the
            database itself ended it because it took too long.
        find: the statement that lists the transactions of the question with a mark, and its parameters.
        grace_seconds: how long a database that ends a question by itself gets to do so.
        give_up: does what can be done about a question that runs on though it was ended, and says what becomes of it.
        largest_message: how many bytes one message has at most; None where there is no limit.
        unreachable: what a broken connection means, and what to do.
        damaged: that what the database keeps is damaged in some way, and what to do.
        bookmarks: carries from one session to the next what it wrote and saw; None where all sessions are with one server.
        transaction_memory: how many bytes of memory a transaction may take; None where the database does not tell.
        own_errors_are_damage: whether the database fails at one of negograph's own statements only where its data is damaged.
        refuse_lost_data: raises an EngineError if the data was deleted or replaced since the connection was made.
    """

    place: str
    name: str
    writer: neo4j.Driver
    reader: neo4j.Driver
    open_reader: Callable[[], neo4j.Driver]
    left_alone: threading.Event
    check: Callable[[neo4j.Session, Question], None]
    answer: Callable[[neo4j.Session, Question, Take], Result]
    find: Callable[[str], tuple[str, Mapping[str, Any]]]
    grace_seconds: float
    give_up: Callable[[], str]
    largest_message: int | None
    unreachable: Callable[[BaseException], str]
    damaged: Callable[[str], str]
    own_errors_are_damage: bool
    refuse_lost_data: Callable[[], None] = lambda: None
    bookmarks: BookmarkManager | None = None
    transaction_memory: Callable[[], int | None] = lambda: None
    free_readers: list[neo4j.Driver] = field(default_factory=list)


ANSWER_SECONDS = 15.0
"""How long a database may take to answer at all."""

RETRY_SECONDS = 30.0
"""How long a server may be away in the middle of the work."""

LOOK_SECONDS = 0.1
"""After how long it is looked again whether something is there, or gone."""

_UNUSED_SECONDS = 1.0
"""After how long a connection is tried before it is used again: the database may be another one by then."""

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
        liveness_check_timeout=_UNUSED_SECONDS,
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


def make_session(database: Database, driver: neo4j.Driver, *, reading: bool, fetch_size: int = 1000) -> neo4j.Session:
    """A session, which sees what the earlier ones with the database wrote and saw, also where it is with another server."""
    return driver.session(
        database=database.name,
        default_access_mode=neo4j.READ_ACCESS if reading else neo4j.WRITE_ACCESS,
        fetch_size=fetch_size,
        bookmark_manager=database.bookmarks,
    )


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
