"""The store's asking half: statements of users, which can only read, for so long and for so many rows.

On Neo4j the server itself says by EXPLAIN what a statement does, refuses writes in a session that reads, and ends what takes
too long. The embedded engine does none of these; there a user that can only read asks, and a query that takes too long is
left to itself. On both, the words of a statement are looked at first.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import neo4j
from neo4j.exceptions import Neo4jError

from negograph.cypher_text import READING_PROCEDURES, not_reading, position, returned_columns, statements
from negograph.results import Result, ResultValue
from negograph.store_errors import StoreError
from negograph.store_load import as_query
from negograph.store_values import plain_row

_NOT_READING = {"LoadCSV": "LOAD CSV", "TerminateTransactions": "TERMINATE TRANSACTIONS"}
"""Operators of a plan that count as reading on the server, and what they do."""


@dataclass(frozen=True)
class Limits:
    """How long a query may take, in seconds, and how many rows of its answer are taken; None for all."""

    seconds: float = 300.0
    rows: int | None = None


def refuse_words_that_write(cypher: str) -> None:
    """A statement is one, and has no word that does more than read.

    Raises:
        StoreError: saying which and where.
    """
    if (count := statements(cypher)) != 1:
        raise StoreError(f"there {'are ' + str(count) + ' statements' if count else 'is no statement'}; write one")
    if (found := not_reading(cypher)) is not None:
        words, index = found
        line, column = position(cypher, index)
        raise StoreError(
            f"the query does more than read: {words} at line {line}, column {column}. negograph changes the graph only by "
            "`negograph load`; a name that is such a word is written in backticks"
        )


def refuse_plans_that_write(session: neo4j.Session, cypher: str, parameters: Mapping[str, Any]) -> None:
    """A statement reads, by what a Neo4j server would do.

    Raises:
        StoreError: if it would do anything else.
    """
    summary = session.run(as_query(f"EXPLAIN {cypher}"), dict(parameters)).consume()
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


def ask(driver: neo4j.Driver, database: str, cypher: str, parameters: Mapping[str, Any], limits: Limits) -> Result:
    """What a query answers, on a Neo4j server, which ends what takes too long.

    Raises:
        StoreError: if the query does more than read.
    """

    @neo4j.unit_of_work(timeout=limits.seconds)
    def work(transaction: neo4j.ManagedTransaction) -> Result:
        return _answer(transaction.run(as_query(cypher), dict(parameters)), cypher, limits)

    with driver.session(database=database, default_access_mode=neo4j.READ_ACCESS) as session:
        refuse_plans_that_write(session, cypher, parameters)
        with _too_long(limits):
            return session.execute_read(work)


@contextlib.contextmanager
def _too_long(limits: Limits) -> Iterator[None]:
    try:
        yield
    except Neo4jError as error:
        if "TransactionTimedOut" in (error.code or ""):
            raise took_too_long(limits) from error
        raise


def took_too_long(limits: Limits) -> StoreError:
    """What is said of a query that was ended."""
    return StoreError(f"the query took longer than {limits.seconds:g} s and was ended; narrow it, or give it more time")


def ask_apart(driver: neo4j.Driver, database: str, cypher: str, parameters: Mapping[str, Any], limits: Limits) -> Result:
    """What a query answers, on the embedded engine, which ends nothing: it is asked by a thread that can be left alone.

    Raises:
        StoreError: if it takes too long.
    """
    answers: queue.SimpleQueue[Result | Exception] = queue.SimpleQueue()
    thread = threading.Thread(target=_ask_and_put, args=(answers.put, driver, database, cypher, parameters, limits), daemon=True)
    thread.start()
    try:
        answer = answers.get(timeout=limits.seconds)
    except queue.Empty:
        raise took_too_long(limits) from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _ask_and_put(
    put: Callable[[Result | Exception], None],
    driver: neo4j.Driver,
    database: str,
    cypher: str,
    parameters: Mapping[str, Any],
    limits: Limits,
) -> None:
    try:
        with driver.session(database=database, default_access_mode=neo4j.READ_ACCESS) as session:
            put(_answer(session.run(as_query(cypher), dict(parameters)), cypher, limits))
            # where rows were cut, leaving the session waits for the engine to make all of the others
    except Exception as error:
        put(error)


def _answer(answer: neo4j.Result, cypher: str, limits: Limits) -> Result:
    rows: list[tuple[ResultValue, ...]] = []
    for record in answer:
        if limits.rows is not None and len(rows) == limits.rows:
            return Result(tuple(answer.keys()), tuple(rows), cut=True)
        rows.append(plain_row(record))
    return Result(tuple(answer.keys()) or returned_columns(cypher), tuple(rows))
