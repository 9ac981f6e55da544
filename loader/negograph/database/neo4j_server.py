"""A Neo4j server: how it is connected to, what it does with a question, and what its errors mean.

It says by EXPLAIN what a question does, refuses writes in a session that reads, ends what takes too long, and lists what runs
with the metadata that it was sent with.
"""

import contextlib
import re
import threading
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import neo4j
from neo4j.api import BookmarkManager
from neo4j.exceptions import ConfigurationError, DriverError, Neo4jError, ServiceUnavailable, SessionExpired, TransientError

from negograph.database.cypher_text import READING_PROCEDURES
from negograph.database.driver import RETRY_SECONDS, Database, NoAnswer, Question, Take, make_driver, make_session, open_driver
from negograph.database.messages import explain_errors, not_reached, said_of_statement
from negograph.database.results import Result
from negograph.database.statements import as_query
from negograph.database.target import ServerTarget
from negograph.errors import StoreError

_SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")

_GRACE_SECONDS = 2.0
"""How long a server gets to end a question by itself."""

_EXPLAIN = "EXPLAIN "
_FIND = "SHOW TRANSACTIONS YIELD transactionId, metaData WHERE metaData.negograph = $mark RETURN transactionId"

_MEMORY = "SHOW SETTINGS YIELD name, value WHERE name STARTS WITH 'db' AND name CONTAINS 'memory.transaction' RETURN value"
_UNITS = {None: 1, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}

_NOT_READING = {"LoadCSV": "LOAD CSV", "TerminateTransactions": "TERMINATE TRANSACTIONS"}
"""Operators of a plan that count as reading on the server, and what they do."""


@contextlib.contextmanager
def connect_to_server(target: ServerTarget) -> Iterator[Database]:
    """A server, connected to until the context ends.

    Raises:
        StoreError: if the address is none, or the server cannot be reached or refuses the credentials.
    """
    left_alone = threading.Event()
    with open_driver(_driver(target), left_alone) as driver:
        database = Database(
            place=target.uri,
            name=target.database,
            writer=driver,
            reader=driver,
            open_reader=lambda: _driver(target),
            left_alone=left_alone,
            check=_check,
            answer=_answer,
            find=lambda mark: (_FIND, {"mark": mark}),
            grace_seconds=_GRACE_SECONDS,
            give_up=lambda: "the server goes on with it",
            largest_message=None,
            unreachable=lambda error: not_reached(target.uri, error),
            damaged=lambda why: _damaged(target.uri, why),
            own_errors_are_damage=False,
            bookmarks=_bookmarks(target),
            transaction_memory=lambda: _transaction_memory(driver, target.database),
        )
        with explain_errors(database):
            driver.verify_connectivity()
            _catch_up(database)
        yield database


def _driver(target: ServerTarget) -> neo4j.Driver:
    try:
        parts = urlsplit(target.uri)
        if parts.scheme not in _SCHEMES or not parts.hostname:
            raise ValueError(f"it is not of the form SCHEME://HOST with one of {', '.join(_SCHEMES)}")
        _ = parts.port  # raises where the port is no port
        return make_driver(target.uri, neo4j.basic_auth(target.username, target.password), RETRY_SECONDS)
    except (ConfigurationError, ValueError) as error:
        raise StoreError(
            f"{target.uri!r} is no address of a Neo4j server ({error}); write bolt://HOST:7687 or neo4j://HOST"
        ) from error


def _bookmarks(target: ServerTarget) -> BookmarkManager | None:
    """What ties sessions together where the server names others: one of them may not have yet what another has."""
    return neo4j.GraphDatabase.bookmark_manager() if target.uri.startswith("neo4j") else None


def _catch_up(database: Database) -> None:
    """Have the leader tell how far it is, so that nobody compares with less; where none leads, what there is can be read."""
    if database.bookmarks is None:
        return
    with (
        contextlib.suppress(ServiceUnavailable, SessionExpired, TransientError),
        make_session(database, database.writer, reading=False) as session,
    ):
        session.run("RETURN 1").consume()


def _transaction_memory(driver: neo4j.Driver, database: str) -> int | None:
    """The least of the limits that are set; None where there is none, or the user may not see the settings."""
    try:
        values = driver.execute_query(_MEMORY, database_=database, routing_=neo4j.RoutingControl.READ).records
    except (Neo4jError, DriverError):
        return None
    return min((size for (value,) in values if (size := size_in_bytes(str(value)))), default=None)


def size_in_bytes(size: str) -> int:
    """A size as Neo4j writes it, such as 278.00MiB, in bytes; 0 where it is none."""
    found = re.fullmatch(r"([\d.]+)([KMGT]i)?B", size)
    return int(float(found[1]) * _UNITS[found[2]]) if found else 0


def _answer(session: neo4j.Session, question: Question, take: Take) -> Result:
    @neo4j.unit_of_work(timeout=question.seconds, metadata={"negograph": question.mark})
    def work(transaction: neo4j.ManagedTransaction) -> Result:
        return take(transaction.run(as_query(question.cypher), dict(question.parameters)))

    try:
        _check(session, question)
        return session.execute_read(work)
    except Neo4jError as error:
        if "TransactionTimedOut" in (error.code or ""):
            raise NoAnswer from error
        raise


def _check(session: neo4j.Session, question: Question) -> None:
    explain = as_query(f"{_EXPLAIN}{question.cypher}")
    query = neo4j.Query(explain, metadata={"negograph": question.mark}, timeout=question.seconds)
    try:
        summary = session.run(query, dict(question.parameters)).consume()
    except Neo4jError as error:
        if not (error.code or "").startswith("Neo.ClientError.Statement."):
            raise
        raise said_of_statement(error, len(_EXPLAIN)) from error
    found = next(_more_than_reading(summary.plan or {}), None)
    if summary.query_type != "r" or found:
        raise StoreError(f"the query does more than read{f': {found}' if found else ''}; negograph asks only what reads")


def _more_than_reading(plan: Mapping[str, Any]) -> Iterator[str]:
    """What a plan does besides reading, and the procedures it calls of which that is not known."""
    operator = str(plan.get("operatorType", "")).partition("@")[0]
    if operator in _NOT_READING:
        yield _NOT_READING[operator]
    if operator == "ProcedureCall":
        procedure = str(plan.get("args", {}).get("Details", "")).partition("(")[0].strip()
        if procedure.replace("`", "").casefold() not in READING_PROCEDURES:
            yield f"CALL {procedure}"
    for child in plan.get("children", ()):
        yield from _more_than_reading(child)


def _damaged(place: str, why: str) -> str:
    return (
        f"the store of {place} is inconsistent: {why}. `neo4j-admin database check` tells more; restore a backup, or empty the "
        "database and load again"
    )
