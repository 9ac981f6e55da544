"""A database that is open for loads and questions.

Neo4j and the embedded engine are spoken to by the same driver in the same words. Values travel as parameters; labels,
relationship types and property names come from the validated schema alone and are escaped.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import neo4j

from negograph.database.ask import Limits, ask, check, refuse_words_that_write
from negograph.database.cypher_names import Vocabulary
from negograph.database.driver import in_time, open_session
from negograph.database.embedded.connection import connect_to_engine
from negograph.database.interface import Database
from negograph.database.loading import carry_out
from negograph.database.messages import explain_errors
from negograph.database.neo4j_server import connect_to_server
from negograph.database.planning import plan_settled, verify
from negograph.database.results import Result
from negograph.database.snapshot import LoadedDataset, load_history, loaded_datasets
from negograph.database.statements import as_query, refuse_too_long
from negograph.database.target import EmbeddedTarget, Target
from negograph.database.values import plain_row
from negograph.database.writer import LoadCounts, Progress
from negograph.graph.graph import Graph
from negograph.graph.plan import Plan
from negograph.model.model import Model

_READ_SECONDS = 600.0
"""How long a statement of negograph's own may read."""


@dataclass(frozen=True)
class Store:
    """A database that is open for loads and questions; `open_store` makes it."""

    database: Database

    def read(self, cypher: str, parameters: Mapping[str, Any]) -> Result:
        """What one of negograph's own statements answers. It can only read.

        Raises:
            StoreError: if the database does not understand the statement, or the statement tries to write.
        """

        def work(transaction: neo4j.ManagedTransaction) -> Result:
            answer = transaction.run(as_query(cypher), dict(parameters))
            return Result(tuple(answer.keys()), tuple(map(plain_row, answer)))

        database = self.database
        with explain_errors(database, reading=True, own=True):
            refuse_too_long(cypher, parameters, database)
            session = database.reader.session(database=database.name, default_access_mode=neo4j.READ_ACCESS)
            with open_session(session) as opened:
                return in_time(lambda: opened.execute_read(work), _READ_SECONDS, database.left_alone)

    def _rows(self, cypher: str, parameters: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        return self.read(cypher, parameters).rows

    def ask(self, cypher: str, parameters: Mapping[str, Any], limits: Limits = Limits()) -> Result:  # noqa: B008 - frozen
        """What a user's query or a recipe answers. It can only read, for so long and for so many rows.

        Raises:
            StoreError: if the database does not understand the query, it does more than read, or it takes too long.
        """
        refuse_words_that_write(cypher)
        with explain_errors(self.database, reading=True):
            refuse_too_long(cypher, parameters, self.database)
            return ask(self.database, cypher, parameters, limits)

    def check(self, cypher: str) -> None:
        """Have the database look at a query, which it does not run.

        Raises:
            StoreError: if it does not understand the query, or the query would do more than read.
        """
        with explain_errors(self.database, reading=True):
            check(self.database, cypher)

    def names(self) -> Vocabulary:
        """The labels and relationship types of the database."""
        labels, types = (
            frozenset(str(row[0]) for row in self._rows(f"CALL db.{which}()", {})) for which in ("labels", "relationshipTypes")
        )
        return Vocabulary(labels, types)

    def datasets(self) -> list[LoadedDataset]:
        """The datasets that were loaded into the database."""
        with explain_errors(self.database):
            return loaded_datasets(self._rows)

    def history(self, dataset: str) -> list[dict[str, Any]]:
        """The loads that changed something, the oldest first: when, by which version, and how many entries."""
        with explain_errors(self.database):
            return load_history(self._rows, dataset)

    def plan(self, graph: Graph, *, everything: bool = False) -> Plan:
        """The plan that makes the database equal to a graph. Only digests are compared; `everything` looks at all there is.

        Raises:
            StoreError: if nodes of the dataset came or went by hand, unless everything is compared; then, if what the database
                keeps is damaged; or if the dataset changes all the time.
        """
        with explain_errors(self.database, own=True):
            return plan_settled(self.database, self._rows, graph, everything=everything)[0]

    def verify(self, graph: Graph) -> tuple[Plan, Plan]:
        """Where the database differs from a graph, property by property: by hand, and by what was curated since the last load.

        Raises:
            StoreError: if what the database keeps is damaged, or the dataset changes all the time.
        """
        with explain_errors(self.database, own=True):
            return verify(self.database, self._rows, graph)

    def apply(
        self, plan: Plan, model: Model, progress: Progress = lambda done, total: None, *, force: bool = False
    ) -> LoadCounts:
        """Carry out a plan in one transaction: all of it or nothing. `progress` gets the rows done and their total.

        With `force`, relationships of others that hang on nodes that go, and that the plan knows, go with them.

        Raises:
            StoreError: if the database holds what the load must not touch, changed since the plan was made, or does not say
                whether the load is in.
            EngineError: if the data that was written to is not there any more.
        """
        return carry_out(self.database, self._rows, plan, model, progress, force=force)


@contextlib.contextmanager
def open_store(target: Target, say: Callable[[str], None], *, shared: bool = False) -> Iterator[Store]:
    """A store on the target, closed (and the embedded engine stopped) at the end; `say` gets what the user should know.

    Others can use the embedded engine meanwhile if it is `shared`.

    Raises:
        StoreError: if the target cannot be reached or refuses the credentials.
        EngineError: if the embedded engine does not start.
    """
    if isinstance(target, EmbeddedTarget):
        connection = connect_to_engine(target, say, shared=shared)
    else:
        connection = connect_to_server(target)
    with connection as database:
        yield Store(database)
