"""The graph in memory: plain data that mapping makes, planning compares and the store reads and writes."""

from collections.abc import Mapping
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
class Subgraph:
    """What one entry of the seeds becomes: its node, the edges that it owns, one digest over all of it, and where it stands."""

    node: Node
    edges: tuple[Edge, ...]
    digest: str
    position: Position


@dataclass(frozen=True)
class Graph:
    """A dataset as a graph: its entries, by label and id. Every edge runs between their nodes. The vocabulary is its model's."""

    dataset: str
    title: str
    entries: tuple[Subgraph, ...]
    vocabulary: frozenset[str] = frozenset()

    @cached_property
    def digests(self) -> dict[NodeKey, str]:
        """The digest of every entry."""
        return {entry.node.key: entry.digest for entry in self.entries}

    @cached_property
    def formerly(self) -> dict[NodeKey, list[str]]:
        """The former ids of the entries that have any."""
        formerly = ((entry.node.key, entry.node.properties.get("formerly")) for entry in self.entries)
        return {key: former for key, former in formerly if isinstance(former, list)}
