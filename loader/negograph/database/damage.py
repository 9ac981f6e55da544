"""The store's look for damage: what is read in one way is what all others find.

A question reaches a node by its label, by its id in an index, or along a relationship from either end, and a database keeps
something of its own for each. Where a disk or a program damages one of these, the others answer as if nothing was.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from negograph.database.interface import Read
from negograph.database.snapshot import labels_of, types_of
from negograph.database.statements import escape, ids_in_batches, some
from negograph.graph.graph import NodeKey

_NODE = ("n.id", "elementId(n)")

_PATTERNS = {"start": "(n:{})-[r:{}]->(m)", "end": "(n:{})<-[r:{}]-(m)"}
"""The relationships at a node, by which side of them it is on."""


def find_damage(read: Read, dataset: str, vocabulary: Collection[str]) -> str | None:
    """Where two ways of reading a dataset disagree, in words; None if they do not."""
    labels, types = labels_of(vocabulary), types_of(vocabulary)
    nodes, by_id = set(), set()
    for label in labels:
        found = _rows(read, f"MATCH (n:{escape(label)}) WHERE n.dataset = $dataset", _NODE, {"dataset": dataset})
        nodes |= {(label, *node) for node in found}
    for label, ids in ids_in_batches(NodeKey(label, identity) for label, identity, _ in nodes):
        found = _rows(read, f"UNWIND $ids AS id MATCH (n:{escape(label)} {{id: id}})", _NODE, {"ids": ids})
        by_id |= {(label, *node) for node in found}
    if lost := nodes ^ by_id:
        return f"by their ids, other nodes are found than by their labels: {some(sorted({node[1] for node in lost}))}"
    return _damaged_edges(read, dataset, labels, types, {reference: identity for _, identity, reference in nodes})


def _damaged_edges(
    read: Read, dataset: str, labels: Collection[str], types: Collection[str], ids: Mapping[str, str]
) -> str | None:
    """Where the relationships at some nodes (their ids by their references) are others than those of their types."""
    ends = ("elementId(r)", "elementId(startNode(r))", "elementId(endNode(r))")
    edges = [edge for kind in types for edge in _rows(read, f"MATCH ()-[r:{escape(kind)}]->()", ends, {})]
    for side in _PATTERNS:
        expected = [(r, n, m) for r, *ends in edges for n, m in [ends if side == "start" else reversed(ends)] if n in ids]
        for things in (("r", "n", "m"), ("n", "m")):
            found = Counter(row for label in labels for row in _around(read, dataset, label, side, types, things))
            wanted = Counter(edge[-len(things) :] for edge in expected)
            if other := (found - wanted) + (wanted - found):
                at = some(sorted({ids[row[-2]] for row in other if row[-2] in ids}))
                return f"from where they {side}, other relationships are found than by their types: at {at}"
    return None


def _around(
    read: Read, dataset: str, label: str, side: str, types: Iterable[str], things: tuple[str, ...]
) -> list[tuple[str, ...]]:
    """The relationships that start or end at the nodes n with a label, by some of n, the relationship r and its other end m.

    Where r is not asked for, a database may go to m without it.
    """
    pattern = _PATTERNS[side].format(escape(label), "|".join(map(escape, types)))
    references = [f"elementId({thing})" for thing in things]
    return _rows(read, f"MATCH {pattern} WHERE n.dataset = $dataset", references, {"dataset": dataset})


def _rows(read: Read, found: str, values: Iterable[str], parameters: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Some values of all that is found, which are fetched as columns: a row a node takes ten times as long."""
    columns = ", ".join(f"collect({value})" for value in values)
    return [tuple(map(str, row)) for lists in read(f"{found} RETURN {columns}", parameters) for row in zip(*lists, strict=True)]
