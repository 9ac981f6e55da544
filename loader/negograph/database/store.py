"""The database: everything that is said to it in Cypher, and nothing else says anything to it.

Neo4j and the embedded engine are spoken to by the same driver in the same words. Values travel as parameters; labels,
relationship types and property names come from the validated schema alone and are quoted.
"""

from __future__ import annotations

import contextlib
import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import neo4j
from neo4j.auth_management import AuthManager
from neo4j.exceptions import (
    ClientError,
    ConstraintError,
    DatabaseError,
    IncompleteCommit,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
)

from negograph.database.ask import Database, Limits, ask, refuse_words_that_write, understand
from negograph.database.cypher_names import Vocabulary
from negograph.database.damage import find_damage
from negograph.database.embedded.engine import Engine, full_disk, noticing_loss, start_engine
from negograph.database.embedded.folder import take_back
from negograph.database.explained import ENGINE, damaged, errors_explained, first_line, outcome_unknown
from negograph.database.results import Result
from negograph.database.snapshot import (
    LoadedDataset,
    find_dataset,
    find_datasets,
    find_entries,
    find_everything,
    find_history,
    find_owners,
    find_owners_of_taken,
    find_taken_over,
    refuse_taken_ids,
)
from negograph.database.target import DATABASE, EmbeddedTarget, ServerTarget, Target
from negograph.database.transaction import Unanswered, in_time, open_driver, open_session, write
from negograph.database.values import plain_row, refuse_too_long
from negograph.database.writer import MEANWHILE, Load, Progress, Written, as_query, quoted
from negograph.errors import StoreError
from negograph.graph.diff import by_hand, differing, given_on, plan_load
from negograph.graph.graph import Graph
from negograph.graph.plan import Plan, Stored
from negograph.model.model import DATASET, Model

_SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")

_ANSWER_SECONDS = 15.0
"""How long a server may take to answer at all."""

_READ_SECONDS = 600.0
"""How long a statement of negograph's own may read."""

_RETRY_SECONDS = 30.0
"""How long a server may be away in the middle of the work."""

_ENGINE_RETRY_SECONDS = 2.0
"""How long the embedded engine is sought again where it is read: one that is gone does not come back by itself."""

_SETTLED_SECONDS = 3.0
"""After how long two ways of reading that disagree are damage, and no commit that is being applied."""

_MOST_LOADS_BETWEEN = 20
"""How often a plan is made anew because somebody loaded meanwhile."""

logging.getLogger("neo4j").addHandler(logging.NullHandler())  # what the driver would say on its own, our messages say


@contextlib.contextmanager
def open_store(target: Target, say: Callable[[str], None], *, shared: bool = False) -> Iterator[Store]:
    """A store on the target, closed (and the embedded engine stopped) at the end; `say` gets what the user should know.

    Others can use the embedded engine meanwhile if it is `shared`.

    Raises:
        StoreError: if the target cannot be reached or refuses the credentials.
    """
    left_alone = threading.Event()
    with contextlib.ExitStack() as stack:
        if isinstance(target, EmbeddedTarget):
            engine = stack.enter_context(start_engine(target.folder, say, target.build, shared=shared))
            root, only_reads = _Login(engine, "root", engine.password), _Login(engine, engine.reader, engine.reader_password)

            def as_reader() -> neo4j.Driver:
                return _driver(engine.uri, only_reads, _ENGINE_RETRY_SECONDS, only_reads.resolve)

            asked = Database(as_reader, stack.enter_context(open_driver(as_reader(), left_alone)), DATABASE, embedded=True)
            writer = stack.enter_context(open_driver(_driver(engine.uri, root, _RETRY_SECONDS, root.resolve), left_alone))
            still_there = stack.enter_context(noticing_loss(target.folder))
            stack.enter_context(_full_disk_explained(target.folder))
            stack.enter_context(_loss_explained(still_there))
            # an engine that does not end a query stops, whoever shares it, and the next command starts another
            yield Store(writer, asked, ENGINE, left_alone, lambda: take_back(target.folder), still_there)
        else:
            driver = stack.enter_context(_connected(target, left_alone))
            as_user = (target.uri, neo4j.basic_auth(target.username, target.password), _RETRY_SECONDS)
            asked = Database(lambda: _driver(*as_user), driver, target.database, embedded=False)
            yield Store(driver, asked, target.uri, left_alone)


@contextlib.contextmanager
def _full_disk_explained(folder: Path) -> Iterator[None]:
    """Says of what fails on a full disk why it did: the engine itself mostly does not."""
    try:
        yield
    except StoreError as error:
        if "disk" not in str(error) and (said := full_disk(folder)):
            raise type(error)(f"{ENGINE} cannot go on: {said}") from error
        raise


@contextlib.contextmanager
def _loss_explained(still_there: Callable[[], None]) -> Iterator[None]:
    """Says of what fails on data that was deleted or replaced that it was."""
    try:
        yield
    except StoreError:
        still_there()
        raise


class _Login(AuthManager):
    """A user of an embedded engine and the password, which only that engine gets.

    The driver resolves the address before it connects, and asks for the password when the connection is there. If the engine
    runs then, it is who listens at its port, for it had that port before; else somebody may have taken the port. To look takes
    some milliseconds, so it is done once a connection.
    """

    def __init__(self, engine: Engine, user: str, password: str) -> None:
        self._engine = engine
        self._auth = neo4j.basic_auth(user, password)
        self._new = threading.local()

    def resolve(self, address: neo4j.Address) -> list[neo4j.Address]:
        self._new.connection = True
        return [address]

    def get_auth(self) -> neo4j.Auth:
        if getattr(self._new, "connection", False):
            self._new.connection = False
            if not self._engine.runs():
                raise ServiceUnavailable("the embedded engine that listened there does not run any more")
        return self._auth

    def handle_security_exception(self, auth: object, error: Neo4jError) -> bool:
        return False


def _driver(
    uri: str,
    auth: AuthManager | neo4j.Auth,
    retry_seconds: float,
    resolver: Callable[[neo4j.Address], list[neo4j.Address]] = lambda address: [address],
) -> neo4j.Driver:
    from negograph.version import __version__

    return neo4j.GraphDatabase.driver(
        uri,
        auth=auth,
        resolver=resolver,
        user_agent=f"negograph/{__version__}",
        connection_timeout=_ANSWER_SECONDS,
        connection_acquisition_timeout=_ANSWER_SECONDS,
        max_transaction_retry_time=retry_seconds,
        notifications_min_severity=neo4j.NotificationMinimumSeverity.OFF,
    )


@contextlib.contextmanager
def _connected(target: ServerTarget, left_alone: threading.Event) -> Iterator[neo4j.Driver]:
    try:
        parts = urlsplit(target.uri)
        if parts.scheme not in _SCHEMES or not parts.hostname:
            raise ValueError(f"it is not of the form SCHEME://HOST with one of {', '.join(_SCHEMES)}")
        _ = parts.port  # raises where the port is no port
        driver = _driver(target.uri, neo4j.basic_auth(target.username, target.password), _RETRY_SECONDS)
    except (neo4j.exceptions.ConfigurationError, ValueError) as error:
        raise StoreError(
            f"{target.uri!r} is no address of a Neo4j server ({error}); write bolt://HOST:7687 or neo4j://HOST"
        ) from error
    with open_driver(driver, left_alone):
        with errors_explained(target.uri):
            driver.verify_connectivity()
        yield driver


class Store:
    """A connection to one database, with one user that may write and one that only reads (on Neo4j the same)."""

    def __init__(
        self,
        writer: neo4j.Driver,
        asked: Database,
        place: str,
        left_alone: threading.Event,
        give_up: Callable[[], None] = lambda: None,
        still_there: Callable[[], None] = lambda: None,
    ) -> None:
        self._writer = writer
        self._reader = asked.beside
        self._database = asked.name
        self._asked = asked
        self._place = place
        self._left_alone = left_alone
        self._give_up = give_up
        self._still_there = still_there

    # reading

    def read(self, cypher: str, parameters: Mapping[str, Any]) -> Result:
        """What one of negograph's own statements answers. It can only read.

        Raises:
            StoreError: if the database does not understand the query, or the query tries to write.
        """

        def work(transaction: neo4j.ManagedTransaction) -> Result:
            answer = transaction.run(as_query(cypher), dict(parameters))
            return Result(tuple(answer.keys()), tuple(map(plain_row, answer)))

        with errors_explained(self._place, reading=True, own=True):
            self._refuse_too_long(cypher, parameters)
            with self._reading() as session:
                return in_time(lambda: session.execute_read(work), _READ_SECONDS, self._left_alone)

    def _refuse_too_long(self, cypher: str, parameters: Mapping[str, Any]) -> None:
        if self._asked.embedded:
            refuse_too_long(cypher, parameters)

    def _reading(self) -> contextlib.AbstractContextManager[neo4j.Session]:
        return open_session(self._reader.session(database=self._database, default_access_mode=neo4j.READ_ACCESS))

    def ask(self, cypher: str, parameters: Mapping[str, Any], limits: Limits = Limits()) -> Result:  # noqa: B008 - frozen
        """What a user's query or a recipe answers. It can only read, for so long and for so many rows.

        Raises:
            StoreError: if the database does not understand the query, it does more than read, or it takes too long.
        """
        refuse_words_that_write(cypher)
        with errors_explained(self._place, reading=True):
            self._refuse_too_long(cypher, parameters)
            return ask(self._asked, cypher, parameters, limits, self._give_up)

    def understands(self, cypher: str) -> None:
        """Whether the database would run a query, by its own word; it is not run.

        Raises:
            StoreError: if it does not understand it, or would do more than read.
        """
        with errors_explained(self._place, reading=True):
            understand(self._asked, cypher, self._give_up)

    def names(self) -> Vocabulary:
        """The labels and relationship types of the database."""
        labels, types = (
            frozenset(str(row[0]) for row in self.read(f"CALL db.{which}()", {}).rows)
            for which in ("labels", "relationshipTypes")
        )
        return Vocabulary(labels, types)

    def datasets(self) -> list[LoadedDataset]:
        """The datasets that were loaded into the database."""
        with errors_explained(self._place):
            return find_datasets(self.read)

    def stored(self, graph: Graph) -> Stored:
        """What the database holds of a graph's dataset."""
        with errors_explained(self._place):
            return find_dataset(self.read, graph.dataset, graph.vocabulary)

    def plan(self, graph: Graph, *, everything: bool = False) -> Plan:
        """The plan that makes the database equal to a graph. Only digests are compared; `everything` looks at all there is.

        Raises:
            StoreError: if nodes of the dataset came or went by hand, unless everything is compared; then, if what the database
                keeps is damaged.
        """
        with errors_explained(self._place, own=True):
            for _ in range(_MOST_LOADS_BETWEEN):
                plan = self._plan(graph, everything=everything)
                if everything:
                    self._refuse_damage(graph.dataset, plan.vocabulary | plan.old_vocabulary)
                if self._revision(graph.dataset) == plan.revision:  # else a load came between, and this is half old, half new
                    return plan
        raise StoreError(f"the dataset {graph.dataset!r} in the database changes all the time; try again when nobody loads it")

    def _refuse_damage(self, dataset: str, vocabulary: frozenset[str]) -> None:
        """Whichever way the database is read, it answers the same.

        Others may load at this moment, and a server lets others read while it applies a commit: what is damaged, stays so.
        """
        end = time.monotonic() + _SETTLED_SECONDS
        while (damage := find_damage(self.read, dataset, vocabulary)) is not None:
            if time.monotonic() > end:
                raise StoreError(damaged(self._place, damage))
            time.sleep(_SETTLED_SECONDS / 10)

    def _plan(self, graph: Graph, *, everything: bool) -> Plan:
        stored = self.stored(graph)
        if stored.tampered and not everything and self._revision(graph.dataset) == stored.revision:
            raise StoreError(
                f"nodes of the dataset {graph.dataset!r} were added, removed or renamed by hand since the last load; "
                "`negograph verify` shows which, `negograph load --repair` puts it right"
            )
        lost = len(stored.digests) if stored.revision == 0 and not everything else 0
        if lost and self._revision(graph.dataset) == stored.revision:
            raise StoreError(
                f"the database holds {lost} nodes of the dataset {graph.dataset!r}, but its own node (:{DATASET}) is gone; "
                "`negograph load --repair` makes it anew and compares everything"
            )
        difference = differing(graph, stored, everything=everything)
        former = {identity for formerly in graph.formerly.values() for identity in formerly}
        going = frozenset(key for key in difference.stored if key not in graph.digests or key.id in former)
        vocabulary = graph.vocabulary | stored.vocabulary
        if not everything or stored.revision == 0:
            refuse_taken_ids(self.read, graph.dataset, difference.wanted - stored.digests.keys())
        new_names = graph.vocabulary - stored.vocabulary if stored.vocabulary else ()
        taken_over = find_taken_over(self.read, graph.dataset, new_names)
        taken_on_edges = find_owners_of_taken(self.read, graph.dataset, new_names)
        if everything:
            found = find_everything(self.read, graph.dataset, vocabulary, going)
            return plan_load(graph, stored, difference, found, taken_over)
        looked_at = {taken.key for taken in taken_over}
        difference = difference.with_entries([key for key in graph.digests if key in looked_at or key.id in taken_on_edges])
        found = find_entries(self.read, graph.dataset, vocabulary, difference.stored, going)
        if given := given_on(graph, difference, found):
            owners = find_owners(self.read, graph.dataset, given)
            others = frozenset(key for key in graph.digests if key.id in owners and key not in difference.wanted)
            difference = difference.with_entries(others)
            found |= find_entries(self.read, graph.dataset, vocabulary, others, ())
        return plan_load(graph, stored, difference, found, taken_over)

    def verify(self, graph: Graph) -> tuple[Plan, Plan]:
        """Where the database differs from a graph, property by property: by hand, and by what was curated since the last load."""
        seen: Plan | None = None
        while True:
            plan, stored = self.plan(graph, everything=True), self.stored(graph)
            if plan.revision != stored.revision:
                continue
            if plan.empty or plan == seen:  # a server lets others read while it applies a commit
                return by_hand(plan, stored)
            seen = plan

    def history(self, dataset: str) -> list[dict[str, Any]]:
        """The loads that changed something, the oldest first: when, by which version, and how many entries."""
        with errors_explained(self._place):
            return find_history(self.read, dataset)

    # writing

    def _make_ids_unique(self, session: neo4j.Session, label: str) -> None:
        """One uniqueness constraint a label, which lookups by id need to be fast."""
        try:
            session.run(as_query(f"CREATE CONSTRAINT IF NOT EXISTS FOR (n:{quoted(label)}) REQUIRE n.id IS UNIQUE")).consume()
        except (ConstraintError, DatabaseError) as error:
            if isinstance(error, DatabaseError) and not (error.code or "").endswith("ConstraintCreationFailed"):
                raise
            mend = f"does the database hold (:{label}) nodes of others with the same id twice?"
            raise StoreError(f"cannot make ids of (:{label}) unique; {mend} ({first_line(error)})") from error

    def apply(self, plan: Plan, model: Model, progress: Progress = lambda done, total: None, *, force: bool = False) -> Written:
        """Carry out a plan in one transaction: all of it or nothing. `progress` gets the rows done and their total.

        With `force`, relationships of others that hang on nodes that go, and that the plan knows, go with them.

        Raises:
            StoreError: if the database holds what the load must not touch, or changed since the plan was made.
        """
        token = secrets.token_hex(8)

        def work(transaction: neo4j.Transaction) -> Written:
            return Load(transaction, plan, token, progress, force=force, embedded=self._asked.embedded).run()

        with _loss_explained(self._still_there), errors_explained(self._place, own=True):
            with open_session(self._writer.session(database=self._database)) as session:
                for label in [*model.labels, DATASET]:
                    self._make_ids_unique(session, label)
            written = self._written(plan, token, work)
        self._still_there()
        return written

    def _written(self, plan: Plan, token: str, work: Callable[[neo4j.Transaction], Written]) -> Written:
        """What a load wrote, which is committed.

        Raises:
            StoreError: if it cannot be known whether it was committed, or another load came before.
        """
        try:
            return write(self._writer, self._database, work, _RETRY_SECONDS, self._left_alone)
        except IncompleteCommit:  # it may have been committed or not: the load finds out by its token
            with contextlib.suppress(ServiceUnavailable, SessionExpired, Unanswered):
                return write(self._writer, self._database, work, _RETRY_SECONDS, self._left_alone)
        except Unanswered as unanswered:
            if self._is_in(plan, token):
                return cast("Written", unanswered.done)
        except ClientError:
            if self._revision(plan.dataset) != plan.revision:  # such as two first loads that make the same node
                raise StoreError(MEANWHILE) from None
            raise
        raise StoreError(outcome_unknown(self._place))

    def _is_in(self, plan: Plan, token: str) -> bool:
        """Whether the database says, by another connection and soon, that it holds what a load wrote."""
        statement = f"MATCH (d:{quoted(DATASET)} {{id: $dataset}}) RETURN d.revision, d.load"
        try:
            question = {"dataset": plan.dataset}
            found = in_time(lambda: self.read(statement, question).rows, _ANSWER_SECONDS, self._left_alone)
        except (StoreError, Unanswered):
            return False
        return (plan.revision + 1, token) in found

    def _revision(self, dataset: str) -> object:
        """How often the dataset was written; 0 where it was not."""
        found = self.read(f"MATCH (d:{quoted(DATASET)} {{id: $dataset}}) RETURN d.revision", {"dataset": dataset}).rows
        return (found[0][0] or 0) if found else 0
