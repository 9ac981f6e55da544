"""What is stored of a dataset: a digest an entry, and whole entries where these are asked for."""

from __future__ import annotations

import contextlib
import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from negograph.database.interface import Read
from negograph.database.ownership import FORMAT, claims, not_ours, refuse_claims
from negograph.database.statements import escape, ids_in_batches, some
from negograph.errors import StoreError
from negograph.graph.graph import Edge, Node, NodeKey
from negograph.graph.plan import Stored, StoredEdge, StoredEntry, TakenOver
from negograph.model.model import ABOUT_EDGE, DATASET, FACT, TO_EDGE

_WORD = re.compile(r"-?\w+(\.\w+)?", re.ASCII)
"""A word of a vocabulary: a label, a type behind a -, or either with a property."""

_EDGE = "elementId(r), type(r), labels(startNode(r)), startNode(r).id, labels(endNode(r)), endNode(r).id, properties(r)"


def snapshot(read: Read, dataset: str, vocabulary: Iterable[str]) -> Stored:
    """What the database holds of a dataset: one digest an entry, also where its own node is gone. `vocabulary` is the model's.

    Raises:
        StoreError: if a newer negograph wrote it.
    """
    statement = (
        f"MATCH (d:{escape(DATASET)} {{id: $dataset}}) RETURN d.name, d.revision, d.vocabulary, d.contents, d.format, d.version"
    )
    found = read(statement, {"dataset": dataset})
    if not found:
        return Stored(None, 0, dict(_digests(read, dataset, labels_of(vocabulary))))
    title, revision, words, contents, form, version = found[0]
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
    return Stored(str(title), revision, digests, written, None if contents is None else str(contents))


def revision_of(read: Read, dataset: str) -> object:
    """How often a dataset was written; 0 where it was not."""
    found = read(f"MATCH (d:{escape(DATASET)} {{id: $dataset}}) RETURN d.revision", {"dataset": dataset})
    return (found[0][0] or 0) if found else 0


@dataclass(frozen=True)
class LoadedDataset:
    """A dataset in the database: its id and title, how many loads changed it, and when the last one did (ISO 8601)."""

    id: str
    title: str
    loads: int
    last: str | None


def loaded_datasets(read: Read) -> list[LoadedDataset]:
    """The datasets that negograph loaded into the database, by id."""
    statement = (
        f"MATCH (d:{escape(DATASET)}) WHERE d.revision IS NOT NULL RETURN d.id, d.name, d.revision, d.history ORDER BY d.id"
    )
    found = []
    for identity, title, revision, history in read(statement, {}):
        if isinstance(revision, int):  # else it is of others
            loads = _loads(history)
            found.append(LoadedDataset(str(identity), str(title), revision, str(loads[-1]["at"]) if loads else None))
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
    for label in labels:
        statement = (
            f"MATCH (n:{escape(label)}) WHERE n.dataset = $dataset "
            "RETURN collect(coalesce(n.id, '')), collect(coalesce(n.digest, ''))"
        )
        for ids, digests in read(statement, {"dataset": dataset}):
            assert isinstance(ids, list)
            assert isinstance(digests, list)
            yield from ((NodeKey(label, str(identity)), str(digest)) for identity, digest in zip(ids, digests, strict=True))


def snapshot_entries(
    read: Read, dataset: str, vocabulary: Collection[str], keys: Collection[NodeKey], going: Collection[NodeKey]
) -> dict[NodeKey, StoredEntry]:
    """The nodes with these keys, their properties and edges; of those that may be `going`, the edges of others too."""
    reader = _Reader(read, dataset, labels_of(vocabulary))
    nodes, edges = reader.nodes(keys), reader.edges(keys)
    foreign = reader.foreign_edges(going)
    return {key: StoredEntry(node, labels, tuple(edges[key]), tuple(foreign[key])) for key, (node, labels) in nodes.items()}


def owners_at(read: Read, dataset: str, keys: Collection[NodeKey]) -> frozenset[str]:
    """The ids of the entries that own an edge at one of these nodes."""
    found: set[str] = set()
    for label, ids in ids_in_batches(keys):
        statement = (
            f"UNWIND $ids AS id MATCH (n:{escape(label)} {{id: id}})-[r]-() WHERE r.dataset = $dataset "
            "RETURN DISTINCT coalesce(r.entry, r.fact)"
        )
        found.update(str(row[0]) for row in read(statement, {"ids": ids, "dataset": dataset}))
    return frozenset(found)


def values_taken_over(read: Read, dataset: str, names: Iterable[str]) -> list[TakenOver]:
    """Values that nodes of the dataset have under names that its model gets only now; a name is a `Label.property`."""
    found: list[TakenOver] = []
    for label, _, name in sorted(name.partition(".") for name in names if "." in name and not name.startswith("-")):
        statement = (
            f"MATCH (n:{escape(label)}) WHERE n.dataset = $dataset AND n.{escape(name)} IS NOT NULL RETURN n.id, n.{escape(name)}"
        )
        rows: Any = read(statement, {"dataset": dataset})
        found += [TakenOver(NodeKey(label, str(identity)), name, value) for identity, value in rows]
    return found


def owners_taking_over(read: Read, dataset: str, names: Iterable[str]) -> frozenset[str]:
    """The ids of entries whose edges have values under names that the model gets only now; a name is a `-TYPE.property`."""
    found: set[str] = set()
    for kind, _, name in sorted(name[1:].partition(".") for name in names if "." in name and name.startswith("-")):
        statement = (
            f"MATCH ()-[r:{escape(kind)}]->() WHERE r.dataset = $dataset AND r.{escape(name)} IS NOT NULL "
            "RETURN DISTINCT coalesce(r.entry, r.fact)"
        )
        found.update(str(row[0]) for row in read(statement, {"dataset": dataset}))
    return frozenset(found)


def refuse_taken_ids(read: Read, dataset: str, keys: Collection[NodeKey]) -> None:
    """Refuse a load that needs ids for new nodes which others have.

    Raises:
        StoreError: naming the nodes that have them, if there are any.
    """
    refuse_claims([claim for claim in claims(read, keys) if claim[2] != dataset], dataset)


def _refuse_odd_nodes(read: Read, dataset: str, labels: Collection[str]) -> None:
    """Refuse nodes of the dataset that do not have one label of the model, and a text as id.

    Raises:
        StoreError: naming them, if there are any: somebody changed them by hand, and only somebody can put them right.
    """
    statement = (
        "MATCH (n) WHERE n.dataset = $dataset WITH n, [label IN labels(n) WHERE label IN $labels] AS own "
        "RETURN n.id, n.name, own, labels(n) ORDER BY n.id, n.name"
    )
    odd: list[str] = []
    for identity, name, own, all_labels in read(statement, {"dataset": dataset, "labels": sorted({*labels, DATASET})}):
        assert isinstance(own, list)
        assert isinstance(all_labels, list)
        if len(own) == 1 and isinstance(identity, str) and identity:
            continue
        node = f"({''.join(f':{label}' for label in all_labels)} {{id: {identity!r}, name: {name!r}}})".replace("( ", "(")
        reason = (
            "has no label of the model" if not own else "has two labels of the model" if len(own) > 1 else "has no text as id"
        )
        odd.append(f"{node} {reason}")
    if odd:
        raise StoreError(
            f"nodes of the dataset {dataset!r} were changed by hand: {some(odd)}; put the label or the id back in the database "
            "with SET and REMOVE, or delete them there"
        )


def _refuse_unmarked_edges(read: Read, dataset: str, types: Iterable[str], owners: Collection[str]) -> None:
    """Refuse edges that an entry owns, and that lost what marks them as the dataset's.

    Raises:
        StoreError: naming them, if there are any: a load would write them a second time.
    """
    unmarked: list[str] = []
    for kind in types:
        statement = (
            f"MATCH (a)-[r:{escape(kind)}]->(b) WHERE r.dataset IS NULL AND coalesce(r.entry, r.fact) IS NOT NULL "
            "RETURN coalesce(r.entry, r.fact) AS owner, a.id, b.id ORDER BY owner, a.id, b.id"
        )
        rows = read(statement, {})
        unmarked += [f"{start} -{kind}-> {end} of {owner}" for owner, start, end in rows if owner in owners]
    if unmarked:
        raise StoreError(
            f"relationships lost their property `dataset` by hand: {some(unmarked)}; put it back in the database: "
            f"SET r.dataset = '{dataset}', or delete them there"
        )


def snapshot_everything(
    read: Read, dataset: str, vocabulary: Collection[str], going: Collection[NodeKey]
) -> dict[NodeKey, StoredEntry]:
    """Every node and edge of a dataset. An edge whose entry is not there counts to the node where it starts."""
    reader = _Reader(read, dataset, labels_of(vocabulary))
    _refuse_odd_nodes(read, dataset, reader.labels)
    nodes, types = reader.nodes(), types_of(vocabulary)
    _refuse_unmarked_edges(read, dataset, types, {key.id for key in nodes})
    edges = reader.all_edges(types, nodes)
    foreign = reader.foreign_edges(going)
    return {key: StoredEntry(node, labels, tuple(edges[key]), tuple(foreign[key])) for key, (node, labels) in nodes.items()}


class _Reader:
    """Reads one dataset."""

    def __init__(self, read: Read, dataset: str, labels: Sequence[str]) -> None:
        self.read = read
        self.dataset = dataset
        self.labels = frozenset(labels)

    def nodes(self, keys: Collection[NodeKey] | None = None) -> dict[NodeKey, tuple[Node, tuple[str, ...]]]:
        """The nodes with these keys, or all, with their labels."""
        found = {}
        for label, ids in ids_in_batches(keys) if keys is not None else ((label, None) for label in sorted(self.labels)):
            pattern = f"(n:{escape(label)})" if ids is None else f"(n:{escape(label)} {{id: id}})"
            statement = f"MATCH {pattern} WHERE n.dataset = $dataset RETURN n.id, properties(n), labels(n)"
            rows = self._rows(statement) if ids is None else self._rows(f"UNWIND $ids AS id {statement}", ids=ids)
            for identity, properties, labels in rows:
                key = NodeKey(label, identity)
                found[key] = Node(key, properties), tuple(sorted(labels))
        return found

    def edges(self, keys: Collection[NodeKey]) -> dict[NodeKey, list[StoredEdge]]:
        found: dict[NodeKey, dict[str, StoredEdge]] = defaultdict(dict)
        for label, ids in ids_in_batches(keys):
            for pattern in _owned_edges(label):
                statement = (
                    f"UNWIND $ids AS id MATCH (n:{escape(label)} {{id: id}}) MATCH {pattern} WHERE r.dataset = $dataset "
                    f"RETURN n.id, {_EDGE}"
                )
                for identity, reference, *edge in self._rows(statement, ids=ids):
                    found[NodeKey(label, identity)][reference] = StoredEdge(self._edge(*edge), reference)
        return defaultdict(list, {key: list(edges.values()) for key, edges in found.items()})

    def all_edges(self, types: Iterable[str], nodes: Collection[NodeKey]) -> dict[NodeKey, list[StoredEdge]]:
        owners = {key.id: key for key in nodes}
        found: dict[NodeKey, list[StoredEdge]] = defaultdict(list)
        for kind in types:
            statement = f"MATCH ()-[r:{escape(kind)}]->() WHERE r.dataset = $dataset RETURN coalesce(r.entry, r.fact), {_EDGE}"
            for owner, reference, *edge in self._rows(statement):
                one = StoredEdge(self._edge(*edge), reference)
                found[owners.get(owner, one.edge.start)].append(one)
        return found

    def foreign_edges(self, keys: Collection[NodeKey]) -> dict[NodeKey, list[StoredEdge]]:
        found: dict[NodeKey, dict[str, StoredEdge]] = defaultdict(dict)
        for label, ids in ids_in_batches(keys):
            statement = (
                f"UNWIND $ids AS id MATCH (n:{escape(label)} {{id: id}})-[r]-() "
                "WHERE n.dataset = $dataset AND (r.dataset IS NULL OR r.dataset <> $dataset) "
                f"RETURN n.id, properties(startNode(r)), properties(endNode(r)), {_EDGE}"
            )
            for identity, start, end, reference, *edge in self._rows(statement, ids=ids):
                ends = ((tuple(edge[1]), start), (tuple(edge[3]), end))
                found[NodeKey(label, identity)][reference] = StoredEdge(self._edge(*edge), reference, ends)
        return defaultdict(list, {key: list(edges.values()) for key, edges in found.items()})

    def _edge(
        self, kind: str, starts: list[str], start: object, ends: list[str], end: object, properties: dict[str, Any]
    ) -> Edge:
        return Edge(kind, self._key(starts, start), self._key(ends, end), properties)

    def _key(self, labels: list[str], identity: object) -> NodeKey:
        """What a node is known by, whatever other labels it was given; one of others may have no id."""
        label = next((label for label in sorted(labels) if label in self.labels), labels[0] if labels else "")
        return NodeKey(label, "" if identity is None else str(identity))

    def _rows(self, statement: str, **parameters: Any) -> Sequence[Sequence[Any]]:
        return self.read(statement, {"dataset": self.dataset, **parameters})


def _owned_edges(label: str) -> list[str]:
    """Patterns for the edges r that an entry n with this label owns: those that name it, and the short edges of a fact.

    Short edges are sought from what the fact is about, where fewer edges meet than at a party.
    """
    short = [f"(n)-[:{escape(end)}]->()<-[r {{fact: n.id}}]-()" for end in (ABOUT_EDGE, TO_EDGE)]
    return [*(short if label == FACT else []), "(n)-[r {entry: n.id}]-()"]
