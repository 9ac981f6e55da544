"""What is stored of a dataset: a digest an entry, and whole entries where these are asked for; what is of others is refused."""

import contextlib
import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from negograph.database.driver import Read
from negograph.database.statements import escape, for_each, ids_in_batches, in_batches
from negograph.errors import StoreError
from negograph.graph.plan import Edge, Node, NodeKey, Snapshot, StoredEdge, StoredSubgraph
from negograph.model.model import ABOUT_EDGE, DATASET, FACT, TO_EDGE
from negograph.text.characters import some

FORMAT = 1
"""The form of what a load keeps about itself on the dataset's node; a higher one is of a newer negograph."""

_FEW = 20
"""Of how many facts a database looks for the ids one after the other, at each relationship."""

_WORD = re.compile(r"-?\w+(\.\w+)?", re.ASCII)
"""A word of a vocabulary: a label, a type behind a -, or either with a property."""

_EDGE = "elementId(r), type(r), labels(startNode(r)), startNode(r).id, labels(endNode(r)), endNode(r).id, properties(r)"
_ENDS = ", properties(startNode(r)), properties(endNode(r))"


def snapshot(read: Read, dataset: str, vocabulary: Iterable[str]) -> Snapshot:
    """What the database holds of a dataset: one digest an entry, also where its own node is gone. `vocabulary` is the model's.

    Raises:
        StoreError: if a newer negograph wrote it.
    """
    statement = (
        f"MATCH (d:{escape(DATASET)} {{id: $dataset}}) RETURN d.name, d.revision, d.vocabulary, d.contents, d.format, d.version, "
        "d.history"
    )
    found = read(statement, {"dataset": dataset})
    if not found:
        return Snapshot(None, 0, dict(_digests(read, dataset, labels_of(vocabulary))))
    title, revision, words, contents, form, version, history = found[0]
    if not isinstance(revision, int):
        raise not_ours(dataset)
    if isinstance(form, int) and form > FORMAT:
        raise StoreError(
            f"the dataset {dataset!r} in the database was written by negograph {version}; install that or a newer one"
        )
    written = frozenset(map(str, words)) if isinstance(words, list) else frozenset()
    if not all(_WORD.fullmatch(word) for word in written):
        raise not_ours(dataset)
    digests = dict(_digests(read, dataset, labels_of({*vocabulary, *written})))
    commits = [load.get("commit") for load in _loads(history)[-1:]]
    commit = next((commit for commit in commits if isinstance(commit, str)), None)
    return Snapshot(str(title), revision, digests, written, None if contents is None else str(contents), commit)


def revision_of(read: Read, dataset: str) -> object:
    """How often a dataset was written; 0 where it was not."""
    found = read(f"MATCH (d:{escape(DATASET)} {{id: $dataset}}) RETURN d.revision", {"dataset": dataset})
    return (found[0][0] or 0) if found else 0


@dataclass(frozen=True)
class LoadedDataset:
    """A dataset in the database: its id and title, how many loads changed it, and when the last one did (ISO 8601).

    `loading` is when a load in batches began that has not ended.
    """

    id: str
    title: str
    loads: int
    last: str | None
    loading: str | None = None

    @property
    def unfinished(self) -> str:
        """That a load of it in batches is under way, or was interrupted, in words; else nothing."""
        if self.loading is None:
            return ""
        return (
            f"a load of {self.id!r} in batches began at {self.loading} and has not ended, so the graph is partly old and partly "
            "new; where nobody loads any more, `negograph load --in-batches` ends it"
        )


def loaded_datasets(read: Read) -> list[LoadedDataset]:
    """The datasets that negograph loaded into the database, by id."""
    statement = (
        f"MATCH (d:{escape(DATASET)}) WHERE d.revision IS NOT NULL "
        "RETURN d.id, d.name, d.revision, d.history, d.loading ORDER BY d.id"
    )
    found = []
    for identity, title, revision, history, loading in read(statement, {}):
        if isinstance(revision, int):  # else it is of others
            loads = _loads(history)
            last = str(loads[-1]["at"]) if loads else None
            found.append(LoadedDataset(str(identity), str(title), len(loads), last, None if loading is None else str(loading)))
    return found


def load_history(read: Read, dataset: str) -> list[dict[str, Any]]:
    """What each load that changed something left about itself, the oldest first."""
    found = read(f"MATCH (d:{escape(DATASET)} {{id: $dataset}}) RETURN d.history", {"dataset": dataset})
    return [load for row in found for load in _loads(row[0])]


def _loads(history: object) -> list[dict[str, Any]]:
    """The loads that a dataset's node lists, without what was written there by hand."""
    found = []
    for load in history if isinstance(history, list) else ():
        with contextlib.suppress(ValueError):
            content = json.loads(str(load))
            if isinstance(content, dict) and {"at", "version"} <= content.keys():
                found.append(content)
    return found


def labels_of(vocabulary: Iterable[str]) -> list[str]:
    """The labels in a vocabulary."""
    return sorted(word for word in vocabulary if not word.startswith("-") and "." not in word)


def types_of(vocabulary: Iterable[str]) -> list[str]:
    """The relationship types in a vocabulary."""
    return sorted(word[1:] for word in vocabulary if word.startswith("-") and "." not in word)


def _digests(read: Read, dataset: str, labels: Iterable[str]) -> Iterator[tuple[NodeKey, str]]:
    """The digests of all entries, a row a label: a row an entry takes ten times as long."""
    statement = for_each(
        labels,
        lambda label: (
            f"MATCH (n:{escape(label)}) WHERE n.dataset = $dataset "
            f"RETURN '{label}' AS label, collect(coalesce(n.id, '')) AS ids, collect(coalesce(n.digest, '')) AS digests"
        ),
    )
    for label, ids, digests in read(statement, {"dataset": dataset}):
        assert isinstance(ids, list)
        assert isinstance(digests, list)
        yield from ((NodeKey(str(label), str(identity)), str(digest)) for identity, digest in zip(ids, digests, strict=True))


def snapshot_entries(
    read: Read, dataset: str, vocabulary: Collection[str], keys: Collection[NodeKey], going: Collection[NodeKey]
) -> dict[NodeKey, StoredSubgraph]:
    """The nodes with these keys, their properties and edges; of those that may be `going`, the edges of others too."""
    reader = _Reader(read, dataset, labels_of(vocabulary))
    return reader.entries(reader.nodes(keys), reader.edges_of(keys), going)


def refuse_taken_ids(read: Read, dataset: str, keys: Collection[NodeKey]) -> None:
    """Refuse a load that needs ids which nodes of others have.

    Raises:
        StoreError: naming these nodes, if there are any.
    """
    taken: list[str] = []
    labels = sorted({key.label for key in keys})
    counted = for_each(labels, lambda label: f"MATCH (n:{escape(label)}) RETURN '{label}' AS label, count(n) AS nodes")
    in_use = {label for label, nodes in (read(counted, {}) if labels else ()) if nodes}  # to count them costs nothing
    for label, ids in ids_in_batches(key for key in keys if key.label in in_use):
        statement = (
            f"MATCH (n:{escape(label)}) WHERE n.id IN $ids AND (n.dataset IS NULL OR n.dataset <> $dataset) "
            "RETURN n.id, n.dataset, n.digest ORDER BY n.id"
        )
        taken += [_in_words(label, *row) for row in read(statement, {"ids": ids, "dataset": dataset})]
    if not taken:
        return
    fix = "if you renamed the dataset, load into an empty database, or give it its old id"
    if any("lost its property" in node for node in taken):
        fix = f"put the property back in the database: SET n.dataset = '{dataset}'"
    raise StoreError(f"ids of this dataset are taken in the database, nothing was written: {some(taken)}; {fix}")


def _in_words(label: str, identity: str, dataset: object, digest: object) -> str:
    node = f"(:{label} {{id: {identity!r}}})"
    if dataset is None and digest is not None:
        return f"{node} lost its property `dataset` by hand"
    return f"{node} belongs to {f'the dataset {dataset!r}' if dataset else 'no dataset'}"


def not_ours(dataset: str) -> StoreError:
    """The error that others made or changed a dataset's node."""
    return StoreError(
        f"(:{DATASET} {{id: {dataset!r}}}) in the database is not negograph's; nothing was written. Rename or delete it there, "
        "or load into another database"
    )


def refuse_changes_by_hand(read: Read, dataset: str, vocabulary: Collection[str], owners: Collection[str]) -> None:
    """Refuse what somebody changed by hand, and only somebody can put right; `owners` are the ids of all entries.

    Raises:
        StoreError: naming the nodes that do not have one label of the model and a text as id, or the edges of an entry that
            lost what marks them as the dataset's: a load would write them a second time.
    """
    if odd := _odd_nodes(read, dataset, [*labels_of(vocabulary), DATASET]):
        raise StoreError(
            f"nodes of the dataset {dataset!r} were changed by hand: {some(odd)}; put the label or the id back in the database "
            "with SET and REMOVE, or delete them there"
        )
    if unmarked := _unmarked_edges(read, types_of(vocabulary), owners):
        raise StoreError(
            f"relationships lost their property `dataset` by hand: {some(unmarked)}; put it back in the database: "
            f"SET r.dataset = '{dataset}', or delete them there"
        )


def _odd_nodes(read: Read, dataset: str, labels: list[str]) -> list[str]:
    statement = (
        "MATCH (n) WHERE n.dataset = $dataset WITH n, [label IN labels(n) WHERE label IN $labels] AS own "
        "RETURN n.id, n.name, own, labels(n) ORDER BY n.id, n.name"
    )
    odd: list[str] = []
    for identity, name, own, all_labels in read(statement, {"dataset": dataset, "labels": labels}):
        if len(own) == 1 and isinstance(identity, str) and identity:
            continue
        node = f"({''.join(f':{label}' for label in all_labels)} {{id: {identity!r}, name: {name!r}}})".replace("( ", "(")
        reason = (
            "has no label of the model" if not own else "has two labels of the model" if len(own) > 1 else "has no text as id"
        )
        odd.append(f"{node} {reason}")
    return odd


def _unmarked_edges(read: Read, types: Iterable[str], owners: Collection[str]) -> list[str]:
    statement = for_each(
        types,
        lambda kind: (
            f"MATCH (a)-[r:{escape(kind)}]->(b) WHERE r.dataset IS NULL AND coalesce(r.entry, r.fact) IS NOT NULL "
            "RETURN type(r) AS type, coalesce(r.entry, r.fact) AS owner, a.id AS start, b.id AS end"
        ),
    )
    rows = sorted(read(statement, {}), key=str)
    return [f"{start} -{kind}-> {end} of {owner}" for kind, owner, start, end in rows if owner in owners]


def snapshot_everything(
    read: Read, dataset: str, vocabulary: Collection[str], going: Collection[NodeKey]
) -> dict[NodeKey, StoredSubgraph]:
    """Every node and edge of a dataset. An edge whose entry is not there counts to the node where it starts."""
    reader = _Reader(read, dataset, labels_of(vocabulary))
    nodes = reader.nodes()
    return reader.entries(nodes, reader.all_edges(types_of(vocabulary), nodes, nodes), going)


_Nodes = dict[NodeKey, tuple[Node, tuple[str, ...]]]
_Edges = dict[NodeKey, dict[str, StoredEdge]]
"""The edges that count to a node, by their references."""


class _Reader:
    """Reads one dataset."""

    def __init__(self, read: Read, dataset: str, labels: Sequence[str]) -> None:
        self.read = read
        self.dataset = dataset
        self.labels = frozenset(labels)

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

    def entries(self, nodes: _Nodes, edges: _Edges, going: Collection[NodeKey]) -> dict[NodeKey, StoredSubgraph]:
        foreign = self.edges_at(
            going, "(n)-[r]-()", "n.dataset = $dataset AND (r.dataset IS NULL OR r.dataset <> $dataset)", _EDGE + _ENDS
        )
        return {
            key: StoredSubgraph(node, labels, tuple(edges[key].values()), tuple(foreign[key].values()))
            for key, (node, labels) in nodes.items()
        }

    def edges_of(self, keys: Collection[NodeKey]) -> _Edges:
        """The edges that entries own: those that name them, and the short edges of facts.

        Short edges are sought at what a fact is about, where fewer edges meet than at a party; only of a fact that has none
        there, at who is addressed.
        """
        found = self.edges_at(keys, "(n)-[r {entry: n.id}]-()", "r.dataset = $dataset", _EDGE)
        facts = {key.id: key for key in keys if key.label == FACT}
        for kind in (ABOUT_EDGE, TO_EDGE):
            ends: dict[NodeKey, list[str]] = defaultdict(list)
            edges = ((identity, stored.edge) for identity, key in facts.items() for stored in found[key].values())
            for identity, edge in edges:
                if edge.type == kind:
                    ends[edge.end].append(identity)
            short_edges = [(fact, short) for fact, short in self._short_edges(ends) if fact in facts]
            for fact, short in short_edges:
                found[facts[fact]][short.reference] = short
            with_any = {fact for fact, _ in short_edges}
            facts = {identity: key for identity, key in facts.items() if identity not in with_any}
        return found

    def _short_edges(self, ends: Mapping[NodeKey, list[str]]) -> Iterator[tuple[str, StoredEdge]]:
        """The short edges of facts, whose ids stand by the nodes where they are sought, and those of other facts that end there.

        Each node is gone around once. Only where few facts are sought at a node, the database leaves the others out.
        """
        known = ((end.label, [end.id, facts if len(facts) <= _FEW else None]) for end, facts in ends.items())
        for label, rows in in_batches((label, row) for label, row in known if label in self.labels):
            statement = (
                f"UNWIND $rows AS row MATCH (m:{escape(label)} {{id: row[0]}})<-[r]-() WHERE r.dataset = $dataset "
                f"AND r.fact IS NOT NULL AND (row[1] IS NULL OR r.fact IN row[1]) RETURN r.fact, collect([{_EDGE}])"
            )
            yield from self._edges(statement, rows=rows)

    def edges_at(self, keys: Collection[NodeKey], pattern: str, where: str, columns: str) -> _Edges:
        """The edges r of a pattern around nodes n with these keys."""
        found: _Edges = defaultdict(dict)
        for label, ids in ids_in_batches(keys):
            statement = (
                f"UNWIND $ids AS id MATCH (n:{escape(label)} {{id: id}}) MATCH {pattern} WHERE {where} "
                f"RETURN n.id, collect([{columns}])"
            )
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
        return self.read(statement, {"dataset": self.dataset, **parameters})
