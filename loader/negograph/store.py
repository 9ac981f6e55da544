"""The database: everything that is said to it in Cypher, and nothing else says anything to it.

Neo4j and the embedded engine are spoken to by the same driver in the same words. Values travel as parameters; labels,
relationship types and property names come from the validated schema alone and are quoted.
"""

from __future__ import annotations

import contextlib
import re
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

import neo4j
from neo4j import graph as neo4j_graph
from neo4j.exceptions import AuthError, DriverError, Neo4jError, ServiceUnavailable
from neo4j.time import Date

from negograph.graph import Edge, GraphEntry, NodeKey
from negograph.local_engine import start_engine
from negograph.model import ABOUT, BY, DATASET, FACT, TO, Model
from negograph.planning import Plan, Stored
from negograph.problems import NegographError
from negograph.results import Result, ResultNode, ResultPath, ResultRelationship, ResultValue
from negograph.target import DATABASE, EmbeddedTarget, ServerTarget, Target

BATCH = 2000
"""How many rows one statement writes."""

_SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")
_WRITE_REFUSED = ("Neo.ClientError.Statement.AccessMode", "Neo.ClientError.Security.Forbidden")
_DERIVED = tuple(f"(n)-[:{end}]->()<-[r {{fact: n.id}}]-()<-[:{BY}]-(n)" for end in (ABOUT, TO))
"""The short edges r of a fact n, sought from what it is about, where fewer edges meet than at a party."""

_SHOWN = 5
_T = TypeVar("_T")
Progress = Callable[[int, int], None]


class StoreError(NegographError):
    """The database refused something, cannot be reached, or holds what the load must not touch."""


@dataclass(frozen=True)
class Written:
    """What a load did to the database, in nodes and relationships."""

    nodes_created: int = 0
    nodes_updated: int = 0
    nodes_deleted: int = 0
    relationships_created: int = 0
    relationships_deleted: int = 0


@contextlib.contextmanager
def open_store(target: Target, say: Callable[[str], None]) -> Iterator[Store]:
    """A store on the target, closed (and the embedded engine stopped) at the end; `say` gets what the user should know.

    Raises:
        StoreError: if the target cannot be reached or refuses the credentials.
    """
    with contextlib.ExitStack() as stack:
        if isinstance(target, EmbeddedTarget):
            engine = stack.enter_context(start_engine(target.folder, say, target.build))
            writer = stack.enter_context(_driver(engine.uri, "root", engine.password))
            reader = stack.enter_context(_driver(engine.uri, engine.reader, engine.reader_password))
            yield Store(writer, reader, DATABASE)
        else:
            driver = stack.enter_context(_connected(target))
            yield Store(driver, driver, target.database)


def _driver(uri: str, username: str, password: str) -> neo4j.Driver:
    from negograph import __version__

    return neo4j.GraphDatabase.driver(
        uri,
        auth=(username, password),
        user_agent=f"negograph/{__version__}",
        notifications_min_severity=neo4j.NotificationMinimumSeverity.OFF,
    )


@contextlib.contextmanager
def _connected(target: ServerTarget) -> Iterator[neo4j.Driver]:
    try:
        parts = urlsplit(target.uri)
        if parts.scheme not in _SCHEMES or not parts.hostname:
            raise ValueError(f"it is not of the form SCHEME://HOST with one of {', '.join(_SCHEMES)}")
        _ = parts.port  # raises where the port is no port
        driver = _driver(target.uri, target.username, target.password)
    except (neo4j.exceptions.ConfigurationError, ValueError) as error:
        raise StoreError(
            f"{target.uri!r} is no address of a Neo4j server ({error}); write bolt://HOST:7687 or neo4j://HOST"
        ) from error
    with driver, _errors_explained(target.uri):
        driver.verify_connectivity()
        yield driver


@contextlib.contextmanager
def _errors_explained(place: str) -> Iterator[None]:
    """Turns the driver's errors into ours, which say what to do."""
    try:
        yield
    except AuthError as error:
        raise StoreError(f"{place} refuses the user name or password; check NEO4J_USERNAME and NEO4J_PASSWORD") from error
    except ServiceUnavailable as error:
        raise StoreError(f"cannot reach {place}; is the server up and the address right? ({_first_line(error)})") from error
    except Neo4jError as error:
        if error.code in _WRITE_REFUSED:
            raise StoreError("the query tries to write; a recipe can only read") from error
        raise StoreError(f"the database says: {error.message or error}") from error
    except DriverError as error:
        raise StoreError(f"no answer from {place}: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__


def quoted(name: str) -> str:
    """A label, relationship type or property name for use in Cypher.

    Raises:
        ValueError: if it is not of the form that the schema allows.
    """
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        raise ValueError(f"not a name of the schema: {name!r}")
    return f"`{name}`"


class Store:
    """A connection to one database, with one user that may write and one that only reads (on Neo4j the same)."""

    def __init__(self, writer: neo4j.Driver, reader: neo4j.Driver, database: str) -> None:
        self._writer = writer
        self._reader = reader
        self._database = database

    # reading

    def read(self, cypher: str, parameters: Mapping[str, Any]) -> Result:
        """What a query answers. It can only read.

        Raises:
            StoreError: if the database does not understand the query, or the query tries to write.
        """

        def work(transaction: neo4j.ManagedTransaction) -> Result:
            answer = transaction.run(_cypher(cypher), dict(parameters))
            rows = tuple(tuple(_plain(value) for value in record.values()) for record in answer)
            return Result(tuple(answer.keys()), rows)

        reading = self._reader.session(database=self._database, default_access_mode=neo4j.READ_ACCESS)
        with _errors_explained("the database"), reading as session:
            return session.execute_read(work)

    def empty(self) -> bool:
        """Whether no dataset has been loaded into the database."""
        return self.read(f"MATCH (d:{quoted(DATASET)}) RETURN d.id LIMIT 1", {}).rows == ()

    def stored(self, dataset: str, labels: Iterable[str]) -> Stored:
        """What the database holds of a dataset. One digest an entry."""
        statement = f"MATCH (d:{quoted(DATASET)} {{id: $dataset}}) RETURN d.name, d.revision, d.vocabulary"
        found = self.read(statement, {"dataset": dataset}).rows
        if not found or found[0][1] is None:
            return Stored(None, 0, {})
        title, revision, words = found[0]
        vocabulary = frozenset(map(str, words)) if isinstance(words, list) else frozenset()
        known = [*labels, *(word for word in sorted(vocabulary) if word.isalnum())]
        digests = {
            NodeKey(label, str(identity)): str(digest)
            for label in dict.fromkeys(known)
            for identity, digest in self.read(
                f"MATCH (n:{quoted(label)}) WHERE n.dataset = $dataset RETURN n.id, n.digest", {"dataset": dataset}
            ).rows
        }
        assert isinstance(revision, int)
        return Stored(str(title), revision, digests, vocabulary)

    # writing

    def apply(self, plan: Plan, model: Model, progress: Progress = lambda done, total: None) -> Written:
        """Carry out a plan in one transaction: all of it or nothing. `progress` gets the rows done and their total.

        Raises:
            StoreError: if the database holds what the load must not touch, or changed since the plan was made.
        """
        with _errors_explained("the database"), self._writer.session(database=self._database) as session:
            for label in [*model.labels, DATASET]:
                session.run(_cypher(f"CREATE CONSTRAINT IF NOT EXISTS FOR (n:{quoted(label)}) REQUIRE n.id IS UNIQUE")).consume()
            return session.execute_write(lambda transaction: _Load(transaction, plan, model, progress).run())


def _cypher(text: str) -> Any:
    """A statement that was put together from names of the schema; the driver's types ask for literals."""
    return text


class _Load:
    """One load inside its transaction."""

    def __init__(self, transaction: neo4j.ManagedTransaction, plan: Plan, model: Model, progress: Progress) -> None:
        self.transaction = transaction
        self.plan = plan
        self.model = model
        self.progress = progress
        self.done = 0
        self.total = sum(1 + len(entry.edges) for entry in plan.written) + len(plan.changed) + len(plan.removed)

    def run(self) -> Written:
        self._lock()
        self._refuse_foreign_ids()
        deleted = self._delete_dropped_types() + self._delete_edges([entry.node.key for entry in self.plan.changed])
        deleted += self._delete_nodes()
        self._clear_dropped_properties()
        self._write_nodes()
        created = self._write_edges()
        self._finish()
        return Written(
            nodes_created=len(self.plan.added),
            nodes_updated=len(self.plan.changed),
            nodes_deleted=len(self.plan.removed),
            relationships_created=created,
            relationships_deleted=deleted,
        )

    def _lock(self) -> None:
        """Take the write lock on the dataset's node before looking at its revision, so that of two loads one waits or fails."""
        statement = f"MERGE (d:{quoted(DATASET)} {{id: $dataset}}) SET d.lock = $lock RETURN coalesce(d.revision, 0) AS revision"
        revision = self._run(statement, dataset=self.plan.dataset, lock=secrets.token_hex(8))[0]["revision"]
        if revision != self.plan.revision:
            raise StoreError("somebody else loaded this dataset meanwhile; nothing was written. Run the load again")

    def _refuse_foreign_ids(self) -> None:
        foreign = []
        for label, keys in _by_label(entry.node.key for entry in self.plan.added).items():
            for batch in _batches(keys):
                statement = f"MATCH (n:{quoted(label)}) WHERE n.id IN $ids RETURN n.id AS id, n.dataset AS dataset ORDER BY n.id"
                for row in self._run(statement, ids=[key.id for key in batch]):
                    owner = f"belongs to the dataset {row['dataset']!r}" if row["dataset"] else "belongs to no dataset"
                    foreign.append(f"(:{label} {{id: {row['id']!r}}}) {owner}")
        if foreign:
            mend = "if you renamed the dataset, load into an empty database (of the embedded engine, delete .negograph)"
            raise StoreError(f"ids of this dataset are taken in the database, nothing was written: {_some(foreign)}; {mend}")

    def _delete_edges(self, keys: Iterable[NodeKey]) -> int:
        deleted = 0
        for label, of_label in _by_label(keys).items():
            for batch in _batches(of_label):
                for pattern in self._owned_edge_patterns(label):
                    deleted += self._delete_matching(label, [key.id for key in batch], pattern)
                self._advance(len(batch))
        return deleted

    def _delete_matching(self, label: str, ids: list[str], pattern: str) -> int:
        """Delete the edges r of the dataset that the pattern finds from nodes n; how many they were."""
        statement = (
            f"UNWIND $ids AS id MATCH (n:{quoted(label)} {{id: id}}) MATCH {pattern} "
            "WHERE r.dataset = $dataset WITH DISTINCT r DELETE r RETURN count(*) AS rows"
        )
        return int(self._run(statement, ids=ids, dataset=self.plan.dataset)[0]["rows"])

    def _owned_edge_patterns(self, label: str) -> Iterator[str]:
        """Patterns for the edges r that an entry n of this label owns; those derived from a fact first, by way of the others."""
        if label == FACT:
            yield from _DERIVED
        for edge in self.model.edges_of(self.model.entry_label(label)):
            arrow = "(n)<-[r:{}]-()" if edge.reverse else "(n)-[r:{}]->()"
            yield arrow.format(quoted(edge.type))

    def _delete_dropped_types(self) -> int:
        deleted = 0
        for kind in sorted(word[1:] for word in self.plan.dropped if word.startswith("-")):
            statement = f"MATCH ()-[r:{quoted(kind)}]->() WHERE r.dataset = $dataset DELETE r RETURN count(*) AS rows"
            deleted += self._run(statement, dataset=self.plan.dataset)[0]["rows"]
        return deleted

    def _clear_dropped_properties(self) -> None:
        for word in sorted(word for word in self.plan.dropped if "." in word):
            label, _, name = word.partition(".")
            # not REMOVE, which the embedded engine passes over where the name is quoted
            statement = (
                f"MATCH (n:{quoted(label)}) WHERE n.dataset = $dataset SET n.{quoted(name)} = null RETURN count(*) AS rows"
            )
            self._run(statement, dataset=self.plan.dataset)

    def _delete_nodes(self) -> int:
        """Delete the removed nodes with every edge of the dataset that hangs on them; how many edges that were."""
        deleted = 0
        for label, keys in _by_label(self.plan.removed).items():
            for batch in _batches(keys):
                ids = [key.id for key in batch]
                for pattern in [*(_DERIVED if label == FACT else ()), "(n)-[r]-()"]:
                    deleted += self._delete_matching(label, ids, pattern)
                self._refuse_foreign_edges(label, ids)
                statement = f"UNWIND $ids AS id MATCH (n:{quoted(label)} {{id: id}}) DELETE n RETURN count(*) AS rows"
                self._expect(len(batch), self._run(statement, ids=ids)[0]["rows"], f"{label} nodes to delete")
                self._advance(len(batch))
        return deleted

    def _refuse_foreign_edges(self, label: str, ids: list[str]) -> None:
        statement = (
            f"UNWIND $ids AS id MATCH (n:{quoted(label)} {{id: id}})-[r]-(other) "
            "RETURN n.id AS id, type(r) AS type, coalesce(other.name, other.id, head(labels(other))) AS other "
            "ORDER BY id, type, other"
        )
        foreign = [f"{row['id']} -{row['type']}- {row['other']}" for row in self._run(statement, ids=ids)]
        if foreign:
            message = "relationships that negograph does not own hang on nodes that would go, nothing was written"
            raise StoreError(f"{message}: {_some(foreign)}. Remove them in the database first")

    def _write_nodes(self) -> None:
        by_label: dict[str, list[GraphEntry]] = defaultdict(list)
        for entry in self.plan.written:
            by_label[entry.node.key.label].append(entry)
        for label, entries in by_label.items():
            statement = (
                f"UNWIND $rows AS row MERGE (n:{quoted(label)} {{id: row.id}}) SET n += row.properties RETURN count(n) AS rows"
            )
            for batch in _batches(entries):
                rows = [{"id": entry.node.key.id, "properties": self._node_properties(entry)} for entry in batch]
                self._expect(len(rows), self._run(statement, rows=rows)[0]["rows"], f"{label} nodes to write")
                self._advance(len(rows))

    def _node_properties(self, entry: GraphEntry) -> dict[str, Any]:
        properties = {name: value for name, value in entry.node.properties.items() if name != "id"}
        return {**properties, "dataset": self.plan.dataset, "digest": entry.digest}

    def _write_edges(self) -> int:
        groups: dict[tuple[str, str, str], list[Edge]] = defaultdict(list)
        for edge in (edge for entry in self.plan.written for edge in entry.edges):
            groups[edge.type, edge.start.label, edge.end.label].append(edge)
        for (kind, start, end), edges in groups.items():
            statement = (
                f"UNWIND $rows AS row MATCH (a:{quoted(start)} {{id: row.start}}) MATCH (b:{quoted(end)} {{id: row.end}}) "
                f"CREATE (a)-[r:{quoted(kind)}]->(b) SET r = row.properties RETURN count(r) AS rows"
            )
            for batch in _batches(edges):
                rows = [{"start": edge.start.id, "end": edge.end.id, "properties": dict(edge.properties)} for edge in batch]
                self._expect(len(rows), self._run(statement, rows=rows)[0]["rows"], f"{kind} relationships to write")
                self._advance(len(rows))
        return sum(map(len, groups.values()))

    def _finish(self) -> None:
        statement = (
            f"MATCH (d:{quoted(DATASET)} {{id: $dataset}}) SET d.name = $title, d.revision = $revision, "
            "d.vocabulary = $vocabulary REMOVE d.lock RETURN count(d) AS rows"
        )
        values = {"title": self.plan.title, "revision": self.plan.revision + 1, "vocabulary": sorted(self.plan.vocabulary)}
        self._expect(1, self._run(statement, dataset=self.plan.dataset, **values)[0]["rows"], "dataset nodes to finish")

    def _run(self, statement: str, **parameters: Any) -> list[neo4j.Record]:
        return list(self.transaction.run(_cypher(statement), parameters))

    def _expect(self, planned: int, touched: int, what: str) -> None:
        """A statement that touched fewer rows than planned means that the graph is not what the plan was made for."""
        if planned != touched:
            raise StoreError(f"{planned} {what}, but the database touched {touched}; nothing was written. Run the load again")

    def _advance(self, rows: int) -> None:
        self.done += rows
        self.progress(self.done, self.total)


def _by_label(keys: Iterable[NodeKey]) -> dict[str, list[NodeKey]]:
    grouped: dict[str, list[NodeKey]] = defaultdict(list)
    for key in keys:
        grouped[key.label].append(key)
    return grouped


def _batches(items: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]


def _some(things: list[str]) -> str:
    more = f" and {len(things) - _SHOWN} more" if len(things) > _SHOWN else ""
    return "; ".join(things[:_SHOWN]) + more


def _plain(value: Any) -> ResultValue:
    """A value of the driver as plain data."""
    if isinstance(value, neo4j_graph.Node):
        return _plain_node(value)
    if isinstance(value, neo4j_graph.Relationship):
        return _plain_relationship(value)
    if isinstance(value, neo4j_graph.Path):
        return ResultPath(tuple(map(_plain_node, value.nodes)), tuple(map(_plain_relationship, value.relationships)))
    if isinstance(value, Date):
        return value.to_native()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value if value is None or isinstance(value, (str, bool, int, float)) else str(value)


def _plain_node(node: neo4j_graph.Node | None) -> ResultNode:
    if node is None:
        return ResultNode((), {})
    return ResultNode(tuple(sorted(node.labels)), _plain_properties(node))


def _plain_relationship(relationship: neo4j_graph.Relationship) -> ResultRelationship:
    start, end = relationship.nodes
    return ResultRelationship(relationship.type, _plain_node(start), _plain_node(end), _plain_properties(relationship))


def _plain_properties(entity: neo4j_graph.Entity) -> dict[str, Any]:
    return {name: _plain(value) for name, value in sorted(entity.items())}
