"""What is stored of entries: nodes, with the relationships that they own, and those of others at nodes that go."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from negograph.database.driver import Read
from negograph.database.snapshot import labels_of, types_of
from negograph.database.statements import escape, for_each, ids_in_batches, in_batches
from negograph.graph.plan import Edge, Node, NodeKey, StoredEdge, StoredSubgraph, names_on_edges
from negograph.model.model import ABOUT_EDGE, FACT, TO_EDGE

_MOST_COUNTED = 2000
"""Of how many edges at most those of one entry may only be counted: they are deleted together."""

_EDGE = "elementId(r), type(r), labels(startNode(r)), startNode(r).id, labels(endNode(r)), endNode(r).id, properties(r)"
_ENDS = ", properties(startNode(r)), properties(endNode(r))"


def snapshot_entries(
    read: Read,
    dataset: str,
    vocabulary: Collection[str],
    keys: Collection[NodeKey],
    going: Collection[NodeKey],
    leaving: Collection[NodeKey],
) -> dict[NodeKey, StoredSubgraph]:
    """The nodes with these keys, their properties and edges; of those that may be `going`, the edges of others too.

    Of those that are `leaving`, whatever else there is, the edges at the node that hold nothing of others are only counted.
    """
    reader = _Reader(read, dataset, vocabulary)
    counts = {key: count for key, count in reader.counts_of_edges(leaving).items() if count <= _MOST_COUNTED}
    return reader.entries(reader.nodes(keys), reader.edges_of(keys, counts), going, counts)


def snapshot_everything(
    read: Read, dataset: str, vocabulary: Collection[str], going: Collection[NodeKey]
) -> dict[NodeKey, StoredSubgraph]:
    """Every node and edge of a dataset. An edge whose entry is not there counts to the node where it starts."""
    reader = _Reader(read, dataset, vocabulary)
    nodes = reader.nodes()
    return reader.entries(nodes, reader.all_edges(types_of(vocabulary), nodes, nodes), going, {})


_Nodes = dict[NodeKey, tuple[Node, tuple[str, ...]]]
_Edges = dict[NodeKey, dict[str, StoredEdge]]
"""The edges that count to a node, by their references."""

_OWN = "(n)-[r {entry: n.id}]-()"
_PLAIN = "all(name IN keys(r) WHERE name IN coalesce($names[type(r)], []))"
"""That a relationship r has no property of others; `$names` are those that loads write, by type."""


class _Reader:
    """Reads one dataset."""

    def __init__(self, read: Read, dataset: str, vocabulary: Collection[str]) -> None:
        self.read = read
        self.labels = frozenset(labels_of(vocabulary))
        self.parameters = {"dataset": dataset, "names": names_on_edges(vocabulary)}

    def nodes(self, keys: Collection[NodeKey] | None = None) -> _Nodes:
        """The nodes with these keys, or all, with their labels."""
        node = "WHERE n.dataset = $dataset RETURN '{}' AS label, n.id AS id, properties(n) AS properties, labels(n) AS labels"
        if keys is None:
            statement = for_each(sorted(self.labels), lambda label: f"MATCH (n:{escape(label)}) {node.format(label)}")
            rows = [*self._rows(statement)]
        else:
            asked = ((f"MATCH (n:{escape(label)} {{id: id}}) {node.format(label)}", ids) for label, ids in ids_in_batches(keys))
            rows = [row for statement, ids in asked for row in self._rows(f"UNWIND $ids AS id {statement}", ids=ids)]
        found = {}
        for label, identity, properties, labels in rows:
            key = NodeKey(label, identity)
            found[key] = Node(key, properties), tuple(sorted(labels))
        return found

    def counts_of_edges(self, keys: Collection[NodeKey]) -> dict[NodeKey, int]:
        """How many edges of the entries with these keys are at their nodes and hold nothing of others."""
        counts = {}
        for label, ids in ids_in_batches(keys):
            statement = f"{countable_edges(label)} RETURN n.id, count(r)"
            counts.update({NodeKey(label, identity): count for identity, count in self._rows(statement, ids=ids)})
        return counts

    def entries(
        self, nodes: _Nodes, edges: _Edges, going: Collection[NodeKey], counts: Mapping[NodeKey, int]
    ) -> dict[NodeKey, StoredSubgraph]:
        foreign = self.edges_at(
            going, "(n)-[r]-()", "n.dataset = $dataset AND (r.dataset IS NULL OR r.dataset <> $dataset)", _EDGE + _ENDS
        )
        return {
            key: StoredSubgraph(node, labels, tuple(edges[key].values()), tuple(foreign[key].values()), counts.get(key, 0))
            for key, (node, labels) in nodes.items()
        }

    def edges_of(self, keys: Collection[NodeKey], counts: Mapping[NodeKey, int]) -> _Edges:
        """The edges that entries own, but for those that were counted: those that name them, and the short edges of facts.

        Short edges are sought at what a fact is about, where fewer edges meet than at a party; only of a fact that has none
        there, at who is addressed.
        """
        found = self.edges_at([key for key in keys if key not in counts], _OWN, "r.dataset = $dataset", _EDGE)
        found |= self.edges_at(counts, _OWN, f"r.dataset = $dataset AND NOT {_PLAIN}", _EDGE)
        facts = {key.id: key for key in keys if key.label == FACT}
        for kind in (ABOUT_EDGE, TO_EDGE):
            short_edges = list(self._short_edges(self._ends(kind, facts.values())))
            for fact, short in short_edges:
                found[facts[fact]][short.reference] = short
            with_any = {fact for fact, _ in short_edges}
            facts = {identity: key for identity, key in facts.items() if identity not in with_any}
        return found

    def _ends(self, kind: str, facts: Collection[NodeKey]) -> Mapping[NodeKey, list[str]]:
        """The nodes where the edges of a type that facts own end, with the ids of these facts."""
        ends: dict[NodeKey, list[str]] = defaultdict(list)
        for label, ids in ids_in_batches(facts):
            pattern = f"(n)-[r:{escape(kind)} {{entry: n.id}}]->(m)"
            statement = f"{_around(label, pattern)} WHERE r.dataset = $dataset RETURN labels(m), m.id, collect(n.id)"
            for labels, identity, found in self._rows(statement, ids=ids):
                ends[self._key(labels, identity)] += found
        return ends

    def _short_edges(self, ends: Mapping[NodeKey, list[str]]) -> Iterator[tuple[str, StoredEdge]]:
        """The short edges of facts, whose ids stand by the nodes where they are sought; each node is gone around once."""
        known = ((end.label, {"id": end.id, "facts": dict.fromkeys(facts, True)}) for end, facts in ends.items())
        for label, rows in in_batches((label, row) for label, row in known if label in self.labels):
            statement = (
                f"UNWIND $rows AS row MATCH (m:{escape(label)} {{id: row.id}})<-[r]-() WHERE r.dataset = $dataset "
                f"AND r.fact IS NOT NULL AND row.facts[r.fact] RETURN r.fact, collect([{_EDGE}])"
            )
            yield from self._edges(statement, rows=rows)

    def edges_at(self, keys: Collection[NodeKey], pattern: str, where: str, columns: str) -> _Edges:
        """The edges r of a pattern around nodes n with these keys."""
        found: _Edges = defaultdict(dict)
        for label, ids in ids_in_batches(keys):
            statement = f"{_around(label, pattern)} WHERE {where} RETURN n.id, collect([{columns}])"
            for identity, stored in self._edges(statement, ids=ids):
                found[NodeKey(label, identity)][stored.reference] = stored
        return found

    def _edges(self, statement: str, **parameters: Any) -> Iterator[tuple[str, StoredEdge]]:
        """The edges that a statement gives, each with the id it is found by: a row an id, for a row an edge takes longer."""
        for identity, edges in self._rows(statement, **parameters):
            yield from ((str(identity), self._edge(*edge)) for edge in edges)

    def all_edges(self, types: Iterable[str], entries: Iterable[NodeKey], wanted: Collection[NodeKey]) -> _Edges:
        """The edges that count to the wanted ones of all entries."""
        owners = {key.id: key for key in entries}
        found: _Edges = defaultdict(dict)
        statement = for_each(
            types,
            lambda kind: f"MATCH ()-[r:{escape(kind)}]->() WHERE r.dataset = $dataset RETURN coalesce(r.entry, r.fact), {_EDGE}",
        )
        for owner, *edge in self._rows(statement):
            stored = self._edge(*edge)
            key = owners.get(owner, stored.edge.start)
            if key in wanted:
                found[key][stored.reference] = stored
        return found

    def _edge(
        self, reference: str, kind: str, starts: list[str], start: object, ends: list[str], end: object, *properties: Any
    ) -> StoredEdge:
        own, *of_ends = properties
        edge = Edge(kind, self._key(starts, start), self._key(ends, end), own)
        return StoredEdge(edge, reference, tuple(zip((tuple(starts), tuple(ends)), of_ends, strict=False)))

    def _key(self, labels: list[str], identity: object) -> NodeKey:
        """What a node is known by, whatever other labels it was given; one of others may have no id."""
        if len(labels) != 1:
            labels = [label for label in sorted(labels) if label in self.labels] or labels or [""]
        return NodeKey(labels[0], "" if identity is None else str(identity))

    def _rows(self, statement: str, **parameters: Any) -> Sequence[Sequence[Any]]:
        return self.read(statement, {**self.parameters, **parameters})


def countable_edges(label: str) -> str:
    """The clauses that find, of entries with a label and `$ids`, the edges at their nodes that hold nothing of others."""
    return f"{_around(label, _OWN)} WHERE r.dataset = $dataset AND {_PLAIN}"


def _around(label: str, pattern: str) -> str:
    """The clauses that find a pattern around the nodes n with a label and `$ids`."""
    return f"UNWIND $ids AS id MATCH (n:{escape(label)} {{id: id}}) MATCH {pattern}"
