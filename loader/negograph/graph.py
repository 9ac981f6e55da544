"""The graph in memory: plain data that mapping makes, planning compares and the store writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeAlias

GraphValue: TypeAlias = str | bool | int | float | date | list[str] | None


class NodeKey(NamedTuple):
    """What a node is found by: its label, and its id, which is unique within the label."""

    label: str
    id: str


@dataclass(frozen=True)
class Node:
    """A node to write. A property that is None is absent, and taken away where it is there."""

    key: NodeKey
    properties: Mapping[str, GraphValue]


@dataclass(frozen=True)
class Edge:
    """A relationship to write."""

    type: str
    start: NodeKey
    end: NodeKey
    properties: Mapping[str, GraphValue]


@dataclass(frozen=True)
class GraphEntry:
    """What one entry of the seeds becomes: its node, the edges that it owns, and one digest over all of it."""

    node: Node
    edges: tuple[Edge, ...]
    digest: str


@dataclass(frozen=True)
class Graph:
    """A dataset as a graph; every edge runs between nodes of its entries. The vocabulary is its model's."""

    dataset: str
    title: str
    entries: tuple[GraphEntry, ...]
    vocabulary: frozenset[str] = frozenset()
