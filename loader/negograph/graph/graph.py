"""The graph in memory: plain data that mapping makes, planning compares and the store reads and writes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple, TypeAlias

from negograph.problems.problem import Position

GraphValue: TypeAlias = str | bool | int | float | date | list[str] | None


class NodeKey(NamedTuple):
    """What a node is found by: its label, and its id, which is unique within the label."""

    label: str
    id: str


@dataclass(frozen=True)
class Node:
    """A node. Of one to write, a property that is None is absent, and taken away where it is there."""

    key: NodeKey
    properties: Mapping[str, GraphValue]


@dataclass(frozen=True)
class Edge:
    """A relationship."""

    type: str
    start: NodeKey
    end: NodeKey
    properties: Mapping[str, GraphValue]


@dataclass(frozen=True)
class GraphEntry:
    """What one entry of the seeds becomes: its node, the edges that it owns, one digest over all of it, and where it stands."""

    node: Node
    edges: tuple[Edge, ...]
    digest: str
    position: Position


@dataclass(frozen=True)
class Part:
    """What one file of the seeds becomes: the digest of each entry, the former ids of those that have any, and the entries.

    The entries are made when they are asked for, because mostly few of them are.
    """

    digests: Mapping[NodeKey, str]
    formerly: Mapping[NodeKey, tuple[str, ...]]
    entries: Callable[[], Iterable[GraphEntry]]


@dataclass(frozen=True)
class Graph:
    """A dataset as a graph; every edge runs between nodes of its entries. The vocabulary is its model's."""

    dataset: str
    title: str
    parts: tuple[Part, ...]
    vocabulary: frozenset[str] = frozenset()

    @cached_property
    def digests(self) -> dict[NodeKey, str]:
        """The digest of every entry."""
        return {key: digest for part in self.parts for key, digest in part.digests.items()}

    @cached_property
    def formerly(self) -> dict[NodeKey, tuple[str, ...]]:
        """The former ids of the entries that have any."""
        return {key: former for part in self.parts for key, former in part.formerly.items()}

    @property
    def entries(self) -> tuple[GraphEntry, ...]:
        """Every entry, by label and id."""
        return self.entries_of(self.digests)

    def entries_of(self, keys: Collection[NodeKey]) -> tuple[GraphEntry, ...]:
        """The entries with these keys, by label and id."""
        parts = [part for part in self.parts if any(key in part.digests for key in keys)] if keys else []
        found = (entry for part in parts for entry in part.entries() if entry.node.key in keys)
        return tuple(sorted(found, key=lambda entry: entry.node.key))
