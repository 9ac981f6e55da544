"""Carrying out a plan: in one transaction, and knowing at the end whether it is in."""

import contextlib
import random
import time

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
from negograph.database.writer import MEANWHILE, Load, LoadCounts, Progress
from negograph.errors import StoreError
from negograph.graph.plan import Plan
from negograph.model.model import DATASET, Model

_COMMIT_SECONDS = 20.0
"""How long a database may take at least to say that it committed; it may take twice as long as the writing, too."""

_FIRST_PAUSE_SECONDS = 1.0


def carry_out(database: Database, read: Read, plan: Plan, model: Model, progress: Progress, *, force: bool) -> LoadCounts:
    """Carry out a plan: see `Store.apply`."""
    load = Load(plan, progress, force=force, database=database)
    try:
        with explain_errors(database, own=True):
            with open_session(database.writer.session(database=database.name)) as session:
                for label in [*model.labels, DATASET]:
                    _make_ids_unique(session, label)
            _write(load, read)
    except StoreError:
        database.refuse_lost_data()
        raise
    database.refuse_lost_data()
    return load.counts


def _make_ids_unique(session: neo4j.Session, label: str) -> None:
    """One uniqueness constraint a label, which lookups by id need to be fast."""
    try:
        session.run(as_query(f"CREATE CONSTRAINT IF NOT EXISTS FOR (n:{escape(label)}) REQUIRE n.id IS UNIQUE")).consume()
    except (ConstraintError, DatabaseError) as error:
        if isinstance(error, DatabaseError) and not (error.code or "").endswith("ConstraintCreationFailed"):
            raise
        fix = f"does the database hold (:{label}) nodes of others with the same id twice?"
        raise StoreError(f"cannot make ids of (:{label}) unique; {fix} ({first_line(error)})") from error


def _write(load: Load, read: Read) -> None:
    try:
        return _write_and_retry(load)
    except IncompleteCommit:  # it may have been committed or not: the load finds out by its token
        with contextlib.suppress(ServiceUnavailable, SessionExpired, NoAnswer):
            return _write_and_retry(load)
    except NoAnswer:
        if _is_in(load, read):
            return None
    except Neo4jError as error:  # such as of two loads that make, or find, the same node
        if _loaded_by_others(load.plan, read):
            raise StoreError(MEANWHILE) from error
        raise
    raise StoreError(
        f"{load.database.place} was told to finish the load and does not say that it did: nobody knows whether the load is in. "
        "`negograph plan` shows it, once the database answers"
    )


def _loaded_by_others(plan: Plan, read: Read) -> bool:
    with contextlib.suppress(StoreError):
        return revision_of(read, plan.dataset) != plan.revision
    return False


def _write_and_retry(load: Load) -> None:
    """Do some work in a transaction and commit it; all of it again while the driver says that can help."""
    end, pause = time.monotonic() + RETRY_SECONDS, _FIRST_PAUSE_SECONDS
    while True:
        try:
            with open_session(load.database.writer.session(database=load.database.name)) as session:
                return _write_once(load, session)
        except (DriverError, Neo4jError) as error:
            if not error.is_retryable() or time.monotonic() + pause > end:
                raise
        time.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311 - so that two that met do not meet again
        pause *= 2


def _write_once(load: Load, session: neo4j.Session) -> None:
    began = time.monotonic()
    transaction = session.begin_transaction()
    load.run(transaction)
    in_time(transaction.commit, max(_COMMIT_SECONDS, 2 * (time.monotonic() - began)), load.database.left_alone)


def _is_in(load: Load, read: Read) -> bool:
    """Whether the database says, by another connection and soon, that it holds what a load wrote."""
    statement = f"MATCH (d:{escape(DATASET)} {{id: $dataset}}) RETURN d.revision, d.load"
    with contextlib.suppress(StoreError, NoAnswer):
        found = in_time(lambda: read(statement, {"dataset": load.plan.dataset}), ANSWER_SECONDS, load.database.left_alone)
        return (load.plan.revision + 1, load.token) in found
    return False
