"""What differs from one database to another.

A database has one module that makes a `Database`: neo4j_server.py, embedded/connection.py. All else is written once, for all;
only `open_store` chooses between them.
"""

import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import neo4j

from negograph.database.results import Result


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
