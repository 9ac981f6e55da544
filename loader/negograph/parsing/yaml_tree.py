"""What a YAML file holds, as a tree of scalars, lists and mappings, each with its place.

Every scalar stays the text that stands in the file: what `no`, `1e3` or `2022-01-26` means is for the schema to say, so
YAML's own guesses never change a value.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from negograph.problems.problem import Position

if TYPE_CHECKING:
    import yaml


class Scalar(msgspec.Struct, frozen=True, gc=False):
    """A word or text. `plain` tells that it stood without quotation marks."""

    text: str
    plain: bool
    file: str
    mark: yaml.Mark

    @property
    def position(self) -> Position:
        """Where it begins; made when it is asked for, because most scalars are never asked."""
        return Position(self.file, self.mark.line + 1, self.mark.column + 1)

    @property
    def empty(self) -> bool:
        """Whether it is no value: nothing, blanks, or a null of YAML."""
        text = self.text
        return not text or text.isspace() or (self.plain and text in ("~", "null"))


class Sequence(msgspec.Struct, frozen=True, gc=False):
    """A list, and where it begins."""

    items: tuple[Value, ...]
    position: Position


class Mapping(msgspec.Struct, frozen=True, gc=False):
    """A mapping, and where it begins. No key stands in it twice, but for the sections at the top of a file.

    `following` is the entry that was meant to begin at a second `id`, where the dash before it is missing.
    """

    items: tuple[tuple[Scalar, Value], ...]
    position: Position
    following: Mapping | None = None

    def get(self, key: str) -> Value | None:
        """The value under a key; None where it is not there."""
        return next((value for name, value in self.items if name.text == key), None)

    def in_a_row(self) -> Iterator[Mapping]:
        """The mapping and the entries that follow in it without a dash."""
        mapping: Mapping | None = self
        while mapping is not None:
            yield mapping
            mapping = mapping.following


def stands_alone(key: Scalar, value: Value) -> bool:
    """Whether there is no colon after a key, as after `two` in `{quote: one, two}`, where a comma ended a value too early."""
    if not isinstance(value, Scalar) or value.text or not key.plain or key.mark.line != value.mark.line:
        return False
    return bool(value.mark.column == key.mark.column + len(key.text))


Value: TypeAlias = Scalar | Sequence | Mapping
