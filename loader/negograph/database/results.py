"""What a query answers, as plain data without a database behind it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

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


def parts(value: ResultValue) -> Iterable[ResultValue]:
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

    `cut` tells that there were more rows than were taken, `edges` which columns of a table are the ends of a network.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[ResultValue, ...], ...]
    cut: bool = False
    edges: EdgeColumns | None = None

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.rows)
