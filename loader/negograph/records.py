"""Entries with their values typed: plain data that checking makes and mapping turns into a graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from negograph.dates import DateRange
from negograph.model import EdgeType, NodeType
from negograph.problems import Position


@dataclass(frozen=True)
class SourceFile:
    """Where the text of a document is kept, and what identifies it. `characters` counts its Unicode characters."""

    file: str
    sha256: str | None
    characters: int | None


@dataclass(frozen=True)
class Retraction:
    """Since when a fact is known to be wrong, and why."""

    on: date
    reason: str


PropertyValue: TypeAlias = str | bool | int | float | tuple[str, ...] | DateRange | SourceFile | Retraction


@dataclass(frozen=True)
class Link:
    """A reference of one entry to another, with what the edge carries, and where both stand."""

    edge: EdgeType
    target: str
    properties: Mapping[str, PropertyValue]
    position: Position
    places: Mapping[str, Position]


@dataclass(frozen=True)
class Record:
    """An entry whose values have the types that the model asks for. Nothing is said yet of the entries it names."""

    type: NodeType
    id: str
    properties: Mapping[str, PropertyValue]
    links: tuple[Link, ...]
    position: Position

    def targets(self, edge_type: str) -> list[str]:
        """The ids that the entry names for this type of edge, in its order."""
        return [link.target for link in self.links if link.edge.type == edge_type]


@dataclass(frozen=True)
class Dataset:
    """The curated whole that the entries belong to."""

    id: str
    title: str
