"""The embedded engine as a database: how it is connected to, what it does with a question, and what its errors mean.

A user that can only read asks it. It runs what EXPLAIN is not written before, ends nothing by itself, and lists what runs with
the beginning of its text, where a comment marks it.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import neo4j
from neo4j.auth_management import AuthManager
from neo4j.exceptions import Neo4jError, ServiceUnavailable

from negograph.database.cypher_text import tokens, without_end
from negograph.database.driver import Database, Question, Take, make_driver, open_driver
from negograph.database.embedded.engine import READER, full_disk, start_engine, watch_data
from negograph.database.embedded.folder import Holder, holder_of, take_back
from negograph.database.messages import said_of_statement
from negograph.database.results import Result
from negograph.database.statements import as_query
from negograph.database.target import DATABASE, EmbeddedTarget
from negograph.errors import StoreError

_PLACE = "the embedded engine"

_RETRY_SECONDS = 2.0
"""How long the engine is sought again where it is read: one that is gone does not come back by itself."""

_LARGEST_MESSAGE = 16 * 2**20
"""How many bytes of one message the engine reads; it never answers a longer one."""

_EXPLAIN = "EXPLAIN"
_FIND = "SHOW TRANSACTIONS YIELD transactionId, currentQuery WHERE currentQuery CONTAINS $mark RETURN transactionId"


@contextlib.contextmanager
def connect_to_engine(target: EmbeddedTarget, say: Callable[[str], None], *, shared: bool) -> Iterator[Database]:
    """The engine, started unless it runs, and connected to until the context ends; others can use it too if it is `shared`.

    Raises:
        EngineError: if the engine does not start, or its data is deleted or replaced.
        NegographError: if the folder is not the user's own.
    """
    left_alone = threading.Event()
    with contextlib.ExitStack() as stack:
        engine = stack.enter_context(start_engine(target.folder, say, target.build, shared=shared))
        root, only_reads = _Login(target.folder, engine, "root"), _Login(target.folder, engine, READER)
        writer = stack.enter_context(open_driver(root.driver(), left_alone))
        reader = stack.enter_context(open_driver(only_reads.driver(), left_alone))
        refuse_lost_data = stack.enter_context(watch_data(target.folder))
        stack.enter_context(_explain(target.folder, refuse_lost_data))
        yield Database(
            place=_PLACE,
            name=DATABASE,
            writer=writer,
            reader=reader,
            open_reader=only_reads.driver,
            left_alone=left_alone,
            check=_check,
            answer=_answer,
            find=lambda mark: (_FIND, {"mark": _comment(mark)}),
            grace_seconds=0,
            give_up=lambda: _give_up(target.folder),
            largest_message=_LARGEST_MESSAGE,
            unreachable=lambda error: unreachable(holder_of(target.folder) == engine),
            damaged=_damaged,
            own_errors_are_damage=True,
            refuse_lost_data=refuse_lost_data,
        )


class _Login(AuthManager):
    """A user of an embedded engine and the password, which only that engine gets.

    The driver resolves the address before it connects, and asks for the password when the connection is there. If the engine
    runs then, it is who listens at its port, for it had that port before; else somebody may have taken the port. To look takes
    some milliseconds, so it is done once a connection.
    """

    def __init__(self, folder: Path, engine: Holder, user: str) -> None:
        self._folder = folder
        self._engine = engine
        self._auth = neo4j.basic_auth(user, engine.reader if user == READER else engine.root)
        self._new = threading.local()

    def driver(self) -> neo4j.Driver:
        return make_driver(self._engine.uri, self, _RETRY_SECONDS, self._resolve)

    def _resolve(self, address: neo4j.Address) -> list[neo4j.Address]:
        self._new.connection = True
        return [address]

    def get_auth(self) -> neo4j.Auth:
        if vars(self._new).pop("connection", False) and holder_of(self._folder) != self._engine:
            raise ServiceUnavailable("the embedded engine that listened there does not run any more")
        return self._auth

    def handle_security_exception(self, auth: object, error: Neo4jError) -> bool:
        return False


@contextlib.contextmanager
def _explain(folder: Path, refuse_lost_data: Callable[[], None]) -> Iterator[None]:
    """Says of what fails on a full disk, or on data that was deleted or replaced, that it did: the engine mostly does not."""
    try:
        yield
    except StoreError as error:
        refuse_lost_data()
        if "disk" not in str(error) and (said := full_disk(folder)):
            raise type(error)(f"{_PLACE} cannot go on: {said}") from error
        raise


def _answer(session: neo4j.Session, question: Question, take: Take) -> Result:
    marked, added = _with_mark(without_end(question.cypher), question.mark)
    try:
        return take(session.run(as_query(marked), dict(question.parameters)))
    except Neo4jError as error:
        if not (error.code or "").endswith("SyntaxError"):
            raise
        raise said_of_statement(error, added) from error


def _check(session: neo4j.Session, question: Question) -> None:
    session.run(as_query(f"{_EXPLAIN} {_comment(question.mark)} {question.cypher}")).consume()


def _with_mark(cypher: str, mark: str) -> tuple[str, int]:
    """A statement with a mark, and by how many characters it is longer.

    The mark comes first, for the engine shows the beginning of a long statement alone; only EXPLAIN must come before it.
    """
    first = tokens(cypher)[0]
    place = first.start + len(first.text) if first.word == _EXPLAIN else 0
    comment = f" {_comment(mark)} "
    return f"{cypher[:place]}{comment}{cypher[place:]}", len(comment)


def _comment(mark: str) -> str:
    return f"/* asked as {mark} */"


def _give_up(folder: Path) -> str:
    """End the engine, whoever shares it; the next command starts another."""
    take_back(folder)
    return "the embedded engine is ended with it"


def unreachable(runs: bool) -> str:
    """What a broken connection means for an engine that still `runs`, or does not."""
    if runs:
        return (
            f"{_PLACE} runs, but ended the connection or makes none; does it fail at what it was asked, or does another program "
            "hold all its connections? Change the query, or run the command again"
        )
    return f"{_PLACE} is gone; did somebody end it, as `negograph down` does? Run the command again"


def _damaged(why: str) -> str:
    return f"the data of the embedded engine is damaged: {why}. `negograph load --rebuild` builds it anew from the seeds"
