"""Entries with their values typed: plain data that reading a file makes, and that checking and mapping take.

They are Structs because there are millions of them, and because what a file held can be kept and read again as it is.
"""

from __future__ import annotations

import msgspec

from negograph.model.kinds import PropertyValue
from negograph.problems.problem import Position, Problem


class Link(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A reference of one entry to another by a key, where it stands, and what the edge carries, if anything."""

    key: str
    target: str
    position: Position
    properties: dict[str, PropertyValue] | None = None
    quote_position: Position | None = None


class Record(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An entry whose values have the types that the model asks for. Nothing is said yet of the entries it names.

    `places` tells where its values stand, by key; those of a list as `aliases.0`, those inside a mapping as `text.sha256`.
    """

    label: str
    id: str
    properties: dict[str, PropertyValue]
    links: tuple[Link, ...]
    formerly: tuple[str, ...]
    position: Position
    places: dict[str, Position]

    @property
    def retracted(self) -> bool:
        """Whether the curator took the fact back."""
        return "retracted" in self.properties

    @property
    def name(self) -> str:
        """The name that is written in the entry; facts have none."""
        return str(self.properties.get("name", ""))

    def targets(self, key: str) -> list[str]:
        """The ids that stand under a key, in their order."""
        return [link.target for link in self.links if link.key == key]


class Dataset(msgspec.Struct, frozen=True, array_like=True):
    """The curated whole that the entries belong to, and where it and its id are written."""

    id: str
    title: str
    position: Position
    id_position: Position


class FileRecords(msgspec.Struct, frozen=True, array_like=True):
    """What one file holds: its records and the mistakes that can be seen without the other files.

    `hidden` are the ids of entries that could not be read or have no kind, `without_id` the kinds of the entries that have
    no id; `names_dataset` tells that a dataset is described here, be it in a way that could not be read.
    """

    datasets: tuple[Dataset, ...]
    records: tuple[Record, ...]
    problems: tuple[Problem, ...]
    hidden: tuple[str, ...]
    without_id: tuple[str, ...]
    names_dataset: bool
