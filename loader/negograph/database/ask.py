"""The store's asking half: statements of users, which can only read, for so long and for so many rows.

The words of a statement are looked at first. A Neo4j server then says by EXPLAIN what it does, and refuses writes in a session
that reads; on the embedded engine a user that can only read asks. A thread with a driver of its own, which nobody else touches,
waits for the answer, so that no database can keep a user waiting. What takes too long is ended from beside, and whether it is
gone is looked up: some statements, such as a `reduce` over a long list, do not heed it.
"""

from __future__ import annotations

import contextlib
import re
import secrets
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import neo4j
from neo4j.exceptions import DriverError, Neo4jError

from negograph.database.cypher_text import (
    READING_PROCEDURES,
    not_reading,
    position,
    returned_columns,
    statements,
    tokens,
    without_end,
)
from negograph.database.explained import first_line
from negograph.database.results import Result, ResultNode, ResultPath, ResultRelationship, ResultValue
from negograph.database.transaction import LOOK_SECONDS, Unanswered, put_in_time
from negograph.database.values import plain_row
from negograph.database.writer import as_query
from negograph.errors import StoreError

_EXPLAIN = "EXPLAIN "
_LINE_1 = re.compile(r"(?<=line 1, column )\d+|(?<=line 1:)\d+")

_LONGEST = 65_536
"""How many characters a statement has at most: reading it takes time that no limit of the database counts."""

_UNDERSTOOD_SECONDS = 30.0
"""How long a database may take to say whether it understands a statement."""

_GRACE_SECONDS = 2.0
"""How long a query gets to heed that it is ended, and a server that ends queries itself to do so."""

_MOST_BYTES = 256 * 1024 * 1024
"""How much memory the values of an answer may take, about; a table of a million cells takes half of it."""

_NOT_ASKED = {
    "PROFILE": "negograph asks for answers; Neo4j Browser shows what a query costs",
    **dict.fromkeys(("BEGIN", "COMMIT", "ROLLBACK", "SESSION"), "each query has a transaction of its own, that can only read"),
}
"""What a statement cannot begin with, though it does nothing to the graph."""

_NOT_READING = {"LoadCSV": "LOAD CSV", "TerminateTransactions": "TERMINATE TRANSACTIONS"}
"""Operators of a plan that count as reading on the server, and what they do."""


_MOST_GROWTH = 1024 * 1024 * 1024
"""How much the process may grow while it waits for an answer. Half a million rows of ten columns take a third of it."""


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
    if len(cypher) > _LONGEST:
        raise StoreError(
            f"the query has {len(cypher):,} characters, and negograph asks {_LONGEST:,} at most; give lists as parameters"
        )
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


def _refuse_plans_that_write(
    session: neo4j.Session, cypher: str, parameters: Mapping[str, Any], seconds: float, mark: str
) -> None:
    """A statement reads, by what a Neo4j server would do. Planning it may take so many seconds, and others find it by the mark.

    Raises:
        StoreError: if it would do anything else.
    """
    try:
        query = neo4j.Query(as_query(f"{_EXPLAIN}{cypher}"), metadata={"negograph": mark}, timeout=seconds)
        summary = session.run(query, dict(parameters)).consume()
    except Neo4jError as error:
        if not (error.code or "").startswith("Neo.ClientError.Statement."):
            raise
        raise StoreError(_said(error, len(_EXPLAIN))) from error
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


def _said(error: Neo4jError, before: int) -> str:
    """What a database says of a statement, with places as they are without so many characters before it."""
    said = _LINE_1.sub(lambda found: str(max(1, int(found[0]) - before)), first_line(error))
    return f"the database says: {said}"


@dataclass(frozen=True)
class Database:
    """A database that is asked: how to open a driver for the asking thread, the driver of everybody else, and what it is."""

    open: Callable[[], neo4j.Driver]
    beside: neo4j.Driver
    name: str
    embedded: bool


def ask(database: Database, cypher: str, parameters: Mapping[str, Any], limits: Limits, give_up: Callable[[], None]) -> Result:
    """What a query answers. `give_up` is called where it runs on though it was ended.

    Raises:
        StoreError: if the query does more than read, or takes too long.
    """

    def answer(session: neo4j.Session, mark: str) -> Result:
        return _asked(session, database, cypher, parameters, limits, mark)

    return _within(database, answer, limits, give_up)


def understand(database: Database, cypher: str, give_up: Callable[[], None]) -> None:
    """Have a database look at a query, which it does not run.

    Raises:
        StoreError: if it does not understand the query, takes too long for that, or would do more than read.
    """

    def look(session: neo4j.Session, mark: str) -> Result:
        if database.embedded:
            session.run(as_query(f"{_EXPLAIN}{_marked(mark)} {cypher}")).consume()
        else:
            _refuse_plans_that_write(session, cypher, {}, _UNDERSTOOD_SECONDS, mark)
        return Result((), ())

    _within(database, look, Limits(_UNDERSTOOD_SECONDS), give_up)


def _within(
    database: Database, work: Callable[[neo4j.Session, str], Result], limits: Limits, give_up: Callable[[], None]
) -> Result:
    """What some work with a query gives within limits; what takes longer is ended by the mark that it is given."""
    mark = secrets.token_hex(8)
    left_alone = threading.Event()

    def read(put: Callable[[Result], None]) -> None:
        with database.open() as driver, _session(driver, database, limits) as session:
            if not left_alone.is_set():
                put(work(session, mark))
                # where the answer was cut, leaving waits for the database to make all of the others, unless it is ended

    seconds = limits.seconds if database.embedded else limits.seconds + _GRACE_SECONDS
    before = _most_memory()
    try:
        answer = put_in_time(read, seconds, left_alone, lambda: _refuse_growth(before))
    except Unanswered:
        if _ended(database, mark):
            raise StoreError(f"{_took_longer(limits)} and was ended; narrow it, or give it more time") from None
        give_up()
        goes_on = "the embedded engine is ended with it" if database.embedded else "the server goes on with it"
        raise StoreError(f"{_took_longer(limits)} and does not heed that it is ended, so {goes_on}; narrow it") from None
    except _TooLarge:
        _ended(database, mark)
        raise StoreError(f"a row of the answer takes more memory than {_MOST_GROWTH >> 20:,} MB; return less in a row") from None
    except KeyboardInterrupt:
        _ended(database, mark)
        raise
    if answer.cut:
        _ended(database, mark)
    return answer


def _session(driver: neo4j.Driver, database: Database, limits: Limits) -> neo4j.Session:
    """A session that reads. What was not asked for is not sent: no more rows at a time than are wanted."""
    at_a_time = 1000 if limits.rows is None else min(1000, limits.rows + 1)
    return driver.session(database=database.name, default_access_mode=neo4j.READ_ACCESS, fetch_size=at_a_time)


def _asked(
    session: neo4j.Session, database: Database, cypher: str, parameters: Mapping[str, Any], limits: Limits, mark: str
) -> Result:
    """The answer to a query that carries a mark by which others find it."""
    if database.embedded:
        marked, added = _with_mark(without_end(cypher), mark)
        try:
            return _answer(session.run(as_query(marked), dict(parameters)), cypher, limits)
        except Neo4jError as error:
            if not (error.code or "").endswith("SyntaxError"):
                raise
            raise StoreError(_said(error, added)) from error

    @neo4j.unit_of_work(timeout=limits.seconds, metadata={"negograph": mark})
    def work(transaction: neo4j.ManagedTransaction) -> Result:
        return _answer(transaction.run(as_query(cypher), dict(parameters)), cypher, limits)

    try:
        _refuse_plans_that_write(session, cypher, parameters, limits.seconds, mark)
        return session.execute_read(work)
    except Neo4jError as error:
        if "TransactionTimedOut" in (error.code or ""):
            raise Unanswered from error
        raise


def _with_mark(cypher: str, mark: str) -> tuple[str, int]:
    """A statement with a mark, and by how many characters it is longer.

    The mark comes first, for the engine shows the beginning of a long statement alone; only EXPLAIN must come before it.
    """
    first = tokens(cypher)[0]
    place = first.start + len(first.text) if first.word == _EXPLAIN.strip() else 0
    comment = f" {_marked(mark)} "
    return f"{cypher[:place]}{comment}{cypher[place:]}", len(comment)


def _marked(mark: str) -> str:
    return f"/* asked as {mark} */"


def _took_longer(limits: Limits) -> str:
    return f"the query took longer than {limits.seconds:g} s"


def _ended(database: Database, mark: str) -> bool:
    """End the query with this mark; whether it is gone, within a few seconds."""
    where = "currentQuery CONTAINS $mark" if database.embedded else "metaData.negograph = $mark"
    value = _marked(mark) if database.embedded else mark
    columns = "transactionId, currentQuery" if database.embedded else "transactionId, metaData"
    find = as_query(f"SHOW TRANSACTIONS YIELD {columns} WHERE {where} RETURN transactionId")
    until = time.monotonic() + _GRACE_SECONDS
    with contextlib.suppress(Neo4jError, DriverError), database.beside.session(database=database.name) as session:
        while found := [record[0] for record in session.run(find, {"mark": value})]:
            if time.monotonic() > until:
                return False
            for transaction in found:
                session.run("TERMINATE TRANSACTIONS $id", {"id": transaction}).consume()
            time.sleep(LOOK_SECONDS)
        return True
    return False


class _TooLarge(Exception):
    """The answer fills the memory."""


def _refuse_growth(before: int) -> None:
    """The driver takes in a row whole, whatever its size.

    Raises:
        _TooLarge: if the process grew too much.
    """
    if _most_memory() - before > _MOST_GROWTH:
        raise _TooLarge


def _most_memory() -> int:
    """The most memory that this process ever had, in bytes; 0 where the system does not tell."""
    try:
        import resource  # not on Windows
    except ImportError:
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def _answer(answer: neo4j.Result, cypher: str, limits: Limits) -> Result:
    """The rows of an answer, until there are as many as were asked for, or they take more memory than they may."""
    rows: list[tuple[ResultValue, ...]] = []
    size = 0
    for record in answer:
        if (limits.rows is not None and len(rows) == limits.rows) or size > _MOST_BYTES:
            return Result(tuple(answer.keys()), tuple(rows), cut=True)
        rows.append(plain_row(record))
        size += sum(map(_bytes, rows[-1]))
    return Result(tuple(answer.keys()) or returned_columns(cypher), tuple(rows))


def _bytes(value: ResultValue) -> int:
    """About how much memory a value takes."""
    if isinstance(value, list):
        return sys.getsizeof(value) + sum(map(_bytes, value))
    if isinstance(value, Mapping):
        return sys.getsizeof(value) + sum(_bytes(item) for item in value.values())
    if isinstance(value, ResultNode):
        return _bytes(dict(value.properties))
    if isinstance(value, ResultRelationship):
        return _bytes(dict(value.properties)) + _bytes(value.start) + _bytes(value.end)
    if isinstance(value, ResultPath):
        return sum(map(_bytes, value.nodes)) + sum(map(_bytes, value.relationships))
    return sys.getsizeof(value)
