"""Carrying out a plan: in one transaction, and knowing at the end whether it is in."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable

import neo4j
from neo4j.exceptions import (
    ClientError,
    ConstraintError,
    DatabaseError,
    IncompleteCommit,
    ServiceUnavailable,
    SessionExpired,
)

from negograph.database.driver import ANSWER_SECONDS, open_session
from negograph.database.in_time import NoAnswer, in_time
from negograph.database.interface import Database
from negograph.database.messages import explain_errors, first_line
from negograph.database.reading import Read
from negograph.database.snapshot import revision_of
from negograph.database.statements import as_query, escape
from negograph.database.transaction import write
from negograph.database.writer import MEANWHILE, Load, LoadCounts, Progress, counts_of
from negograph.errors import StoreError
from negograph.graph.plan import Plan
from negograph.model.model import DATASET, Model


def load(database: Database, read: Read, plan: Plan, model: Model, progress: Progress, *, force: bool) -> LoadCounts:
    """Carry out a plan in one transaction: all of it or nothing.

    Raises:
        StoreError: if the database holds what the load must not touch, or changed since the plan was made.
        EngineError: if the data that was written to is not there any more.
    """
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


def _write(database: Database, read: Read, plan: Plan, token: str, work: Callable[[neo4j.Transaction], None]) -> None:
    """Write what a plan says and commit it.

    Raises:
        StoreError: if it cannot be known whether it was committed, or another load came before.
    """
    try:
        return write(database.writer, database.name, work, database.left_alone)
    except IncompleteCommit:  # it may have been committed or not: the load finds out by its token
        with contextlib.suppress(ServiceUnavailable, SessionExpired, NoAnswer):
            return write(database.writer, database.name, work, database.left_alone)
    except NoAnswer:
        if _is_in(database, read, plan, token):
            return None
    except ClientError:
        if revision_of(read, plan.dataset) != plan.revision:  # such as two first loads that make the same node
            raise StoreError(MEANWHILE) from None
        raise
    raise StoreError(
        f"{database.place} was told to finish the load and does not say that it did: nobody knows whether the load is in. "
        "`negograph plan` shows it, once the database answers"
    )


def _is_in(database: Database, read: Read, plan: Plan, token: str) -> bool:
    """Whether the database says, by another connection and soon, that it holds what a load wrote."""
    statement = f"MATCH (d:{escape(DATASET)} {{id: $dataset}}) RETURN d.revision, d.load"
    try:
        question = {"dataset": plan.dataset}
        found = in_time(lambda: read(statement, question), ANSWER_SECONDS, database.left_alone)
    except (StoreError, NoAnswer):
        return False
    return (plan.revision + 1, token) in found
