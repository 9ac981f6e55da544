"""The transactions of a load: one, or in batches several; each is tried again where that helps, and what is known of its end."""

import contextlib
import random
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

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

from negograph.database.driver import ANSWER_SECONDS, RETRY_SECONDS, Database, NoAnswer, Read, in_time, make_session, open_session
from negograph.database.messages import explain_errors, first_line, out_of_memory
from negograph.database.snapshot import revision_of
from negograph.database.statements import as_query, escape
from negograph.database.writer import MEANWHILE, Load, Step
from negograph.errors import StoreError, Unreachable
from negograph.graph.plan import LoadCounts
from negograph.model.model import DATASET, Model

_STEPS_AT_ONCE = 5
"""How many steps a batch has: each writes some thousand nodes or relationships."""

_COMMIT_SECONDS = 20.0
"""How long a database may take at least to say that it committed; it may take twice as long as the writing, too."""

_FIRST_PAUSE_SECONDS = 1.0


@dataclass(frozen=True)
class _Part:
    """What one transaction of a load does, on one revision of the dataset. Its token tells it from others, also tried again."""

    load: Load
    revision: int
    steps: Callable[[], Iterable[Step]]
    last: bool = True
    token: str = field(default_factory=lambda: secrets.token_hex(8))

    def run(self, transaction: neo4j.Transaction) -> None:
        """Carry out the steps; nothing where an earlier try was committed, and only the database's answer was lost."""
        self.load.transaction = transaction
        if not self.load.lock(self.revision, self.token):
            return
        for step in self.steps():
            step()
        self.load.settle()
        (self.load.finish if self.last else self.load.go_on)(self.revision)


def carry_out(database: Database, read: Read, load: Load, model: Model) -> LoadCounts:
    """Carry out a plan: see `Store.apply`."""
    try:
        with explain_errors(database, own=True):
            _retry(database, lambda session: _make_ids_unique(session, [*model.labels, DATASET]))
            for part in _parts(load):
                with _explain_what_is_in(part):
                    _write(part, read)
    except StoreError:
        database.refuse_lost_data()
        raise
    database.refuse_lost_data()
    return load.counts


def _parts(load: Load) -> Iterator[_Part]:
    """The transactions of a load, one after the other."""
    if not load.in_batches:
        yield _Part(load, load.plan.revision, load.steps)
        return
    steps, revision = load.steps(), load.plan.revision
    batch = list(islice(steps, _STEPS_AT_ONCE))
    while batch:
        following = list(islice(steps, _STEPS_AT_ONCE))
        yield _Part(load, revision, batch.copy, last=not following)
        batch, revision = following, revision + 1


@contextlib.contextmanager
def _explain_what_is_in(part: _Part) -> Iterator[None]:
    """What fails after other batches were written says so."""
    try:
        with explain_errors(part.load.database, own=True):
            yield
    except StoreError as error:
        if part.revision == part.load.plan.revision:
            raise
        kind = Unreachable if isinstance(error, Unreachable) else StoreError
        said = str(error).replace("nothing was written", "this batch was not written")
        raise kind(f"{said}. The batches before are in: load again with --in-batches to go on from there") from error


def _make_ids_unique(session: neo4j.Session, labels: Iterable[str]) -> None:
    """One uniqueness constraint a label, which lookups by id need to be fast."""
    for label in labels:
        try:
            session.run(as_query(f"CREATE CONSTRAINT IF NOT EXISTS FOR (n:{escape(label)}) REQUIRE n.id IS UNIQUE")).consume()
        except (ConstraintError, DatabaseError) as error:
            if isinstance(error, DatabaseError) and not (error.code or "").endswith("ConstraintCreationFailed"):
                raise
            fix = f"does the database hold (:{label}) nodes of others with the same id twice?"
            raise StoreError(f"cannot make ids of (:{label}) unique; {fix} ({first_line(error)})") from error


def _write(part: _Part, read: Read) -> None:
    try:
        return _write_and_retry(part)
    except IncompleteCommit:  # it may have been committed or not: the load finds out by its token
        with contextlib.suppress(ServiceUnavailable, SessionExpired, NoAnswer):
            return _write_and_retry(part)
    except NoAnswer:
        if _is_in(part, read):
            return None
    except Neo4jError as error:  # such as of two loads that make, or find, the same node
        if _loaded_by_others(part, read):
            raise StoreError(MEANWHILE) from error
        raise
    raise StoreError(
        f"{part.load.database.place} was told to finish the load and does not say that it did: nobody knows whether the load is "
        "in. `negograph plan` shows it, once the database answers"
    )


def _loaded_by_others(part: _Part, read: Read) -> bool:
    with contextlib.suppress(StoreError):
        return revision_of(read, part.load.plan.dataset) != part.revision
    return False


def _write_and_retry(part: _Part) -> None:
    """Carry out a part in a transaction and commit it; all of it again while that can help."""
    done = part.load.done

    def write(session: neo4j.Session) -> None:
        part.load.done = done
        _write_once(part, session)

    _retry(part.load.database, write)


def _retry(database: Database, write: Callable[[neo4j.Session], None]) -> None:
    """Write in a session; again, in another one, while the driver says that can help."""
    end, pause = time.monotonic() + RETRY_SECONDS, _FIRST_PAUSE_SECONDS
    while True:
        try:
            with open_session(make_session(database, database.writer, reading=False)) as session:
                return write(session)
        except (DriverError, Neo4jError) as error:
            if not error.is_retryable() or out_of_memory(error) or time.monotonic() + pause > end:
                raise
        time.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311 - so that two that met do not meet again
        pause *= 2


def _write_once(part: _Part, session: neo4j.Session) -> None:
    began = time.monotonic()
    transaction = session.begin_transaction()
    part.run(transaction)
    in_time(transaction.commit, max(_COMMIT_SECONDS, 2 * (time.monotonic() - began)), part.load.database.left_alone)


def _is_in(part: _Part, read: Read) -> bool:
    """Whether the database says, by another connection and soon, that it holds what a transaction wrote."""
    statement, load = f"MATCH (d:{escape(DATASET)} {{id: $dataset}}) RETURN d.revision, d.load", part.load
    with contextlib.suppress(StoreError, NoAnswer):
        found = in_time(lambda: read(statement, {"dataset": load.plan.dataset}), ANSWER_SECONDS, load.database.left_alone)
        return (part.revision + 1, part.token) in found
    return False
