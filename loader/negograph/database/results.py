"""What a query answers, as plain data without a database behind it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Self, TypeAlias

FACTS, FACT_COLUMN = "facts", "fact"
"""The column of an aggregated answer that lists the ids of the facts behind it, and how columns with one of them end."""


@dataclass(frozen=True)
class ResultNode:
    """A node that a query returned. `reference` tells it from others of the same answer, where its properties are not known."""

    labels: tuple[str, ...]
    properties: Mapping[str, Any]
    reference: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True)
class ResultRelationship:
    """A relationship that a query returned, with the nodes at its ends."""

    type: str
    start: ResultNode
    end: ResultNode
    properties: Mapping[str, Any]


@dataclass(frozen=True)
class ResultPath:
    """A path that a query returned."""

    nodes: tuple[ResultNode, ...]
    relationships: tuple[ResultRelationship, ...]


@dataclass(frozen=True)
class Evidence:
    """A fact behind a row, in words, and each quote of it with the document that it stands in."""

    fact: str
    act: str
    quotes: tuple[tuple[str, str], ...]


Scalar: TypeAlias = str | bool | int | float | date | None
ResultValue: TypeAlias = (
    Scalar | ResultNode | ResultRelationship | ResultPath | Evidence | list["ResultValue"] | dict[str, "ResultValue"]
)


def inner_values(value: ResultValue) -> Iterable[ResultValue]:
    """The values that a value is made of: of a list, a mapping, or what a query returned of the graph."""
    if isinstance(value, (list, tuple)):
        return value
    if isinstance(value, dict):
        return value.values()
    return vars(value).values() if isinstance(value, (ResultNode, ResultRelationship, ResultPath)) else ()


@dataclass(frozen=True)
class EdgeColumns:
    """The columns of a table whose rows are the edges of a network: each runs from the one to the other, or between them."""

    start: str
    end: str
    directed: bool


@dataclass(frozen=True)
class Result:
    """Rows of values under named columns, in the order in which the query gave them.

    `cut` tells that there were more rows than were taken, `edges` which columns of a table are the ends of a network. `note` is
    what a reader has to know of the answer; every form carries it.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[ResultValue, ...], ...]
    cut: bool = False
    edges: EdgeColumns | None = None
    note: str | None = None

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.rows)

    def without(self, columns: Collection[str]) -> Self:
        """The same answer without some columns."""
        kept = [index for index, column in enumerate(self.columns) if column not in columns]
        rows = tuple(tuple(row[index] for index in kept) for row in self.rows)
        return replace(self, columns=tuple(self.columns[index] for index in kept), rows=rows)

    def with_note_in_rows(self) -> Self:
        """The same answer with its note in each row, for forms that have no other place for it."""
        if self.note is None or not self.rows:
            return self
        return replace(self, columns=(*self.columns, "note"), rows=tuple((*row, self.note) for row in self.rows))


def graph_parts(value: object) -> Iterator[ResultNode | ResultRelationship]:
    """The nodes and relationships in a value, a row or all rows of an answer; before a relationship, the nodes at its ends."""
    if isinstance(value, ResultNode):
        yield value
    elif isinstance(value, ResultRelationship):
        yield from (value.start, value.end, value)
    elif isinstance(value, ResultPath):
        yield from graph_parts((*value.nodes, *value.relationships))
    elif isinstance(value, (list, tuple, dict)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from graph_parts(part)
