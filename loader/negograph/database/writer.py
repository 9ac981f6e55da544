"""One load: its statements inside a transaction, which is tried again where that helps, and what is known of its end."""

import contextlib
import json
import random
import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from typing import Any

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

from negograph.database.driver import ANSWER_SECONDS, RETRY_SECONDS, Database, NoAnswer, Read, in_time, open_session
from negograph.database.messages import explain_errors, first_line
from negograph.database.snapshot import FORMAT, not_ours, refuse_taken_ids, revision_of
from negograph.database.statements import as_query, escape, ids_in_batches, in_batches, in_parts, plain, refuse_too_long
from negograph.errors import StoreError
from negograph.graph.plan import NodeKey, Plan, StoredEdge, Subgraph, totals
from negograph.model.model import DATASET, Model
from negograph.text.characters import some
from negograph.version import __version__

MEANWHILE = "somebody else loaded this dataset meanwhile; nothing was written. Run the load again"
"""What is said of a load whose plan was made against an older state."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class LoadCounts:
    """How many nodes and relationships a load created, updated and deleted."""

    nodes_created: int = 0
    nodes_updated: int = 0
    nodes_deleted: int = 0
    relationships_created: int = 0
    relationships_updated: int = 0
    relationships_deleted: int = 0


class Load:
    """One load. Its token tells it from others, also when it is tried again."""

    def __init__(self, plan: Plan, progress: Progress, *, force: bool, database: Database) -> None:
        self.plan = plan
        self.token = secrets.token_hex(8)
        self.progress = progress
        self.force = force
        self.database = database
        self.edges_removed = [edge for removal in plan.removed for edge in removal.stored.edges]
        self.edges_removed += [edge for change in plan.changed for edge in change.edges_removed]
        self.edges_changed = [change for entry in plan.changed for change in entry.edges_changed]
        self.edges_added = [edge for entry in plan.added for edge in entry.edges]
        self.edges_added += [edge for change in plan.changed for edge in change.edges_added]
        self.moved = [change for change in plan.changed if change.moved]
        self.going = {removal.stored.node.key: removal.stored for removal in plan.removed}
        self.counts = LoadCounts(
            nodes_created=len(plan.added),
            nodes_updated=len(plan.changed),
            nodes_deleted=len(plan.removed),
            relationships_created=len(self.edges_added),
            relationships_updated=len(self.edges_changed),
            relationships_deleted=len(self.edges_removed),
        )
        self.total = sum(astuple(self.counts))

    def run(self, transaction: neo4j.Transaction) -> None:
        """Write all that the plan says; nothing where an earlier try was committed, and only the database's answer was lost."""
        self.transaction = transaction
        self.done = 0
        if not self._lock():
            return
        self._refuse_foreign_ids()
        self._change_edges()
        self._delete_edges()
        self._delete_nodes()
        self._move_nodes()
        self._create_nodes()
        self._change_nodes()
        self._create_edges()
        self._finish()

    def _lock(self) -> bool:
        """Whether anything is left to do; looked at under the write lock, so that of two loads one waits or fails."""
        statement = (
            f"MERGE (d:{escape(DATASET)} {{id: $dataset}}) ON CREATE SET d.revision = 0 WITH d, d.load AS load "
            "SET d.load = $token RETURN d.revision AS revision, load"
        )
        ((revision, load),) = self._run(statement, dataset=self.plan.dataset, token=self.token)
        if revision is None:
            raise not_ours(self.plan.dataset)
        if revision == self.plan.revision + 1 and load == self.token:
            return False
        if revision != self.plan.revision:
            raise StoreError(MEANWHILE)
        return True

    def _refuse_foreign_ids(self) -> None:
        """Refuse where nodes that the load does not itself move or remove have ids that it needs."""
        free = {*self.going, *(change.before for change in self.moved)}
        needed = {*(entry.node.key for entry in self.plan.added), *(change.entry.node.key for change in self.moved)}
        refuse_taken_ids(lambda statement, parameters: self._run(statement, **parameters), self.plan.dataset, needed - free)

    def _change_edges(self) -> None:
        for pattern, changes in in_batches((self._pattern(change.stored), change) for change in self.edges_changed):
            statement = f"{pattern} AND r.dataset = $dataset WITH DISTINCT r, row SET r += row.values RETURN count(r) AS rows"
            rows = [
                {"id": _anchor(change.stored).id, "reference": change.stored.reference, "values": dict(change.values)}
                for change in changes
            ]
            self._write(statement, rows, f"{changes[0].stored.edge.type} relationships to change")

    def _pattern(self, stored: StoredEdge) -> str:
        """The clauses that find an edge r of a row.

        It is sought from the entry that owns it, else from the node where it ends: many edges begin at a party, fewer end at
        what its facts are about. A copy that somebody drew to a node of others is sought by itself.
        """
        node = _anchor(stored)
        known = node.id and (node.label in self.plan.vocabulary or node.label in self.plan.old_vocabulary)
        anchor = f"(n:{escape(node.label)} {{id: row.id}})" if known else "()"
        return f"UNWIND $rows AS row MATCH {anchor}-[r:{escape(stored.edge.type)}]-() WHERE elementId(r) = row.reference"

    def _delete_edges(self) -> None:
        for pattern, edges in in_batches((self._pattern(stored), stored) for stored in self.edges_removed):
            kind = edges[0].edge.type
            look = f"{pattern} RETURN DISTINCT row.reference AS reference, properties(r) AS properties"
            statement = f"{pattern} AND r.dataset = $dataset WITH DISTINCT r DELETE r RETURN count(*) AS rows"
            rows = [{"id": _anchor(stored).id, "reference": stored.reference} for stored in edges]
            planned = {stored.reference: stored.edge.properties for stored in edges}
            for row in self._run(look, rows=rows):
                self._refuse_changed(planned[row["reference"]], row["properties"], f"a {kind} relationship that goes")
            self._write(statement, rows, f"{kind} relationships to delete")

    def _delete_nodes(self) -> None:
        for label, ids in ids_in_batches(self.going):
            self._delete_other_edges(label, ids)
            self._refuse_foreign_edges(label, ids)
            self._refuse_changed_nodes(label, ids)
            statement = f"UNWIND $rows AS id MATCH (n:{escape(label)} {{id: id}}) DELETE n RETURN count(*) AS rows"
            self._write(statement, ids, f"{label} nodes to delete")

    def _delete_other_edges(self, label: str, ids: Sequence[str]) -> None:
        """Edges of the dataset that no entry owns, such as copies of one, do not keep a node from going.

        With `force`, nor do those of others that the plan knows, and so were written to a file.
        """
        foreign = {id_: self.going[NodeKey(label, id_)].foreign if self.force else () for id_ in ids}
        rows = [{"id": id_, "references": [edge.reference for edge in edges]} for id_, edges in foreign.items()]
        statement = (
            f"UNWIND $rows AS row MATCH (n:{escape(label)} {{id: row.id}})-[r]-() "
            "WHERE r.dataset = $dataset OR elementId(r) IN row.references WITH DISTINCT r DELETE r RETURN count(*) AS rows"
        )
        self._run(statement, rows=rows, dataset=self.plan.dataset)

    def _refuse_foreign_edges(self, label: str, ids: Sequence[str]) -> None:
        statement = (
            f"UNWIND $ids AS id MATCH (n:{escape(label)} {{id: id}})-[r]-(other) "
            "RETURN n.id AS id, type(r) AS type, coalesce(other.name, other.id, head(labels(other))) AS other "
            "ORDER BY id, type, other"
        )
        foreign = [f"{id_} -{kind}- {other}" for id_, kind, other in self._run(statement, ids=ids)]
        if foreign:
            message = "relationships that negograph does not own hang on nodes that would go, nothing was written"
            raise StoreError(f"{message}: {some(foreign)}. Remove them in the database first, or load with --force")

    def _refuse_changed_nodes(self, label: str, ids: Sequence[str]) -> None:
        """Nobody put anything on nodes that go since the plan was made; from here on, nobody can."""
        statement = (
            f"UNWIND $ids AS id MATCH (n:{escape(label)} {{id: id}}) SET n.dataset = n.dataset "
            "RETURN n.id, properties(n), labels(n)"
        )
        for id_, properties, labels in self._run(statement, ids=ids):
            stored = self.going[NodeKey(label, id_)]
            planned = {**stored.node.properties, ":": list(stored.labels)}
            self._refuse_changed(planned, {**properties, ":": sorted(labels)}, f"{id_}, which goes,")

    def _refuse_changed(self, planned: Mapping[str, Any], there: Mapping[str, Any], what: str) -> None:
        now = {name: plain(value) for name, value in there.items()}
        if _in_words(planned) != _in_words(now):
            raise StoreError(f"somebody changed {what} since the plan was made; nothing was written. Load again")

    def _move_nodes(self) -> None:
        """Give nodes other ids and labels: first all of them ids that nobody has, so that two can change places."""
        marks = {change.before: f"{self.token} {number}" for number, change in enumerate(self.moved)}
        self._set_ids((change.before, marks[change.before]) for change in self.moved)
        keys = [(NodeKey(change.before.label, marks[change.before]), change.entry.node.key) for change in self.moved]
        self._set_ids((marked, new.id) for marked, new in keys if marked.label == new.label)
        self._relabel([(marked, new) for marked, new in keys if marked.label != new.label])

    def _set_ids(self, ids: Iterable[tuple[NodeKey, str]]) -> None:
        for label, pairs in in_batches((old.label, (old.id, new)) for old, new in ids):
            statement = f"UNWIND $rows AS row MATCH (n:{escape(label)} {{id: row[0]}}) SET n.id = row[1] RETURN count(n) AS rows"
            self._write(statement, pairs, f"{label} nodes to rename", progress=False)

    def _relabel(self, keys: Iterable[tuple[NodeKey, NodeKey]]) -> None:
        """Nodes have no id meanwhile: the embedded engine makes such a node anew, and would find the old one in the way."""
        for (old, new), pairs in in_batches(((old.label, new.label), (old.id, new.id)) for old, new in keys):
            ids = dict(pairs)
            take_id = f"UNWIND $marks AS mark MATCH (n:{escape(old)} {{id: mark}}) SET n.digest = mark, n.id = null"
            marked = "WHERE n.digest IN $marks"
            relabel = f"MATCH (n:{escape(old)}) {marked} SET n:{escape(new)} REMOVE n:{escape(old)}"
            name = f"MATCH (n:{escape(new)}) {marked} SET n.id = $ids[n.digest]"
            for statement in (take_id, relabel, name):
                done = self._count(f"{statement} RETURN count(n) AS rows", marks=list(ids), ids=ids)
                self._expect(len(ids), done, f"{old} nodes to relabel")

    def _create_nodes(self) -> None:
        for label, entries in in_batches((entry.node.key.label, entry) for entry in self.plan.added):
            statement = f"UNWIND $rows AS row CREATE (n:{escape(label)}) SET n = row RETURN count(n) AS rows"
            rows = [self._properties(entry) for entry in entries]
            self._write(statement, rows, f"{label} nodes to create")

    def _properties(self, entry: Subgraph) -> dict[str, Any]:
        there = {name: value for name, value in entry.node.properties.items() if value is not None}
        return {**there, "dataset": self.plan.dataset, "digest": entry.digest}

    def _change_nodes(self) -> None:
        for label, changes in in_batches((change.entry.node.key.label, change) for change in self.plan.changed):
            statement = (
                f"UNWIND $rows AS row MATCH (n:{escape(label)} {{id: row.id}}) SET n += row.values RETURN count(n) AS rows"
            )
            rows = [
                {"id": entry.node.key.id, "values": {"digest": entry.digest, **{name: new for name, (_, new) in news.items()}}}
                for entry, news in ((change.entry, change.properties) for change in changes)
            ]
            self._write(statement, rows, f"{label} nodes to change")

    def _create_edges(self) -> None:
        created = (((edge.type, edge.start.label, edge.end.label), edge) for edge in self.edges_added)
        for (kind, start, end), edges in in_batches(created):
            statement = (
                f"UNWIND $rows AS row MATCH (a:{escape(start)} {{id: row.start}}) MATCH (b:{escape(end)} {{id: row.end}}) "
                f"CREATE (a)-[r:{escape(kind)}]->(b) SET r = row.properties RETURN count(r) AS rows"
            )
            rows = [{"start": edge.start.id, "end": edge.end.id, "properties": dict(edge.properties)} for edge in edges]
            self._write(statement, rows, f"{kind} relationships to create")

    def _finish(self) -> None:
        statement = (
            f"MATCH (d:{escape(DATASET)} {{id: $dataset}}) SET d += $values, d.history = coalesce(d.history, []) + [$entry]"
        )
        values = {
            "name": self.plan.title,
            "revision": self.plan.revision + 1,
            "vocabulary": sorted(self.plan.vocabulary),
            "contents": self.plan.contents,
            "format": FORMAT,
            "version": __version__,
        }
        now, commit = datetime.now(UTC).isoformat(timespec="seconds"), self.plan.commit
        entry = {"at": now, "version": __version__, "commit": commit, **totals(self.plan)}
        self._run(statement, dataset=self.plan.dataset, values=values, entry=json.dumps(entry))

    def _write(self, statement: str, rows: Sequence[Any], what: str, *, progress: bool = True) -> None:
        touched = 0
        for part in in_parts(rows):
            touched += self._count(statement, rows=part, dataset=self.plan.dataset)
            if progress:
                self.done += len(part)
                self.progress(self.done, self.total)
        self._expect(len(rows), touched, what)

    def _count(self, statement: str, **parameters: Any) -> int:
        """The number that a statement returns as `rows`."""
        ((rows,),) = self._run(statement, **parameters)
        return int(rows)

    def _run(self, statement: str, **parameters: Any) -> list[neo4j.Record]:
        refuse_too_long(statement, parameters, self.database)
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


def _anchor(stored: StoredEdge) -> NodeKey:
    """The node to seek an edge from."""
    edge = stored.edge
    return edge.start if edge.properties.get("entry") == edge.start.id else edge.end


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
