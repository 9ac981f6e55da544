"""The store's writing half: one load inside its transaction."""

from __future__ import annotations

import re
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import neo4j

from negograph.graph import Edge, GraphEntry, NodeKey
from negograph.model import ABOUT_EDGE, BY_EDGE, DATASET, FACT, TO_EDGE
from negograph.planning import Plan
from negograph.problems import NegographError

BATCH = 2000
"""How many rows one statement writes."""

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


def quoted(name: str) -> str:
    """A label, relationship type or property name for use in Cypher.

    Raises:
        ValueError: if it is not of the form that the schema allows.
    """
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        raise ValueError(f"not a name of the schema: {name!r}")
    return f"`{name}`"


def as_query(text: str) -> Any:
    """A statement that was put together from names of the schema; the driver's types ask for literals."""
    return text


class Load:
    """One load inside its transaction."""

    def __init__(self, transaction: neo4j.ManagedTransaction, plan: Plan, progress: Progress) -> None:
        self.transaction = transaction
        self.plan = plan
        self.progress = progress
        self.done = 0
        self.total = sum(1 + len(entry.edges) for entry in plan.written) + len(plan.changed) + len(plan.removed)

    def run(self) -> Written:
        self._lock()
        self._refuse_foreign_ids()
        deleted = self._delete_edges([entry.node.key for entry in self.plan.changed])
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
        statement = (
            f"MERGE (d:{quoted(DATASET)} {{id: $dataset}}) ON CREATE SET d.revision = 0 SET d.lock = $lock "
            "RETURN d.revision AS revision"
        )
        revision = self._run(statement, dataset=self.plan.dataset, lock=secrets.token_hex(8))[0]["revision"]
        if revision is None:
            raise StoreError(
                f"(:{DATASET} {{id: {self.plan.dataset!r}}}) in the database is not negograph's; nothing was written"
            )
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
                for pattern in _owned_edges(label):
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
                for pattern in [*_owned_edges(label), "(n)-[r]-()"]:
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
        return list(self.transaction.run(as_query(statement), parameters))

    def _expect(self, planned: int, touched: int, what: str) -> None:
        """A statement that touched fewer rows than planned means that the graph is not what the plan was made for."""
        if planned != touched:
            raise StoreError(f"{planned} {what}, but the database touched {touched}; nothing was written. Run the load again")

    def _advance(self, rows: int) -> None:
        self.done += rows
        self.progress(self.done, self.total)


def _owned_edges(label: str) -> list[str]:
    """Patterns for the edges r that an entry n with this label owns: those that name it, and the short edges of a fact.

    Short edges are sought from what the fact is about, where fewer edges meet than at a party.
    """
    short = [f"(n)-[:{quoted(end)}]->()<-[r {{fact: n.id}}]-()<-[:{quoted(BY_EDGE)}]-(n)" for end in (ABOUT_EDGE, TO_EDGE)]
    return [*(short if label == FACT else []), "(n)-[r {entry: n.id}]-()"]


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
