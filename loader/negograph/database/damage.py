"""The store's look for damage: what is read in one way is what all others find.

A question reaches a node by its label, by its id in an index, or along a relationship from either end, and a database keeps
something of its own for each. Where a disk or a program damages one of these, the others answer as if nothing was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from negograph.database.interface import Read
from negograph.database.snapshot import labels_of, types_of
from negograph.database.statements import escape, ids_in_batches, some
from negograph.graph.graph import NodeKey

_Place = tuple[NodeKey, str]
"""A node by its key and by the database's own reference."""

_PATTERNS = {"start": "(n:{})-[r:{}]->(m)", "end": "(n:{})<-[r:{}]-(m)"}
"""The relationships at a node, by which side of them it is on."""


def find_damage(read: Read, dataset: str, vocabulary: Iterable[str]) -> str | None:
    """Where two ways of reading a dataset disagree, in words; None if they do not."""
    words = frozenset(vocabulary)
    labels, types = labels_of(words), types_of(words)
    nodes = [place for label in labels for place in _with_label(read, dataset, label)]
    if lost := {*nodes} ^ {*_with_id(read, nodes)}:
        return f"by their ids, other nodes are found than by their labels: {some(sorted({key.id for key, _ in lost}))}"
    ids = {reference: key.id for key, reference in nodes}
    edges = [edge for kind in types for edge in _of_type(read, kind)]
    for side in _PATTERNS:
        expected = [(r, n, m) for r, *ends in edges for n, m in [ends if side == "start" else reversed(ends)] if n in ids]
        for things in (("r", "n", "m"), ("n", "m")):
            found = Counter(row for label in labels for row in _around(read, dataset, label, side, types, things))
            wanted = Counter(edge[-len(things) :] for edge in expected)
            if other := (found - wanted) + (wanted - found):
                at = some(sorted({ids[row[-2]] for row in other if row[-2] in ids}))
                return f"from where they {side}, other relationships are found than by their types: at {at}"
    return None


def _with_label(read: Read, dataset: str, label: str) -> Iterator[_Place]:
    rows = read(
        f"MATCH (n:{escape(label)}) WHERE n.dataset = $dataset RETURN collect(n.id), collect(elementId(n))", {"dataset": dataset}
    )
    for identity, reference in _in_rows(rows):
        yield NodeKey(label, identity), reference


def _with_id(read: Read, nodes: Iterable[_Place]) -> Iterator[_Place]:
    for label, ids in ids_in_batches(key for key, _ in nodes):
        statement = f"UNWIND $ids AS id MATCH (n:{escape(label)} {{id: id}}) RETURN collect(n.id), collect(elementId(n))"
        for identity, reference in _in_rows(read(statement, {"ids": ids})):
            yield NodeKey(label, identity), reference


def _of_type(read: Read, kind: str) -> Iterator[tuple[str, ...]]:
    """The relationships of a type, each with its start and its end."""
    return _references(read, f"()-[r:{escape(kind)}]->()", ("r", "startNode(r)", "endNode(r)"), {})


def _around(
    read: Read, dataset: str, label: str, side: str, types: Iterable[str], things: tuple[str, ...]
) -> Iterator[tuple[str, ...]]:
    """The relationships that start or end at the nodes n with a label, by some of n, the relationship r and its other end m.

    Where r is not asked for, a database may go to m without it.
    """
    pattern = _PATTERNS[side].format(escape(label), "|".join(map(escape, types)))
    return _references(read, f"{pattern} WHERE n.dataset = $dataset", things, {"dataset": dataset})


def _references(read: Read, found: str, things: tuple[str, ...], parameters: dict[str, str]) -> Iterator[tuple[str, ...]]:
    columns = ", ".join(f"collect(elementId({thing}))" for thing in things)
    return _in_rows(read(f"MATCH {found} RETURN {columns}", parameters))


def _in_rows(columns: Iterable[Iterable[Any]]) -> Iterator[tuple[str, ...]]:
    """The rows of an answer that has them in columns: a row a node takes ten times as long."""
    for row in columns:
        yield from (tuple(map(str, values)) for values in zip(*row, strict=True))
