"""The statements of a load: steps that one transaction carries out together, or several one after the other.

Where it is several, the digests of all entries that the load touches are taken away first and come back last. So whatever
interrupts it, the next load finds these entries to be others than the seeds say, compares them in full, and goes on.
"""

import json
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeAlias

import msgspec
import neo4j

from negograph.database.driver import Database
from negograph.database.snapshot import FORMAT, not_ours, refuse_taken_ids
from negograph.database.statements import (
    as_query,
    escape,
    ids_by_count,
    ids_in_batches,
    in_batches,
    in_parts,
    plain,
    refuse_too_long,
)
from negograph.database.stored_entries import countable_edges
from negograph.errors import StoreError
from negograph.graph.plan import Change, EdgeChange, NodeKey, Plan, StoredEdge, Subgraph, counts_of, names_on_edges, totals
from negograph.model.model import DATASET
from negograph.text.characters import some
from negograph.version import __version__

MEANWHILE = "somebody else loaded this dataset meanwhile; nothing was written. Run the load again"
"""What is said of a load whose plan was made against an older state."""

Progress = Callable[[int, int], None]


Step: TypeAlias = Callable[[], None]
"""A part of a load that is carried out in one transaction, whole or not at all."""

_encode = msgspec.json.Encoder(order="sorted").encode
_PENDING = ""
"""The digest of an entry that a load in several transactions has not finished: no entry has it."""

_ONCE_FOUND = "WITH collect(DISTINCT r) AS found UNWIND found AS r"
DELETE_FOUND = f"{_ONCE_FOUND} DELETE r RETURN count(*) AS rows"
"""Ends a statement that deletes relationships r, once all are found: on the way, the embedded engine fails at a deleted one."""


class Load:
    """One load, `in_batches` where it takes several transactions. Each gets its statements by way of `transaction`."""

    transaction: neo4j.Transaction

    def __init__(self, plan: Plan, progress: Progress, *, force: bool, in_batches: bool, database: Database) -> None:
        self.plan = plan
        self.progress = progress
        self.force = force
        self.in_batches = in_batches
        self.database = database
        self.edges_removed = [edge for removal in plan.removed for edge in removal.stored.edges]
        self.edges_removed += [edge for change in plan.changed for edge in change.edges_removed]
        self.edges_changed = [change for entry in plan.changed for change in entry.edges_changed]
        self.edges_added = [edge for entry in plan.added for edge in entry.edges]
        self.edges_added += [edge for change in plan.changed for edge in change.edges_added]
        self.moved = [change for change in plan.changed if change.moved]
        self.names = names_on_edges(plan.vocabulary | plan.old_vocabulary)
        self.going = {removal.stored.node.key: removal.stored for removal in plan.removed}
        self.counts = counts_of(plan)
        self.total = sum(astuple(self.counts))
        self.done = 0
        self.mark = secrets.token_hex(8)
        self._under_way: Step | None = None

    def steps(self) -> Iterator[Step]:
        """All that the plan says, in an order in which nothing is missing that a step needs."""
        self.done = 0
        yield self._refuse_foreign_ids
        yield from self._mark_as_pending() if self.in_batches else ()
        yield from self._change_edges()
        yield from self._delete_edges()
        yield from self._delete_counted_edges()
        yield from self._delete_nodes()
        yield self._move_nodes
        yield from self._create_nodes()
        yield from self._change_nodes()
        yield from self._create_edges()
        yield from self._set_digests() if self.in_batches else ()

    def lock(self, revision: int, token: str) -> bool:
        """Whether anything is left to do in a transaction on that revision, or an earlier try of it, by its token, is in.

        Looked at under the write lock, so that of two loads one waits or fails.
        """
        self._under_way = None  # of an earlier try
        statement = (
            f"MERGE (d:{escape(DATASET)} {{id: $dataset}}) ON CREATE SET d.revision = 0 WITH d, d.load AS load "
            "SET d.load = $token RETURN d.revision AS revision, load"
        )
        ((found, load),) = self._run(statement, dataset=self.plan.dataset, token=token)
        if found is None:
            raise not_ours(self.plan.dataset)
        if found == revision + 1 and load == token:
            return False
        if found != revision:
            raise StoreError(MEANWHILE)
        return True

    def go_on(self, revision: int) -> None:
        """End a transaction that is not the last: what is stored then is under way, since when the load began."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        statement = f"MATCH (d:{escape(DATASET)} {{id: $dataset}}) SET d += $values, d.loading = coalesce(d.loading, $now)"
        words = sorted(self.plan.vocabulary | self.plan.old_vocabulary)
        values = {"name": self.plan.title, "revision": revision + 1, "vocabulary": words, "contents": None, "format": FORMAT}
        self._run(statement, dataset=self.plan.dataset, values={**values, "version": __version__}, now=now)

    def finish(self, revision: int) -> None:
        """End the last transaction."""
        statement = (
            f"MATCH (d:{escape(DATASET)} {{id: $dataset}}) SET d += $values, d.history = coalesce(d.history, []) + [$entry]"
        )
        values = {"name": self.plan.title, "revision": revision + 1, "vocabulary": sorted(self.plan.vocabulary)}
        values |= {"contents": self.plan.contents, "format": FORMAT, "version": __version__, "loading": None}
        now, commit = datetime.now(UTC).isoformat(timespec="seconds"), self.plan.commit
        entry = {"at": now, "version": __version__, "commit": commit, **totals(self.plan)}
        self._run(statement, dataset=self.plan.dataset, values=values, entry=json.dumps(entry))

    def _refuse_foreign_ids(self) -> None:
        """Refuse where nodes that the load does not itself move or remove have ids that it needs."""
        free = {*self.going, *(change.before for change in self.moved)}
        needed = {*(entry.node.key for entry in self.plan.added), *(change.entry.node.key for change in self.moved)}
        refuse_taken_ids(lambda statement, parameters: self._run(statement, **parameters), self.plan.dataset, needed - free)

    def _mark_as_pending(self) -> Iterator[Step]:
        keys = [*self.going, *(change.before for change in self.plan.changed)]
        yield from self._digest_steps((key, _PENDING) for key in keys)

    def _set_digests(self) -> Iterator[Step]:
        entries = [*self.plan.added, *(change.entry for change in self.plan.changed)]
        yield from self._digest_steps((entry.node.key, entry.digest) for entry in entries)

    def _digest_steps(self, digests: Iterable[tuple[NodeKey, str]]) -> Iterator[Step]:
        for label, rows in in_batches((key.label, [key.id, digest]) for key, digest in digests):
            statement = (
                f"UNWIND $rows AS row MATCH (n:{escape(label)} {{id: row[0]}}) SET n.digest = row[1] RETURN count(n) AS rows"
            )
            yield partial(self._write, statement, rows, f"{label} nodes to mark", progress=False)

    def _change_edges(self) -> Iterator[Step]:
        changed = sorted(self.edges_changed, key=lambda change: change.stored.anchor)
        for pattern, changes in in_batches((self._pattern(change.stored), change) for change in changed):
            yield partial(self._change_these_edges, pattern, changes)

    def _change_these_edges(self, pattern: str, changes: Sequence[EdgeChange]) -> None:
        statement = f"{pattern} WITH DISTINCT r, row SET r += row.edges[elementId(r)] RETURN count(r) AS rows"
        rows = _by_anchor((change.stored, dict(change.values)) for change in changes)
        what = f"{changes[0].stored.edge.type} relationships to change"
        look = partial(self._look_at_written, rows, len(changes), what)
        self._go_on(look, statement, rows=rows, dataset=self.plan.dataset)

    def _pattern(self, stored: StoredEdge) -> str:
        """The clauses that find edges r around the node of a row; all at once, for a node may have very many.

        They are sought from the entry that owns them, else from the node where they end: many edges begin at a party, fewer end
        at what its facts are about. A copy that somebody drew to a node of others is sought by itself.
        """
        node = stored.anchor
        known = node.id and (node.label in self.plan.vocabulary or node.label in self.plan.old_vocabulary)
        anchor = f"(n:{escape(node.label)} {{id: row.id}})" if known else "()"
        return (
            f"UNWIND $rows AS row MATCH {anchor}-[r:{escape(stored.edge.type)}]-() "
            "WHERE row.edges[elementId(r)] IS NOT NULL AND r.dataset = $dataset"
        )

    def _delete_edges(self) -> Iterator[Step]:
        removed = sorted(self.edges_removed, key=lambda stored: stored.anchor)
        for pattern, edges in in_batches((self._pattern(stored), stored) for stored in removed):
            yield partial(self._delete_these_edges, pattern, edges)

    def _delete_these_edges(self, pattern: str, edges: Sequence[StoredEdge]) -> None:
        """Delete edges, and look at what each was: whoever changed one since the plan was made stops the load, and it is back."""
        statement = f"{pattern} {_ONCE_FOUND} WITH r, [elementId(r), properties(r)] AS was DELETE r RETURN collect(was)"
        kind, planned = edges[0].edge.type, {stored.reference: stored.edge.properties for stored in edges}
        rows = _by_anchor((stored, True) for stored in edges)
        self._go_on(partial(self._look_at_deleted, kind, planned), statement, rows=rows, dataset=self.plan.dataset)

    def _look_at_deleted(self, kind: str, planned: Mapping[str, Mapping[str, Any]], answer: list[neo4j.Record]) -> None:
        ((deleted,),) = answer
        for reference, properties in deleted:
            self._refuse_changed(planned[reference], properties, f"a {kind} relationship that goes")
        self._expect(len(planned), len(deleted), f"{kind} relationships to delete")
        self._tell(len(planned))

    def _delete_counted_edges(self) -> Iterator[Step]:
        """The edges that nodes which go have and that were only counted, about as many at a time as in any batch."""
        counts = {key: stored.counted for key, stored in sorted(self.going.items()) if stored.counted}
        yield from (partial(self._delete_as_counted, *batch) for batch in ids_by_count(counts))

    def _delete_as_counted(self, label: str, ids: Sequence[str], count: int) -> None:
        """Delete the edges of entries: whoever put anything on one of them since the plan was made stops the load."""
        statement = f"{countable_edges(label)} {DELETE_FOUND}"
        self._go_on(partial(self._look_at_counted, count), statement, ids=ids, dataset=self.plan.dataset, names=self.names)

    def _look_at_counted(self, count: int, answer: list[neo4j.Record]) -> None:
        ((deleted,),) = answer
        if deleted != count:
            raise StoreError("somebody changed relationships that go since the plan was made; nothing was written. Load again")
        self._tell(count)

    def _delete_nodes(self) -> Iterator[Step]:
        batches = list(ids_in_batches(self.going))
        for part in [[batch] for batch in batches] if self.in_batches else [batches]:  # a transaction looks at what it deletes
            yield partial(self._delete_these_nodes, part)

    def _delete_these_nodes(self, batches: Sequence[tuple[str, list[str]]]) -> None:
        """Look at all of them first: the more nodes a transaction has deleted, the longer a database seeks others."""
        for batch in batches:
            self._delete_other_edges(*batch)
            self._refuse_foreign_edges(*batch)
            self._refuse_changed_nodes(*batch)
        for label, ids in batches:
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
            f"WHERE r.dataset = $dataset OR elementId(r) IN row.references {DELETE_FOUND}"
        )
        self._go_on(lambda answer: None, statement, rows=rows, dataset=self.plan.dataset)

    def _refuse_foreign_edges(self, label: str, ids: Sequence[str]) -> None:
        statement = (
            f"UNWIND $ids AS id MATCH (n:{escape(label)} {{id: id}})-[r]-(other) "
            "RETURN n.id AS id, type(r) AS type, coalesce(other.name, other.id, head(labels(other))) AS other "
            "ORDER BY id, type, other"
        )
        self._go_on(self._look_at_foreign, statement, ids=ids)

    def _look_at_foreign(self, answer: list[neo4j.Record]) -> None:
        if foreign := [f"{id_} -{kind}- {other}" for id_, kind, other in answer]:
            message = "relationships that negograph does not own hang on nodes that would go, nothing was written"
            raise StoreError(f"{message}: {some(foreign)}. Remove them in the database first, or load with --force")

    def _refuse_changed_nodes(self, label: str, ids: Sequence[str]) -> None:
        """Nobody put anything on nodes that go since the plan was made; from here on, nobody can."""
        statement = (
            f"UNWIND $ids AS id MATCH (n:{escape(label)} {{id: id}}) SET n.dataset = n.dataset "
            "RETURN n.id, properties(n), labels(n)"
        )
        self._go_on(partial(self._look_at_going, label), statement, ids=ids)

    def _look_at_going(self, label: str, answer: list[neo4j.Record]) -> None:
        for id_, properties, labels in answer:
            stored = self.going[NodeKey(label, id_)]
            planned = {**stored.node.properties, ":": list(stored.labels)}
            planned |= {"digest": _PENDING} if self.in_batches else {}
            self._refuse_changed(planned, {**properties, ":": sorted(labels)}, f"{id_}, which goes,")

    def _refuse_changed(self, planned: Mapping[str, Any], there: Mapping[str, Any], what: str) -> None:
        now = {name: plain(value) for name, value in there.items()}
        if (planned != now or _encode(planned) != _encode(now)) and _in_words(planned) != _in_words(now):
            raise StoreError(f"somebody changed {what} since the plan was made; nothing was written. Load again")

    def _move_nodes(self) -> None:
        """Give nodes other ids and labels: first all of them ids that nobody has, so that two can change places."""
        marks = {change.before: f"{self.mark} {number}" for number, change in enumerate(self.moved)}
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
                ((done,),) = self._run(f"{statement} RETURN count(n) AS rows", marks=list(ids), ids=ids)
                self._expect(len(ids), done, f"{old} nodes to relabel")

    def _create_nodes(self) -> Iterator[Step]:
        for label, entries in in_batches((entry.node.key.label, entry) for entry in self.plan.added):
            statement = f"UNWIND $rows AS row CREATE (n:{escape(label)}) SET n = row RETURN count(n) AS rows"
            rows = [self._properties(entry) for entry in entries]
            yield partial(self._write, statement, rows, f"{label} nodes to create")

    def _properties(self, entry: Subgraph) -> dict[str, Any]:
        return {**entry.node.properties, "dataset": self.plan.dataset, "digest": self._digest(entry)}

    def _digest(self, entry: Subgraph) -> str:
        return _PENDING if self.in_batches else entry.digest

    def _change_nodes(self) -> Iterator[Step]:
        for label, changes in in_batches((change.entry.node.key.label, change) for change in self.plan.changed):
            statement = (
                f"UNWIND $rows AS row MATCH (n:{escape(label)} {{id: row.id}}) SET n += row.values RETURN count(n) AS rows"
            )
            rows = [{"id": change.entry.node.key.id, "values": self._new_values(change)} for change in changes]
            yield partial(self._write, statement, rows, f"{label} nodes to change")

    def _new_values(self, change: Change) -> dict[str, Any]:
        return {"digest": self._digest(change.entry)} | {name: new for name, (_, new) in change.properties.items()}

    def _create_edges(self) -> Iterator[Step]:
        created = (((edge.type, edge.start.label, edge.end.label), edge) for edge in self.edges_added)
        for (kind, start, end), edges in in_batches(created):
            statement = (
                f"UNWIND $rows AS row MATCH (a:{escape(start)} {{id: row.start}}) MATCH (b:{escape(end)} {{id: row.end}}) "
                f"CREATE (a)-[r:{escape(kind)}]->(b) SET r = row.properties RETURN count(r) AS rows"
            )
            rows = [{"start": edge.start.id, "end": edge.end.id, "properties": edge.properties} for edge in edges]
            yield partial(self._write, statement, rows, f"{kind} relationships to create")

    def _write(self, statement: str, rows: Sequence[Any], what: str, *, progress: bool = True) -> None:
        """Run a statement for rows, of which it has to touch each."""
        for part in map(list, in_parts(rows)):
            look = partial(self._look_at_written, part, len(part), what, progress=progress)
            self._go_on(look, statement, rows=part, dataset=self.plan.dataset)

    def _look_at_written(
        self, rows: list[Any], planned: int, what: str, answer: list[neo4j.Record], *, progress: bool = True
    ) -> None:
        ((touched,),) = answer
        rows.clear()  # the driver keeps the parameters of every statement until the transaction ends
        self._expect(planned, int(touched), what)
        self._tell(planned if progress else 0)

    def _go_on(self, look: Callable[[list[neo4j.Record]], None], statement: str, **parameters: Any) -> None:
        """Send a statement, and look at its answer later: while the database is at work, the next rows are made."""
        result = self._send(statement, **parameters)
        self.settle()
        self._under_way = lambda: look(list(result))

    def settle(self) -> None:
        """Wait until the database has done all that it was sent, and look at its answer."""
        under_way, self._under_way = self._under_way, None
        if under_way is not None:
            under_way()

    def _run(self, statement: str, **parameters: Any) -> list[neo4j.Record]:
        return list(self._send(statement, **parameters))

    def _send(self, statement: str, **parameters: Any) -> neo4j.Result:
        refuse_too_long(statement, parameters, self.database)
        return self.transaction.run(as_query(statement), parameters)

    def _tell(self, done: int) -> None:
        self.done += done
        self.progress(self.done, self.total)

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


def _by_anchor(edges: Iterable[tuple[StoredEdge, object]]) -> list[dict[str, Any]]:
    """Rows of edges: a row for each node that they are sought from, with a value for each by its reference."""
    rows: dict[str, dict[str, object]] = defaultdict(dict)
    for stored, value in edges:
        rows[stored.anchor.id][stored.reference] = value
    return [{"id": id_, "edges": found} for id_, found in rows.items()]
