"""What a query answers, as plain data without a database behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import networkx
    import pandas

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


@dataclass(frozen=True)
class EdgeColumns:
    """The columns of a table whose rows are the edges of a network: each runs from the one to the other, or between them."""

    start: str
    end: str
    directed: bool


@dataclass(frozen=True)
class Result:
    """Rows of values under named columns, in the order in which the query gave them.

    `cut` tells that there were more rows than were taken, `edges` which columns of a table are the ends of a network, `notes`
    what should be known of it, such as labels in the query that the graph does not have.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[ResultValue, ...], ...]
    cut: bool = False
    edges: EdgeColumns | None = None
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.rows)

    def __str__(self) -> str:
        """The answer as a table."""
        from negograph.render.forms import render

        return render(self, "table", 132)

    def to_pandas(self) -> pandas.DataFrame:
        """A DataFrame with a row a row and a column a column; a missing value is None, and columns without any are of numbers."""
        from negograph.render.forms import to_dataframe

        return to_dataframe(self)

    def to_networkx(self) -> networkx.Graph[str]:
        """The network of a graph result, or of a table whose rows are edges: see `negograph.render.network.to_networkx`.

        Raises:
            NegographError: if there is no network in the answer.
        """
        from negograph.render.network import to_networkx

        return to_networkx(self)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """How a notebook shows it: a graph as a picture, everything else as a table."""
        from negograph.render.notebook import shown

        return shown(self)
