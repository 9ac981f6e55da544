"""The store's asking half: statements of users, which can only read, for so long and for so many rows.

The words of a statement are looked at first; then each database makes sure in its own way that it reads. A thread with a driver
of its own, which nobody else touches, waits for the answer, so that no database can keep a user waiting. What takes too long is
ended from beside, and whether it is gone is looked up: some statements, such as a `reduce` over a long list, do not heed it.
"""

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import neo4j
from neo4j.exceptions import DriverError, Neo4jError

from negograph.database.cypher_text import beginnings, not_reading, position, returned_columns, tokens
from negograph.database.driver import LOOK_SECONDS, Database, NoAnswer, Question, in_thread, in_time, make_session
from negograph.database.results import Result, ResultValue, inner_values
from negograph.database.statements import as_query, plain_row
from negograph.errors import StoreError

_LONGEST = 65_536
"""How many characters a statement has at most: reading it takes time that no limit of the database counts."""

_CHECK_SECONDS = 30.0
"""How long a database may take to say whether it understands a statement."""

_GRACE_SECONDS = 2.0
"""How long a query gets to heed that it is ended."""

_MOST_BYTES = 256 * 1024 * 1024
"""How much memory the values of an answer may take, about; a table of a million cells takes half of it."""

_NOT_ASKED = {
    "PROFILE": "negograph asks for answers; Neo4j Browser shows what a query costs",
    **dict.fromkeys(("BEGIN", "COMMIT", "ROLLBACK", "SESSION"), "each query has a transaction of its own, that can only read"),
}
"""What a statement cannot begin with, though it does nothing to the graph."""

_MOST_GROWTH = 1024 * 1024 * 1024
"""How much the process may grow while it waits for an answer. Half a million rows of ten columns take a third of it."""


T = TypeVar("T")


@dataclass(frozen=True)
class Limits:
    """How long a query may take, in seconds, and how many rows of its answer are taken; None for all.

    It is ended before if `unwanted` is set, by another thread than the one that waits for the answer.
    """

    seconds: float = 300.0
    rows: int | None = None
    unwanted: threading.Event | None = None


def refuse_words_that_write(cypher: str) -> None:
    """Refuse a text that is not one statement, or has a word that does more than read.

    Raises:
        StoreError: saying which word, and where.
    """
    if len(cypher) > _LONGEST:
        raise StoreError(
            f"the query has {len(cypher):,} characters, and negograph asks {_LONGEST:,} at most; give lists as parameters"
        )
    if (count := len(beginnings(cypher))) != 1:
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


def ask(database: Database, cypher: str, parameters: Mapping[str, Any], limits: Limits) -> Result:
    """What a query answers: see `Store.ask`."""
    question = Question(cypher, parameters, limits.seconds)

    def work(session: neo4j.Session) -> Result:
        return database.answer(session, question, lambda rows: _answer(rows, cypher, limits))

    answer = _in_its_time(database, question, work, limits)
    if answer.cut:
        _end(database, question, threading.Event())
    return answer


def check(database: Database, cypher: str) -> None:
    """Have a database look at a query, which it does not run: see `Store.check`."""
    question = Question(cypher, {}, _CHECK_SECONDS)
    _in_its_time(database, question, lambda session: database.check(session, question), Limits())


def _in_its_time(database: Database, question: Question, work: Callable[[neo4j.Session], T], limits: Limits) -> T:
    """What some work with a question gives in the question's time; what takes longer, or is not wanted any more, is ended."""
    left_alone, asking = threading.Event(), threading.Event()
    at_a_time = 1000 if limits.rows is None else min(1000, limits.rows + 1)  # what was not asked for is not sent

    def read() -> T:
        with contextlib.ExitStack() as opened:
            driver = opened.enter_context(_free_driver(database))
            session = opened.enter_context(make_session(database, driver, reading=True, fetch_size=at_a_time))
            driver.verify_connectivity()  # to connect may take longer than the question's time: it would begin after its end
            answer = _ask_unless(left_alone, asking, lambda: work(session))
            if isinstance(answer, Result) and answer.cut:
                # closing waits for the database to make all of the others, unless it is ended
                in_thread(opened.pop_all().close)
            else:
                session.close()
                opened.pop_all()
                database.free_readers.append(driver)
            return answer

    before = _most_memory()

    def look() -> None:
        _refuse_growth(before)
        if limits.unwanted is not None and limits.unwanted.is_set():
            raise StoreError("the answer is not wanted any more")

    try:
        return in_time(read, question.seconds + database.grace_seconds, left_alone, look)
    except NoAnswer:
        took = f"the query took longer than {question.seconds:g} s"
        if _end(database, question, asking):
            raise StoreError(f"{took} and was ended; narrow it, or give it more time") from None
        raise StoreError(f"{took} and does not heed that it is ended, so {database.give_up()}; narrow it") from None
    except (StoreError, KeyboardInterrupt):
        _end(database, question, asking)
        raise


def _ask_unless(left_alone: threading.Event, asking: threading.Event, work: Callable[[], T]) -> T:
    """Do some work, unless the thread was left alone; `asking` is set meanwhile."""
    asking.set()  # first: who sets the other looks at this one afterwards
    try:
        if left_alone.is_set():
            raise NoAnswer
        return work()
    finally:
        asking.clear()


def _free_driver(database: Database) -> neo4j.Driver:
    """A driver that no other thread uses, with the connection of an earlier question if there is one: to connect takes long."""
    try:
        return database.free_readers.pop()
    except IndexError:
        return database.open_reader()


def _end(database: Database, question: Question, asking: threading.Event) -> bool:
    """End a question from beside; whether it is gone, within a few seconds.

    Where a thread is `asking` it, the database may only be about to begin, so that it is looked for until it was seen.
    """
    statement, parameters = database.find(question.mark)
    until, seen = time.monotonic() + _GRACE_SECONDS, False
    with contextlib.suppress(Neo4jError, DriverError), make_session(database, database.reader, reading=False) as session:
        while (found := [record[0] for record in session.run(as_query(statement), dict(parameters))]) or (
            asking.is_set() and not seen
        ):
            if time.monotonic() > until:
                return not found
            for transaction in found:
                session.run("TERMINATE TRANSACTIONS $id", {"id": transaction}).consume()
            seen = seen or bool(found)
            time.sleep(LOOK_SECONDS)
        return True
    return False


def _refuse_growth(before: int) -> None:
    """The driver takes in a row whole, whatever its size."""
    if _most_memory() - before > _MOST_GROWTH:
        raise StoreError(f"a row of the answer takes more memory than {_MOST_GROWTH >> 20:,} MB; return less in a row")


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
    return sys.getsizeof(value) + sum(map(_bytes, inner_values(value)))
