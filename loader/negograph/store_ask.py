"""The store's asking half: statements of users, which can only read, for so long and for so many rows.

On Neo4j the server itself says by EXPLAIN what a statement does, refuses writes in a session that reads, and ends what takes
too long. On the embedded engine a user that can only read asks, and what takes too long is ended by another session. On
both, the words of a statement are looked at first, and a thread of its own waits for the answer, so that no server can keep
a user waiting.
"""

from __future__ import annotations

import contextlib
import queue
import re
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import neo4j
from neo4j.exceptions import DriverError, Neo4jError

from negograph.cypher_text import (
    READING_PROCEDURES,
    not_reading,
    position,
    returned_columns,
    statements,
    tokens,
    without_end,
)
from negograph.results import Result, ResultValue
from negograph.store_errors import StoreError, first_line
from negograph.store_load import as_query
from negograph.store_values import plain_row

_EXPLAIN = "EXPLAIN "
_LINE_1 = re.compile(r"(?<=line 1, column )\d+")

_GRACE_SECONDS = 2.0
"""How long a server that ends queries itself gets to do so."""

_NOT_ASKED = {
    "PROFILE": "negograph asks for answers; Neo4j Browser shows what a query costs",
    **dict.fromkeys(("BEGIN", "COMMIT", "ROLLBACK", "SESSION"), "each query has a transaction of its own, that can only read"),
}
"""What a statement cannot begin with, though it does nothing to the graph."""

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
    if (first := tokens(cypher)[0].word) in _NOT_ASKED:
        raise StoreError(f"{first} is not for here: {_NOT_ASKED[first]}")


def refuse_plans_that_write(session: neo4j.Session, cypher: str, parameters: Mapping[str, Any]) -> None:
    """A statement reads, by what a Neo4j server would do.

    Raises:
        StoreError: if it would do anything else.
    """
    try:
        summary = session.run(as_query(f"{_EXPLAIN}{cypher}"), dict(parameters)).consume()
    except Neo4jError as error:
        if not (error.code or "").startswith("Neo.ClientError.Statement."):
            raise
        raise StoreError(f"the database says: {_LINE_1.sub(_own_column, first_line(error))}") from error
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


def _own_column(found: re.Match[str]) -> str:
    """A column of the first line as it is without EXPLAIN before it."""
    return str(max(1, int(found[0]) - len(_EXPLAIN)))


def ask(driver: neo4j.Driver, database: str, cypher: str, parameters: Mapping[str, Any], limits: Limits) -> Result:
    """What a query answers, on a Neo4j server, which ends what takes too long.

    Raises:
        StoreError: if the query does more than read, or takes too long.
    """

    @neo4j.unit_of_work(timeout=limits.seconds)
    def work(transaction: neo4j.ManagedTransaction) -> Result:
        return _answer(transaction.run(as_query(cypher), dict(parameters)), cypher, limits)

    def read(put: Callable[[Result], None]) -> None:
        with driver.session(database=database, default_access_mode=neo4j.READ_ACCESS) as session, _too_long(limits):
            refuse_plans_that_write(session, cypher, parameters)
            put(session.execute_read(work))

    return _in_time(read, limits, limits.seconds + _GRACE_SECONDS)


@contextlib.contextmanager
def _too_long(limits: Limits) -> Iterator[None]:
    try:
        yield
    except Neo4jError as error:
        if "TransactionTimedOut" in (error.code or ""):
            raise took_too_long(limits) from error
        raise


def took_too_long(limits: Limits) -> StoreError:
    """What is said of a query that was not waited for."""
    return StoreError(f"the query took longer than {limits.seconds:g} s and was ended; narrow it, or give it more time")


def ask_embedded(driver: neo4j.Driver, database: str, cypher: str, parameters: Mapping[str, Any], limits: Limits) -> Result:
    """What a query answers, on the embedded engine, where another session ends what takes too long, or has more rows.

    Raises:
        StoreError: if it takes too long.
    """
    mark = f"// asked as {secrets.token_hex(8)}"
    marked = f"{without_end(cypher)}\n{mark}"

    def read(put: Callable[[Result], None]) -> None:
        with driver.session(database=database, default_access_mode=neo4j.READ_ACCESS) as session:
            put(_answer(session.run(as_query(marked), dict(parameters)), cypher, limits))
            # where rows were cut, leaving the session waits for the engine to make all of the others, unless it is ended

    try:
        answer = _in_time(read, limits, limits.seconds)
    except BaseException:
        _end(driver, database, mark)
        raise
    if answer.cut:
        _end(driver, database, mark)
    return answer


def _end(driver: neo4j.Driver, database: str, mark: str) -> None:
    """End the query whose text has this mark at its end."""
    find = "SHOW TRANSACTIONS YIELD transactionId, currentQuery WHERE currentQuery ENDS WITH $mark RETURN transactionId"
    with contextlib.suppress(Neo4jError, DriverError), driver.session(database=database) as session:
        for record in list(session.run(find, {"mark": mark})):
            session.run("TERMINATE TRANSACTIONS $id", {"id": record[0]}).consume()


def _in_time(read: Callable[[Callable[[Result], None]], None], limits: Limits, seconds: float) -> Result:
    """What `read` puts, in a thread that is left alone after so many seconds."""
    answers: queue.SimpleQueue[Result | Exception] = queue.SimpleQueue()

    def work() -> None:
        try:
            read(answers.put)
        except Exception as error:
            answers.put(error)

    threading.Thread(target=work, daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise took_too_long(limits) from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _answer(answer: neo4j.Result, cypher: str, limits: Limits) -> Result:
    rows: list[tuple[ResultValue, ...]] = []
    for record in answer:
        if limits.rows is not None and len(rows) == limits.rows:
            return Result(tuple(answer.keys()), tuple(rows), cut=True)
        rows.append(plain_row(record))
    return Result(tuple(answer.keys()) or returned_columns(cypher), tuple(rows))
