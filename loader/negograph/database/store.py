"""A database that is open for loads and questions.

Neo4j and the embedded engine are spoken to by the same driver in the same words. Values travel as parameters; labels,
relationship types and property names come from the validated schema alone and are escaped.

What compares and writes graphs is imported when it is used: most commands only ask.
"""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import neo4j

from negograph.database.ask import Limits, ask, check, refuse_words_that_write
from negograph.database.cypher_text import Vocabulary
from negograph.database.driver import Database, NoAnswer, Read, in_time, make_session, open_session
from negograph.database.embedded.connection import connect_to_engine
from negograph.database.messages import explain_errors
from negograph.database.neo4j_server import connect_to_server
from negograph.database.results import (
    FACT_COLUMN,
    FACTS,
    Evidence,
    Result,
    ResultNode,
    ResultRelationship,
    ResultValue,
    graph_parts,
)
from negograph.database.snapshot import LoadedDataset, load_history, loaded_datasets
from negograph.database.statements import as_query, in_batches, plain_row, refuse_too_long
from negograph.database.target import EmbeddedTarget, Target
from negograph.errors import NegographError
from negograph.model.model import FACT

if TYPE_CHECKING:
    from negograph.database.writer import Progress
    from negograph.graph.plan import Graph, LoadCounts, Plan
    from negograph.model.model import Model

_BYTES_OF_A_ROW = 3_700
"""How much memory of a transaction a node or a relationship takes, about, as measured on Neo4j 5.26."""

_READ_SECONDS = 600.0
"""How long a statement of negograph's own may read."""

_Run: TypeAlias = Callable[[str, Mapping[str, Any]], Result]
"""Runs a statement with its parameters."""

_T = TypeVar("_T")


@dataclass(frozen=True)
class Store:
    """A database that is open for loads and questions; `open_store` makes it."""

    database: Database

    def read(self, cypher: str, parameters: Mapping[str, Any]) -> Result:
        """What one of negograph's own statements answers. It can only read.

        Raises:
            StoreError: if the database does not understand the statement, or the statement tries to write.
        """
        return _in_one_session(self.database, lambda run: run(cypher, parameters))

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
        from negograph.database.planning import plan_settled

        return _in_one_session(
            self.database, lambda run: plan_settled(self.database, _rows(run), graph, everything=everything)[0]
        )

    def verify(self, graph: Graph) -> tuple[Plan, Plan]:
        """Where the database differs from a graph, property by property: by hand, and by what was curated since the last load.

        Raises:
            StoreError: if what the database keeps is damaged, or the dataset changes all the time.
        """
        from negograph.database.planning import verify

        return _in_one_session(self.database, lambda run: verify(self.database, _rows(run), graph))

    def too_large(self, plan: Plan) -> str:
        """That a plan will likely not fit into one transaction of the database, in words; nothing where it will, or who knows."""
        from negograph.graph.plan import counts_of

        rows = sum(astuple(counts_of(plan)))
        room, needed = self.database.transaction_memory(), rows * _BYTES_OF_A_ROW
        if room is None or needed <= room:
            return ""
        return (
            f"the load writes {rows:,} nodes and relationships, about {needed >> 20:,} MiB of memory in one transaction, and "
            f"{self.database.place} has {room >> 20:,} MiB for that. If it does not fit, load with --in-batches"
        )

    def apply(
        self,
        plan: Plan,
        model: Model,
        progress: Progress = lambda done, total: None,
        *,
        force: bool = False,
        in_batches: bool = False,
    ) -> LoadCounts:
        """Carry out a plan in one transaction: all of it or nothing. `progress` gets the rows done and their total.

        With `force`, relationships of others that hang on nodes that go, and that the plan knows, go with them. With
        `in_batches` it takes several transactions; wherever that ends, the next load finishes it or takes it back.

        Raises:
            StoreError: if the database holds what the load must not touch, changed since the plan was made, or does not say
                whether the load is in.
            EngineError: if the data that was written to is not there any more.
        """
        from negograph.database.transactions import carry_out
        from negograph.database.writer import Load

        load = Load(plan, progress, force=force, in_batches=in_batches, database=self.database)
        return carry_out(self.database, self._rows, load, model)


def _in_one_session(database: Database, work: Callable[[_Run], _T]) -> _T:
    """What some work gives that runs statements of negograph's own, each in its transaction, which can only read.

    They share a thread: to start one and to wait for it takes longer than most of them do.
    """
    began, over = [time.monotonic()], threading.Event()

    def run(cypher: str, parameters: Mapping[str, Any]) -> Result:
        def answer(transaction: neo4j.ManagedTransaction) -> Result:
            rows = transaction.run(as_query(cypher), dict(parameters))
            return Result(tuple(rows.keys()), tuple(map(plain_row, rows)))

        if over.is_set():
            raise NoAnswer  # nobody waits for it any more
        refuse_too_long(cypher, parameters, database)
        began[:] = [time.monotonic()]
        return opened.execute_read(answer)

    def look() -> None:
        if time.monotonic() - began[0] > _READ_SECONDS:
            raise NoAnswer

    with (
        explain_errors(database, reading=True, own=True),
        open_session(make_session(database, database.reader, reading=True)) as opened,
    ):
        try:
            return in_time(lambda: work(run), math.inf, database.left_alone, look)
        finally:
            over.set()


def _rows(run: _Run) -> Read:
    return lambda cypher, parameters: run(cypher, parameters).rows


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
        try:
            yield Store(database)
        finally:
            for driver in database.free_readers:
                driver.close()


_EVIDENCE = "evidence"
_R = TypeVar("_R", bound=Result)


def with_evidence(store: Store, result: _R) -> _R:
    """The answer with a column `evidence`: the facts behind each row, with their quotes. It takes the place of `facts`.

    What is behind a row are the ids in its columns `facts`, `fact` and `..._fact`, its Fact nodes, and the facts of its
    relationships.

    Raises:
        NegographError: if nothing in the answer leads to a fact, or a column of it is called so.
    """
    if _EVIDENCE in result.columns and not all(_is_ours(row[result.columns.index(_EVIDENCE)]) for row in result.rows):
        raise NegographError(f"the answer has a column `{_EVIDENCE}` already; give it another name")
    behind = [sorted(set(facts_behind(result.columns, row))) for row in result.rows]
    if result.rows and not any(behind):
        raise NegographError("nothing in this answer leads to facts; return their ids in a column `facts` or `fact`")
    known = _evidence(store, {identity for ids in behind for identity in ids})
    kept = result.without((FACTS, _EVIDENCE))
    found: list[list[ResultValue]] = [[known[identity] for identity in ids if identity in known] for ids in behind]
    rows = tuple((*row, evidence) for row, evidence in zip(kept.rows, found, strict=True))
    return replace(kept, columns=(*kept.columns, _EVIDENCE), rows=rows)


def _is_ours(value: ResultValue) -> bool:
    return isinstance(value, list) and all(isinstance(item, Evidence) for item in value)


def facts_behind(columns: Collection[str], row: tuple[ResultValue, ...]) -> Iterator[str]:
    """The ids of the facts behind a row, as `with_evidence` finds them."""
    for column, value in zip(columns, row, strict=True):
        if column == FACTS and isinstance(value, list):
            yield from (str(item) for item in value if item is not None)
        elif (column == FACT_COLUMN or column.endswith(f"_{FACT_COLUMN}")) and isinstance(value, str):
            yield value
        else:
            for part in graph_parts(value):
                if isinstance(part, ResultNode) and FACT in part.labels:
                    yield str(part.properties.get("id"))
                elif isinstance(part, ResultRelationship) and "fact" in part.properties:
                    yield str(part.properties["fact"])


def _evidence(store: Store, ids: Collection[str]) -> dict[str, Evidence]:
    statement = (
        "MATCH (f:Fact)-[written:EVIDENCED_BY]->(source:Document) WHERE f.id IN $ids "
        "RETURN f.id, f.name, written.quote, source.name ORDER BY f.id, source.name, written.quote"
    )
    acts: dict[str, str] = {}
    quotes: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for _, wanted in in_batches((FACT, identity) for identity in sorted(ids)):
        for identity, act, quote, source in store.read(statement, {"ids": wanted}).rows:
            acts[str(identity)] = str(act)
            quotes[str(identity)].append((str(quote), str(source)))
    return {identity: Evidence(identity, act, tuple(quotes[identity])) for identity, act in acts.items()}
