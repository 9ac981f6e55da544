"""Carrying out a plan: in one transaction, and knowing at the end whether it is in."""

from __future__ import annotations

import contextlib
import random
import secrets
import time
from collections.abc import Callable
from typing import TypeAlias

import neo4j
from neo4j.exceptions import (
    ConstraintError,
    DatabaseError,
    DriverError,
    IncompleteCommit,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
)

from negograph.database.driver import ANSWER_SECONDS, RETRY_SECONDS, NoAnswer, in_time, open_session
from negograph.database.interface import Database, Read
from negograph.database.messages import explain_errors, first_line
from negograph.database.snapshot import revision_of
from negograph.database.statements import as_query, escape
from negograph.database.writer import MEANWHILE, Load, LoadCounts, Progress, counts_of
from negograph.errors import StoreError
from negograph.graph.plan import Plan
from negograph.model.model import DATASET, Model

_COMMIT_SECONDS = 20.0
"""How long a database may take at least to say that it committed; it may take twice as long as the writing, too."""

_FIRST_PAUSE_SECONDS = 1.0

Work: TypeAlias = Callable[[neo4j.Transaction], None]


def load(database: Database, read: Read, plan: Plan, model: Model, progress: Progress, *, force: bool) -> LoadCounts:
    """Carry out a plan: see `Store.apply`."""
    token = secrets.token_hex(8)

    def work(transaction: neo4j.Transaction) -> None:
        Load(transaction, plan, token, progress, force=force, database=database).run()

    try:
        with explain_errors(database, own=True):
            with open_session(database.writer.session(database=database.name)) as session:
                for label in [*model.labels, DATASET]:
                    _make_ids_unique(session, label)
            _write(database, read, plan, token, work)
    except StoreError:
        database.refuse_lost_data()
        raise
    database.refuse_lost_data()
    return counts_of(plan)


def _make_ids_unique(session: neo4j.Session, label: str) -> None:
    """One uniqueness constraint a label, which lookups by id need to be fast."""
    try:
        session.run(as_query(f"CREATE CONSTRAINT IF NOT EXISTS FOR (n:{escape(label)}) REQUIRE n.id IS UNIQUE")).consume()
    except (ConstraintError, DatabaseError) as error:
        if isinstance(error, DatabaseError) and not (error.code or "").endswith("ConstraintCreationFailed"):
            raise
        fix = f"does the database hold (:{label}) nodes of others with the same id twice?"
        raise StoreError(f"cannot make ids of (:{label}) unique; {fix} ({first_line(error)})") from error


def _write(database: Database, read: Read, plan: Plan, token: str, work: Work) -> None:
    """Write what a plan says and commit it.

    Raises:
        StoreError: if it cannot be known whether it was committed, or another load came before.
    """
    try:
        return _write_and_retry(database, work)
    except IncompleteCommit:  # it may have been committed or not: the load finds out by its token
        with contextlib.suppress(ServiceUnavailable, SessionExpired, NoAnswer):
            return _write_and_retry(database, work)
    except NoAnswer:
        if _is_in(database, read, plan, token):
            return None
    except Neo4jError as error:  # such as of two loads that make, or find, the same node
        if _loaded_by_others(read, plan):
            raise StoreError(MEANWHILE) from error
        raise
    raise StoreError(
        f"{database.place} was told to finish the load and does not say that it did: nobody knows whether the load is in. "
        "`negograph plan` shows it, once the database answers"
    )


def _loaded_by_others(read: Read, plan: Plan) -> bool:
    """Whether the database says that somebody loaded the dataset since the plan was made."""
    try:
        return revision_of(read, plan.dataset) != plan.revision
    except StoreError:
        return False


def _write_and_retry(database: Database, work: Work) -> None:
    """Do some work in a transaction and commit it; all of it again while the driver says that can help."""
    end, pause = time.monotonic() + RETRY_SECONDS, _FIRST_PAUSE_SECONDS
    while True:
        try:
            with open_session(database.writer.session(database=database.name)) as session:
                return _write_once(database, session, work)
        except (DriverError, Neo4jError) as error:
            if not error.is_retryable() or time.monotonic() + pause > end:
                raise
        time.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311 - so that two that met do not meet again
        pause *= 2


def _write_once(database: Database, session: neo4j.Session, work: Work) -> None:
    began = time.monotonic()
    transaction = session.begin_transaction()
    work(transaction)
    in_time(transaction.commit, max(_COMMIT_SECONDS, 2 * (time.monotonic() - began)), database.left_alone)


def _is_in(database: Database, read: Read, plan: Plan, token: str) -> bool:
    """Whether the database says, by another connection and soon, that it holds what a load wrote."""
    statement = f"MATCH (d:{escape(DATASET)} {{id: $dataset}}) RETURN d.revision, d.load"
    try:
        found = in_time(lambda: read(statement, {"dataset": plan.dataset}), ANSWER_SECONDS, database.left_alone)
    except (StoreError, NoAnswer):
        return False
    return (plan.revision + 1, token) in found
