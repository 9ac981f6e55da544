"""The store's writing half: one load inside its transaction."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import neo4j

from negograph.database.values import in_parts, plain, refuse_too_long
from negograph.errors import StoreError
from negograph.graph.graph import GraphEntry, NodeKey
from negograph.graph.plan import Change, Plan, StoredEdge, totals
from negograph.model.model import DATASET
from negograph.version import __version__

BATCH = 2000
"""How many rows one statement reads or writes."""

FORMAT = 1
"""The form of what a load keeps about itself on the dataset's node; a higher one is of a newer negograph."""

MEANWHILE = "somebody else loaded this dataset meanwhile; nothing was written. Run the load again"
"""What is said of a load whose plan was made against an older state."""

_SHOWN = 5
_T = TypeVar("_T")
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Written:
    """What a load did to the database, in nodes and relationships."""

    nodes_created: int = 0
    nodes_updated: int = 0
    nodes_deleted: int = 0
    relationships_created: int = 0
    relationships_updated: int = 0
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


def taken_id(label: str, identity: str, dataset: object, digest: object) -> str:
    """What is said of an id that a load needs, and that a node has already which belongs to `dataset` or to none."""
    node = f"(:{label} {{id: {identity!r}}})"
    if dataset is None and digest is not None:
        return f"{node} lost its property `dataset` by hand"
    return f"{node} belongs to {f'the dataset {dataset!r}' if dataset else 'no dataset'}"


def not_ours(dataset: str) -> str:
    """What is said of a dataset's node that others made or changed."""
    return (
        f"(:{DATASET} {{id: {dataset!r}}}) in the database is not negograph's; nothing was written. Rename or delete it there, "
        "or load into another database"
    )


def ids_are_taken(taken: list[str], dataset: str) -> str:
    """The message for ids that a load needs and that are taken."""
    mend = "if you renamed the dataset, load into an empty database, or give it its old id"
    if any("lost its property" in node for node in taken):
        mend = f"put the property back in the database: SET n.dataset = '{dataset}'"
    return f"ids of this dataset are taken in the database, nothing was written: {some(taken)}; {mend}"


class Load:
    """One load inside its transaction. `token` tells this load from others, also when it is tried again."""

    def __init__(
        self, transaction: neo4j.Transaction, plan: Plan, token: str, progress: Progress, *, force: bool, embedded: bool
    ) -> None:
        self.transaction = transaction
        self.plan = plan
        self.token = token
        self.progress = progress
        self.force = force
        self.embedded = embedded
        self.done = 0
        self.edges_removed = [edge for removal in plan.removed for edge in removal.stored.edges]
        self.edges_removed += [edge for change in plan.changed for edge in change.edges_removed]
        self.edges_changed = [(change.stored, dict(change.values)) for one in plan.changed for change in one.edges_changed]
        self.edges_added = [edge for entry in plan.added for edge in entry.edges]
        self.edges_added += [edge for change in plan.changed for edge in change.edges_added]
        self.moved = [change for change in plan.changed if change.moved]
        self.going = {removal.stored.node.key: removal.stored for removal in plan.removed}
        nodes = len(plan.added) + len(plan.changed) + len(plan.removed)
        self.total = nodes + len(self.edges_removed) + len(self.edges_changed) + len(self.edges_added)

    def run(self) -> Written:
        if not self._lock():
            return self._written()  # an earlier try was committed, and only the server's answer was lost
        self._refuse_foreign_ids()
        self._change_edges()
        self._delete_edges()
        self._delete_nodes()
        self._move_nodes()
        self._create_nodes()
        self._change_nodes()
        self._create_edges()
        self._finish()
        return self._written()

    def _written(self) -> Written:
        return Written(
            nodes_created=len(self.plan.added),
            nodes_updated=len(self.plan.changed),
            nodes_deleted=len(self.plan.removed),
            relationships_created=len(self.edges_added),
            relationships_updated=len(self.edges_changed),
            relationships_deleted=len(self.edges_removed),
        )

    def _lock(self) -> bool:
        """Take the write lock on the dataset's node before looking at its revision, so that of two loads one waits or fails.

        Whether there is anything left to do.
        """
        statement = (
            f"MERGE (d:{quoted(DATASET)} {{id: $dataset}}) ON CREATE SET d.revision = 0 WITH d, d.load AS load "
            "SET d.load = $token RETURN d.revision AS revision, load"
        )
        row = self._only(statement, dataset=self.plan.dataset, token=self.token)
        if row["revision"] is None:
            raise StoreError(not_ours(self.plan.dataset))
        if row["revision"] == self.plan.revision + 1 and row["load"] == self.token:
            return False
        if row["revision"] != self.plan.revision:
            raise StoreError(MEANWHILE)
        return True

    def _refuse_foreign_ids(self) -> None:
        """Ids that the load needs are not taken by nodes that it does not itself move or remove."""
        free = {change.before for change in self.moved} | {removal.stored.node.key for removal in self.plan.removed}
        keys = [entry.node.key for entry in self.plan.added] + [change.entry.node.key for change in self.moved]
        foreign = []
        for label, ids in _by_label(key for key in keys if key not in free).items():
            for batch in _batches(ids):
                statement = (
                    f"MATCH (n:{quoted(label)}) WHERE n.id IN $ids "
                    "RETURN n.id AS id, n.dataset AS dataset, n.digest AS digest ORDER BY n.id"
                )
                for row in self._run(statement, ids=batch):
                    foreign.append(taken_id(label, row["id"], row["dataset"], row["digest"]))
        if foreign:
            raise StoreError(ids_are_taken(foreign, self.plan.dataset))

    def _change_edges(self) -> None:
        for (anchor, kind), edges in self._by_anchor(self.edges_changed).items():
            statement = (
                f"UNWIND $rows AS row MATCH {anchor}-[r:{quoted(kind)}]-() "
                "WHERE elementId(r) = row.reference AND r.dataset = $dataset WITH DISTINCT r, row "
                "SET r += row.values RETURN count(r) AS rows"
            )
            for batch in _batches(edges):
                rows = [{"id": id_, "reference": stored.reference, "values": values} for id_, stored, values in batch]
                self._expect(len(batch), self._rows(statement, rows), f"{kind} relationships to change")

    def _by_anchor(
        self, edges: Iterable[tuple[StoredEdge, dict[str, Any]]]
    ) -> dict[tuple[str, str], list[tuple[str, StoredEdge, dict[str, Any]]]]:
        """Stored edges by the pattern of the node to find them from and their type.

        That is the entry that owns them, else the node where they end: many edges begin at a party, fewer end at what its
        facts are about. A copy that somebody drew to a node of others is sought by itself.
        """
        labels = self.plan.vocabulary | self.plan.old_vocabulary
        grouped: dict[tuple[str, str], list[tuple[str, StoredEdge, dict[str, Any]]]] = defaultdict(list)
        for stored, values in edges:
            edge = stored.edge
            node = edge.start if edge.properties.get("entry") == edge.start.id else edge.end
            anchor = f"(n:{quoted(node.label)} {{id: row.id}})" if node.label in labels and node.id else "()"
            grouped[anchor, edge.type].append((node.id, stored, values))
        return grouped

    def _delete_edges(self) -> None:
        for (anchor, kind), edges in self._by_anchor((stored, {}) for stored in self.edges_removed).items():
            found = f"UNWIND $rows AS row MATCH {anchor}-[r:{quoted(kind)}]-() WHERE elementId(r) = row.reference"
            look = f"{found} RETURN DISTINCT row.reference AS reference, properties(r) AS properties"
            statement = f"{found} AND r.dataset = $dataset WITH DISTINCT r DELETE r RETURN count(*) AS rows"
            for batch in _batches(edges):
                rows = [{"id": id_, "reference": stored.reference} for id_, stored, _ in batch]
                planned = {stored.reference: stored.edge.properties for _, stored, _ in batch}
                for row in self._run(look, rows=rows):
                    self._refuse_changed(planned[row["reference"]], row["properties"], f"a {kind} relationship that goes")
                self._expect(len(batch), self._rows(statement, rows), f"{kind} relationships to delete")

    def _delete_nodes(self) -> None:
        for label, ids in _by_label(removal.stored.node.key for removal in self.plan.removed).items():
            for batch in _batches(ids):
                self._delete_strays(label, batch)
                if self.force:
                    self._delete_foreign_edges(label, batch)
                self._refuse_foreign_edges(label, batch)
                self._refuse_changed_nodes(label, batch)
                statement = f"UNWIND $rows AS id MATCH (n:{quoted(label)} {{id: id}}) DELETE n RETURN count(*) AS rows"
                self._expect(len(batch), self._rows(statement, batch), f"{label} nodes to delete")

    def _delete_strays(self, label: str, ids: Sequence[str]) -> None:
        """Edges of the dataset that no entry owns, such as copies of one, do not keep a node from going."""
        statement = (
            f"UNWIND $ids AS id MATCH (n:{quoted(label)} {{id: id}})-[r]-() WHERE r.dataset = $dataset "
            "WITH DISTINCT r DELETE r RETURN count(*) AS rows"
        )
        self._run(statement, ids=ids, dataset=self.plan.dataset)

    def _delete_foreign_edges(self, label: str, ids: Sequence[str]) -> None:
        """The edges of others that the plan knows, and so were written to a file."""
        known = {id_: self.going[NodeKey(label, id_)].foreign for id_ in ids}
        rows = [{"id": id_, "references": [edge.reference for edge in edges]} for id_, edges in known.items() if edges]
        statement = (
            f"UNWIND $rows AS row MATCH (n:{quoted(label)} {{id: row.id}})-[r]-() WHERE elementId(r) IN row.references "
            "WITH DISTINCT r DELETE r RETURN count(*) AS rows"
        )
        self._run(statement, rows=rows)

    def _refuse_foreign_edges(self, label: str, ids: Sequence[str]) -> None:
        statement = (
            f"UNWIND $ids AS id MATCH (n:{quoted(label)} {{id: id}})-[r]-(other) "
            "RETURN n.id AS id, type(r) AS type, coalesce(other.name, other.id, head(labels(other))) AS other "
            "ORDER BY id, type, other"
        )
        foreign = [f"{row['id']} -{row['type']}- {row['other']}" for row in self._run(statement, ids=ids)]
        if foreign:
            message = "relationships that negograph does not own hang on nodes that would go, nothing was written"
            raise StoreError(f"{message}: {some(foreign)}. Remove them in the database first, or load with --force")

    def _refuse_changed_nodes(self, label: str, ids: Sequence[str]) -> None:
        """Nobody put anything on nodes that go since the plan was made; from here on, nobody can."""
        statement = (
            f"UNWIND $ids AS id MATCH (n:{quoted(label)} {{id: id}}) SET n.dataset = n.dataset "
            "RETURN n.id AS id, properties(n) AS properties, labels(n) AS labels"
        )
        for row in self._run(statement, ids=ids):
            stored = self.going[NodeKey(label, row["id"])]
            self._refuse_changed(stored.node.properties, row["properties"], f"{row['id']}, which goes,")
            self._refuse_changed({"labels": list(stored.labels)}, {"labels": sorted(row["labels"])}, f"{row['id']}, which goes,")

    def _refuse_changed(self, planned: Mapping[str, Any], there: Mapping[str, Any], what: str) -> None:
        now = {name: plain(value) for name, value in there.items()}
        if _in_words(planned) != _in_words(now):
            raise StoreError(f"somebody changed {what} since the plan was made; nothing was written. Load again")

    def _move_nodes(self) -> None:
        """Give nodes other ids and labels: first all of them ids that nobody has, so that two can change places.

        Those that get another label have no id meanwhile: the embedded engine makes such a node anew, and would find the old
        one in the way.
        """
        marks = {change.before: f"{self.token} {number}" for number, change in enumerate(self.moved)}
        relabelled = [change for change in self.moved if change.before.label != change.entry.node.key.label]
        renamed = [change for change in self.moved if change not in relabelled]
        self._set_ids([(change.before, marks[change.before]) for change in renamed])
        self._take_ids_away(relabelled, marks)
        self._set_ids([(NodeKey(change.before.label, marks[change.before]), change.entry.node.key.id) for change in renamed])
        self._relabel(relabelled, marks)

    def _set_ids(self, ids: Iterable[tuple[NodeKey, str]]) -> None:
        for label, pairs in _grouped((old.label, (old.id, new)) for old, new in ids).items():
            statement = f"UNWIND $rows AS row MATCH (n:{quoted(label)} {{id: row[0]}}) SET n.id = row[1] RETURN count(n) AS rows"
            for batch in _batches(pairs):
                self._expect(len(batch), self._rows(statement, batch, progress=False), f"{label} nodes to rename")

    def _take_ids_away(self, changes: Sequence[Change], marks: Mapping[NodeKey, str]) -> None:
        marked = _grouped((change.before.label, (change.before.id, marks[change.before])) for change in changes)
        for label, pairs in marked.items():
            statement = (
                f"UNWIND $rows AS row MATCH (n:{quoted(label)} {{id: row[0]}}) SET n.id = null, n.digest = row[1] "
                "RETURN count(n) AS rows"
            )
            for batch in _batches(pairs):
                self._expect(len(batch), self._rows(statement, batch, progress=False), f"{label} nodes to relabel")

    def _relabel(self, changes: Sequence[Change], marks: Mapping[NodeKey, str]) -> None:
        pairs = ((change.before.label, change.entry.node.key.label) for change in changes)
        ids = {marks[change.before]: change.entry.node.key.id for change in changes}
        labels = _grouped(zip(pairs, (marks[change.before] for change in changes), strict=True))
        for (old, new), marked in labels.items():
            label = (
                f"MATCH (n:{quoted(old)}) WHERE n.digest IN $marks "
                f"SET n:{quoted(new)} REMOVE n:{quoted(old)} RETURN count(n) AS rows"
            )
            self._expect(len(marked), self._count(label, marks=marked), f"{old} nodes to relabel")
            name = f"MATCH (n:{quoted(new)}) WHERE n.digest IN $marks SET n.id = $ids[n.digest] RETURN count(n) AS rows"
            self._expect(len(marked), self._count(name, marks=marked, ids=ids), f"{new} nodes to name")

    def _create_nodes(self) -> None:
        for label, entries in _grouped((entry.node.key.label, entry) for entry in self.plan.added).items():
            statement = f"UNWIND $rows AS row CREATE (n:{quoted(label)}) SET n = row RETURN count(n) AS rows"
            for batch in _batches(entries):
                rows = [self._properties(entry) for entry in batch]
                self._expect(len(rows), self._rows(statement, rows), f"{label} nodes to create")

    def _properties(self, entry: GraphEntry) -> dict[str, Any]:
        there = {name: value for name, value in entry.node.properties.items() if value is not None}
        return {**there, "dataset": self.plan.dataset, "digest": entry.digest}

    def _change_nodes(self) -> None:
        for label, changes in _grouped((change.entry.node.key.label, change) for change in self.plan.changed).items():
            statement = (
                f"UNWIND $rows AS row MATCH (n:{quoted(label)} {{id: row.id}}) SET n += row.values RETURN count(n) AS rows"
            )
            for batch in _batches(changes):
                rows = [{"id": change.entry.node.key.id, "values": self._values(change)} for change in batch]
                self._expect(len(rows), self._rows(statement, rows), f"{label} nodes to change")

    def _values(self, change: Change) -> dict[str, Any]:
        return {**{name: new for name, (_, new) in change.properties.items()}, "digest": change.entry.digest}

    def _create_edges(self) -> None:
        groups = _grouped(((edge.type, edge.start.label, edge.end.label), edge) for edge in self.edges_added)
        for (kind, start, end), edges in groups.items():
            statement = (
                f"UNWIND $rows AS row MATCH (a:{quoted(start)} {{id: row.start}}) MATCH (b:{quoted(end)} {{id: row.end}}) "
                f"CREATE (a)-[r:{quoted(kind)}]->(b) SET r = row.properties RETURN count(r) AS rows"
            )
            for batch in _batches(edges):
                rows = [{"start": edge.start.id, "end": edge.end.id, "properties": dict(edge.properties)} for edge in batch]
                self._expect(len(rows), self._rows(statement, rows), f"{kind} relationships to create")

    def _finish(self) -> None:
        statement = (
            f"MATCH (d:{quoted(DATASET)} {{id: $dataset}}) SET d += $values, d.history = coalesce(d.history, []) + [$entry] "
            "RETURN count(d) AS rows"
        )
        values = {
            "name": self.plan.title,
            "revision": self.plan.revision + 1,
            "vocabulary": sorted(self.plan.vocabulary),
            "contents": self.plan.contents,
            "format": FORMAT,
            "version": __version__,
        }
        entry = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "version": __version__, **totals(self.plan)}
        done = self._count(statement, dataset=self.plan.dataset, values=values, entry=json.dumps(entry))
        self._expect(1, done, "dataset nodes to finish")

    def _rows(self, statement: str, rows: Sequence[Any], *, progress: bool = True) -> int:
        """How many rows of the database a statement touched that gets some rows of the plan."""
        touched = 0
        for part in in_parts(rows):
            touched += self._count(statement, rows=part, dataset=self.plan.dataset)
            if progress:
                self.done += len(part)
                self.progress(self.done, self.total)
        return touched

    def _count(self, statement: str, **parameters: Any) -> int:
        """The number that a statement returns as `rows`."""
        rows = self._only(statement, **parameters)["rows"]
        if not isinstance(rows, int):
            raise ValueError(f"{rows!r} in the place of a number")
        return rows

    def _only(self, statement: str, **parameters: Any) -> neo4j.Record:
        """The one row that a statement returns."""
        rows = self._run(statement, **parameters)
        if len(rows) != 1:
            raise ValueError(f"{len(rows)} rows in the place of one")
        return rows[0]

    def _run(self, statement: str, **parameters: Any) -> list[neo4j.Record]:
        if self.embedded:
            refuse_too_long(statement, parameters)
        return list(self.transaction.run(as_query(statement), parameters))

    def _expect(self, planned: int, touched: int, what: str) -> None:
        """A statement that touched fewer rows than planned means that the graph is not what the plan was made for."""
        if planned != touched:
            raise StoreError(
                f"{planned} {what}, but the database touched {touched}; nothing was written. Did somebody change the graph by "
                "hand? `negograph verify` shows it, `negograph load --repair` puts it right"
            )


def _in_words(properties: Mapping[str, Any]) -> list[str]:
    """Properties so that they can be compared, also such as are not equal to themselves."""
    return sorted(f"{name}: {value!r}" for name, value in properties.items())


def _by_label(keys: Iterable[NodeKey]) -> dict[str, list[str]]:
    return _grouped((key.label, key.id) for key in keys)


_K = TypeVar("_K")


def _grouped(pairs: Iterable[tuple[_K, _T]]) -> dict[_K, list[_T]]:
    grouped: dict[_K, list[_T]] = defaultdict(list)
    for key, value in pairs:
        grouped[key].append(value)
    return grouped


def _batches(items: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]


def some(things: list[str]) -> str:
    """A few of some things in words, and how many more there are."""
    more = f" and {len(things) - _SHOWN} more" if len(things) > _SHOWN else ""
    return "; ".join(things[:_SHOWN]) + more
